from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from menhu.accounts.requests import StaffRequest
from menhu.core.office_forms import form_page, posted
from menhu.core.paging import BoundedPaginator
from menhu.sites import actions
from menhu.sites.enums import SiteKind
from menhu.sites.forms import NOT_UNITS, OpenSiteForm, PlanForm, SiteForm
from menhu.sites.models import Site, SitePlan
from menhu.sites.policies import KEEPERS, may_arrange, may_keep
from menhu.units.models import Unit
from menhu.units.policies import PUBLISHING_ROLES, Scope, scope_of
from menhu.units.scoping import answers_refusals, fetch

PAGE = 50
GET_OR_POST = require_http_methods(["GET", "POST"])


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's place in the build-out: its sites, or who leads and by when."""

    unit: Unit
    sites: tuple[Site, ...]
    plan: SitePlan | None
    has_own: bool
    is_late: bool


@require_GET
def site_list(request: StaffRequest) -> HttpResponse:
    """Units in scope and their sites: which has one, which none, who leads, by when (S1)."""
    scope = scope_of(request.user, PUBLISHING_ROLES)
    units, state = _units(scope), request.GET.get("state", "")
    shown = _in_state(units, state)
    sites = Prefetch("sites", Site.objects.order_by("kind", "pk"))
    listed = shown.order_by("path").select_related("site_plan").prefetch_related(sites)
    page = BoundedPaginator(listed, PAGE).get_page(request.GET.get("p"))
    keeps = scope_of(request.user, KEEPERS)
    counts = units.aggregate(all=Count("pk"), built=Count("pk", filter=Exists(_sites_of_row())))
    context = {
        "title": _("网站"),
        "rows": [(row, keeps.covers(row.unit.pk)) for row in _standings(page.object_list)],
        "page": page,
        "state": state,
        "counts": counts,
        "missing": counts["all"] - counts["built"],
        "percent": round(100 * counts["built"] / max(1, counts["all"])),
        "keeps": bool(keeps),
    }
    return render(request, "sites/office/list.html", context)


@answers_refusals
@GET_OR_POST
def open_site(request: StaffRequest) -> HttpResponse:
    """Open a unit's site from a template: four fields, one minute."""
    units = Unit.objects.filter(scope_of(request.user, KEEPERS).condition("pk"))
    form = OpenSiteForm(request.POST or None, units=units, initial={"unit": request.GET.get("unit")})
    site = posted(request, form, lambda: actions.open_site(by=request.user, **form.cleaned_data))
    if site is not None:
        messages.success(request, _("“%(site)s”已开通。规定栏目已建好，接着可以排首页。") % {"site": site})
        return redirect("sites:home", site.pk)
    return form_page(
        request,
        form,
        title=_("开通网站"),
        submit=_("开通"),
        back=reverse("sites:list"),
        crumbs=_crumbs(),
        lead=_("网站名称、电话、地区、标识码取自单位和门户，开通后可在设置里改。"),
    )


@answers_refusals
@GET_OR_POST
def plan(request: StaffRequest, pk: int) -> HttpResponse:
    """Settle who leads the building of a unit's site, and by when."""
    unit = Unit.objects.filter(pk=pk).select_related("site_plan").first()
    if unit is None or not may_keep(request.user, unit):
        raise Http404
    kept = SitePlan.objects.filter(unit=unit).first()
    form = PlanForm(request.POST or None, instance=kept)
    if posted(request, form, lambda: actions.plan_site(unit=unit, by=request.user, **form.cleaned_data)) is not None:
        messages.success(request, _("已保存“%(unit)s”的建站计划。") % {"unit": unit})
        return redirect("sites:list")
    return form_page(
        request,
        form,
        title=_("%(unit)s建站计划") % {"unit": unit.short_name},
        submit=_("保存"),
        back=reverse("sites:list"),
        crumbs=_crumbs(),
    )


@answers_refusals
@GET_OR_POST
def settings_page(request: StaffRequest, pk: int) -> HttpResponse:
    """What a site says of itself: names, codes, filing numbers, look, links, responsible person."""
    site = fetch(request, Site, pk, "change")
    form = SiteForm(request.POST or None, instance=site, initial=_links_of(site))
    if posted(request, form, lambda: actions.change_site(site=site, by=request.user, **form.cleaned_data)) is not None:
        messages.success(request, _("已保存，网站正在更新。"))
        return redirect("sites:settings", site.pk)
    return form_page(
        request,
        form,
        title=_("网站设置"),
        submit=_("保存"),
        back=reverse("sites:list"),
        template="sites/office/settings.html",
        tab="settings",
        **site_context(request, site),
    )


def site_context(request: StaffRequest, site: Site) -> dict[str, object]:
    """What the tabs above every page of one site need."""
    return {
        "site": site,
        "crumbs": [*_crumbs(), (site.name, reverse("sites:columns", args=[site.pk]))],
        "keeps": may_keep(request.user, site.unit),
        "may_arrange": may_arrange(request.user, site),
    }


def _crumbs() -> list[tuple[str, str]]:
    return [(_("网站"), reverse("sites:list"))]


def _links_of(site: Site) -> dict[str, object]:
    return {"upper_links": site.upper_links, "related_links": site.related_links}


def _units(scope: Scope) -> QuerySet[Unit]:
    return Unit.objects.active().filter(scope.condition("pk")).exclude(kind__in=NOT_UNITS)


def _sites_of_row() -> QuerySet[Site]:
    return Site.objects.open().filter(unit=OuterRef("pk"), kind=SiteKind.UNIT)


def _in_state(units: QuerySet[Unit], state: str) -> QuerySet[Unit]:
    if state == "built":
        return units.filter(Exists(_sites_of_row()))
    if state == "missing":
        return units.filter(~Exists(_sites_of_row()))
    if state == "late":
        return units.filter(~Exists(_sites_of_row()), site_plan__due_on__lt=timezone.localdate())
    return units


def _standings(units: Iterable[Unit]) -> Iterator[Standing]:
    today = timezone.localdate()
    for unit in units:
        settled: SitePlan | None = getattr(unit, "site_plan", None)
        has_own = any(site.kind == SiteKind.UNIT for site in unit.sites.all())
        is_late = not has_own and settled is not None and settled.due_on is not None and settled.due_on < today
        sites = tuple(unit.sites.all())
        yield Standing(unit=unit, sites=sites, plan=settled, has_own=has_own, is_late=is_late)
