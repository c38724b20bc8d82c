"""Units and posts by spreadsheet: exact findings, all or nothing, the same out and in."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from menhu.accounts.models import User
from menhu.audit.models import Event
from menhu.units.actions import import_plan
from menhu.units.enums import Role
from menhu.units.exports import export, template
from menhu.units.imports import Plan, plan_import
from menhu.units.models import Post, Unit
from menhu.units.rules import parse_day
from tests.factories import World
from tests.units.workbooks import POST, UNIT, read_back, workbook


def planned(units: list[dict[str, Any]] | None = None, posts: list[dict[str, Any]] | None = None) -> Plan:
    return plan_import(workbook(units or [], posts or []), "单位.xlsx")


def imported(world: World, plan: Plan) -> None:
    import_plan(plan=plan, by=world.people["webmaster"], source="单位.xlsx")


NEW_UNITS: list[dict[str, Any]] = [
    {
        **UNIT,
        "代号": "lhzx",
        "全称": "柳河镇中心小学",
        "简称": "柳河小学",
        "上级单位": "云岭县柳河镇",
        "类型": "事业单位",
    },
    {**UNIT, "上级单位": "towns", "电话": 6120086, "排序": "3"},
]
NEW_POSTS: list[dict[str, Any]] = [
    {
        **POST,
        "单位": "云岭县柳河镇",
        "管辖范围": "乡镇",
        "开始日期": datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None),
        "手机": 13900000000.0,
    }
]


def test_new_units_and_posts_are_made_with_one_event(world: World) -> None:
    plan = planned(NEW_UNITS, NEW_POSTS)
    assert [str(finding) for finding in plan.findings] == []
    imported(world, plan)
    town = Unit.objects.get(slug="lhz")
    school = Unit.objects.get(slug="lhzx")
    assert (town.parent, town.phone, town.position) == (world.units["towns"], "6120086", 3)
    assert (town.path, school.path) == (world.units["towns"].path + "0002.", town.path + "0001.")
    post = Post.objects.get(user__username="wenyining")
    assert (post.unit, post.scope, post.role, post.starts_on) == (
        town,
        world.units["towns"],
        Role.EDITOR,
        date(2026, 6, 1),
    )
    assert (post.user.phone, post.user.has_usable_password(), post.user.must_change_password) == (
        "13900000000",
        False,
        True,
    )
    event = Event.objects.get(verb="units.import")
    assert event.data == {
        "source": "单位.xlsx",
        "units_added": 2,
        "units_changed": 0,
        "people_added": 1,
        "posts_added": 1,
        "posts_ended": 0,
        "unchanged": 0,
        "units": ["lhz", "lhzx"],
        "people": ["wenyining"],
        "posts": ["wenyining lhz editor"],
    }


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"上级单位": "没有的局"}, "“单位”表第 2 行“上级单位”：没有名为“没有的局”的单位。"),
        ({"上级单位": ""}, "“单位”表第 2 行“上级单位”：请填写上级单位；只有县一级没有上级。"),
        ({"代号": ""}, "“单位”表第 2 行“代号”：必须填写。"),
        ({"代号": "柳河"}, "“单位”表第 2 行“代号”：“柳河”不对，只能用小写字母、数字和连字符。"),
        ({"全称": "云岭县教育局"}, "“单位”表第 2 行“全称”：已有名为“云岭县教育局”的单位，代号是 jyj。"),
        ({"全称": "长" * 81}, "“单位”表第 2 行“全称”：确保该变量包含不超过 80 字符 (目前字符数 81)。"),
        (
            {"类型": "公司"},
            "“单位”表第 2 行“类型”：“公司”不对，可填："
            "县（市、区）、分组、办公室、部门、事业单位、乡镇（街道）、临时机构。",
        ),
        ({"隶属": "党"}, "“单位”表第 2 行“隶属”：“党”不对，可填：党委、政府。"),
        ({"排序": "甲"}, "“单位”表第 2 行“排序”：“甲”不是整数。"),
    ],
)
def test_a_wrong_unit_is_found_to_the_row_and_column(world: World, changes: dict[str, Any], finding: str) -> None:
    plan = planned([{**UNIT, **changes}])
    assert [str(found) for found in plan.findings] == [finding]


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"单位": "没有的局"}, "“岗位”表第 2 行“单位”：没有名为“没有的局”的单位。"),
        ({"单位": ""}, "“岗位”表第 2 行“单位”：必须填写。"),
        ({"角色": "编辑"}, "“岗位”表第 2 行“角色”：没有“编辑”这个角色。"),
        ({"管辖范围": "没有的县"}, "“岗位”表第 2 行“管辖范围”：没有名为“没有的县”的单位。"),
        ({"开始日期": "去年"}, "“岗位”表第 2 行“开始日期”：“去年”不是日期，请写成 2026-06-18。"),
        ({"开始日期": ""}, "“岗位”表第 2 行“开始日期”：必须填写。"),
        ({"结束日期": "2026-05-31"}, "“岗位”表第 2 行“结束日期”：结束日期不能早于开始日期。"),
        ({"用户名": "editor"}, "“岗位”表第 2 行“姓名”：用户名 editor 已属于“卓一帆”。"),
        ({"姓名": ""}, "“岗位”表第 2 行“姓名”：此字段不能为空。"),
    ],
)
def test_a_wrong_post_is_found_to_the_row_and_column(world: World, changes: dict[str, Any], finding: str) -> None:
    plan = planned(posts=[{**POST, **changes}])
    assert [str(found) for found in plan.findings] == [finding]


def test_doubles_in_the_file_name_the_first(world: World) -> None:
    plan = planned([UNIT, {**UNIT, "全称": "另一个镇"}, {**UNIT, "代号": "lhz2"}], [POST, POST])
    assert [str(found) for found in plan.findings] == [
        "“单位”表第 3 行“代号”：“lhz”与第 2 行重复。",
        "“单位”表第 4 行“全称”：“云岭县柳河镇”与第 2 行重复。",
        "“岗位”表第 3 行“用户名”：与第 2 行重复。",
    ]


def test_circles_are_found(world: World) -> None:
    one = {**UNIT, "代号": "a", "全称": "甲", "上级单位": "乙"}
    two = {**UNIT, "代号": "b", "全称": "乙", "上级单位": "甲"}
    plan = planned([one, two])
    assert [str(found) for found in plan.findings] == [
        "“单位”表第 2 行“上级单位”：单位层级超过 8 级，或者上级单位绕成了圈。",
        "“单位”表第 3 行“上级单位”：单位层级超过 8 级，或者上级单位绕成了圈。",
    ]


def test_nothing_is_written_while_there_is_a_finding(world: World) -> None:
    before = (Unit.objects.count(), Post.objects.count(), User.objects.count(), Event.objects.count())
    plan = planned([UNIT], [{**POST, "单位": "没有的局"}])
    with pytest.raises(ValidationError, match="没有名为“没有的局”的单位"):
        imported(world, plan)
    assert (Unit.objects.count(), Post.objects.count(), User.objects.count(), Event.objects.count()) == before


def test_nothing_is_written_when_a_late_row_fails(world: World) -> None:
    """The world moved on between check and import: the last row fails and takes the first ones back."""
    last_webmaster = {"用户名": "webmaster", "姓名": "方若宁", "单位": "云岭县信息化办公室", "角色": "网站管理员"}
    ending = {**last_webmaster, "管辖范围": "云岭县", "开始日期": "2020-01-01", "结束日期": "2020-02-01"}
    plan = planned([UNIT], [POST, ending])
    assert plan.findings == []
    with pytest.raises(ValidationError, match="最后一名网站管理员"):
        imported(world, plan)
    assert not Unit.objects.filter(slug="lhz").exists()
    assert not User.objects.filter(username="wenyining").exists()
    assert not Event.objects.filter(verb="units.import").exists()


def test_only_the_webmaster_imports(world: World) -> None:
    with pytest.raises(PermissionDenied):
        import_plan(plan=planned([UNIT]), by=world.people["head"], source="x")
    assert not Unit.objects.filter(slug="lhz").exists()


def test_a_known_code_changes_and_moves_the_unit(world: World) -> None:
    row = {
        **UNIT,
        "代号": "jyj",
        "全称": "云岭县教育体育局",
        "简称": "县教体局",
        "上级单位": "党委部门",
        "类型": "部门",
    }
    plan = planned([row], [{**POST, "单位": "云岭县教育体育局"}])
    assert [str(finding) for finding in plan.findings] == []
    imported(world, plan)
    unit = Unit.objects.get(slug="jyj")
    assert (unit.name, unit.parent, unit.path) == (
        "云岭县教育体育局",
        world.units["party"],
        world.units["party"].path + "0004.",
    )
    assert Post.objects.filter(user__username="wenyining", unit=unit).count() == 1


def test_a_post_may_be_ended_but_not_prolonged(world: World) -> None:
    row = {"用户名": "stranger", "姓名": "于归", "单位": "云岭县水利局", "角色": "信息员", "开始日期": "2020-01-01"}
    plan = planned(posts=[{**row, "结束日期": "2026年6月30日"}])
    imported(world, plan)
    assert Post.objects.get(user__username="stranger").ends_on == date(2026, 6, 30)
    later = planned(posts=[{**row, "结束日期": "2027-01-01"}])
    assert [str(found) for found in later.findings] == [
        "“岗位”表第 2 行“结束日期”：这个岗位 2026-06-30 到期；要延长请另起一行，写新的开始日期。"
    ]


def test_what_goes_out_comes_in_unchanged(world: World) -> None:
    plan = plan_import(BytesIO(export()), "export.xlsx")
    assert [str(finding) for finding in plan.findings] == []
    assert plan.counts == {
        "units_added": 0,
        "units_changed": 0,
        "people_added": 0,
        "posts_added": 0,
        "posts_ended": 0,
        "unchanged": len(world.units) + len(world.people),
    }


def test_nothing_that_goes_out_is_run(world: World) -> None:
    hostile = ['=HYPERLINK("http://example.org","点我")', "+1+1", "-2", "@SUM(A1)", "\t=1"]
    for slug, text in zip(("jyj", "slj", "xcb", "sqz", "bmj"), hostile, strict=True):
        Unit.objects.filter(slug=slug).update(duties=text)
    page = load_workbook(BytesIO(export()))["单位"]
    cells = [cell for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert {cell.value for cell in cells if cell.value in hostile} == set(hostile)
    assert all(cell.quotePrefix for cell in cells)


def test_the_template_is_empty_and_explains_itself(db: None) -> None:
    assert read_back(template(), "单位")[0][:4] == ["代号*", "全称*", "简称*", "上级单位"]
    assert len(read_back(template(), "单位")) == len(read_back(template(), "岗位")) == 1
    notes = dict(read_back(template(), "说明"))
    assert notes["角色"].startswith("信息员、单位负责人、县委办审核员")


def test_two_thousand_rows_go_in_at_once(world: World) -> None:
    units = [{**UNIT, "代号": f"u{n}", "全称": f"第{n}单位", "简称": f"{n}"} for n in range(1000)]
    posts = [{**POST, "用户名": f"p{n}", "姓名": f"人{n}", "单位": f"第{n}单位"} for n in range(1000)]
    file = workbook(units, posts)
    plan = plan_import(file, "大.xlsx")
    imported(world, plan)
    assert plan.counts["units_added"] == plan.counts["posts_added"] == plan.counts["people_added"] == 1000
    assert Unit.objects.filter(short_name__regex=r"^\d+$").count() == 1000
    assert Post.objects.filter(starts_on=date(2026, 6, 1)).count() == 1000


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_days_are_read_as_people_write_them(day: date) -> None:
    spellings = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f" {day} ",
    )
    assert {parse_day(spelling) for spelling in spellings} == {day}


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_days(text: str) -> None:
    assert parse_day(text) is None or isinstance(parse_day(text), date)
