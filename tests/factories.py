"""Factories with traits; `world` builds the small county that most tests stand on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import factory
from django.conf import settings
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from menhu.accounts.models import User
from menhu.articles.models import Article
from menhu.sites.enums import SiteKind
from menhu.sites.models import Column, ColumnKind, Site
from menhu.units.actions import add_unit, appoint
from menhu.units.enums import Role, Side, UnitKind
from menhu.units.models import Unit

PASSWORD = "Yunling-2026!"
TERM_START = date(2020, 1, 1)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"人员{n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


class ColumnKindFactory(DjangoModelFactory[ColumnKind]):
    class Meta:
        model = ColumnKind
        django_get_or_create = ("name",)

    name = "工作动态"
    window_days = 14


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site

    name = factory.LazyAttribute(lambda site: site.unit.name)
    region = "江岭省云州市"
    host = settings.PUBLIC_HOST
    site_code = "0000000001"
    organiser = factory.LazyAttribute(lambda site: site.unit.name)
    phone = "0000-612 0086"


class ColumnFactory(DjangoModelFactory[Column]):
    class Meta:
        model = Column

    name = factory.Sequence(lambda n: f"栏目{n}")
    slug = factory.Sequence(lambda n: f"lm{n}")
    path = factory.LazyAttribute(lambda column: f"/{column.slug}/")
    kind = factory.SubFactory(ColumnKindFactory)
    description = "栏目说明"
    keywords = "栏目"
    owner = factory.LazyAttribute(lambda column: column.site.unit)


class ArticleFactory(DjangoModelFactory[Article]):
    class Meta:
        model = Article

    title = factory.Sequence(lambda n: f"文章{n}")
    body = "<p>正文内容。</p>"
    source = "县教育局"
    unit = factory.LazyAttribute(lambda article: article.site.unit)
    live = False


@dataclass
class World:
    """County 云岭县 in miniature: units by slug, people by persona, sites and columns by slug."""

    units: dict[str, Unit]
    people: dict[str, User]
    sites: dict[str, Site]
    columns: dict[str, Column]


UNITS: tuple[tuple[str, str, str, Side, UnitKind], ...] = (
    ("xwb", "party", "县委办公室", Side.PARTY, UnitKind.OFFICE),
    ("xcb", "party", "县委宣传部", Side.PARTY, UnitKind.BUREAU),
    ("bmj", "party", "县保密局", Side.PARTY, UnitKind.BUREAU),
    ("zfb", "government", "县政府办公室", Side.GOVERNMENT, UnitKind.OFFICE),
    ("xxb", "government", "县信息化办公室", Side.GOVERNMENT, UnitKind.OFFICE),
    ("jyj", "government", "县教育局", Side.GOVERNMENT, UnitKind.BUREAU),
    ("slj", "government", "县水利局", Side.GOVERNMENT, UnitKind.BUREAU),
    ("sqz", "towns", "石桥镇", Side.GOVERNMENT, UnitKind.TOWN),
)
PEOPLE: tuple[tuple[str, str, str, Role, str], ...] = (
    ("editor", "卓一帆", "jyj", Role.EDITOR, "jyj"),
    ("head", "江怀川", "jyj", Role.HEAD, "jyj"),
    ("stranger", "于归", "slj", Role.EDITOR, "slj"),
    ("stranger_head", "苏映雪", "slj", Role.HEAD, "slj"),
    ("party_editor", "孟夏", "xcb", Role.EDITOR, "xcb"),
    ("party_head", "贺长庚", "xcb", Role.HEAD, "xcb"),
    ("government_reviewer", "林若溪", "zfb", Role.GOVERNMENT_REVIEWER, "county"),
    ("committee_reviewer", "骆青", "xwb", Role.COMMITTEE_REVIEWER, "county"),
    ("secrecy_reviewer", "祁月", "bmj", Role.SECRECY_REVIEWER, "county"),
    ("webmaster", "方若宁", "xxb", Role.WEBMASTER, "county"),
    ("duty_officer", "纪晚舟", "xxb", Role.DUTY_OFFICER, "county"),
    ("leader", "沈知远", "zfb", Role.LEADER, "county"),
    ("auditor", "周小满", "bmj", Role.AUDITOR, "county"),
    ("operator", "罗明远", "zfb", Role.OPERATOR, "county"),
    ("supervisor", "顾清让", "zfb", Role.SUPERVISOR, "county"),
    ("handler", "陶然", "jyj", Role.HANDLER, "jyj"),
    ("stranger_handler", "温书白", "slj", Role.HANDLER, "slj"),
)


def _units() -> dict[str, Unit]:
    county = add_unit(parent=None, by=None, name="云岭县", short_name="云岭县", slug="county", kind=UnitKind.COUNTY)
    units = {"county": county}
    for slug, name in (("party", "党委部门"), ("government", "政府部门"), ("towns", "乡镇")):
        units[slug] = add_unit(parent=county, by=None, name=name, short_name=name, slug=slug, kind=UnitKind.GROUP)
    for slug, parent, name, side, kind in UNITS:
        units[slug] = add_unit(
            parent=units[parent], by=None, name=f"云岭{name}", short_name=name, slug=slug, side=side, kind=kind
        )
    return units


def _people(units: dict[str, Unit]) -> dict[str, User]:
    people: dict[str, User] = {}
    for persona, name, unit, role, scope in PEOPLE:
        people[persona] = UserFactory(username=persona, name=name)
        appoint(user=people[persona], unit=units[unit], role=role, by=None, starts_on=TERM_START, scope=units[scope])
    return people


def build_world() -> World:
    """The county with a portal and three unit sites, two columns each (gzdt, tzgg)."""
    units = _units()
    portal = SiteFactory(unit=units["zfb"], kind=SiteKind.PORTAL, name="云岭县人民政府", prefix="")
    sites: dict[str, Site] = {"portal": portal}
    columns: dict[str, Column] = {}
    for slug in ("jyj", "slj", "xcb"):
        sites[slug] = SiteFactory(unit=units[slug], prefix=f"/{slug}")
    for slug, site in sites.items():
        for column, name in (("gzdt", "工作动态"), ("tzgg", "通知公告")):
            columns[f"{slug}/{column}"] = ColumnFactory(site=site, name=name, slug=column)
    return World(units=units, people=_people(units), sites=sites, columns=columns)


def article(world: World, **fields: Any) -> Article:
    """A draft of the education bureau's editor."""
    return ArticleFactory(**{"site": world.sites["jyj"], "created_by": world.people["editor"], **fields})
