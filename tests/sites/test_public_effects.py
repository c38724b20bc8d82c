"""What the webmaster does is what the public gets: the page rendered before and after."""

from menhu.delivery.sources import Address, Rendered, render
from menhu.sites.actions import (
    add_block,
    change_column,
    open_site,
    remove_column,
    set_mourning,
    show_banner,
    switch_banner,
)
from menhu.sites.models import Column, SiteTemplate
from tests.factories import World
from tests.sites.outbox import tags

HOST = "127.0.0.1"


def page(path: str) -> Rendered:
    found = render(Address(HOST, path))
    assert found is not None
    return found[1]


def text(path: str) -> str:
    return page(path).body.decode()


def tags_read(path: str) -> frozenset[str]:
    found = render(Address(HOST, path))
    assert found is not None
    return found[2]


def test_a_new_site_answers_at_all_its_addresses(world: World) -> None:
    site = open_site(unit=world.units["xwb"], template=SiteTemplate.objects.get(name="部门网站"), by=None)
    paths = [f"/xwb{column.path}" for column in Column.objects.filter(site=site)]
    assert {page(path).status for path in ["/xwb/", *paths]} == {200}
    assert "云岭县委办公室" in text("/sites/")


def test_a_removed_column_is_a_way_upwards_and_its_page_hears_of_it(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    read = tags_read("/jyj/gzdt/")
    remove_column(column=column, by=world.people["webmaster"])
    assert tags() & read
    gone = page("/jyj/gzdt/")
    assert (gone.status, gone.location) == (301, "/jyj/")


def test_a_section_stands_in_the_header_of_every_page(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    read = tags_read("/jyj/tzgg/")
    assert 'href="/jyj/gzdt/"' not in text("/jyj/accessibility/")
    change_column(column=column, by=world.people["webmaster"], is_section=True)
    assert tags() & read
    assert 'href="/jyj/gzdt/"' in text("/jyj/accessibility/")
    change_column(column=column, by=world.people["webmaster"], is_hidden=True)
    assert 'href="/jyj/gzdt/"' not in text("/jyj/accessibility/")


def test_a_banner_is_above_every_page_until_it_is_taken_down(world: World) -> None:
    webmaster = world.people["webmaster"]
    for path in ("/", "/jyj/", "/jyj/tzgg/"):
        assert "暴雨红色预警" not in text(path)
    banner = show_banner(text="暴雨红色预警", by=webmaster)
    announced = tags()
    for path in ("/", "/jyj/", "/jyj/tzgg/"):
        assert "暴雨红色预警" in text(path)
        assert announced & tags_read(path)
    switch_banner(banner=banner, by=webmaster, is_shown=False)
    assert "暴雨红色预警" not in text("/jyj/")


def test_mourning_turns_one_site_grey_and_leaves_the_others(world: World) -> None:
    before, other = text("/jyj/"), text("/slj/")
    set_mourning(by=world.people["webmaster"], is_mourning=True, site=world.sites["jyj"])
    assert tags() & tags_read("/jyj/tzgg/")
    assert text("/jyj/") != before
    assert text("/slj/") == other
    set_mourning(by=world.people["webmaster"], is_mourning=False)
    assert text("/jyj/") == before


def test_an_arranged_block_is_on_the_home_page(world: World) -> None:
    add_block(
        site=world.sites["jyj"],
        by=world.people["editor"],
        kind="text",
        title="开学须知",
        settings={"html": "<p>九月一日</p>"},
    )
    assert tags() & tags_read("/jyj/")
    home = text("/jyj/")
    assert "开学须知" in home
    assert "<p>九月一日</p>" in home
