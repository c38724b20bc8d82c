import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError

from menhu.delivery.sources import recording
from menhu.sites import blocks
from menhu.sites.actions import add_block, change_block, move_block, remove_block
from menhu.sites.blocks import BlockForm, BlockKind, rendered
from menhu.sites.contexts import RenderedBlock
from menhu.sites.models import Column, HomeBlock
from tests.factories import World
from tests.sites.outbox import tags


class ChoosingForm(BlockForm):
    column = forms.ModelChoiceField(Column.objects.none(), required=False)
    columns = forms.ModelMultipleChoiceField(Column.objects.none(), required=False)
    count = forms.IntegerField(min_value=1)


def draw(block: HomeBlock) -> RenderedBlock | None:
    return None if block.settings.get("is_empty") else rendered(block, "t.html", block.title)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_kinds", {})
    blocks.register(BlockKind(name="plain", label="列表", form=ChoosingForm, draw=draw, width="half"))


def put(world: World, title: str = "", site: str = "jyj", **settings: object) -> HomeBlock:
    return add_block(
        site=world.sites[site], by=world.people["editor"], kind="plain", title=title, settings=dict(settings)
    )


def titles(world: World) -> list[str]:
    return [str(block.context) for block in blocks.drawn(world.sites["jyj"])]


def test_blocks_are_drawn_in_order(world: World) -> None:
    first, second, third = put(world, "一"), put(world, "二"), put(world, "三")
    assert [first.position, second.position, third.position] == [0, 1, 2]
    assert move_block(block=third, by=world.people["head"], up=True)
    assert not move_block(block=first, by=world.people["head"], up=True)
    change_block(block=first, by=world.people["editor"], is_shown=False)
    assert titles(world) == ["三", "二"]
    remove_block(block=third, by=world.people["webmaster"])
    assert titles(world) == ["二"]


def test_every_change_announces_the_home_page_only(world: World) -> None:
    home = {f"home:{world.sites['jyj'].pk}"}
    first, second = put(world, "一"), put(world, "二")
    assert tags() == home
    change_block(block=first, by=world.people["editor"], title="甲", settings={"count": 3})
    assert tags() == home
    change_block(block=first, by=world.people["editor"], title="甲")
    assert tags() == set()
    move_block(block=second, by=world.people["editor"], up=True)
    assert tags() == home
    remove_block(block=second, by=world.people["editor"])
    assert tags() == home


def test_a_block_is_removed_once(world: World) -> None:
    block = put(world)
    stale = HomeBlock.objects.get(pk=block.pk)
    remove_block(block=block, by=world.people["editor"])
    with pytest.raises(ValidationError, match="已经被删除"):
        remove_block(block=stale, by=world.people["editor"])


def test_what_has_nothing_to_show_or_no_kind_is_left_out(world: World) -> None:
    put(world, "空", is_empty=True)
    add_block(site=world.sites["jyj"], by=None, kind="gone", title="没有了")
    put(world, "有")
    with recording() as read:
        assert titles(world) == ["有"]
    assert read == {f"home:{world.sites['jyj'].pk}"}


@pytest.mark.parametrize(
    ("kept", "width", "is_sand"),
    [({}, "half", False), ({"width": "third", "is_sand": True}, "third", True), ({"width": "huge"}, "half", False)],
)
def test_width_and_ground(world: World, kept: dict[str, object], width: str, is_sand: bool) -> None:
    put(world, "一", **kept)
    block = blocks.drawn(world.sites["jyj"])[0]
    assert (block.width, block.is_sand, block.kind) == (width, is_sand, "plain")


def test_a_form_offers_the_public_columns_of_its_site(world: World) -> None:
    Column.objects.filter(pk=world.columns["jyj/tzgg"].pk).update(is_hidden=True)
    form = ChoosingForm(site=world.sites["jyj"])
    for name in ("column", "columns"):
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        assert list(field.queryset or ()) == [world.columns["jyj/gzdt"]]


def test_settings_are_kept_as_ids(world: World) -> None:
    gzdt, tzgg = world.columns["jyj/gzdt"].pk, world.columns["jyj/tzgg"].pk
    data = {"title": "要闻", "width": "wide", "column": gzdt, "columns": [tzgg, gzdt], "count": "5"}
    form = ChoosingForm(data, site=world.sites["jyj"])
    assert form.is_valid(), form.errors
    assert form.as_settings() == {
        "width": "wide",
        "is_sand": False,
        "column": gzdt,
        "columns": [gzdt, tzgg],
        "count": 5,
    }


def test_a_foreign_column_is_no_choice(world: World) -> None:
    form = ChoosingForm(
        {"width": "wide", "count": "5", "column": world.columns["slj/gzdt"].pk}, site=world.sites["jyj"]
    )
    assert list(form.errors) == ["column"]


def test_a_template_that_named_columns_by_path_opens_in_the_form(world: World) -> None:
    settings = {"columns": ["/gzdt/", "/nowhere/"], "column": "/tzgg/", "count": 3}
    block = put(world, "要闻", **settings)
    form = ChoosingForm(site=block.site, initial=blocks.initial_of(block))
    assert form["columns"].value() == [world.columns["jyj/gzdt"].pk]
    assert form["column"].value() == world.columns["jyj/tzgg"].pk
    assert (form["count"].value(), form["title"].value(), form["width"].value()) == (3, "要闻", "half")


@pytest.mark.parametrize(
    "persona",
    ["stranger", "stranger_head", "government_reviewer", "secrecy_reviewer", "duty_officer", "leader", "auditor"],
)
def test_who_may_not_arrange(world: World, persona: str) -> None:
    block = put(world, "一")
    tags()
    person = world.people[persona]
    for attempt in (
        lambda: add_block(site=world.sites["jyj"], by=person, kind="plain"),
        lambda: change_block(block=block, by=person, title="改"),
        lambda: move_block(block=block, by=person, up=True),
        lambda: remove_block(block=block, by=person),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert list(HomeBlock.objects.values_list("title", flat=True)) == ["一"]
    assert tags() == set()


def test_nobody_arranges_the_portal_but_its_own(world: World) -> None:
    with pytest.raises(PermissionDenied):
        add_block(site=world.sites["portal"], by=world.people["editor"], kind="plain")
    assert add_block(site=world.sites["portal"], by=world.people["webmaster"], kind="plain").position == 0
