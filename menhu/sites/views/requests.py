from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from menhu.accounts.requests import StaffRequest
from menhu.core.cursors import row_number
from menhu.core.office_forms import form_page, posted
from menhu.sites import actions
from menhu.sites.enums import RequestKind, RequestState
from menhu.sites.forms import DecisionForm, RequestForm
from menhu.sites.models import Column, ColumnRequest, Site
from menhu.sites.policies import ARRANGERS, KEEPERS, may_arrange, may_keep, may_request
from menhu.sites.views.cluster import GET_OR_POST, site_context
from menhu.units.models import Unit
from menhu.units.policies import current_posts, scope_of
from menhu.units.scoping import answers_refusals, fetch, find

PAGE = 30


@require_GET
def request_list(request: StaffRequest) -> HttpResponse:
    """Requests of one's units; for the webmaster those that wait, oldest first."""
    state = request.GET.get("state", RequestState.WAITING if scope_of(request.user, KEEPERS) else "")
    rows = list(_requests(request, state, row_number(request.GET.get("before")))[: PAGE + 1])
    context = {
        "title": _("栏目申请"),
        "requests": rows[:PAGE],
        "next_page": f"?state={state}&before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        "state": state,
        "states": RequestState.choices,
    }
    return render(request, "sites/office/requests.html", context)


@answers_refusals
@GET_OR_POST
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for a column to be added, renamed or removed."""
    site, kind = find(Site, pk), _kind(request)
    about = Column.objects.filter(pk=row_number(request.GET.get("column")) or 0, site=site)
    column = about.select_related("owner").first()
    if not may_request(request.user, site, column):
        raise Http404
    form = RequestForm(
        request.POST or None,
        kind=kind,
        columns=_columns(request, site),
        initial={"column": column, "parent": column, "name": column.name if column else ""},
    )
    filed = posted(request, form, lambda: _file(request, site, kind, form))
    if filed is not None:
        messages.success(request, _("申请已交网站管理员，结果会通知您。"))
        return redirect("sites:request", filed.pk)
    return form_page(
        request,
        form,
        title=_("申请%(kind)s") % {"kind": kind.label},
        submit=_("提交申请"),
        back=reverse("sites:columns", args=[site.pk]),
        lead=_("栏目的增设、更名和撤销由网站管理员批准；已发布的网址不会改变。"),
        **site_context(request, site),
    )


@answers_refusals
@GET_OR_POST
def one_request(request: StaffRequest, pk: int) -> HttpResponse:
    """A request: what is asked and why; the webmaster approves it or refuses it with a reason."""
    wish = fetch(request, ColumnRequest, pk, "view")
    may_decide = may_keep(request.user, wish.site.unit) and wish.state == RequestState.WAITING
    form = DecisionForm(request.POST or None, instance=wish)
    if posted(request, form, lambda: _decide(request, wish, form)) is not None:
        return redirect("sites:requests")
    context = {
        "title": str(wish),
        "wish": wish,
        "form": form,
        "may_decide": may_decide,
        "crumbs": [(_("栏目申请"), reverse("sites:requests"))],
    }
    return render(request, "sites/office/request.html", context)


def _file(request: StaffRequest, site: Site, kind: RequestKind, form: RequestForm) -> ColumnRequest:
    column = form.cleaned_data.get("column") or form.cleaned_data.get("parent")
    return actions.request_column(
        site=site, unit=_asking_unit(request, site, column), kind=kind, by=request.user, **form.cleaned_data
    )


def _decide(request: StaffRequest, wish: ColumnRequest, form: DecisionForm) -> ColumnRequest:
    words = form.cleaned_data["decision"]
    if request.POST.get("answer") == "approve":
        actions.approve_request(request=wish, by=request.user, decision=words)
        messages.success(request, _("已批准：%(wish)s。") % {"wish": wish})
    else:
        actions.refuse_request(request=wish, by=request.user, decision=words)
        messages.success(request, _("已回复不批准：%(wish)s。") % {"wish": wish})
    return wish


def _asking_unit(request: StaffRequest, site: Site, column: Column | None) -> Unit:
    """For whom the person asks: the site's unit, the column's owner, else where the person sits."""
    if may_arrange(request.user, site) and not may_keep(request.user, site.unit):
        return site.unit
    if column is not None and scope_of(request.user, ARRANGERS).covers(column.owner_id):
        return column.owner
    return current_posts(request.user)[0].unit


def _columns(request: StaffRequest, site: Site) -> QuerySet[Column]:
    """The columns the person may ask about: all of their own site, else those that their unit owns."""
    columns = Column.objects.standing().filter(site=site).select_related("owner").order_by("path")
    if may_arrange(request.user, site):
        return columns
    return columns.filter(scope_of(request.user, ARRANGERS).condition("owner_id"))


def _requests(request: StaffRequest, state: str, before: int | None) -> QuerySet[ColumnRequest]:
    rows = ColumnRequest.objects.filter(scope_of(request.user, ARRANGERS).condition("unit_id"))
    if state in RequestState.values:
        rows = rows.filter(state=state)
    past = Q() if before is None else Q(pk__lt=before)
    return rows.filter(past).select_related("site", "unit", "column", "requested_by").order_by("-pk")


def _kind(request: StaffRequest) -> RequestKind:
    asked = request.GET.get("kind", RequestKind.ADD)
    if asked not in RequestKind.values:
        raise Http404
    return RequestKind(asked)
