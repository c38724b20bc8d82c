"""The letter's way in: page, checks, receipt, follow-up, rating, second handling."""

import pytest

from menhu.cases import actions
from menhu.cases.enums import CaseState
from menhu.cases.models import Case, CaseEvent, Rating
from menhu.letters.models import Letter, Mailbox
from tests.cases.desk import Desk
from tests.factories import World
from tests.letters.post import TYPED, Citizen, boxes, receipt


@pytest.fixture
def post(world: World) -> dict[str, Mailbox]:
    return boxes(world)


@pytest.mark.usefixtures("post")
def test_a_letter_is_written_without_an_account() -> None:
    page = Citizen().send().content.decode()
    number, code = receipt(page)
    case = Case.objects.get()
    assert case.number == number
    assert (case.kind.code, case.title, case.channel) == ("advice", TYPED["title"], "web")
    assert case.sender.phone == "13800001234"
    assert Letter.objects.get().wants_publication
    assert actions.find_by_code(number, code) == case


@pytest.mark.usefixtures("post")
def test_a_double_click_makes_one_case_and_shows_the_same_receipt() -> None:
    citizen = Citizen()
    typed = {**citizen.form(), **TYPED}
    pages = [citizen.post("/letters/write/", typed).content.decode() for _ in range(3)]
    assert len({receipt(page) for page in pages}) == Case.objects.count() == 1


@pytest.mark.usefixtures("post")
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": ""}, "请用一句话写清是什么事"),
        ({"title": "题" * 10_000}, "标题最多 120 字，现在 10000 字"),
        ({"text": "没水。"}, "内容写得太少"),
        ({"text": "字" * 2_001}, "内容最多 2000 字，现在 2001 字"),
        ({"phone": "1380000123"}, "手机号应为 11 位数字，现在是 10 位"),
        ({"phone": "你好"}, "请填写 11 位手机号"),
        ({"email": "ye@"}, "电子邮箱的写法不对"),
        ({"box": ""}, "请选择写给谁"),
        ({"box": "nobody"}, "这个信箱现在不收信"),
        ({"box": "unit"}, "请选择写给哪个单位"),
        ({"kind": ""}, "请选择这封信属于哪一类"),
        ({"kind": "petition"}, "这个信箱不收这一类来信"),
        ({"kind": "error"}, "这个信箱不收这一类来信"),
        ({"is_true": ""}, "请确认写的是实情"),
        ({"name": " "}, "请填写姓名"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(typed: dict[str, str], message: str) -> None:
    answer = Citizen().send(**typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert message in page
    for name in ("title", "text", "name"):
        if name not in typed:
            assert TYPED[name].split("\n")[0] in page
    assert Case.objects.count() == 0


@pytest.mark.usefixtures("post")
def test_a_letter_to_a_unit() -> None:
    Citizen().send(box="unit", unit_box="jyj")
    assert Letter.objects.get().mailbox.slug == "jyj"


@pytest.mark.usefixtures("post")
def test_markup_and_rare_characters_come_back_as_text() -> None:
    text = "<script>alert(1)</script><!ENTITY x SYSTEM 'file:///etc/passwd'> 𬱖㛃🙂 &amp; 家门口的路灯坏了"
    page = Citizen().send(text=text, title="𬱖巷的路灯").content.decode()
    number, code = receipt(page)
    assert Case.objects.get().text == text
    shown = Citizen()
    page = shown.post(
        "/letters/check/", {**shown.form("/letters/check/"), "number": number, "code": code}
    ).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "𬱖㛃🙂" in page


@pytest.mark.usefixtures("post")
def test_an_error_of_a_page_is_reported_with_its_address() -> None:
    typed = {"page_url": "http://portal/jyj/2026/1.html", "title": "日期写错", "text": "应当是六月三日。"}
    page = Citizen().send("/letters/report/", **typed).content.decode()
    case = Case.objects.get()
    assert case.number == receipt(page)[0]
    assert (case.kind.code, case.number[:2], case.kind.answer_days) == ("error", "ZC", 3)
    assert case.letter.page_url == typed["page_url"]


def test_a_closed_box_takes_no_letter(post: dict[str, Mailbox]) -> None:
    Mailbox.objects.filter(slug="mayor").update(is_open=False)
    assert Citizen().send().status_code == 400
    assert Case.objects.count() == 0


def follow(citizen: Citizen, number: str, code: str, **act: str) -> str:
    form = citizen.form("/letters/check/")
    page: str = citizen.post("/letters/check/", {**form, "number": number, "code": code, **act}).content.decode()
    return page


@pytest.mark.usefixtures("post")
def test_a_wrong_number_and_a_wrong_code_look_the_same() -> None:
    number, code = receipt(Citizen().send().content.decode())
    pages = set()
    for tried in ((number, "2222222222"), ("LX20200101-0001", code)):
        page = follow(Citizen(), *tried)
        pages.add(page.replace(tried[0], "").split('name="csrfmiddlewaretoken"')[0])
        assert "编号或查询码不对" in page
        assert TYPED["title"] not in page
    assert len(pages) == 1


@pytest.mark.usefixtures("post")
def test_the_sender_follows_rates_and_has_it_handled_again(desk: Desk) -> None:
    citizen = Citizen()
    number, code = receipt(citizen.send().content.decode())
    case = Case.objects.get()
    assert "正在看是否受理" in follow(citizen, number, code)
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=desk.world.units["jyj"], note="内部意见")
    actions.take(case=case, by=desk.handler)
    page = follow(citizen, number, code)
    assert "云岭县教育局" in page
    assert "内部意见" not in page
    actions.draft(case=case, by=desk.handler, text="将增设车站。\n八月建成。")
    assert "将增设车站" not in follow(citizen, number, code)
    actions.sign(case=case, by=desk.head)
    assert "将增设车站" in follow(citizen, number, code)
    assert "请在五级" not in (page := follow(citizen, number, code, act="rate", level="2", text="没有日期"))
    assert "谢谢您的评价" in page
    assert "已转原单位再次办理" in follow(citizen, number, code, act="reopen", text="请写明日期")
    case.refresh_from_db()
    assert (case.state, case.round, Rating.objects.get().level) == (CaseState.HANDLING, 2, 2)
    assert "这件现在“办理中”" in follow(citizen, number, code, act="rate", level="5")


@pytest.mark.usefixtures("post")
def test_the_sender_supplements_what_was_asked(desk: Desk) -> None:
    citizen = Citizen()
    number, code = receipt(citizen.send().content.decode())
    case = Case.objects.get()
    actions.accept(case=case, by=desk.operator)
    actions.assign(case=case, by=desk.operator, lead=desk.world.units["jyj"])
    actions.take(case=case, by=desk.handler)
    actions.ask(case=case, by=desk.handler, text="请说明是哪个门。")
    assert "请说明是哪个门" in follow(citizen, number, code)
    page = follow(citizen, number, code, act="supplement", text="东")
    assert "写得太少" in page
    assert ">东</textarea>" in page
    assert "已收到您的补充" in follow(citizen, number, code, act="supplement", text="东门，靠近急诊。")
    assert CaseEvent.objects.get(case=case, kind="supplement").text == "东门，靠近急诊。"


@pytest.mark.usefixtures("post")
def test_what_belongs_to_one_person_is_kept_by_nobody() -> None:
    citizen = Citizen()
    for answer in (citizen.get("/letters/write/"), citizen.send(), citizen.get("/letters/check/")):
        assert answer["Cache-Control"] == "private, no-store"
        assert "noindex" in answer.content.decode()


@pytest.mark.usefixtures("post")
def test_the_page_is_only_on_the_portal() -> None:
    assert Citizen().get("/letters/write/", HTTP_HOST="elsewhere.example").status_code in (400, 404)


@pytest.mark.usefixtures("post")
def test_a_form_of_another_site_is_refused() -> None:
    assert Citizen(enforce_csrf_checks=True).post("/letters/write/", TYPED).status_code == 403
    assert Case.objects.count() == 0
