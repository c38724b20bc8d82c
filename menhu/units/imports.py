"""Units and posts from a spreadsheet: every row is judged before anything is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.core.spreadsheets import Row, open_workbook, read_sheet
from menhu.units.enums import Role
from menhu.units.models import Post, Unit
from menhu.units.rules import MAX_DEPTH, child_path, is_code, parse_day, step_of

UNIT_SHEET, POST_SHEET = "单位", "岗位"
MOST_ROWS = 5_000
PARENT = "上级单位"
# Heading → field of Unit. The code is the key: a row with a known code changes that unit.
UNIT_FIELDS = {
    "代号": "slug",
    "全称": "name",
    "简称": "short_name",
    "类型": "kind",
    "隶属": "side",
    "地址": "address",
    "电话": "phone",
    "办公时间": "office_hours",
    "主要职责": "duties",
    "分管领导": "leader_in_charge",
    "备案信息员": "editor_on_file",
    "工作班子": "team",
    "年度工作计划": "plan",
    "排序": "position",
}
UNIT_HEADINGS = ("代号", "全称", "简称", PARENT, *tuple(UNIT_FIELDS)[3:])
POST_HEADINGS = ("用户名", "姓名", "手机", "单位", "角色", "管辖范围", "开始日期", "结束日期")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and exactly where."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = {"sheet": self.sheet, "row": self.row, "column": self.column, "message": self.message}
        return _("“%(sheet)s”表第 %(row)d 行“%(column)s”：%(message)s") % place


@dataclass(slots=True)
class Plan:
    """What an import would do. Nothing of it is done while there is a finding."""

    new_units: list[Unit] = field(default_factory=list)
    changed_units: list[tuple[Unit, dict[str, Any]]] = field(default_factory=list)
    new_people: list[User] = field(default_factory=list)
    new_posts: list[Post] = field(default_factory=list)
    ended_posts: list[tuple[Post, date]] = field(default_factory=list)
    unchanged: int = 0
    findings: list[Finding] = field(default_factory=list)
    row_of_unit: dict[str, int] = field(default_factory=dict)

    def find(self, sheet: str, row: int, column: str, message: str) -> None:
        self.findings.append(Finding(sheet, row, column, message))

    @property
    def counts(self) -> dict[str, int]:
        return {
            "units_added": len(self.new_units),
            "units_changed": len(self.changed_units),
            "people_added": len(self.new_people),
            "posts_added": len(self.new_posts),
            "posts_ended": len(self.ended_posts),
            "unchanged": self.unchanged,
        }


def plan_import(file: IO[bytes], name: str) -> Plan:
    """Read and judge a workbook. Raises SpreadsheetRefused for a file that cannot be read as one."""
    workbook = open_workbook(file, name)
    unit_rows = read_sheet(workbook, UNIT_SHEET, UNIT_HEADINGS, MOST_ROWS)
    post_rows = read_sheet(workbook, POST_SHEET, POST_HEADINGS, MOST_ROWS)
    plan = Plan()
    units = UnitPlanner(plan).read(unit_rows)
    PostPlanner(plan, units).read(post_rows)
    plan.findings.sort(key=lambda finding: (finding.sheet != UNIT_SHEET, finding.row))
    return plan


class UnitPlanner:
    """Judges the rows of units against each other and against what stands."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.standing = {unit.slug: unit for unit in Unit.objects.select_related("parent")}
        self.by_slug = dict(self.standing)
        self.by_name = {unit.name: unit for unit in self.standing.values()}
        self.fields: dict[str, dict[str, Any]] = {}

    def read(self, rows: list[Row]) -> dict[str, Unit]:
        """Judge all rows; returns every unit by its full name, as it will stand after the import."""
        parents = {}
        for row in rows:
            fields = self._clean(row)
            if fields is not None and self._is_first(row, fields["slug"], fields["name"]):
                unit = self._unit_of(fields)
                parents[unit.slug] = (row, row.values[PARENT])
        for slug, (row, text) in parents.items():
            self._set_parent(self.by_slug[slug], row, text)
        self._refuse_circles(parents)
        if not self.plan.findings:
            self._sort_out(parents)
        return self.by_name

    def _clean(self, row: Row) -> dict[str, Any] | None:
        fields, before = {}, len(self.plan.findings)
        for heading, name in UNIT_FIELDS.items():
            try:
                fields[name] = _clean_field(name, row.values[heading])
            except ValidationError as wrong:
                self.plan.find(UNIT_SHEET, row.number, heading, "".join(wrong.messages))
        return fields if len(self.plan.findings) == before else None

    def _is_first(self, row: Row, slug: str, name: str) -> bool:
        for heading, value, key in (("代号", slug, f"slug:{slug}"), ("全称", name, f"name:{name}")):
            if key in self.plan.row_of_unit:
                text = _("“%(value)s”与第 %(row)d 行重复。") % {"value": value, "row": self.plan.row_of_unit[key]}
                self.plan.find(UNIT_SHEET, row.number, heading, text)
                return False
            self.plan.row_of_unit[key] = row.number
        owner = self.by_name.get(name)
        if owner is not None and owner.slug != slug:
            text = _("已有名为“%(name)s”的单位，代号是 %(slug)s。") % {"name": name, "slug": owner.slug}
            self.plan.find(UNIT_SHEET, row.number, "全称", text)
            return False
        return True

    def _unit_of(self, fields: dict[str, Any]) -> Unit:
        unit = self.standing.get(fields["slug"])
        if unit is None:
            unit = Unit(**fields)
        self.fields[unit.slug] = fields
        self.by_slug[unit.slug] = unit
        self.by_name[fields["name"]] = unit
        return unit

    def _set_parent(self, unit: Unit, row: Row, text: str) -> None:
        parent = (self.by_name.get(text) or self.by_slug.get(text)) if text else None
        if text and parent is None:
            self.plan.find(UNIT_SHEET, row.number, PARENT, _("没有名为“%(name)s”的单位。") % {"name": text})
        elif parent is None and not self._may_be_root(unit):
            self.plan.find(UNIT_SHEET, row.number, PARENT, _("请填写上级单位；只有县一级没有上级。"))
        self.fields[unit.slug]["parent"] = parent

    def _may_be_root(self, unit: Unit) -> bool:
        roots = [one for one in self.standing.values() if one.parent_id is None]
        return unit in roots if roots else unit.slug == next(iter(self.fields))

    def _refuse_circles(self, parents: dict[str, tuple[Row, str]]) -> None:
        for slug, (row, _text) in parents.items():
            chain = list(self._above(self.by_slug[slug]))
            if len(chain) > MAX_DEPTH:
                text = _("单位层级超过 %(depth)d 级，或者上级单位绕成了圈。") % {"depth": MAX_DEPTH}
                self.plan.find(UNIT_SHEET, row.number, PARENT, text)

    def _above(self, unit: Unit) -> Iterator[Unit]:
        """The unit and those above it, as they will stand; one more than allowed is enough to know."""
        for _step in range(MAX_DEPTH + 1):
            yield unit
            planned = self.fields.get(unit.slug)
            above: Unit | None = planned.get("parent") if planned is not None else unit.parent
            if above is None:
                return
            unit = above

    def _sort_out(self, parents: dict[str, tuple[Row, str]]) -> None:
        for slug in parents:
            unit, fields = self.by_slug[slug], self.fields[slug]
            if unit._state.adding:
                unit.parent = fields["parent"]
                self.plan.new_units.append(unit)
            elif changes := {name: value for name, value in fields.items() if getattr(unit, name) != value}:
                self.plan.changed_units.append((unit, changes))
            else:
                self.plan.unchanged += 1
        self.plan.new_units.sort(key=lambda unit: len(list(self._above(unit))))
        self._give_paths()

    def _give_paths(self) -> None:
        """Places for new units, parents first; a parent that moves takes them along afterwards."""
        last: dict[str, int] = {}
        for path in (unit.path for unit in self.standing.values()):
            above = path[: -len(path.rstrip(".").rpartition(".")[2]) - 1]
            last[above] = max(last.get(above, 0), step_of(path))
        for unit in self.plan.new_units:
            above = unit.parent.path if unit.parent else ""
            last[above] = last.get(above, 0) + 1
            unit.path = child_path(above, last[above])


class PostPlanner:
    """Judges the rows of posts; people who are not known yet get an account without a password."""

    def __init__(self, plan: Plan, units: dict[str, Unit]) -> None:
        self.plan = plan
        self.units = units
        self.people = {user.username: user for user in User.objects.all()}
        self.roles = {str(role.label): role for role in Role}
        self.seen: dict[tuple[Any, ...], int] = {}
        self.standing = {self._key(post): post for post in self._posts()}

    def _posts(self) -> Iterator[Post]:
        return Post.objects.filter(deputy_for=None).select_related("user", "unit", "scope").iterator(chunk_size=2_000)

    def read(self, rows: list[Row]) -> None:
        for row in rows:
            post = self._clean(row)
            if post is not None and self._is_first(row, post):
                self._sort_out(row, post)

    def _clean(self, row: Row) -> Post | None:
        before = len(self.plan.findings)
        user = self._person(row)
        unit = self._pick(row, "单位", self.units.get, _("没有名为“%(value)s”的单位。"))
        role = self._pick(row, "角色", self.roles.get, _("没有“%(value)s”这个角色。"))
        scope = self._pick(row, "管辖范围", self.units.get, _("没有名为“%(value)s”的单位。"), needed=False) or unit
        starts_on = self._day(row, "开始日期", needed=True)
        ends_on = self._day(row, "结束日期", needed=False)
        if starts_on and ends_on and ends_on < starts_on:
            self.plan.find(POST_SHEET, row.number, "结束日期", _("结束日期不能早于开始日期。"))
        if unit is not None and not unit.is_active:
            self.plan.find(POST_SHEET, row.number, "单位", _("“%(unit)s”已撤销，不能任用。") % {"unit": unit})
        if len(self.plan.findings) != before or user is None or role is None or starts_on is None:
            return None
        return Post(user=user, unit=unit, role=role, scope=scope, starts_on=starts_on, ends_on=ends_on)

    def _person(self, row: Row) -> User | None:
        username, name = row.values["用户名"], row.values["姓名"]
        known = self.people.get(username)
        if known is not None:
            if name and known.name != name:
                text = _("用户名 %(username)s 已属于“%(name)s”。") % {"username": username, "name": known.name}
                self.plan.find(POST_SHEET, row.number, "姓名", text)
            return known
        return self._new_person(row, username, name)

    def _new_person(self, row: Row, username: str, name: str) -> User | None:
        user = User(username=username, name=name, phone=row.values["手机"], must_change_password=True)
        user.set_unusable_password()
        try:
            user.clean_fields(exclude=("password", "email"))
        except ValidationError as wrong:
            headings = {"username": "用户名", "name": "姓名", "phone": "手机"}
            for name_of_field, messages in wrong.message_dict.items():
                self.plan.find(POST_SHEET, row.number, headings[name_of_field], "".join(messages))
            return None
        self.people[username] = user
        self.plan.new_people.append(user)
        return user

    def _pick(self, row: Row, heading: str, choose: Callable[[str], Any], unknown: str, *, needed: bool = True) -> Any:
        value = row.values[heading]
        if not value:
            if needed:
                self.plan.find(POST_SHEET, row.number, heading, _("必须填写。"))
            return None
        found = choose(value)
        if found is None:
            self.plan.find(POST_SHEET, row.number, heading, unknown % {"value": value})
        return found

    def _day(self, row: Row, heading: str, *, needed: bool) -> date | None:
        value = row.values[heading]
        if not value and not needed:
            return None
        day = parse_day(value)
        if day is None:
            text = _("“%(value)s”不是日期，请写成 2026-06-18。") % {"value": value} if value else _("必须填写。")
            self.plan.find(POST_SHEET, row.number, heading, text)
        return day

    def _key(self, post: Post) -> tuple[Any, ...]:
        return (post.user.username, post.unit.slug, post.role, post.scope.slug, post.starts_on)

    def _is_first(self, row: Row, post: Post) -> bool:
        first = self.seen.setdefault(self._key(post), row.number)
        if first != row.number:
            self.plan.find(POST_SHEET, row.number, "用户名", _("与第 %(row)d 行重复。") % {"row": first})
        return first == row.number

    def _sort_out(self, row: Row, post: Post) -> None:
        standing = self.standing.get(self._key(post))
        if standing is None:
            self.plan.new_posts.append(post)
        elif standing.ends_on == post.ends_on:
            self.plan.unchanged += 1
        elif post.ends_on is None or (standing.ends_on is not None and post.ends_on > standing.ends_on):
            text = _("这个岗位 %(day)s 到期；要延长请另起一行，写新的开始日期。") % {"day": standing.ends_on}
            self.plan.find(POST_SHEET, row.number, "结束日期", text)
        else:
            self.plan.ended_posts.append((standing, post.ends_on))


def _clean_field(name: str, text: str) -> Any:
    """The value of a unit's field from the text of a cell, judged by the field itself."""
    model_field: Any = Unit._meta.get_field(name)
    if model_field.choices:
        labels = {str(label): value for value, label in model_field.flatchoices}
        if text and text not in labels:
            allowed = "、".join(labels)
            raise ValidationError(_("“%(text)s”不对，可填：%(allowed)s。") % {"text": text, "allowed": allowed})
        text = labels.get(text, str(model_field.get_default()))
    if name == "position":
        return _clean_position(text)
    if not text and not model_field.blank:
        raise ValidationError(_("必须填写。"))
    if name == "slug" and not is_code(text):
        raise ValidationError(_("“%(text)s”不对，只能用小写字母、数字和连字符。") % {"text": text})
    return model_field.clean(text, None)


def _clean_position(text: str) -> int:
    if not (text.isascii() and text.isdigit()) and text:
        raise ValidationError(_("“%(text)s”不是整数。") % {"text": text})
    return int(text or 0)
