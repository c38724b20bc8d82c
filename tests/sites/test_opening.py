from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from menhu.audit.models import Event
from menhu.sites import seeds
from menhu.sites.actions import open_site, plan_site
from menhu.sites.enums import ColumnForm, SiteKind, SiteState
from menhu.sites.models import Column, ColumnKind, HomeBlock, Site, SitePlan, SiteTemplate
from tests.factories import ColumnFactory, World
from tests.sites.outbox import tags


def bureau() -> SiteTemplate:
    return SiteTemplate.objects.get(name="部门网站")


def open_office(world: World, persona: str = "webmaster", **fields: object) -> Site:
    fields = {"unit": world.units["xwb"], **fields}
    return open_site(template=bureau(), by=world.people[persona], **fields)  # type: ignore[arg-type]


def test_one_action_opens_a_whole_site(world: World) -> None:
    site = open_office(world, responsible_person="何一舟")
    assert (site.host, site.prefix, site.kind, site.state) == ("127.0.0.1", "/xwb", SiteKind.UNIT, SiteState.OPEN)
    assert (site.name, site.organiser, site.region) == ("云岭县委办公室", "云岭县委办公室", "江岭省云州市")
    assert site.site_code == world.sites["portal"].site_code
    assert site.opened_on is not None
    columns = {column.path: column for column in Column.objects.filter(site=site).order_by("pk")}
    assert list(columns) == [
        "/jggk/",
        "/ldxx/",
        "/gzdt/",
        "/tzgg/",
        "/zwgk/",
        "/bsfw/",
        "/zwgk/jgzn/",
        "/zwgk/zcwj/",
        "/zwgk/zcjd/",
        "/zwgk/ghjh/",
    ]
    assert {column.owner for column in columns.values()} == {world.units["xwb"]}
    assert {column.responsible_person for column in columns.values()} == {"何一舟"}
    assert [path for path, column in columns.items() if column.is_section] == list(columns)[:6]
    assert all(column.description and column.keywords for column in columns.values())
    assert columns["/zwgk/zcwj/"].parent == columns["/zwgk/"]
    assert columns["/ldxx/"].form == ColumnForm.LEADERS


def test_the_blocks_of_a_new_home_name_its_own_columns(world: World) -> None:
    site = open_office(world)
    blocks = {block.kind: block for block in HomeBlock.objects.filter(site=site).order_by("position")}
    assert list(blocks) == ["hero", "headline", "tabs", "leaders", "contact"]
    ids = dict(Column.objects.filter(site=site).values_list("path", "pk"))
    assert blocks["tabs"].settings == {
        "columns": [ids["/gzdt/"], ids["/tzgg/"], ids["/zwgk/zcwj/"]],
        "width": "narrow",
    }
    assert blocks["leaders"].settings == {"width": "half", "more": {"column": ids["/ldxx/"]}}


def test_the_tags_of_an_opening(world: World) -> None:
    site = open_office(world)
    columns = {f"column:{pk}" for pk in Column.objects.filter(site=site).values_list("pk", flat=True)}
    assert tags() == {f"site:{site.pk}", f"home:{site.pk}", f"columns:{site.pk}", "directory", *columns}


def test_an_opening_is_on_the_trail(world: World) -> None:
    site = open_office(world)
    event = Event.objects.get(verb="sites.open")
    assert (event.object_id, event.unit_id, event.actor_id) == (
        str(site.pk),
        world.units["xwb"].pk,
        world.people["webmaster"].pk,
    )
    assert event.data == {"template": "部门网站", "columns": 10}


def test_what_is_given_wins(world: World) -> None:
    site = open_office(world, slug="xw", name="云岭县委办", phone="0000-1", palette="red")
    assert (site.prefix, site.name, site.phone, site.palette) == ("/xw", "云岭县委办", "0000-1", "red")


def test_a_site_may_have_a_host_of_its_own(world: World) -> None:
    site = open_office(world, base_url="https://xwb.yunling.example")
    assert (site.host, site.prefix) == ("xwb.yunling.example", "")


def test_a_portal_stands_at_the_root(world: World) -> None:
    Column.objects.all().delete()
    Site.objects.all().delete()
    portal = open_site(unit=world.units["zfb"], template=bureau(), by=None, kind=SiteKind.PORTAL)
    assert (portal.prefix, portal.kind) == ("", SiteKind.PORTAL)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"slug": "jyj"}, "slug", "地址 /jyj/ 已有网站"),
        ({"slug": "office"}, "slug", "系统保留"),
        ({"slug": "2026"}, "slug", "小写字母开头"),
        ({"slug": "gzdt"}, "slug", "已是门户的栏目"),
        ({"base_url": "not a host"}, "base_url", "有效"),
        ({"palette": "green"}, "palette", "green"),
    ],
)
def test_what_cannot_be_opened(world: World, fields: dict[str, str], field: str, message: str) -> None:
    before = (Site.objects.count(), Column.objects.count())
    with pytest.raises(ValidationError) as refused:
        open_office(world, **fields)
    assert message in refused.value.message_dict[field][0]
    assert (Site.objects.count(), Column.objects.count()) == before
    assert tags() == set()


def test_one_unit_one_site(world: World) -> None:
    with pytest.raises(ValidationError, match="已有网站，一个单位最多开设一个"):
        open_office(world, unit=world.units["jyj"], slug="jyj2")


def test_a_group_has_no_site(world: World) -> None:
    with pytest.raises(ValidationError, match="分组不是单位"):
        open_office(world, unit=world.units["party"])


def test_a_column_of_another_host_is_no_obstacle(world: World) -> None:
    other = open_office(world, unit=world.units["zfb"], base_url="https://zfb.yunling.example")
    ColumnFactory(site=other, slug="xwb", path="/xwb/")
    assert open_office(world).prefix == "/xwb"


@pytest.mark.parametrize("persona", ["editor", "head", "government_reviewer", "duty_officer", "leader", "auditor"])
def test_only_the_webmaster_opens_sites(world: World, persona: str) -> None:
    before = Site.objects.count()
    with pytest.raises(PermissionDenied):
        open_office(world, persona)
    assert Site.objects.count() == before


def test_the_seeds_are_rows_to_edit(world: World) -> None:
    assert ColumnKind.objects.filter(name__in=[kind[0] for kind in seeds.KINDS]).count() == len(seeds.KINDS)
    news = ColumnKind.objects.get(name="工作动态")
    assert (news.window_days, news.is_vetoed) == (14, True)
    ColumnKind.objects.filter(pk=news.pk).update(window_days=7)
    template = bureau()
    template.columns.all().delete()
    seeds.seed()
    news.refresh_from_db()
    assert news.window_days == 7
    assert template.columns.count() == 0
    assert SiteTemplate.objects.count() == 2


def test_who_leads_and_by_when(world: World) -> None:
    webmaster = world.people["webmaster"]
    plan_site(unit=world.units["sqz"], by=webmaster, responsible_person="苗青", due_on=date(2027, 6, 30))
    plan_site(unit=world.units["sqz"], by=webmaster, responsible_person="苗青", due_on=date(2027, 5, 31))
    plan = SitePlan.objects.get()
    assert (plan.unit, plan.responsible_person, plan.due_on) == (world.units["sqz"], "苗青", date(2027, 5, 31))
    with pytest.raises(PermissionDenied):
        plan_site(unit=world.units["sqz"], by=world.people["head"], responsible_person="", due_on=None)
