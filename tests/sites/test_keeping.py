from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from menhu.audit.models import Event
from menhu.delivery.models import Lane
from menhu.sites import jobs
from menhu.sites.actions import (
    change_kind,
    change_site,
    end_banners,
    set_mourning,
    show_banner,
    switch_banner,
)
from menhu.sites.models import Banner, Column, ColumnKind, Site
from menhu.units.actions import change_unit, save_leader
from menhu.units.models import Leader
from menhu.workdays import clock
from tests.factories import World
from tests.sites.outbox import announced, tags

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
OTHERS = ["editor", "head", "stranger", "government_reviewer", "duty_officer", "leader", "auditor"]


def test_a_site_changes_its_words(world: World) -> None:
    site = world.sites["jyj"]
    change_site(site=site, by=world.people["webmaster"], slogan="办好家门口的学校", phone="0000-612 0099")
    site.refresh_from_db()
    assert (site.slogan, site.phone) == ("办好家门口的学校", "0000-612 0099")
    assert announced() == {f"home:{site.pk}": Lane.APPROVAL, f"site:{site.pk}": Lane.BULK}
    assert Event.objects.get(verb="sites.change").data["changes"]["slogan"] == ["", "办好家门口的学校"]


def test_a_new_name_is_in_the_directory(world: World) -> None:
    site = world.sites["jyj"]
    change_site(site=site, by=world.people["webmaster"], name="云岭教育")
    assert tags() == {f"home:{site.pk}", f"site:{site.pk}", "directory"}


@pytest.mark.parametrize("field", ["host", "prefix", "unit", "kind", "base_url", "is_mourning"])
def test_the_address_of_a_site_is_not_changeable(world: World, field: str) -> None:
    with pytest.raises(ValueError, match="not changeable"):
        change_site(site=world.sites["jyj"], by=world.people["webmaster"], **{field: "x"})


def test_links_are_safe(world: World) -> None:
    site = world.sites["jyj"]
    links = [{"label": "省政府", "url": "https://www.example.gov.cn/"}]
    change_site(site=site, by=world.people["webmaster"], upper_links=links)
    assert Site.objects.get(pk=site.pk).upper_links == links
    bad = [{"label": "坏", "url": "javascript:alert(1)"}]
    with pytest.raises(ValidationError, match="网址要以"):
        change_site(site=site, by=world.people["webmaster"], related_links=bad)
    assert Site.objects.get(pk=site.pk).related_links == []


def test_a_banner_for_one_site(world: World) -> None:
    site = world.sites["jyj"]
    banner = show_banner(text="暴雨红色预警", by=world.people["webmaster"], site=site, ends_at=NOW)
    assert banner.is_shown
    assert announced() == {f"home:{site.pk}": Lane.APPROVAL, f"site:{site.pk}": Lane.BULK}


def test_a_banner_for_all_sites_is_on_every_home_first(world: World) -> None:
    Site.objects.filter(pk=world.sites["xcb"].pk).update(state="closed")
    show_banner(text="暴雨红色预警", by=world.people["webmaster"])
    open_ids = [world.sites[slug].pk for slug in ("portal", "jyj", "slj")]
    assert announced() == {
        **{f"home:{pk}": Lane.APPROVAL for pk in open_ids},
        **{f"site:{pk}": Lane.BULK for pk in open_ids},
    }


def test_one_click_down_and_up(world: World) -> None:
    site, webmaster = world.sites["jyj"], world.people["webmaster"]
    banner = show_banner(text="停水通知", by=webmaster, site=site, ends_at=NOW)
    tags()
    assert switch_banner(banner=banner, by=webmaster, is_shown=False)
    assert tags() == {f"home:{site.pk}", f"site:{site.pk}"}
    assert not switch_banner(banner=banner, by=webmaster, is_shown=False)
    assert tags() == set()
    assert switch_banner(banner=banner, by=webmaster, is_shown=True)
    banner.refresh_from_db()
    assert (banner.is_shown, banner.ends_at) == (True, None)
    verbs = list(Event.objects.filter(verb__contains="banner").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["sites.show_banner", "sites.hide_banner", "sites.show_banner"]


@pytest.mark.parametrize(
    ("text", "link", "message"), [("", "", "不能为空"), ("x" * 201, "", "200"), ("x", "javascript:1", "网址要以")]
)
def test_what_no_banner_may_say(world: World, text: str, link: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        show_banner(text=text, link=link, by=world.people["webmaster"])
    assert not Banner.objects.exists()


def test_the_clock_takes_down_what_is_over(world: World) -> None:
    webmaster, site = world.people["webmaster"], world.sites["jyj"]
    over = show_banner(text="已过", by=webmaster, site=site, ends_at=NOW)
    later = show_banner(text="未到", by=webmaster, site=site, ends_at=NOW + timedelta(minutes=1))
    lasting = show_banner(text="长期", by=webmaster, site=site)
    tags()
    assert end_banners(NOW) == 1
    assert end_banners(NOW) == 0
    assert set(Banner.objects.filter(is_shown=True)) == {later, lasting}
    assert tags() == {f"home:{site.pk}", f"site:{site.pk}"}
    event = Event.objects.get(verb="sites.hide_banner")
    assert (event.object_id, event.actor_id) == (str(over.pk), None)


def test_the_clock_knows_the_job() -> None:
    job = next(job for job in clock.jobs() if job.name == "sites.banners")
    assert (job.seconds, job.run) == (15, jobs.end_banners)


def test_mourning_on_all_sites_and_back(world: World) -> None:
    webmaster = world.people["webmaster"]
    assert set_mourning(by=webmaster, is_mourning=True, site=world.sites["jyj"]) == 1
    tags()
    assert set_mourning(by=webmaster, is_mourning=True) == 3
    others = [world.sites[slug].pk for slug in ("portal", "slj", "xcb")]
    assert tags() == {*(f"home:{pk}" for pk in others), *(f"site:{pk}" for pk in others)}
    assert set_mourning(by=webmaster, is_mourning=True) == 0
    assert tags() == set()
    assert set_mourning(by=webmaster, is_mourning=False) == 4
    assert not Site.objects.filter(is_mourning=True).exists()
    verbs = list(Event.objects.filter(verb__contains="mourn").order_by("pk").values_list("verb", "data"))
    assert verbs == [
        ("sites.mourn", {"sites": 1}),
        ("sites.mourn", {"sites": 3}),
        ("sites.end_mourning", {"sites": 4}),
    ]


def test_a_kinds_name_is_on_every_page_of_its_columns(world: World) -> None:
    kind = world.columns["jyj/gzdt"].kind
    change_kind(kind=kind, by=world.people["webmaster"], window_days=10)
    assert tags() == set()
    change_kind(kind=kind, by=world.people["webmaster"], name="要闻动态")
    assert tags() == {f"column:{pk}" for pk in Column.objects.values_list("pk", flat=True)}
    assert Event.objects.filter(verb="sites.change_kind").count() == 2


def test_units_and_leaders_announce_their_words(world: World) -> None:
    unit = world.units["jyj"]
    change_unit(unit=unit, by=world.people["webmaster"], phone="0000-1")
    assert tags() == {f"unit:{unit.pk}", "directory"}
    save_leader(leader=Leader(unit=unit, name="江怀川", title="局长"), by=world.people["head"])
    assert tags() == {f"leaders:{unit.pk}"}


@pytest.mark.parametrize("persona", OTHERS)
def test_only_the_webmaster_keeps_sites(world: World, persona: str) -> None:
    person, site = world.people[persona], world.sites["jyj"]
    banner = Banner.objects.create(text="暴雨")
    kind = ColumnKind.objects.get(name="工作动态")
    for attempt in (
        lambda: change_site(site=site, by=person, name="改名"),
        lambda: show_banner(text="暴雨", by=person, site=site),
        lambda: show_banner(text="暴雨", by=person),
        lambda: switch_banner(banner=banner, by=person, is_shown=False),
        lambda: set_mourning(by=person, is_mourning=True),
        lambda: set_mourning(by=person, is_mourning=True, site=site),
        lambda: change_kind(kind=kind, by=person, name="改名"),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert tags() == set()
    assert list(Banner.objects.values_list("text", "is_shown")) == [("暴雨", True)]
    assert not Site.objects.filter(is_mourning=True).exists()
