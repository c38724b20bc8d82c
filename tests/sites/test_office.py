from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from menhu.sites.actions import add_block, open_site, request_column
from menhu.sites.enums import RequestKind, RequestState
from menhu.sites.models import (
    Banner,
    Column,
    ColumnKind,
    ColumnRequest,
    HomeBlock,
    Site,
    SitePlan,
    SiteTemplate,
)
from menhu.units.actions import add_unit
from tests.conftest import SignedIn
from tests.factories import ColumnFactory, SiteFactory, World
from tests.sites.outbox import tags

KEEPING = (
    "open",
    "banners",
    "kinds",
    "add_kind",
    "templates",
    "add_template",
)


def browser(world: World, persona: str = "webmaster") -> SignedIn:
    return SignedIn(world.people[persona])


def text(response: Any) -> str:
    content: str = response.content.decode()
    return content


def wish(world: World) -> ColumnRequest:
    return request_column(
        site=world.sites["jyj"],
        unit=world.units["jyj"],
        kind=RequestKind.RENAME,
        by=world.people["editor"],
        reason="相称。",
        column=world.columns["jyj/gzdt"],
        name="教育动态",
    )


def objects(world: World) -> dict[str, int]:
    """One row of the education bureau for every address of one row."""
    block = add_block(site=world.sites["jyj"], by=None, kind="contact")
    return {
        "settings": world.sites["jyj"].pk,
        "columns": world.sites["jyj"].pk,
        "add_column": world.sites["jyj"].pk,
        "edit_column": world.columns["jyj/gzdt"].pk,
        "move_column": world.columns["jyj/gzdt"].pk,
        "remove_column": world.columns["jyj/gzdt"].pk,
        "ask": world.sites["jyj"].pk,
        "request": wish(world).pk,
        "home": world.sites["jyj"].pk,
        "add_block": world.sites["jyj"].pk,
        "edit_block": block.pk,
        "act_on_block": block.pk,
        "plan": world.units["jyj"].pk,
    }


# What each person of the table gets at an address of the education bureau's site (GET, POST for buttons).
OWN_UNIT = {
    "columns": 200,
    "ask": 200,
    "request": 200,
    "home": 200,
    "edit_block": 200,
    "add_block": 404,  # no kind named
    "act_on_block": 404,  # no deed named
    "settings": 403,
    "add_column": 403,
    "edit_column": 403,
    "move_column": 403,
    "remove_column": 403,
    "plan": 403,
}
STRANGER = {name: (403 if OWN_UNIT[name] == 403 else 404) for name in OWN_UNIT}
READER = {**STRANGER, "columns": 200, "home": 403, "add_block": 403, "edit_block": 404, "act_on_block": 404}
BUTTONS = ("move_column", "remove_column", "act_on_block")


@pytest.mark.parametrize(
    ("persona", "answers"),
    [
        ("editor", OWN_UNIT),
        ("head", OWN_UNIT),
        ("stranger", STRANGER),
        ("stranger_head", STRANGER),
        ("party_editor", STRANGER),
        ("leader", READER),
        ("auditor", READER),
    ],
)
def test_who_gets_where(world: World, persona: str, answers: dict[str, int]) -> None:
    ids = objects(world)
    before = (list(Column.objects.values()), list(HomeBlock.objects.values()), list(Site.objects.values()))
    tags()
    visitor = browser(world, persona)
    found = {}
    for name in answers:
        visit: Callable[..., Any] = visitor.post if name in BUTTONS else visitor.get
        found[name] = visit(reverse(f"sites:{name}", args=[ids[name]])).status_code
    assert found == answers
    assert (list(Column.objects.values()), list(HomeBlock.objects.values()), list(Site.objects.values())) == before
    assert tags() == set()


@pytest.mark.parametrize("name", KEEPING)
@pytest.mark.parametrize("persona", ["editor", "head", "leader", "government_reviewer"])
def test_what_only_the_webmaster_keeps(world: World, name: str, persona: str) -> None:
    assert browser(world, persona).get(reverse(f"sites:{name}")).status_code == 403
    assert browser(world).get(reverse(f"sites:{name}")).status_code == 200


def test_nobody_enters_without_signing_in(world: World) -> None:
    ids = objects(world)
    for name, pk in ids.items():
        assert Client().post(reverse(f"sites:{name}", args=[pk])).status_code == 302
    assert HomeBlock.objects.count() == 1


def test_the_build_out_of_the_county(world: World) -> None:
    SitePlan.objects.create(unit=world.units["sqz"], responsible_person="苗青", due_on="2020-01-01")
    page = text(browser(world).get("/office/sites/"))
    assert "全部单位 <small>8</small>" in page
    assert "已有网站 <small>3</small>" in page
    assert "还没有 <small>5</small>" in page
    late = text(browser(world).get("/office/sites/?state=late"))
    assert "石桥镇" in late
    assert "苗青" in late
    assert "县保密局" not in late


def test_a_unit_sees_its_own_site_only(world: World) -> None:
    page = text(browser(world, "editor").get("/office/sites/"))
    assert "云岭县教育局" in page
    assert "云岭县水利局" not in page
    assert "开通网站" not in page


def test_a_site_is_opened_in_four_fields(world: World) -> None:
    template = SiteTemplate.objects.get(name="乡镇网站")
    data = {"unit": world.units["sqz"].pk, "template": template.pk, "slug": "", "responsible_person": "苗青"}
    response = browser(world).post("/office/sites/open/", data)
    site = Site.objects.get(unit=world.units["sqz"])
    assert (response.status_code, response.url) == (302, f"/office/sites/{site.pk}/home/")
    assert (site.prefix, site.responsible_person, site.columns.count()) == ("/sqz", "苗青", 8)


def test_an_opening_that_fails_keeps_what_was_typed(world: World) -> None:
    template = SiteTemplate.objects.get(name="乡镇网站")
    data = {"unit": world.units["sqz"].pk, "template": template.pk, "slug": "office", "responsible_person": "苗青"}
    page = text(browser(world).post("/office/sites/open/", data))
    assert "“office”是系统保留的地址，请换一个代号。" in page
    assert 'value="office"' in page
    assert 'value="苗青"' in page
    assert not Site.objects.filter(unit=world.units["sqz"]).exists()


def test_a_unit_with_a_site_is_not_offered(world: World) -> None:
    page = text(browser(world).get("/office/sites/open/"))
    assert "云岭石桥镇" in page
    assert "云岭县教育局" not in page


def test_a_plan_is_kept(world: World) -> None:
    data = {"responsible_person": "苗青", "due_on": "2027-06-30", "note": ""}
    assert browser(world).post(f"/office/sites/plan/{world.units['sqz'].pk}/", data).status_code == 302
    assert SitePlan.objects.get().responsible_person == "苗青"


def test_settings_are_saved_and_bad_lines_named(world: World) -> None:
    site = world.sites["jyj"]
    data = {
        "name": "云岭县教育局",
        "palette": "red",
        "slogan": "办好家门口的学校",
        "upper_links": "省教育厅 | https://jyt.example.gov.cn/\n市教育局 https://x",
    }
    page = text(browser(world).post(f"/office/sites/{site.pk}/settings/", data))
    assert "第 2 行：请写成“名称 | 网址”。" in page
    assert "市教育局 https://x" in page
    data["upper_links"] = "省教育厅 | https://jyt.example.gov.cn/"
    assert browser(world).post(f"/office/sites/{site.pk}/settings/", data).status_code == 302
    site.refresh_from_db()
    assert (site.palette, site.slogan, site.name) == ("red", "办好家门口的学校", "云岭县教育局")
    assert site.upper_links == [{"label": "省教育厅", "url": "https://jyt.example.gov.cn/"}]


def test_the_webmaster_adds_changes_moves_and_removes_a_column(world: World) -> None:
    site, person = world.sites["jyj"], browser(world)
    kind = ColumnKind.objects.get(name="办事服务")
    data = {"name": "招生考试", "slug": "zsks", "kind": kind.pk, "form": "list", "owner": site.unit_id}
    assert person.post(f"/office/sites/{site.pk}/columns/add/", data).status_code == 302
    column = Column.objects.get(slug="zsks")
    changed = {**data, "name": "招考", "is_hidden": "on"}
    assert person.post(f"/office/sites/columns/{column.pk}/", changed).status_code == 302
    column.refresh_from_db()
    assert (column.name, column.is_hidden, column.path) == ("招考", True, "/zsks/")
    assert person.post(f"/office/sites/columns/{column.pk}/move/", {"to": "up"}).status_code == 302
    column.refresh_from_db()
    assert column.position == 1
    assert person.post(f"/office/sites/columns/{column.pk}/remove/").status_code == 302
    column.refresh_from_db()
    assert column.removed_at is not None


def test_a_refused_removal_says_why(world: World) -> None:
    above = world.columns["jyj/gzdt"]
    ColumnFactory(site=above.site, parent=above, slug="x", path="/gzdt/x/")
    page = browser(world).post(f"/office/sites/columns/{above.pk}/remove/", follow=True)
    assert "还有下级栏目，请先撤销下级栏目" in text(page)


def test_a_unit_asks_and_the_webmaster_answers(world: World) -> None:
    site, column = world.sites["jyj"], world.columns["jyj/gzdt"]
    address = f"/office/sites/{site.pk}/ask/?kind=rename&column={column.pk}"
    form = text(browser(world, "editor").get(address))
    assert 'name="slug"' not in form
    data = {"column": column.pk, "name": "教育动态", "reason": "与内容相称。"}
    filed = browser(world, "editor").post(address, data)
    asked = ColumnRequest.objects.get()
    assert (filed.status_code, filed.url) == (302, f"/office/sites/requests/{asked.pk}/")
    assert "教育动态" in text(browser(world).get("/office/sites/requests/"))
    refused = browser(world).post(f"/office/sites/requests/{asked.pk}/", {"answer": "refuse", "decision": ""})
    assert "不批准要写明理由" in text(refused)
    granted = browser(world).post(f"/office/sites/requests/{asked.pk}/", {"answer": "approve", "decision": ""})
    assert granted.status_code == 302
    column.refresh_from_db()
    assert column.name == "教育动态"
    again = browser(world).post(f"/office/sites/requests/{asked.pk}/", {"answer": "refuse", "decision": "晚了"})
    assert "已经办理过了" in text(again)


def test_a_unit_cannot_answer_itself(world: World) -> None:
    asked = wish(world)
    response = browser(world, "head").post(f"/office/sites/requests/{asked.pk}/", {"answer": "approve"})
    assert response.status_code == 403
    asked.refresh_from_db()
    assert asked.state == RequestState.WAITING


def test_a_foreign_column_is_no_choice_in_a_request(world: World) -> None:
    data = {"column": world.columns["slj/gzdt"].pk, "name": "改", "reason": "改"}
    page = browser(world, "editor").post(f"/office/sites/{world.sites['jyj'].pk}/ask/?kind=rename", data)
    assert page.status_code == 200
    assert not ColumnRequest.objects.exists()


def test_the_owner_of_a_portal_column_asks_from_the_portal(world: World) -> None:
    portal, column = world.sites["portal"], world.columns["portal/tzgg"]
    Column.objects.filter(pk=column.pk).update(owner=world.units["jyj"])
    address = f"/office/sites/{portal.pk}/ask/?kind=rename&column={column.pk}"
    page = text(browser(world, "editor").get(address))
    assert "通知公告　/tzgg/" in page
    assert "工作动态　/gzdt/" not in page
    assert browser(world, "editor").get(f"/office/sites/{portal.pk}/ask/?kind=add").status_code == 404
    data = {"column": column.pk, "name": "教育公告", "reason": "改"}
    assert browser(world, "editor").post(address, data).status_code == 302
    assert ColumnRequest.objects.get().unit == world.units["jyj"]


def test_an_unknown_kind_of_request_does_not_exist(world: World) -> None:
    assert browser(world, "editor").get(f"/office/sites/{world.sites['jyj'].pk}/ask/?kind=paint").status_code == 404


def test_a_home_page_is_arranged_without_script(world: World) -> None:
    site, person = world.sites["jyj"], browser(world, "editor")
    settings = {"title": "怎么找我们", "width": "half"}
    assert person.post(f"/office/sites/{site.pk}/home/add/?kind=contact", settings).status_code == 302
    leaders = {"title": "局领导", "width": "third"}
    assert person.post(f"/office/sites/{site.pk}/home/add/?kind=leaders", leaders).status_code == 302
    first, second = HomeBlock.objects.filter(site=site).order_by("position")
    assert (first.kind, first.title, first.settings) == (
        "contact",
        "怎么找我们",
        {"width": "half", "is_sand": False},
    )
    for deed in ("down", "hide"):
        assert person.post(f"/office/sites/blocks/{first.pk}/act/", {"do": deed}).status_code == 302
    first.refresh_from_db()
    assert (first.position, first.is_shown) == (1, False)
    page = text(person.get(f"/office/sites/{site.pk}/home/"))
    assert page.index("局领导") < page.index("怎么找我们")
    assert "已隐藏" in page
    assert '<option value="contact">' not in page  # one is enough
    assert person.post(f"/office/sites/blocks/{second.pk}/act/", {"do": "remove"}).status_code == 302
    assert person.post(f"/office/sites/blocks/{second.pk}/act/", {"do": "remove"}).status_code == 404
    assert list(HomeBlock.objects.filter(site=site)) == [first]


def test_what_a_template_set_and_the_form_does_not_know_stays(world: World) -> None:
    block = add_block(
        site=world.sites["jyj"], by=None, kind="leaders", settings={"width": "half", "more": {"column": "/gzdt/"}}
    )
    browser(world, "editor").post(f"/office/sites/blocks/{block.pk}/", {"title": "领导", "width": "third"})
    block.refresh_from_db()
    assert block.settings == {"width": "third", "is_sand": False, "more": {"column": "/gzdt/"}}


def test_a_block_with_a_bad_line_is_not_saved(world: World) -> None:
    site = world.sites["jyj"]
    data = {"title": "办事", "width": "full", "links": "只有名称"}
    page = browser(world, "editor").post(f"/office/sites/{site.pk}/home/add/?kind=tiles", data)
    assert "第 1 行" in text(page)
    assert "只有名称" in text(page)
    assert not HomeBlock.objects.exists()


def test_a_banner_up_and_down(world: World) -> None:
    person = browser(world)
    data = {"text": "暴雨红色预警", "link": "", "site": "", "ends_at": "2099-01-01T08:00"}
    assert person.post("/office/sites/banners/show/", data).status_code == 302
    banner = Banner.objects.get()
    assert "正在显示" in text(person.get("/office/sites/banners/"))
    assert person.post(f"/office/sites/banners/{banner.pk}/switch/", {"to": "hide"}).status_code == 302
    assert "再次上线" in text(person.get("/office/sites/banners/"))
    bad = person.post("/office/sites/banners/show/", {"text": "雨", "link": "javascript:1"})
    assert "网址要以" in text(bad)
    assert Banner.objects.count() == 1


def test_grey_and_back(world: World) -> None:
    person, site = browser(world), world.sites["jyj"]
    person.post("/office/sites/mourning/", {"site": site.pk, "to": "on"})
    assert set(Site.objects.filter(is_mourning=True)) == {site}
    person.post("/office/sites/mourning/", {"site": "", "to": "on"})
    assert "现在有 4 个网站是灰色" in text(person.get("/office/sites/banners/"))
    person.post("/office/sites/mourning/", {"site": "", "to": "off"})
    assert not Site.objects.filter(is_mourning=True).exists()


def test_kinds_and_templates_are_edited(world: World) -> None:
    person, kind = browser(world), ColumnKind.objects.get(name="政策解读")
    data = {"name": "政策解读", "window_days": "90", "source": "省里通知", "confidence": "one", "position": "7"}
    assert person.post(f"/office/sites/kinds/{kind.pk}/", data).status_code == 302
    kind.refresh_from_db()
    assert (kind.window_days, kind.source, kind.is_vetoed) == (90, "省里通知", False)
    assert "已有同名的栏目类别" in text(person.post("/office/sites/kinds/add/", {**data, "name": "工作动态"}))
    template = SiteTemplate.objects.get(name="部门网站")
    site = open_site(unit=world.units["xwb"], template=template, by=None)
    HomeBlock.objects.filter(site=site).exclude(kind="leaders").delete()
    rows = list(template.columns.order_by("pk"))
    posted = template_data(rows, blocks_of=str(site.pk))
    assert person.post(f"/office/sites/templates/{template.pk}/", posted).status_code == 302
    template.refresh_from_db()
    assert template.blocks == [
        {"kind": "leaders", "title": "", "settings": {"width": "half", "more": {"column": "/ldxx/"}}}
    ]
    assert template.columns.count() == len(rows)


def template_data(rows: list[Any], **fields: str) -> dict[str, str]:
    data = {"name": "部门网站", "palette": "blue", "columns-TOTAL_FORMS": str(len(rows)), **fields}
    data |= {"columns-INITIAL_FORMS": str(len(rows)), "columns-MIN_NUM_FORMS": "0", "columns-MAX_NUM_FORMS": "1000"}
    for n, row in enumerate(rows):
        values = {
            "id": row.pk,
            "name": row.name,
            "slug": row.slug,
            "parent_slug": row.parent_slug,
            "kind": row.kind_id,
            "form": row.form,
            "position": row.position,
        }
        data |= {f"columns-{n}-{name}": str(value) for name, value in values.items()}
    return data


def test_a_template_whose_tree_does_not_hold_is_refused(world: World) -> None:
    template = SiteTemplate.objects.get(name="部门网站")
    rows = list(template.columns.order_by("pk"))
    posted = template_data(rows)
    posted[f"columns-{len(rows) - 2}-parent_slug"] = "nowhere"
    page = text(browser(world).post(f"/office/sites/templates/{template.pk}/", posted))
    assert "nowhere 不在模板的一级栏目里" in page
    assert not template.columns.filter(parent_slug="nowhere").exists()


def queries(visitor: SignedIn, address: str) -> int:
    visitor.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert visitor.get(address).status_code == 200
    return len(counted)


def test_the_build_out_asks_as_much_for_a_page_as_for_a_few(world: World) -> None:
    visitor = browser(world)
    few = queries(visitor, "/office/sites/")
    for n in range(40):
        unit = add_unit(
            parent=world.units["government"], by=None, name=f"单位{n}", short_name=f"单位{n}", slug=f"dw{n}"
        )
        if n % 2:
            SiteFactory(unit=unit, prefix=f"/dw{n}")
        else:
            SitePlan.objects.create(unit=unit)
    assert queries(visitor, "/office/sites/") == few


@pytest.mark.parametrize("persona", ["editor", "webmaster"])
def test_the_tree_asks_as_much_for_many_columns_as_for_two(world: World, persona: str) -> None:
    site, visitor = world.sites["jyj"], browser(world, persona)
    address = f"/office/sites/{site.pk}/columns/"
    few = queries(visitor, address)
    for n in range(40):
        parent = world.columns["jyj/gzdt"] if n % 2 else None
        path = f"/gzdt/c{n}/" if n % 2 else f"/c{n}/"
        ColumnFactory(site=site, parent=parent, slug=f"c{n}", path=path, owner=world.units["slj"])
    assert queries(visitor, address) == few


def test_the_requests_ask_as_much_for_a_page_as_for_one(world: World) -> None:
    visitor = browser(world)
    wish(world)
    one = queries(visitor, "/office/sites/requests/")
    for n in range(31):
        request_column(
            site=world.sites["jyj"],
            unit=world.units["jyj"],
            kind=RequestKind.ADD,
            by=world.people["editor"],
            reason="要。",
            name=f"栏目{n}",
            slug=f"x{n}",
            column_kind=ColumnKind.objects.get(name="办事服务"),
        )
    assert queries(visitor, "/office/sites/requests/") == one
    assert "下一页" in text(visitor.get("/office/sites/requests/"))


def test_the_home_page_asks_as_much_for_many_blocks_as_for_one(world: World) -> None:
    visitor = browser(world, "editor")
    address = f"/office/sites/{world.sites['jyj'].pk}/home/"
    add_block(site=world.sites["jyj"], by=None, kind="contact")
    one = queries(visitor, address)
    for _n in range(20):
        add_block(site=world.sites["jyj"], by=None, kind="text", settings={"html": "<p>x</p>"})
    assert queries(visitor, address) == one
