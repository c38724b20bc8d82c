"""Units and posts as a spreadsheet in the shape of the import, so that it can be corrected and taken in again."""

from collections.abc import Iterator
from typing import Any

from menhu.core.spreadsheets import Sheet, write_workbook
from menhu.units.enums import Role, Side, UnitKind
from menhu.units.imports import PARENT, POST_HEADINGS, POST_SHEET, UNIT_FIELDS, UNIT_HEADINGS, UNIT_SHEET
from menhu.units.models import Post, Unit

_WIDTHS = {
    "代号": 12,
    "简称": 16,
    "类型": 12,
    "隶属": 8,
    "排序": 6,
    "电话": 16,
    "姓名": 12,
    "手机": 16,
    "用户名": 16,
    "角色": 16,
}
_NEEDED = frozenset({"代号", "全称", "简称", "用户名", "姓名", "单位", "角色", "开始日期"})


def template() -> bytes:
    """An empty workbook with headings, needed columns marked, and a sheet of what may be filled in."""
    notes = Sheet("说明", ("列", "怎么填"), (16, 70), _notes())
    return write_workbook([_sheet(UNIT_SHEET, UNIT_HEADINGS, ()), _sheet(POST_SHEET, POST_HEADINGS, ()), notes])


def export() -> bytes:
    """All active units and all posts that were not deputised."""
    units = Unit.objects.active().select_related("parent").in_order().iterator(chunk_size=2_000)
    posts = Post.objects.filter(deputy_for=None).select_related("user", "unit", "scope")
    rows = posts.order_by("unit__path", "starts_on", "pk").iterator(chunk_size=2_000)
    return write_workbook(
        [
            _sheet(UNIT_SHEET, UNIT_HEADINGS, (_unit_row(unit) for unit in units)),
            _sheet(POST_SHEET, POST_HEADINGS, (_post_row(post) for post in rows)),
        ]
    )


def _sheet(title: str, headings: tuple[str, ...], rows: Any) -> Sheet:
    marked = [f"{heading}*" if heading in _NEEDED else heading for heading in headings]
    return Sheet(title, marked, [_WIDTHS.get(heading, 24) for heading in headings], rows)


def _unit_row(unit: Unit) -> Iterator[Any]:
    for heading in UNIT_HEADINGS:
        if heading == PARENT:
            yield unit.parent.name if unit.parent else ""
        elif heading in ("类型", "隶属"):
            yield str(getattr(unit, f"get_{UNIT_FIELDS[heading]}_display")())
        else:
            yield getattr(unit, UNIT_FIELDS[heading])


def _post_row(post: Post) -> tuple[Any, ...]:
    scope = "" if post.scope_id == post.unit_id else post.scope.name
    person = (post.user.username, post.user.name, post.user.phone)
    return (*person, post.unit.name, str(post.get_role_display()), scope, post.starts_on, post.ends_on or "")


def _notes() -> list[tuple[str, str]]:
    return [
        ("代号", "小写字母、数字和连字符，用于网址，如 jyj；已有的代号表示修改这个单位。"),
        (PARENT, "上级单位的全称或代号，可以是本表里的单位。"),
        ("类型", "、".join(str(label) for label in UnitKind.labels)),
        ("隶属", "、".join(str(label) for label in Side.labels)),
        ("角色", "、".join(str(label) for label in Role.labels)),
        ("管辖范围", "审核员、管理员等管辖的单位全称；不填就是所在单位及其下级。"),
        ("开始日期", "如 2026-06-18；同一人、同一单位、同一角色以开始日期区分任期。"),
        ("用户名", "还没有的账号会新建，但没有口令，须由网站管理员发放一次性口令。"),
    ]
