"""A desk of letters for tests: a kind, cases in any state, and every person who might touch one."""

from collections.abc import Callable
from itertools import count
from typing import Any

from menhu.cases import actions
from menhu.cases.actions import Matter, Receipt, SenderData
from menhu.cases.enums import CaseState, Party
from menhu.cases.models import Case, CaseKind
from menhu.cases.policies import By
from menhu.core.models import Confidence
from tests.factories import World

SENDER = SenderData(name="叶知秋", phone="13800001234", email="ye@example.cn", address="城关镇东街 9 号")
_keys = count()


def kind(**terms: Any) -> CaseKind:
    """An advice letter; a third party may be asked, so that every state can be reached."""
    values = {
        "family": "sample",
        "name": "建议",
        "prefix": "YL",
        "consult_days": 15,
        "source": "测试",
        "confidence": Confidence.HOUSE,
        **terms,
    }
    code = f"sample-{values.pop('code', 'advice')}"
    return CaseKind.objects.get_or_create(code=code, defaults=values)[0]


def received(world: World, **words: Any) -> Receipt:
    """A letter to the county's desk, just arrived."""
    given = {"title": "建议在县医院门口增设公交站", "text": "每天早上七点多，老人都在路边下车。", **words}
    sender, key = given.pop("sender", SENDER), given.pop("key", f"key-{next(_keys)}")
    matter = Matter(**{"kind": given.pop("kind", None) or kind(), "desk": world.units["zfb"], **given})
    return actions.receive(matter=matter, sender=sender, key=key)


class Desk:
    """Brings cases to where a test wants them, by the steps that people take."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __getattr__(self, persona: str) -> Any:
        return self.world.people[persona]

    def case(self, state: CaseState = CaseState.RECEIVED, **words: Any) -> Case:
        found = received(self.world, **words).case
        for step in PATHS[state]:
            found = getattr(self, f"_{step}")(found)
        assert found.state == state
        return found

    def _accept(self, case: Case) -> Case:
        return actions.accept(case=case, by=self.operator)

    def _decline(self, case: Case) -> Case:
        return actions.decline(case=case, by=self.operator, reason="已进入诉讼程序。", right_place="向人民法院反映。")

    def _assign(self, case: Case) -> Case:
        return actions.assign(case=case, by=self.operator, lead=self.world.units["jyj"])

    def _give_back(self, case: Case) -> Case:
        return actions.give_back(case=case, by=self.handler, reason="不属我局职责，建议转水利局。")

    def _take(self, case: Case) -> Case:
        return actions.take(case=case, by=self.handler)

    def _ask(self, case: Case) -> Case:
        return actions.ask(case=case, by=self.handler, text="请补充具体路段。")

    def _consult(self, case: Case) -> Case:
        return actions.consult(case=case, by=self.handler, text="请公交公司十五日内回复。")

    def _draft(self, case: Case) -> Case:
        return actions.draft(case=case, by=self.handler, text="您好，将增设“县医院东门”站。")

    def _sign(self, case: Case) -> Case:
        return actions.sign(case=case, by=self.head)

    def _rate(self, case: Case) -> Case:
        return actions.rate(case=case, by=Party.SENDER, level=4)

    def _close(self, case: Case) -> Case:
        return actions.close(case=case)

    def _merge(self, case: Case) -> Case:
        master = self.case(CaseState.SCREENED, title="主件")
        return actions.merge(case=case, by=self.operator, master=master)


_HANDLING = ("accept", "assign", "take")
PATHS: dict[CaseState, tuple[str, ...]] = {
    CaseState.RECEIVED: (),
    CaseState.REFUSED: ("decline",),
    CaseState.SCREENED: ("accept",),
    CaseState.ASSIGNED: ("accept", "assign"),
    CaseState.RETURNED: ("accept", "assign", "give_back"),
    CaseState.HANDLING: _HANDLING,
    CaseState.ASKED: (*_HANDLING, "ask"),
    CaseState.CONSULTED: (*_HANDLING, "consult"),
    CaseState.DRAFTED: (*_HANDLING, "draft"),
    CaseState.ANSWERED: (*_HANDLING, "draft", "sign"),
    CaseState.RATED: (*_HANDLING, "draft", "sign", "rate"),
    CaseState.CLOSED: (*_HANDLING, "draft", "sign", "rate", "close"),
    CaseState.MERGED: ("accept", "merge"),
}

Try = Callable[[Case, By], Case]
