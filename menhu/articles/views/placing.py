"""Where articles run: the placements of one article, and the inbox of what others propose."""

from typing import Any, Final
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from menhu.accounts.models import User
from menhu.accounts.requests import StaffRequest
from menhu.articles import actions, policies
from menhu.articles.enums import PlacementState
from menhu.articles.forms import AnswerForm, other_columns, own_columns
from menhu.articles.models import Article, ArticleAddress, Placement
from menhu.articles.policies import WRITERS
from menhu.articles.views.editing import writing_units
from menhu.articles.views.versions import placements_of
from menhu.core.cursors import read_moment, row_number, write_place
from menhu.review.policies import Refused
from menhu.sites.enums import SiteKind
from menhu.sites.models import Column
from menhu.units.policies import scope_of

PAGE: Final = 25
FOUND: Final = 30
VERBS: Final = {"pin": actions.pin, "unpin": actions.unpin, "remove": actions.remove, "adopt": actions.adopt}


@require_safe
def placements(request: StaffRequest, pk: int) -> HttpResponse:
    """Where an article ran: adopted, declined, waiting."""
    article = Article.objects.select_related("unit").get(pk=pk)
    rows = list(placements_of(article))
    for row in rows:
        row.article = article
    context = {
        "title": _("刊载情况"),
        "crumbs": [(_("文章"), reverse("articles:list")), (article.title, reverse("articles:show", args=[pk]))],
        "article": article,
        "rows": [(row, _possible(request.user, row)) for row in rows],
        "may_propose": policies.may_propose(request.user, article),
        "own": own_columns(article.unit),
        "portal": other_columns(article.unit).filter(site__kind=SiteKind.PORTAL),
    }
    return render(request, "articles/placements.html", context)


@require_POST
def place(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer the article to one more column, or put it into one's own."""
    article = Article.objects.select_related("unit").get(pk=pk)
    columns = Column.objects.public().select_related("owner", "site")
    column = get_object_or_404(columns, pk=row_number(request.POST.get("column")))
    act = actions.place if policies.is_own_column(article, column) else actions.propose
    told = _("已提出，对方采用后会告诉您。") if act is actions.propose else _("已刊载。")
    _try(request, told, act, article=article, column=column)
    return redirect("articles:placements", pk)


@require_POST
def decide(request: StaffRequest, placement_id: int, verb: str) -> HttpResponse:
    """One step on one placement by the owner of its column."""
    rows = Placement.objects.select_related("article__unit", "column__owner")
    placement = get_object_or_404(rows, pk=placement_id)
    if verb not in VERBS or not _may_know(request.user, placement):
        raise Http404
    given: dict[str, Any] = {"reason": request.POST.get("reason", "")} if verb == "remove" else {}
    _try(request, _("已办理。"), VERBS[verb], placement=placement, **given)
    if request.POST.get("from") == "column":
        return redirect(f"{reverse('articles:list')}?column={placement.column_id}")
    if policies.may_see(request.user, placement.article):
        return redirect("articles:placements", placement.article_id)
    return redirect("articles:proposals")


@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: StaffRequest) -> HttpResponseBase:
    """What others propose for the columns of one's units: adopt or decline, one or many."""
    waiting = waiting_proposals(request.user)
    form = AnswerForm(_ticked(request), placements=waiting)
    if request.method == "POST" and form.is_valid() and _answer(request, form):
        return redirect("articles:proposals")
    if place := read_moment(request.GET.get("after", "")):
        moment, pk = place
        waiting = waiting.filter(Q(proposed_at__gt=moment) | Q(pk__gt=pk), proposed_at__gte=moment)
    found = list(waiting[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "title": _("报送给我们的稿件"),
        "form": form,
        "rows": found[:PAGE],
        "next_page": f"?after={quote(write_place(last.proposed_at, last.pk))}" if last else "",
        "ticked": set(form["placement"].value() or []),
    }
    return render(request, "articles/proposals.html", context, status=400 if form.errors else 200)


@require_safe
def columns(request: StaffRequest) -> HttpResponse:
    """Columns of other units by words of their name or site, as choices for the form."""
    units = writing_units(request.user)
    unit = get_object_or_404(units, pk=row_number(request.GET.get("unit")))
    rows = other_columns(unit)
    for word in request.GET.get("q", "").split()[:4]:
        rows = rows.filter(Q(name__icontains=word) | Q(site__name__icontains=word))
    return render(request, "articles/found_columns.html", {"columns": rows[:FOUND], "limit": FOUND})


def waiting_proposals(user: User) -> QuerySet[Placement]:
    """Live articles of others that wait for an answer of the person's units, oldest first."""
    columns = Column.objects.standing().filter(scope_of(user, WRITERS).condition("owner_id"))
    owned = list(columns.values_list("pk", flat=True))  # as values: PostgreSQL then knows how few rows wait in them
    rows = Placement.objects.filter(
        state=PlacementState.PROPOSED,
        column_id__in=owned,
        article__live=True,
        article__withdrawn_at__isnull=True,
    )
    shown = rows.select_related("article__unit", "article__site", "column__site", "column__owner", "proposed_by")
    addresses = Prefetch("article__addresses", ArticleAddress.objects.order_by("pk"))
    return shown.defer("article__body").prefetch_related(addresses).order_by("proposed_at", "pk")


def _ticked(request: StaffRequest) -> QueryDict | None:
    """What was ticked; the button of one row stands for ticking that row alone."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if "adopt" in data:
        data.setlist("placement", data.getlist("adopt"))
    return data


def _may_know(user: User, placement: Placement) -> bool:
    return policies.may_decide(user, placement) or policies.may_see(user, placement.article)


def _possible(user: User, placement: Placement) -> list[tuple[str, str]]:
    """Steps that the person may take on a placement: verb and its words."""
    found = []
    if placement.is_listed and policies.may_decide(user, placement):
        found.append(("unpin", _("取消置顶")) if placement.is_pinned else ("pin", _("置顶")))
    if placement.state in actions.STANDING and policies.may_remove(user, placement):
        found.append(("remove", _("移出") if placement.is_listed else _("收回")))
    return found


def _answer(request: StaffRequest, form: AnswerForm) -> bool:
    """Adopt or decline what was ticked; each stands for itself, what is refused stays with its reason."""
    is_decline = request.POST.get("do") == "decline"
    reason: str = form.cleaned_data["reason"].strip()
    if is_decline and not reason:
        form.add_error("reason", _("请写明不采用的原因，报送人会看到。"))
        return False
    done = 0
    for placement in form.cleaned_data["placement"]:
        given: dict[str, Any] = {"reason": reason} if is_decline else {}
        act = actions.decline if is_decline else actions.adopt
        done += _try(request, "", act, placement=placement, **given)
    if done:
        told = (
            ngettext("%d 篇已答复。", "%d 篇已答复。", done)
            if is_decline
            else ngettext("%d 篇已采用。", "%d 篇已采用。", done)
        )
        messages.success(request, told % done)
    return True


def _try(request: StaffRequest, told: str, act: Any, **given: Any) -> bool:
    try:
        act(by=request.user, **given)
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    if told:
        messages.success(request, told)
    return True
