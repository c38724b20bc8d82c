"""What is done to sites, columns, home pages and banners. `by=None` is the install itself (seeds, demo, clock)."""

from menhu.sites.actions.columns import add_column, change_column, move_column, remove_column
from menhu.sites.actions.home import add_block, change_block, move_block, remove_block
from menhu.sites.actions.keeping import (
    change_kind,
    change_site,
    end_banners,
    set_mourning,
    show_banner,
    switch_banner,
    unit_words_changed,
)
from menhu.sites.actions.opening import open_site, plan_site
from menhu.sites.actions.requests import approve_request, refuse_request, request_column
from menhu.sites.actions.templates import save_template

__all__ = [
    "add_block",
    "add_column",
    "approve_request",
    "change_block",
    "change_column",
    "change_kind",
    "change_site",
    "end_banners",
    "move_block",
    "move_column",
    "open_site",
    "plan_site",
    "refuse_request",
    "remove_block",
    "remove_column",
    "request_column",
    "save_template",
    "set_mourning",
    "show_banner",
    "switch_banner",
    "unit_words_changed",
]
