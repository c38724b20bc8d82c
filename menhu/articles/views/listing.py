"""The list of articles: index-backed order, filters in the address, pages that do not grow with the archive."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import F, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from menhu.accounts.models import User
from menhu.accounts.requests import StaffRequest
from menhu.articles.forms import FilterForm, own_columns
from menhu.articles.models import Article, ArticleAddress, Placement
from menhu.articles.policies import WRITERS
from menhu.core.cursors import read_moment, row_number, write_place
from menhu.sites.models import Column
from menhu.units.enums import UnitKind
from menhu.units.models import Unit
from menhu.units.policies import PUBLISHING_ROLES, Scope, current_posts, holds, scope_of

PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Page:
    """A page of articles; `following` is the cursor of the next one, empty at the end."""

    articles: list[Article]
    following: str


@require_safe
def article_list(request: StaffRequest) -> HttpResponse:
    """Articles of the person's units, last changed first."""
    scope = scope_of(request.user, PUBLISHING_ROLES)
    unit = _unit(request, scope)
    columns = own_columns(unit) if unit else Column.objects.none()
    form = FilterForm(request.GET, columns=columns)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = _page(unit, chosen, request.GET.get("after", ""))
    context = {
        "title": _("文章"),
        "form": form,
        "unit": unit,
        "units": _units(scope),
        "everywhere": scope.everywhere,
        "page": page,
        "next_page": _address(request, page.following),
        "is_filtered": any(chosen.values()),
        "may_write": holds(request.user, *WRITERS),
    }
    return render(request, "articles/list.html", context)


def rows_of(unit: Unit | None) -> QuerySet[Article]:
    """Articles of one unit, or of all: what a list shows of them, without their texts."""
    rows = Article.objects.all() if unit is None else Article.objects.filter(unit=unit)
    return _shown(rows)


def _shown(rows: QuerySet[Article]) -> QuerySet[Article]:
    addresses = Prefetch("addresses", ArticleAddress.objects.order_by("pk"))
    named = rows.select_related("unit", "created_by").annotate(newest_title=F("latest_revision__object_str"))
    return named.defer("body", "summary").prefetch_related(addresses)


def _page(unit: Unit | None, chosen: dict[str, Any], after: str) -> Page:
    if chosen.get("column"):
        return _page_of_column(chosen, after)
    rows = rows_of(unit).filter(**_conditions(chosen)).order_by("-updated_at", "-pk")
    if place := read_moment(after):
        moment, pk = place
        rows = rows.filter(Q(updated_at__lt=moment) | Q(pk__lt=pk), updated_at__lte=moment)
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], write_place(last.updated_at, last.pk) if last else "")


def _page_of_column(chosen: dict[str, Any], after: str) -> Page:
    """Articles of a column come by their placements, last placed first: that is what has an index."""
    conditions = {f"article__{name}": value for name, value in _conditions(chosen).items()}
    rows = Placement.objects.filter(column=chosen["column"], **conditions).order_by("-pk")
    if (before := row_number(after)) is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.values_list("pk", "article_id")[: PAGE + 1])
    articles = _shown(Article.objects.all()).in_bulk([article for _pk, article in found[:PAGE]])
    following = str(found[PAGE - 1][0]) if len(found) > PAGE else ""
    return Page([articles[article] for _pk, article in found[:PAGE]], following)


def _conditions(chosen: dict[str, Any]) -> dict[str, Any]:
    return {name: chosen[name] for name in ("state", "genre") if chosen.get(name)}


def _address(request: HttpRequest, following: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "after" and value}
    return f"?{urlencode({**kept, 'after': following})}" if following else ""


def _units(scope: Scope) -> QuerySet[Unit]:
    return Unit.objects.filter(scope.condition("pk")).exclude(kind=UnitKind.GROUP).in_order()


def _unit(request: StaffRequest, scope: Scope) -> Unit | None:
    """The unit asked for; else all, for those who see all; else the unit in which the person sits."""
    asked = row_number(request.GET.get("unit"))
    if asked is not None:
        return get_object_or_404(_units(scope), pk=asked)
    return None if scope.everywhere else home_unit(request.user)


def home_unit(user: User) -> Unit:
    posts = current_posts(user)
    if not posts:
        raise PermissionDenied(_("您还没有岗位，请联系网站管理员。"))
    return posts[0].unit
