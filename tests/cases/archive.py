"""A letter with a word of its own in every place where a citizen's words may land, and a search for them everywhere."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model

from menhu.cases import actions
from menhu.cases.actions import SenderData, retaining
from menhu.cases.enums import DirectiveKind, Party, RetentionDeed
from menhu.cases.models import Case, CaseKind, RetentionRule, RetentionRun
from menhu.core.models import Confidence
from menhu.core.sealing import SealBroken, unseal_bytes
from menhu.letters.actions import copying, petitions, writing
from menhu.letters.actions.copying import Words
from menhu.letters.actions.writing import LetterWords
from menhu.letters.models import InformationRequest, Letter, Mailbox, PetitionCase, PublicCopy
from menhu.letters.openness import actions as openness
from menhu.letters.openness.actions import Applicant, Wanted
from menhu.notices.models import Notice
from menhu.units.models import Leader
from tests.cases.desk import Desk

PLACES = (
    *("name", "phone", "email", "identity", "address", "title", "text", "place", "file_name", "file", "page_url"),
    *("note", "opinion", "asked", "supplement", "progress", "directive", "report", "extension", "granted"),
    *("answer", "rating", "reopen", "second", "measures", "outcome", "reminder", "draft"),
)
"""Where a letter may repeat who wrote it."""
ASKED_PLACES = ("name", "phone", "organisation", "code", "information", "number", "features", "purpose", "third")
KEPT = ("number", "kind_id", "channel", "desk_id", "lead_id", "handler_id", "state", "is_open", "is_confidential")
TIMES = ("received_at", "accepted_at", "assigned_at", "answered_at", "ended_at", "started_at", "due_at", "pauses")
COUNTS = ("round", "returns", "asks", "consults", "extensions", "extra_days", "rating", "is_complex")
FIGURES = (*KEPT, *TIMES, *COUNTS)
"""Columns of a case that figures are made of."""


def write(desk: Desk, box: Mailbox, said: Mapping[str, str]) -> Case:
    """A letter as it arrives, with a file."""
    words = LetterWords(
        kind=CaseKind.objects.get(code="advice"),
        title=said["title"],
        text=f"我反映：{said['text']}。",
        place=said["place"],
        wants_publication=True,
        page_url=said["page_url"],
    )
    sender = SenderData(
        name=said["name"],
        phone=said["phone"],
        email=said["email"],
        identity_number=said["identity"],
        address=said["address"],
        citizen_id=77,
    )
    upload = SimpleUploadedFile(f"{said['file_name']}.txt", f"附上 {said['file']}".encode())
    key = f"archive-{Case.objects.count()}-{said['name']}"
    return writing.write(mailbox=box, words=words, sender=sender, key=key, uploads=[upload]).case


def handled(desk: Desk, case: Case, said: Mapping[str, str]) -> Case:
    """From acceptance to the second end, with every step that leaves words."""
    units = desk.world.units
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=units["jyj"], partners=[units["slj"]], note=said["note"])
    actions.take(case=case, by=desk.handler)
    actions.give_opinion(case=case, by=desk.stranger_handler, text=said["opinion"])
    actions.ask(case=case, by=desk.handler, text=said["asked"])
    actions.supplement(case=case, by=Party.SENDER, text=said["supplement"])
    actions.note_progress(case=case, by=desk.handler, text=said["progress"], is_public=False)
    row = actions.press(case=case, by=desk.supervisor, kind=DirectiveKind.SUPERVISE, text=said["directive"])
    actions.report_back(case=case, directive=row, by=desk.handler, text=said["report"])
    actions.ask_extension(case=case, by=desk.handler, days=3, reason=said["extension"])
    actions.decide_extension(case=case, by=desk.supervisor, is_granted=True, decision=said["granted"])
    actions.draft(case=case, by=desk.handler, text=said["answer"])
    actions.sign(case=case, by=desk.head)
    actions.rate(case=case, by=Party.SENDER, level=2, text=said["rating"])
    actions.reopen(case=case, by=Party.SENDER, reason=said["reopen"])
    actions.draft(case=case, by=desk.handler, text=said["second"])
    actions.sign(case=case, by=desk.head)
    return actions.close(case=case)


def archived(desk: Desk, box: Mailbox, said: Mapping[str, str]) -> Case:
    """The same with a petition that was settled and a public copy that stayed a draft."""
    case = handled(desk, write(desk, box, said), said)
    leader, _made = Leader.objects.get_or_create(unit=desk.world.units["zfb"], name="沈知远", title="县长")
    charge = {"case": case, "leader": leader, "ends_on": date(2026, 12, 31)}
    petitions.take_charge(**charge, measures=said["measures"], by=desk.operator)
    PetitionCase.objects.filter(case=case).update(outcome=said["outcome"], ended_on=date(2026, 6, 3))
    link = f"/office/letters/{case.pk}/petition/"
    Notice.objects.create(user=desk.supervisor, title="信访包案", body=said["reminder"], link=link)
    words = Words("草稿", said["draft"], "将改进。")
    copying.prepare(letter=Letter.objects.get(case=case), words=words, by=desk.operator)
    return Case.objects.get(pk=case.pk)


def published(desk: Desk, case: Case) -> PublicCopy:
    """The copy masked, shown to the public."""
    letter = Letter.objects.get(case=case)
    copy = copying.prepare(letter=letter, words=Words("路口拥堵", "盼增设信号灯。", "将增设。"), by=desk.operator)
    return copying.publish(copy=copy, by=desk.supervisor)


def asked(desk: Desk, said: Mapping[str, str]) -> Case:
    """A request for information, answered and over."""
    unit = desk.world.units["jyj"]
    wanted = Wanted(said["information"], said["number"], said["features"], said["purpose"])
    receipt = openness.apply(
        unit=unit,
        wanted=wanted,
        applicant=Applicant("company", said["organisation"], said["code"]),
        sender=SenderData(name=said["name"], phone=said["phone"]),
        key=f"asked-{Case.objects.count()}-{said['name']}",
    )
    case = receipt.case
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=unit)
    actions.take(case=case, by=desk.handler)
    openness.consult(case=case, by=desk.handler, third_party=said["third"], text=said["features"])
    actions.hear(case=case, by=desk.handler, text=said["third"])
    openness.decide(case=case, by=desk.handler, outcome="granted", text=said["purpose"])
    actions.sign(case=case, by=desk.head)
    assert InformationRequest.objects.get(case=case).outcome == "granted"
    return actions.close(case=case)


def rule(deed: RetentionDeed, days: int, **values: Any) -> RetentionRule:
    """A rule in force for all kinds."""
    given = {"name": f"{deed.label}{days}", "source": "测试", "confidence": Confidence.HOUSE, "is_active": True}
    kinds = values.pop("kinds", ())
    row = RetentionRule.objects.create(deed=deed, days=days, **{**given, **values})
    row.kinds.set(kinds)
    return row


def begin(desk: Desk) -> list[RetentionRun]:
    """Start the rules in force as the webmaster does."""
    return retaining.start(versions=versions(), by=desk.webmaster)


def versions() -> dict[int, int]:
    return dict(RetentionRule.objects.in_force().order_by("pk").values_list("pk", "version"))


def carry_out(desk: Desk, portion: int = retaining.PORTION) -> list[RetentionRun]:
    """Start and go on to the end; the runs as they stand then."""
    runs = begin(desk)
    for run in runs:
        while retaining.go_on(run, portion=portion):
            pass
    return [RetentionRun.objects.get(pk=run.pk) for run in runs]


# ---------- Looking everywhere ----------


def found(words: Mapping[str, str]) -> dict[str, list[str]]:
    """Where each of the words is found: columns of rows, tables as they lie, files. Sealed and packed are opened."""
    places: dict[str, list[str]] = {}
    for where, text in everything():
        for name, word in words.items():
            if word in text:
                places.setdefault(name, []).append(where)
    return places


def everything() -> Iterator[tuple[str, str]]:
    yield from _rows()
    yield from _tables()
    for root in {Path(settings.PRIVATE_ROOT), Path(settings.PUBLIC_ROOT), Path(settings.HOME)}:
        for path in sorted(root.rglob("*")):
            if path.is_file() and "db.sqlite3" not in path.name:
                yield str(path), f"{path.name}\n{_opened(path.read_bytes(), path.relative_to(root))}"


def _rows() -> Iterator[tuple[str, str]]:
    """Through the models, so that sealed columns are open."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.order_by("pk").values():
            yield model._meta.label, json.dumps(row, cls=_Encoder, ensure_ascii=False)


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return _unpacked(bytes(o)) if isinstance(o, bytes | memoryview) else super().default(o)


def _tables() -> Iterator[tuple[str, str]]:
    """As they lie, those without a model too (the search's)."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names that the database itself gave
            for row in cursor.fetchall():
                yield table, "\n".join(_text(value) for value in row)


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return _unpacked(bytes(value))
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def _unpacked(data: bytes) -> str:
    for unpack in (zlib.decompress, gzip.decompress):
        try:
            return unpack(data).decode(errors="replace")
        except (zlib.error, OSError, EOFError):
            continue
    return data.decode(errors="replace")


def _opened(data: bytes, name: Path) -> str:
    try:
        return unseal_bytes(data, f"files:{name}").decode(errors="replace")
    except (SealBroken, IndexError):
        return _unpacked(data)


def figures(case: Case) -> dict[str, Any]:
    return Case.objects.filter(pk=case.pk).values(*FIGURES).get()


def rows_of(case: Case) -> dict[str, int]:
    """How many rows point at the case, model by model."""
    counts = {}
    for relation in Case._meta.related_objects:
        model: type[Model] = relation.related_model  # type: ignore[assignment]
        counts[model._meta.label] = model._base_manager.filter(**{relation.field.name: case.pk}).count()
    return counts
