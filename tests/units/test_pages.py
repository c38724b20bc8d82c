"""The pages of units, posts, people and spreadsheets."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.plugins.otp_totp.models import TOTPDevice

from menhu.accounts.models import User
from menhu.audit.models import Event
from menhu.core.spreadsheets import CONTENT_TYPE
from menhu.units.actions import add_unit, appoint
from menhu.units.enums import Role
from menhu.units.models import Post, Unit
from tests.conftest import SignedIn
from tests.factories import PASSWORD, UserFactory, World
from tests.units.workbooks import POST, UNIT, read_back, workbook

TODAY = date(2026, 6, 18)


@pytest.fixture(autouse=True)
def frozen_day() -> object:
    with time_machine.travel("2026-06-18 09:00:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def webmaster(world: World) -> SignedIn:
    return SignedIn(world.people["webmaster"])


def page_of(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def queries_of(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


# Units


def test_the_tree_is_in_order_and_can_be_narrowed(webmaster: SignedIn, world: World) -> None:
    page = page_of(webmaster, "/office/units/")
    names = re.findall(r'<a href="/office/units/\d+/">([^<]+)</a>', page)
    assert names[:3] == ["云岭县", "党委部门", "云岭县委办公室"]
    assert len(names) == len(world.units)
    assert re.findall(r'<a href="/office/units/\d+/">([^<]+)</a>', page_of(webmaster, "/office/units/?q=水利")) == [
        "云岭县水利局"
    ]


def test_the_tree_costs_the_same_however_long(webmaster: SignedIn, world: World) -> None:
    few = queries_of(webmaster, "/office/units/?q=教育局")
    for number in range(45):
        add_unit(parent=world.units["towns"], by=None, name=f"第{number}镇", short_name=f"{number}", slug=f"t{number}")
    assert queries_of(webmaster, "/office/units/") == few


def unit_fields(world: World, **fields: object) -> dict[str, object]:
    needed = {"parent": world.units["towns"].pk, "name": "云岭县柳河镇", "short_name": "柳河镇", "slug": "lhz"}
    return {**needed, "kind": "town", "side": "government", "position": 0, **fields}


def test_a_unit_is_added_changed_closed_and_reopened(webmaster: SignedIn, world: World) -> None:
    assert webmaster.post("/office/units/add/", unit_fields(world)).status_code == 302
    unit = Unit.objects.get(slug="lhz")
    address = f"/office/units/{unit.pk}/"
    moved = unit_fields(world, parent=world.units["government"].pk, phone="0000-612 0086")
    assert webmaster.post(address, moved).url == "/office/units/"
    unit.refresh_from_db()
    assert (unit.parent, unit.phone) == (world.units["government"], "0000-612 0086")
    assert webmaster.post(f"{address}close/", {"ends_on": "2026-06-30"}).url == "/office/units/"
    unit.refresh_from_db()
    assert (unit.is_active, unit.ends_on) == (False, date(2026, 6, 30))
    link = f'<a href="{address}">云岭县柳河镇</a>'
    assert link not in page_of(webmaster, "/office/units/")
    assert link in page_of(webmaster, "/office/units/?closed=1")
    assert webmaster.post(f"{address}reopen/").status_code == 302
    assert Unit.objects.get(slug="lhz").is_active


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"slug": "jyj"}, "具有 代号 的 单位 已存在。"),
        ({"name": ""}, "全称"),
        ({"parent": ""}, None),
        ({"parent": 987654}, "选择一个有效的选项"),
    ],
)
def test_a_bad_unit_is_shown_again_with_everything_typed(
    webmaster: SignedIn, world: World, fields: dict[str, object], message: str | None
) -> None:
    before = Unit.objects.count()
    response = webmaster.post("/office/units/add/", unit_fields(world, duties="负责本镇工作", **fields))
    if message is None:
        assert response.status_code == 302
        return
    page = response.content.decode()
    assert message in page
    assert "负责本镇工作" in page
    assert Unit.objects.count() == before


def test_a_unit_below_itself_is_refused_at_the_field(webmaster: SignedIn, world: World) -> None:
    government = world.units["government"]
    fields = unit_fields(world, parent=world.units["jyj"].pk, name="政府部门", short_name="政府", slug="government")
    response = webmaster.post(f"/office/units/{government.pk}/", fields)
    assert response.context["form"].errors == {"parent": ["不能把单位移到它自己或它的下级之下。"]}
    assert Unit.objects.get(slug="government").path == government.path


def test_a_unit_with_others_below_is_not_closed(webmaster: SignedIn, world: World) -> None:
    response = webmaster.post(f"/office/units/{world.units['party'].pk}/close/", {"ends_on": "2026-06-30"})
    assert "先撤销或移走下级单位，再撤销“党委部门”。" in response.content.decode()
    assert Unit.objects.get(slug="party").is_active


# Filing


def test_a_unit_files_by_itself(world: World) -> None:
    browser = SignedIn(world.people["editor"])
    address = f"/office/filing/{world.units['jyj'].pk}/"
    assert browser.get("/office/filing/").url == address
    filed = {"leader_in_charge": "骆青", "editor_on_file": "卓一帆", "plan": "每周一篇动态", "team": "卓一帆、孟夏"}
    assert browser.post(address, filed).url == address
    unit = Unit.objects.get(slug="jyj")
    assert (unit.leader_in_charge, unit.plan, unit.filed_on) == ("骆青", "每周一篇动态", TODAY)
    assert "2026-06-18 备案" in page_of(browser, address)


def test_filing_cannot_reach_other_fields(world: World) -> None:
    address = f"/office/filing/{world.units['jyj'].pk}/"
    SignedIn(world.people["editor"]).post(address, {"name": "别的名字", "side": "party", "plan": "计划"})
    unit = Unit.objects.get(slug="jyj")
    assert (unit.name, unit.side, unit.plan) == ("云岭县教育局", "government", "计划")


def test_a_leader_reads_the_file_but_does_not_write(world: World) -> None:
    address = f"/office/filing/{world.units['jyj'].pk}/"
    refused = SignedIn(world.people["leader"]).post(address, {"plan": "改"})
    assert refused.status_code == 403
    assert Unit.objects.get(slug="jyj").plan == ""


def test_who_keeps_several_files_gets_a_list(webmaster: SignedIn, world: World) -> None:
    page = page_of(webmaster, "/office/filing/")
    assert page.count('href="/office/filing/') == len(world.units)


# Posts


def people_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row">([^<]+)</th>', page.partition('<section class="sheet">')[2])


def test_everybody_sees_the_posts_in_scope_and_their_own(webmaster: SignedIn, world: World) -> None:
    assert len(people_in(page_of(webmaster, "/office/posts/"))) == len(world.people)
    assert sorted(people_in(page_of(SignedIn(world.people["head"]), "/office/posts/"))) == ["卓一帆", "江怀川", "陶然"]
    assert people_in(page_of(SignedIn(world.people["editor"]), "/office/posts/")) == ["卓一帆"]
    assert people_in(page_of(webmaster, "/office/posts/?role=auditor")) == ["周小满"]
    assert people_in(page_of(webmaster, "/office/posts/?q=江怀川")) == ["江怀川"]
    assert people_in(page_of(webmaster, "/office/posts/?show=ended")) == []


def test_the_posts_cost_the_same_however_many(webmaster: SignedIn, world: World) -> None:
    few = queries_of(webmaster, "/office/posts/?q=江怀川")
    for number in range(60):
        person = UserFactory(name=f"人{number}")
        appoint(user=person, unit=world.units["sqz"], role=Role.HEAD, by=None, starts_on=TODAY)
    assert queries_of(webmaster, "/office/posts/") == few


def test_the_webmaster_appoints_and_ends(webmaster: SignedIn, world: World) -> None:
    UserFactory(username="wenyining", name="温以宁")
    fields = {"user": "wenyining", "unit": world.units["jyj"].pk, "role": "editor", "starts_on": "2026-06-18"}
    assert webmaster.post("/office/posts/appoint/", fields).url == "/office/posts/"
    post = Post.objects.get(user__username="wenyining")
    assert (post.scope, post.ends_on) == (world.units["jyj"], None)
    assert (
        webmaster.post(f"/office/posts/{post.pk}/end/", {"ends_on": "2026-06-30", "reason": "调离"}).status_code == 302
    )
    assert Post.objects.get(pk=post.pk).ends_on == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("fields", "where", "message"),
    [
        ({"user": "nobody"}, "user", "没有用户名为“nobody”的在用账号。"),
        ({"unit": 987654}, "unit", None),
        ({"ends_on": "2020-01-01"}, "__all__", "结束日期不能早于开始日期。"),
        ({"role": "king"}, "role", None),
    ],
)
def test_a_bad_appointment_is_refused_at_its_field(
    webmaster: SignedIn, world: World, fields: dict[str, object], where: str, message: str | None
) -> None:
    sound = {"user": "editor", "unit": world.units["jyj"].pk, "role": "head", "starts_on": "2026-06-18"}
    before = Post.objects.count()
    errors = webmaster.post("/office/posts/appoint/", {**sound, **fields}).context["form"].errors
    assert list(errors) == [where]
    assert message is None or errors[where] == [message]
    assert Post.objects.count() == before


def test_a_head_names_a_deputy_on_the_page(world: World) -> None:
    UserFactory(username="deputy", name="温以宁")
    head = SignedIn(world.people["head"])
    post = Post.objects.get(user=world.people["head"])
    assert f"/office/posts/{post.pk}/deputise/" in page_of(head, "/office/posts/")
    fields = {"deputy": "deputy", "starts_on": "2026-06-20", "ends_on": "2026-06-22"}
    assert head.post(f"/office/posts/{post.pk}/deputise/", fields).url == "/office/posts/"
    acting = Post.objects.get(user__username="deputy")
    assert (acting.deputy_for, acting.role) == (post, Role.HEAD)
    assert "代江怀川" in page_of(head, "/office/posts/")
    assert "未到任" in page_of(head, "/office/posts/")


def test_an_editor_cannot_end_the_posts_they_see(world: World) -> None:
    own = Post.objects.get(user=world.people["editor"])
    refused = SignedIn(world.people["editor"]).post(f"/office/posts/{own.pk}/end/", {"ends_on": "2026-06-18"})
    assert refused.status_code == 403
    assert Post.objects.get(pk=own.pk).ends_on is None


# People


def test_an_account_is_made_with_a_password_shown_once(webmaster: SignedIn, world: World) -> None:
    response = webmaster.post(
        "/office/people/add/", {"username": "wenyining", "name": "温以宁", "phone": "", "email": ""}
    )
    password = re.search(r'<code class="one-time">([^<]+)</code>', response.content.decode())
    assert password is not None
    user = User.objects.get(username="wenyining")
    assert user.check_password(password[1].replace("&#x27;", "'"))
    assert user.must_change_password
    assert response.headers["Cache-Control"] == "no-store"
    assert "口令" not in str(Event.objects.get(verb="accounts.create").data)
    again = webmaster.post("/office/people/add/", {"username": "wenyining", "name": "别人"})
    assert again.context["form"].errors == {"username": ["此用户名已被占用"]}


def test_a_password_is_reset_and_everything_else_done_to_an_account(webmaster: SignedIn, world: World) -> None:
    stranger = world.people["stranger"]
    address = f"/office/people/{stranger.pk}/"
    shown = webmaster.post(f"{address}reset/").content.decode()
    stranger.refresh_from_db()
    assert not stranger.check_password(PASSWORD)
    assert '<code class="one-time">' in shown
    for _attempt in range(5):
        Client().post("/office/login/", {"username": "stranger", "password": "wrong"})
    locked = '<span class="tag tag--warn">登录锁定</span>'
    assert locked in page_of(webmaster, "/office/people/?q=stranger")
    assert webmaster.post(f"{address}unlock/").url == address
    assert locked not in page_of(webmaster, "/office/people/?q=stranger")
    TOTPDevice.objects.create(user=stranger, confirmed=True)
    assert "停用手机验证码" in page_of(webmaster, address)
    assert webmaster.post(f"{address}drop-device/").url == address
    assert not TOTPDevice.objects.exists()
    assert list(webmaster.post(f"{address}disable/", {"reason": ""}).context["disable"].errors) == ["reason"]
    assert webmaster.post(f"{address}disable/", {"reason": "调离"}).url == address
    assert not User.objects.get(pk=stranger.pk).is_active
    assert webmaster.post(f"{address}enable/").url == address
    assert User.objects.get(pk=stranger.pk).is_active
    assert webmaster.post(address, {"name": "于归", "phone": "0000-1", "email": ""}).url == address
    assert User.objects.get(pk=stranger.pk).phone == "0000-1"


def test_nobody_shuts_themselves_out(webmaster: SignedIn, world: World) -> None:
    me = world.people["webmaster"]
    page = webmaster.post(f"/office/people/{me.pk}/disable/", {"reason": "误点"}).content.decode()
    assert "不能停用自己的账号。" in page
    assert User.objects.get(pk=me.pk).is_active


def test_the_people_cost_the_same_however_many(webmaster: SignedIn, world: World) -> None:
    few = queries_of(webmaster, "/office/people/?q=editor")
    for number in range(60):
        appoint(
            user=UserFactory(),
            unit=world.units["sqz"],
            role=Role.HEAD,
            by=None,
            starts_on=TODAY - timedelta(days=number),
        )
    assert queries_of(webmaster, "/office/people/") == few


# Spreadsheets


def sent(browser: Client, content: bytes, step: str, name: str = "单位.xlsx") -> str:
    file = SimpleUploadedFile(name, content)
    response = browser.post("/office/units/transfer/", {"file": file, "step": step})
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_check_writes_nothing_and_an_import_writes_all(webmaster: SignedIn, world: World) -> None:
    content = workbook([UNIT], [{**POST, "单位": "云岭县柳河镇"}]).getvalue()
    assert "检查通过，还没有写入" in sent(webmaster, content, "check")
    assert not Unit.objects.filter(slug="lhz").exists()
    page = sent(webmaster, content, "import")
    assert "导入完成" in page
    assert "新账号还没有口令" in page
    assert "新增单位 1，修改单位 0，新增岗位 1" in page
    assert Post.objects.filter(unit__slug="lhz", user__username="wenyining").count() == 1


def test_findings_are_listed_by_row_and_nothing_is_written(webmaster: SignedIn, world: World) -> None:
    rows = [{**UNIT, "代号": f"u{n}", "全称": f"单位{n}", "上级单位": "没有的局"} for n in range(250)]
    before = Unit.objects.count()
    page = sent(webmaster, workbook(rows).getvalue(), "import")
    assert "有 250 处问题，什么都没有写入" in page
    assert "“单位”表第 7 行“上级单位”：没有名为“没有的局”的单位。" in page
    assert "另有 50 处没有列出。" in page
    assert Unit.objects.count() == before


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"code,name", "单位.csv", "请上传 .xlsx 文件"),
        (b"code,name", "单位.xlsx", "文件内容不是 .xlsx 表格"),
        (b"", "单位.xlsx", "提交的是空文件。"),
    ],
)
def test_a_wrong_file_is_refused_at_the_field(webmaster: SignedIn, content: bytes, name: str, message: str) -> None:
    assert message in sent(webmaster, content, "import", name)


def test_template_and_export_are_spreadsheets(webmaster: SignedIn, world: World) -> None:
    for name, rows in (("template", 0), ("export", len(world.units))):
        response = webmaster.get(f"/office/units/transfer/{name}.xlsx")
        assert response["Content-Type"] == CONTENT_TYPE
        assert response["Content-Disposition"].startswith('attachment; filename="units-')
        assert len(read_back(response.content, "单位")) == rows + 1
    assert Event.objects.filter(verb="units.export", actor_name="方若宁").count() == 1


def test_the_menu_shows_what_each_may_open(webmaster: SignedIn, world: World) -> None:
    def menu(browser: Client) -> set[str]:
        page = page_of(browser, "/office/posts/")
        found = page.partition('id="wagtail-sidebar-props"')[2].partition("</script>")[0]
        addresses = ("units/", "people/", "units/transfer/", "filing/", "leaders/", "posts/", "audit/")
        return {address for address in addresses if f'"/office/{address}"' in found}

    assert menu(webmaster) == {"units/", "people/", "units/transfer/", "filing/", "leaders/", "posts/"}
    assert menu(SignedIn(world.people["editor"])) == {"filing/", "leaders/", "posts/"}
    assert menu(SignedIn(world.people["leader"])) == {"posts/"}
    assert menu(SignedIn(world.people["auditor"])) == {"posts/", "audit/"}
