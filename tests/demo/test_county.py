"""The county itself: how many units, who staffs them, which columns there are."""

from collections import Counter
from typing import get_args

from menhu.demo.county.columns import PARTY_SITE, PORTAL, TOWN_SITE, UNIT_SITE, portal_columns
from menhu.demo.county.people import unused_names
from menhu.demo.county.units import (
    Kind,
    all_units,
    county_leaders,
    everybody,
    government_units,
    handlers,
    party_units,
    towns,
    units_by_slug,
)
from menhu.demo.writing.themes import themes_by_unit, themes_of

COLUMN_TYPES = {
    *("首页", "概况信息", "机构职能", "负责人信息", "工作动态", "政策文件", "信息公开指南", "信息公开目录"),
    *("信息公开年报", "依申请公开", "数据发布", "数据开放", "政策解读", "回应关切", "办事服务", "咨询投诉"),
    *("征集调查", "在线访谈"),
}
RESERVED = {
    "office",
    "static",
    "files",
    "sites",
    "map",
    "api",
    "hant",
    "search",
    "style-guide",
    "accessibility",
    "privacy",
}


def test_the_county_has_12_party_units_63_government_units_and_12_towns() -> None:
    assert (len(party_units()), len(government_units()), len(towns())) == (12, 63, 12)
    assert [unit.kind for unit in towns()].count("township") == 1


def test_slugs_names_codes_and_phones_are_unique() -> None:
    units = all_units()
    for name in ("slug", "name", "short", "full", "code", "phone", "editor_phone"):
        values = [getattr(unit, name) for unit in units]
        assert [value for value, times in Counter(values).items() if times > 1] == [], name
    assert {unit.slug for unit in units} & RESERVED == set()


def test_every_unit_is_complete() -> None:
    for unit in all_units():
        assert unit.kind in get_args(Kind), unit.slug
        assert unit.duties, unit.slug
        assert unit.spots, unit.slug
        assert len(unit.leaders) >= 3, unit.slug
        assert all(leader.duties for leader in unit.leaders), unit.slug
        assert unit.address.startswith("云岭县"), unit.slug
        assert unit.phone.startswith("0000-612 "), unit.slug


def test_the_offices_that_review_exist() -> None:
    names = {slug: units_by_slug()[slug].short for slug in ("xwb", "xzfb", "xbmj", "xxhb")}
    assert names == {"xwb": "县委办公室", "xzfb": "县政府办公室", "xbmj": "县保密局", "xxhb": "县信息化办公室"}


def test_nobody_in_office_shares_a_name() -> None:
    names = [*everybody(), *(leader.name for leader in county_leaders()), *handlers().values()]
    assert [name for name, times in Counter(names).items() if times > 1] == ["程砚"]  # police chief and deputy mayor


def test_names_come_in_an_order_fixed_by_the_seed() -> None:
    first = [name for name, _ in zip(unused_names(1, frozenset()), range(50), strict=False)]
    again = [name for name, _ in zip(unused_names(1, frozenset({first[0]})), range(49), strict=False)]
    assert again == first[1:]
    assert len(set(first)) == 50


def test_the_portal_has_eight_sections_and_some_forty_columns() -> None:
    columns = list(portal_columns())
    slugs = [*(section.slug for section in PORTAL), *(column.slug for column in columns)]
    assert len(PORTAL) == 8
    assert len(columns) == 48
    assert len(set(slugs)) == len(slugs)


def test_every_column_names_a_type_of_the_norm_its_owner_and_its_purpose() -> None:
    for column in (*PORTAL, *portal_columns(), *UNIT_SITE, *PARTY_SITE, *TOWN_SITE):
        assert column.kind in COLUMN_TYPES, column.slug
        assert column.owner in units_by_slug(), column.slug
        assert column.description, column.slug
        assert column.keywords, column.slug
        assert (column.update_days is not None) == (column.form in {"list", "topic"}), column.slug


def test_every_unit_has_themes_with_measures_and_figures() -> None:
    for unit in all_units():
        assert themes_of(unit.slug), unit.slug
    for slug, themes in themes_by_unit().items():
        for theme in themes:
            assert len(theme.measures) >= 4, (slug, theme.name)
            assert len(theme.metrics) >= 2, (slug, theme.name)
            assert not theme.aim.startswith("为"), (slug, theme.name)
            assert all(metric.low < metric.high for metric in theme.metrics), (slug, theme.name)
