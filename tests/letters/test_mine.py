"""Letters in a citizen's account: written there or put there by the code, read without it, let go with the account."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from menhu.accounts import citizens
from menhu.accounts.citizens import data
from menhu.accounts.citizens.sessions import CITIZEN
from menhu.accounts.contacts import contact_of
from menhu.accounts.models import Citizen as Account
from menhu.audit.models import Event
from menhu.cases.enums import CaseState
from menhu.cases.models import Case, CaseEvent, Sender
from tests.cases.desk import Desk
from tests.letters.conftest import MORNING as NOW
from tests.letters.post import Citizen, boxes, receipt

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


@pytest.fixture(autouse=True)
def mailboxes(desk: Desk) -> None:
    boxes(desk.world)


def account(phone: str = PHONE) -> Account:
    contact = contact_of(phone)
    assert contact is not None
    return citizens.sign_in(contact=contact, now=NOW)


def signed_in(owner: Account) -> Citizen:
    browser = Citizen()
    session = browser.session
    session[CITIZEN] = {"pk": owner.pk, "seen_at": int(time.time())}
    session.save()
    return browser


def page(browser: Citizen, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    return str(answer.content.decode())


def address(number: str) -> str:
    return f"/my/letters/{number}/"


def sent(browser: Citizen, **typed: Any) -> tuple[str, str]:
    return receipt(browser.send(**typed).content.decode())


def test_a_letter_written_in_an_account_is_read_there_without_its_code() -> None:
    owner = account()
    browser = signed_in(owner)
    number, _code = sent(browser)
    assert Sender.objects.get(case__number=number).citizen_id == owner.pk
    assert f'href="{address(number)}"' in page(browser, "/my/")
    assert f'href="{address(number)}"' in page(browser, "/my/letters/")
    shown = page(browser, address(number))
    assert "建议在县医院门口增设公交站" in shown
    assert f'action="{address(number)}' not in shown, "nothing is to be done yet"
    assert browser.get(address(number)).headers["Cache-Control"] == "private, no-store"


def test_forms_need_not_ask_again_who_one_is() -> None:
    owner = account()
    citizens.rename(citizen=owner, name="叶知秋")
    for path in ("/letters/write/", "/letters/report/", "/openness/apply/"):
        shown = page(signed_in(owner), path)
        assert 'value="叶知秋"' in shown
        assert f'value="{PHONE}"' in shown
        assert PHONE not in page(Citizen(), path)


def test_nobody_else_reads_it() -> None:
    number, _code = sent(signed_in(account()))
    stranger = signed_in(account("13900005678"))
    page(stranger, address(number), 404)
    assert stranger.post(address(number), {"act": "rate", "level": "1"}).status_code == 404
    assert number not in page(stranger, "/my/") + page(stranger, "/my/letters/")
    for path in (address(number), "/my/letters/"):
        assert Citizen().get(path).headers["Location"] == "/my/"


def test_the_sender_acts_there_too(desk: Desk) -> None:
    browser = signed_in(account())
    number, _code = sent(browser)
    Case.objects.filter(number=number).update(state=CaseState.ANSWERED, is_open=False)
    assert f'action="{address(number)}#rate"' in page(browser, address(number))
    answer = browser.post(address(number), {"act": "rate", "level": "4", "number": number, "code": ""})
    assert answer.status_code == 200
    assert Case.objects.get(number=number).rating == 4


def test_a_letter_written_without_account_is_put_in_by_its_code() -> None:
    number, code = sent(Citizen())
    owner = account()
    browser = signed_in(owner)
    page(browser, address(number), 404)
    asked = {"number": number, "code": code}
    assert "放进我的账户" in browser.post("/letters/check/", asked).content.decode()
    assert "放进我的账户" not in Citizen().post("/letters/check/", asked).content.decode()
    assert browser.post("/letters/check/", {**asked, "act": "claim", "code": "wrong"}).status_code == 404
    assert Sender.objects.get(case__number=number).citizen_id is None
    done = browser.post("/letters/check/", {**asked, "act": "claim"}).content.decode()
    assert "已放进您的账户。" in done
    assert "放进我的账户" not in done
    page(browser, address(number))
    assert Event.objects.filter(verb="cases.claim").count() == 1


def test_who_is_not_signed_in_cannot_put_it_anywhere() -> None:
    number, code = sent(Citizen())
    answer = Citizen().post("/letters/check/", {"number": number, "code": code, "act": "claim"})
    assert answer.status_code == 400
    assert "请先登录" in answer.content.decode()
    assert Sender.objects.get(case__number=number).citizen_id is None


def test_a_letter_lies_in_one_account_only() -> None:
    owner = account()
    number, code = sent(signed_in(owner))
    other = signed_in(account("13900005678"))
    answer = other.post("/letters/check/", {"number": number, "code": code, "act": "claim"})
    assert answer.status_code == 400
    assert "另一个账户" in answer.content.decode()
    assert Sender.objects.get(case__number=number).citizen_id == owner.pk
    assert not Event.objects.filter(verb="cases.claim").exists()


def test_what_was_told_is_taken_along() -> None:
    owner = account()
    number, _code = sent(signed_in(owner), text="每天早上七点多，老人都在路边下车，要横穿两条车道。")
    sent(Citizen(), phone="13900005678")
    (letter,) = citizens.export(owner, now=NOW)["letters"]  # type: ignore[misc]
    assert letter["number"] == number
    assert letter["sender"]["phone"] == PHONE
    assert "横穿两条车道" in letter["text"]


def test_the_end_of_an_account_lets_letters_go() -> None:
    owner = account()
    browser = signed_in(owner)
    number, code = sent(browser)
    events = CaseEvent.objects.count()
    assert data.erase(citizen=owner, now=NOW)
    kept = Sender.objects.get(case__number=number)
    assert (kept.citizen_id, kept.phone) == (None, PHONE)
    assert CaseEvent.objects.count() == events
    assert browser.get(address(number)).headers["Location"] == "/my/"
    assert Citizen().post("/letters/check/", {"number": number, "code": code}).status_code == 200


def test_pages_cost_the_same_at_one_letter_and_at_a_full_page() -> None:
    owner = account()
    browser = signed_in(owner)
    numbers = [sent(browser)[0]]
    counts = {path: _queries(browser, path) for path in ("/my/", "/my/letters/")}
    case = Case.objects.get(number=numbers[0])
    for place in range(45):
        Case.objects.bulk_create([_like(case, place)])
    Sender.objects.bulk_create(
        [Sender(case=row, citizen_id=owner.pk) for row in Case.objects.filter(number__startswith="COPY")]
    )
    for path, count in counts.items():
        assert _queries(browser, path) == count
    shown = page(browser, "/my/letters/")
    assert shown.count('href="/my/letters/COPY') == 20
    older = shown.partition('href="/my/letters/?before=')[2].partition('"')[0]
    second = page(browser, f"/my/letters/?before={older}")
    assert second.count('href="/my/letters/COPY') == 20
    assert "最新的" in second
    assert page(browser, "/my/letters/?before=x") == shown


def _like(case: Case, place: int) -> Case:
    row = Case.objects.get(pk=case.pk)
    row.pk, row.number, row.key_digest = None, f"COPY{place}", f"key-{place}"
    return row


def _queries(browser: Citizen, path: str) -> int:
    page(browser, path)
    with CaptureQueriesContext(connection) as captured:
        page(browser, path)
    return len(captured)
