import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from menhu.audit.models import Event
from menhu.sites import occupancy
from menhu.sites.actions import add_column, change_column, move_column, remove_column
from menhu.sites.enums import ColumnForm
from menhu.sites.models import Column, ColumnKind, Redirect
from tests.factories import ColumnFactory, ColumnKindFactory, SiteFactory, World
from tests.sites.outbox import tags


@pytest.fixture(autouse=True)
def counters(monkeypatch: pytest.MonkeyPatch) -> list[occupancy.Counter]:
    kept: list[occupancy.Counter] = []
    monkeypatch.setattr(occupancy, "_counters", kept)
    return kept


def add(world: World, slug: str = "zcwj", site: str = "jyj", persona: str = "webmaster", **fields: object) -> Column:
    named = {"name": "政策文件", "kind": ColumnKind.objects.get(name="政策文件"), **fields}
    return add_column(site=world.sites[site], by=world.people[persona], slug=slug, **named)  # type: ignore[arg-type]


def change(world: World, column: Column, persona: str = "webmaster", **fields: object) -> Column:
    return change_column(column=column, by=world.people[persona], **fields)


def test_a_column_is_added_below_another(world: World) -> None:
    above = world.columns["jyj/gzdt"]
    column = add(world, parent=above)
    assert (column.path, column.position, column.owner) == ("/gzdt/zcwj/", 0, world.units["jyj"])
    assert (column.description, column.keywords) == ("云岭县教育局“政策文件”栏目", "政策文件")
    site = world.sites["jyj"].pk
    assert tags() == {f"column:{column.pk}", f"column:{above.pk}", f"columns:{site}"}


def test_a_new_section_touches_every_header(world: World) -> None:
    column = add(world, is_section=True)
    site = world.sites["jyj"].pk
    assert column.position == 1
    assert tags() == {f"column:{column.pk}", f"columns:{site}", f"site:{site}"}


@pytest.mark.parametrize(
    ("slug", "site", "fields", "field", "message"),
    [
        ("gzdt", "jyj", {}, "slug", "已有或曾有栏目"),
        ("map", "jyj", {}, "slug", "系统保留"),
        ("2026-06", "jyj", {}, "slug", "小写字母开头"),
        ("jyj", "portal", {}, "slug", "已有网站"),
        ("zcwj", "jyj", {"name": ""}, "name", "不能为空"),
        ("zcwj", "jyj", {"form": ColumnForm.LINK}, "link", "要填写链接地址"),
        ("zcwj", "jyj", {"form": ColumnForm.LINK, "link": "javascript:alert(1)"}, "link", "网址要以"),
        ("zcwj", "jyj", {"form": "carousel"}, "form", "carousel"),
    ],
)
def test_what_cannot_be_added(
    world: World, slug: str, site: str, fields: dict[str, object], field: str, message: str
) -> None:
    before = Column.objects.count()
    with pytest.raises(ValidationError) as refused:
        add(world, slug, site, **fields)
    assert message in refused.value.message_dict[field][0]
    assert Column.objects.count() == before
    assert tags() == set()


def test_columns_are_at_most_three_deep(world: World) -> None:
    second = add(world, "b", parent=world.columns["jyj/gzdt"])
    third = add(world, "c", parent=second)
    with pytest.raises(ValidationError, match="栏目最多 3 级"):
        add(world, "d", parent=third)


def test_a_parent_stands_on_the_same_site(world: World) -> None:
    with pytest.raises(ValidationError, match="上级栏目不在这个网站"):
        add(world, parent=world.columns["slj/gzdt"])


def test_the_main_navigation_has_eight_places(world: World) -> None:
    for n in range(8):
        add(world, f"s{n}", name=f"栏目{n}", is_section=True)
    with pytest.raises(ValidationError, match="主导航最多 8 个栏目"):
        add(world, "s8", is_section=True)
    with pytest.raises(ValidationError, match="只有最上一级"):
        add(world, "s9", parent=world.columns["jyj/gzdt"], is_section=True)
    Column.objects.filter(slug="s0").update(removed_at="2026-01-01T00:00:00+08:00")
    assert add(world, "s8", is_section=True).is_section


def test_a_change_keeps_the_address_and_is_on_the_trail(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    change(world, column, name="教育动态", owner=world.units["zfb"], window_days=7, responsible_person="卓一帆")
    column.refresh_from_db()
    assert (column.name, column.path, column.owner) == ("教育动态", "/gzdt/", world.units["zfb"])
    event = Event.objects.get(verb="sites.change_column")
    assert event.data == {
        "changes": {
            "name": ["工作动态", "教育动态"],
            "owner": ["云岭县教育局", "云岭县政府办公室"],
            "window_days": ["", "7"],
            "responsible_person": ["", "卓一帆"],
        }
    }
    assert tags() == {f"column:{column.pk}", f"columns:{column.site_id}"}


def test_nothing_changed_announces_nothing(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    change(world, column, name=column.name)
    assert tags() == set()
    assert not Event.objects.filter(verb="sites.change_column").exists()


@pytest.mark.parametrize("is_section", [True, False])
def test_coming_into_and_leaving_the_navigation_touches_every_header(world: World, is_section: bool) -> None:
    column = world.columns["jyj/gzdt"]
    Column.objects.filter(pk=column.pk).update(is_section=not is_section)
    column.refresh_from_db()
    change(world, column, is_section=is_section)
    assert f"site:{column.site_id}" in tags()


@pytest.mark.parametrize("field", ["path", "slug", "site", "parent"])
def test_an_address_is_not_changeable(world: World, field: str) -> None:
    with pytest.raises(ValueError, match="not changeable"):
        change(world, world.columns["jyj/gzdt"], **{field: "x"})


def test_words_of_the_meta_norm_are_never_empty(world: World) -> None:
    column = change(world, world.columns["jyj/gzdt"], description=" ", keywords="")
    assert (column.description, column.keywords) == ("云岭县教育局“工作动态”栏目", "工作动态")


def test_siblings_change_places(world: World) -> None:
    first, second = world.columns["jyj/gzdt"], world.columns["jyj/tzgg"]
    webmaster = world.people["webmaster"]
    assert not move_column(column=first, by=webmaster, up=True)
    assert tags() == set()
    assert move_column(column=first, by=webmaster, up=False)
    order = Column.objects.filter(site=world.sites["jyj"]).in_order().values_list("slug", flat=True)
    assert list(order) == ["tzgg", "gzdt"]
    assert tags() == {f"column:{first.pk}", f"column:{second.pk}", f"columns:{first.site_id}"}


def test_a_removed_column_leads_upwards_for_ever(world: World) -> None:
    above = world.columns["jyj/gzdt"]
    column = add(world, parent=above)
    Redirect.objects.create(host="127.0.0.1", path="/old/", target="/jyj/gzdt/zcwj/")
    tags()
    remove_column(column=column, by=world.people["webmaster"])
    column.refresh_from_db()
    assert column.removed_at is not None
    assert dict(Redirect.objects.values_list("path", "target")) == {
        "/jyj/gzdt/zcwj/": "/jyj/gzdt/",
        "/old/": "/jyj/gzdt/",
    }
    assert tags() == {f"column:{column.pk}", f"column:{above.pk}", f"columns:{column.site_id}"}
    remove_column(column=above, by=world.people["webmaster"])
    assert Redirect.objects.get(path="/old/").target == "/jyj/"
    with pytest.raises(ValidationError, match="已有或曾有栏目"):
        add(world, "gzdt")


def test_a_column_in_use_stays(world: World, counters: list[occupancy.Counter]) -> None:
    counters.append(lambda column: 3)
    with pytest.raises(ValidationError, match="还有 3 篇已发布的文章，请先移到别的栏目"):
        remove_column(column=world.columns["jyj/gzdt"], by=world.people["webmaster"])
    add(world, parent=world.columns["jyj/gzdt"])
    with pytest.raises(ValidationError, match="还有下级栏目"):
        remove_column(column=world.columns["jyj/gzdt"], by=world.people["webmaster"])
    assert not Redirect.objects.exists()


def test_a_column_is_removed_once(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    remove_column(column=column, by=world.people["webmaster"])
    with pytest.raises(ValidationError, match="已经撤销"):
        remove_column(column=Column.objects.get(pk=column.pk), by=world.people["webmaster"])


@pytest.mark.parametrize("persona", ["editor", "head", "stranger", "duty_officer", "leader", "auditor"])
def test_only_the_webmaster_changes_the_tree(world: World, persona: str) -> None:
    column = world.columns["jyj/gzdt"]
    person = world.people[persona]
    before = list(Column.objects.order_by("pk").values())
    with pytest.raises(PermissionDenied):
        add(world, persona=persona)
    with pytest.raises(PermissionDenied):
        change(world, column, persona=persona, name="改名")
    with pytest.raises(PermissionDenied):
        move_column(column=column, by=person, up=False)
    with pytest.raises(PermissionDenied):
        remove_column(column=column, by=person)
    assert list(Column.objects.order_by("pk").values()) == before
    assert tags() == set()


def test_moving_numbers_the_whole_row_anew(world: World) -> None:
    site = SiteFactory(unit=world.units["xwb"], prefix="/xwb")
    kind = ColumnKindFactory()
    for n in range(30):
        ColumnFactory(site=site, slug=f"c{n}", kind=kind, position=n)
    column = Column.objects.select_related("site__unit", "site").get(slug="c5", site=site)
    assert move_column(column=column, by=None, up=True)
    positions = Column.objects.filter(site=site).in_order().values_list("slug", flat=True)
    assert list(positions)[3:7] == ["c3", "c5", "c4", "c6"]
