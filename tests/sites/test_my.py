"""Citizens' own pages: in by a code alone, never into the back office, out again with all that is theirs."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from menhu.accounts.citizens import data
from menhu.accounts.citizens.sessions import CITIZEN
from menhu.accounts.contacts import Contact
from menhu.accounts.enums import ContactKind
from menhu.accounts.models import Citizen, SignInCode
from menhu.audit.models import Event
from menhu.core.frames import Entry
from menhu.core.office import UrlClass
from menhu.core.proof import Outcome
from menhu.notices.messages import Channel, send_later
from menhu.notices.models import Message
from menhu.sites import my_page
from tests.access.addresses import office_addresses
from tests.conftest import SignedIn
from tests.factories import World

NOON = datetime(2026, 6, 3, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PHONE, EMAIL = "13800001234", "ye@example.cn"
NUMERALS = "零一二三四五六七八九十"
pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def trusted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proofs of work are given by browsers; tests marked `guarded` meet them as they are."""
    if "guarded" not in request.keywords:
        monkeypatch.setattr("menhu.sites.views.my.proven", lambda _posted, now: Outcome.OK)


@pytest.fixture
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sections and providers of a test end with it."""
    monkeypatch.setattr(my_page, "_sections", dict(my_page._sections))
    monkeypatch.setattr(data, "_providers", dict(data._providers))


def browser(**more: Any) -> Client:
    return Client(HTTP_HOST=settings.PUBLIC_HOST, **more)


def sent_code() -> str:
    return re.findall(r"\d{6}", Message.objects.latest("pk").text)[0]


def sign_in(client: Client, contact: str = PHONE) -> Citizen:
    assert client.post("/my/", {"contact": contact}).headers["Location"] == "/my/code/"
    assert client.post("/my/code/", {"code": sent_code()}).headers["Location"] == "/my/"
    return Citizen.objects.get(pk=client.session[CITIZEN]["pk"])


def page(client: Client, path: str = "/my/", **asked: str) -> str:
    return client.get(path, asked).content.decode()


def events() -> list[str]:
    return list(Event.objects.filter(verb__startswith="accounts.").order_by("pk").values_list("verb", flat=True))


def test_the_first_code_makes_an_account_and_the_second_finds_it() -> None:
    first = sign_in(browser())
    second = sign_in(browser(), " +86 138-0000-1234 ")
    assert (first.pk, Citizen.objects.count()) == (second.pk, 1)
    assert (second.phone, second.email, second.name) == (PHONE, "", "")
    assert events() == ["accounts.citizen_sign_up", "accounts.citizen_sign_in"]
    assert PHONE not in json.dumps(list(Event.objects.values("object_label", "data", "actor_name")))


def test_by_e_mail_in_any_letters() -> None:
    assert sign_in(browser(), "Ye@Example.CN").email == EMAIL
    assert sign_in(browser(), EMAIL).email == EMAIL
    assert Citizen.objects.count() == 1


def test_the_answer_does_not_tell_who_has_an_account() -> None:
    sign_in(browser())
    known, unknown = browser(), browser()
    answers = [known.post("/my/", {"contact": PHONE}), unknown.post("/my/", {"contact": "13800009934"})]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, "/my/code/")] * 2
    shown = [page(client, "/my/code/") for client in (known, unknown)]
    bare = [re.sub(r'name="csrfmiddlewaretoken"\s+value="[^"]+"|138\*{4}\d{4}', "", text) for text in shown]
    assert bare[0] == bare[1]


def test_a_citizen_never_enters_the_back_office() -> None:
    client = browser()
    sign_in(client)
    wrong = [
        (address.name, response.status_code)
        for address in office_addresses()
        if address.url_class is not None and address.url_class is not UrlClass.PUBLIC
        for response in [client.get(address.at() or "")]
        if not (response.status_code == 302 and response.headers["Location"].startswith("/office/login/"))
    ]
    assert wrong == []
    assert client.get("/office/").headers["Location"].startswith("/office/login/")


def test_staff_in_the_same_browser_stay_who_they_are(world: World) -> None:
    client = SignedIn(world.people["editor"])
    client.defaults["HTTP_HOST"] = settings.PUBLIC_HOST
    sign_in(client)
    assert client.get("/office/notices/").status_code == 200
    assert client.post("/my/out/").headers["Location"] == "/my/?done=out"
    assert client.get("/office/notices/").status_code == 200
    assert CITIZEN not in client.session


def test_signing_in_changes_the_session_id_and_signing_out_ends_it() -> None:
    client = browser()
    client.post("/my/", {"contact": PHONE})
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/my/code/", {"code": sent_code()})
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    client.post("/my/out/")
    thief = browser()
    thief.cookies[settings.SESSION_COOKIE_NAME] = after
    assert "获取验证码" in page(thief)


def test_a_citizen_who_does_nothing_is_signed_out(clock: time_machine.Traveller) -> None:
    client = browser()
    sign_in(client)
    clock.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE - 1))
    assert "退出登录" in page(client)
    clock.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE + 1))
    assert "获取验证码" in page(client)


def test_work_in_the_back_office_keeps_no_citizen_signed_in(world: World, clock: time_machine.Traveller) -> None:
    client = SignedIn(world.people["editor"])
    client.defaults["HTTP_HOST"] = settings.PUBLIC_HOST
    sign_in(client)
    for _time in range(2):
        clock.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE - 1))
        assert client.get("/office/notices/").status_code == 200
    assert "获取验证码" in page(client)
    assert client.get("/office/notices/").status_code == 200


def test_a_wrong_code_is_told_and_five_end_it() -> None:
    client = browser()
    client.post("/my/", {"contact": PHONE})
    code = sent_code()
    wrong = str((int(code) + 1) % 10**6).zfill(6)
    for _attempt in range(5):
        answer = client.post("/my/code/", {"code": wrong})
        assert (answer.status_code, "验证码不对" in answer.content.decode()) == (400, True)
    assert client.post("/my/code/", {"code": code}).status_code == 400
    assert Citizen.objects.count() == 0


def test_the_code_page_wants_a_code_that_was_asked_for() -> None:
    assert browser().get("/my/code/").headers["Location"] == "/my/"
    assert browser().post("/my/code/", {"code": "123456"}).headers["Location"] == "/my/"


@pytest.mark.parametrize("typed", ["", "1380000123", "0000-6120086", "ye@", "叶知秋", "12800001234", "a" * 300])
def test_what_is_no_address_gets_no_code(typed: str) -> None:
    answer = browser().post("/my/", {"contact": typed})
    assert (answer.status_code, SignInCode.objects.count(), Message.objects.count()) == (400, 0, 0)
    assert 'aria-invalid="true"' in answer.content.decode()


def test_codes_are_limited_for_each_address_and_network() -> None:
    statuses = [browser().post("/my/", {"contact": PHONE}).status_code for _time in range(6)]
    assert statuses == [302] * 5 + [429]
    others = [browser().post("/my/", {"contact": f"138000010{n:02d}"}).status_code for n in range(16)]
    assert others == [302] * 14 + [429] * 2  # the refused one counted for the network
    assert Message.objects.count() == 19


@pytest.mark.guarded
def test_without_a_proof_a_question_is_asked_and_nothing_is_sent() -> None:
    client = browser()
    asked = client.post("/my/", {"contact": PHONE})
    text = asked.content.decode()
    assert (asked.status_code, Message.objects.count()) == (400, 0)
    assert f'value="{PHONE}"' in text
    first, sign, second = re.search(r"([一二三四五六七八九十])(加|减去)([一二三四五六七八九十])等于几", text).groups()  # type: ignore[union-attr]
    one, other = NUMERALS.index(first), NUMERALS.index(second)
    token = re.search(r'name="question_token"\s+value="([^"]+)"', text)[1]  # type: ignore[index]
    answer = {"question_token": token, "question_answer": str(one + other if sign == "加" else one - other)}
    assert client.post("/my/", {"contact": PHONE, **answer}).headers["Location"] == "/my/code/"


def test_forms_want_their_token() -> None:
    client = browser(enforce_csrf_checks=True)
    answer = client.post("/my/", {"contact": PHONE})
    assert (answer.status_code, Message.objects.count()) == (403, 0)
    assert "没有提交成功" in answer.content.decode()
    token = re.search(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"', page(client))[1]  # type: ignore[index]
    assert client.post("/my/", {"contact": PHONE, "csrfmiddlewaretoken": token}).status_code == 302


@pytest.mark.parametrize("path", ["/my/", "/my/code/", "/my/erase/", "/my/?done=out"])
def test_nobody_on_the_way_keeps_these_pages(path: str) -> None:
    stranger, client = browser(), browser()
    sign_in(client)
    client.post("/my/", {"contact": PHONE})
    assert {client.get(path).headers["Cache-Control"] for client in (stranger, client)} == {"private, no-store"}


def test_the_sign_in_page_says_that_nobody_needs_it() -> None:
    shown = page(browser())
    assert "看信息、搜索、写信、查询办理进展，都不需要账户。" in shown
    assert "noindex" in shown
    assert "hant" not in shown


def test_other_hosts_and_scripts() -> None:
    assert browser().get("/my").headers["Location"] == "/my/"
    assert browser().get("/hant/my/").headers["Location"] == "/my/"
    assert browser().get("/jyj/my/").status_code == 404


def test_sections_show_what_apps_know(registries: None) -> None:
    def letters(citizen: Citizen) -> my_page.Shown:
        entry = Entry(title=f"来信 {citizen.phone[-4:]}", url="/letters/check/", on=NOON.date())
        return my_page.Shown(entries=(entry,))

    my_page.register(my_page.Section(key="letters", label="我的来信", show=letters, position=10))
    my_page.register(my_page.Section(key="later", label="我的办件", show=lambda _citizen: my_page.Shown()))
    client = browser()
    sign_in(client)
    shown = page(client)
    assert shown.index("我的来信") < shown.index("来信 1234") < shown.index("我的办件") < shown.index("还没有内容。")
    assert PHONE not in shown
    assert "138****1234" in shown


def test_the_page_costs_the_same_whatever_was_sent() -> None:
    client = browser()
    sign_in(client)
    page(client)
    with CaptureQueriesContext(connection) as one:
        page(client)
    for _time in range(30):
        send_later(channel=Channel.SMS, to=PHONE, text="已受理")
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(many) == len(one)


def test_a_name_is_kept_and_taken_away() -> None:
    client = browser()
    citizen = sign_in(client)
    for name in ("叶知秋", ""):
        assert client.post("/my/name/", {"name": name}).headers["Location"] == "/my/?done=name"
        citizen.refresh_from_db()
        assert citizen.name == name
    assert client.post("/my/name/", {"name": "叶" * 41}).status_code == 400
    citizen.refresh_from_db()
    assert citizen.name == ""
    assert browser().post("/my/name/", {"name": "别人"}).headers["Location"] == "/my/"


def test_everything_can_be_taken_along(registries: None) -> None:
    data.register_data("letters", lambda citizen: [{"number": "LX1", "at": NOON}], lambda citizen: None)
    client = browser()
    sign_in(client)
    send_later(channel=Channel.SMS, to=PHONE, text="您的来信已答复", reference="LX1")
    send_later(channel=Channel.SMS, to="13800009999", text="别人的", reference="LX2")
    answer = client.post("/my/data/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    found = json.loads(answer.content)
    assert found["account"]["phone"] == PHONE
    assert found["letters"] == [{"number": "LX1", "at": "2026-06-03T12:00:00+08:00"}]
    assert found["messages"][0]["text"] == "您的来信已答复"
    assert "别人的" not in answer.content.decode()
    assert events()[-1] == "accounts.citizen_export"
    assert client.get("/my/data/").status_code == 405
    assert browser().post("/my/data/").headers["Location"] == "/my/"


def test_an_account_ends_with_all_that_is_its_own(registries: None) -> None:
    gone: list[str] = []
    data.register_data("letters", lambda citizen: [], lambda citizen: gone.append(citizen.phone))
    client, elsewhere = browser(), browser()
    citizen = sign_in(client)
    sign_in(elsewhere)
    send_later(channel=Channel.SMS, to="13800009999", text="别人的")
    for word in ("", "注"):
        assert client.post("/my/erase/", {"word": word}).status_code == 400
    citizen.refresh_from_db()
    assert (citizen.phone, gone) == (PHONE, [])
    assert client.post("/my/erase/", {"word": "注销"}).headers["Location"] == "/my/?done=erased"
    citizen.refresh_from_db()
    assert (citizen.phone, citizen.email, citizen.name) == ("", "", "")
    assert (citizen.phone_digest, citizen.email_digest, citizen.is_active, citizen.erased_at) == (
        None,
        None,
        False,
        NOON,
    )
    assert (gone, SignInCode.objects.count()) == ([PHONE], 0)
    assert [message.recipient for message in Message.objects.all()] == ["13800009999"]
    assert ["获取验证码" in page(one) for one in (client, elsewhere)] == [True, True]
    assert "您的账户已注销" in page(client, done="erased")


def test_the_end_of_an_account_leaves_an_event_without_a_person() -> None:
    client = browser()
    citizen = sign_in(client)
    client.post("/my/erase/", {"word": "注销"})
    event = Event.objects.get(verb="accounts.citizen_erase")
    assert (event.object_id, event.object_label) == (str(citizen.pk), f"公众用户 {citizen.pk}")
    assert (event.actor_id, event.actor_name, event.address, event.data) == (None, "", None, {})
    assert sign_in(browser()).pk != citizen.pk


def test_what_cannot_be_erased_leaves_all_as_it_was(registries: None) -> None:
    def refuses(_citizen: Citizen) -> None:
        raise RuntimeError("away")

    citizen = sign_in(browser())
    data.register_data("broken", lambda _citizen: None, refuses)
    with pytest.raises(RuntimeError):
        data.erase(citizen=citizen, now=NOON)
    citizen.refresh_from_db()
    assert (citizen.phone, citizen.is_active, citizen.erased_at) == (PHONE, True, None)
    assert Message.objects.count() == 1
    assert "accounts.citizen_erase" not in events()


def test_a_shut_account_is_shut() -> None:
    client = browser()
    Citizen.objects.filter(pk=sign_in(client).pk).update(is_active=False)
    assert "获取验证码" in page(client)
    client.post("/my/", {"contact": PHONE})
    answer = client.post("/my/code/", {"code": sent_code()})
    assert (answer.status_code, "这个账户已停用" in answer.content.decode()) == (403, True)
    assert CITIZEN not in client.session


def test_the_session_holds_no_address() -> None:
    client = browser()
    client.post("/my/", {"contact": PHONE})
    assert PHONE not in json.dumps(dict(client.session))
    contact = Contact(ContactKind.PHONE, PHONE)
    assert SignInCode.objects.get().digest == contact.digest
