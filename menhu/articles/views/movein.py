"""Moving in an old site: batches, the pages of one batch, one page, and what is decided about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from menhu.accounts.requests import StaffRequest
from menhu.articles.actions import movein
from menhu.articles.models import MoveInBatch, MoveInDecision, MoveInItem, MoveInVerdict
from menhu.articles.policies import DRAFTERS
from menhu.core.cursors import row_number, row_numbers
from menhu.files.models import StoredFile
from menhu.units.policies import holds, scope_of

PAGE: Final = 25
AT_ONCE: Final = 200
"""So many pages are accepted by one press of the button; the rest waits for the next press."""
TOLD: Final = 5

WAITING: Final = Q(decision=MoveInDecision.WAITING)
SHOWN: Final[dict[str, tuple[Any, Q]]] = {
    "taken": (gettext_lazy("可用，待处理"), WAITING & Q(verdict=MoveInVerdict.TAKEN)),
    "doubtful": (gettext_lazy("存疑，待处理"), WAITING & Q(verdict=MoveInVerdict.DOUBTFUL)),
    "refused": (gettext_lazy("不收"), WAITING & Q(verdict=MoveInVerdict.REFUSED)),
    "accepted": (gettext_lazy("已接收"), Q(decision=MoveInDecision.ACCEPTED)),
    "dropped": (gettext_lazy("不要"), Q(decision=MoveInDecision.DROPPED)),
}


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to look at a batch."""

    name: str
    label: str
    count: int


@require_safe
def batches(request: StaffRequest) -> HttpResponse:
    """Batches of the person's units, newest first."""
    if not holds(request.user, *DRAFTERS):
        raise PermissionDenied(_("只有信息员、单位负责人和网站管理员可以处理旧站迁入。"))
    rows = MoveInBatch.objects.filter(scope_of(request.user, DRAFTERS).condition("unit_id")).order_by("-pk")
    if (before := row_number(request.GET.get("before"))) is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("site", "column", "unit", "created_by")[: PAGE + 1])
    context = {
        "title": _("旧站迁入"),
        "rows": _with_counts(found[:PAGE]),
        "next_page": f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
    }
    return render(request, "articles/movein/batches.html", context)


@require_safe
def batch(request: StaffRequest, pk: int) -> HttpResponse:
    """The pages of one batch, by what is to be done with them."""
    found = _batch(pk)
    facets = _facets(found)
    first = next((facet.name for facet in facets if facet.count), "taken")
    shown = request.GET.get("show", first)
    if shown not in SHOWN:
        raise Http404
    items, following = _page(found, SHOWN[shown][1], request.GET.get("after", ""))
    context = {
        "title": _("第 %(number)d 批") % {"number": found.pk},
        "crumbs": [(_("旧站迁入"), reverse("articles:movein"))],
        "batch": found,
        "folder": PurePath(found.folder).name,
        "facets": facets,
        "shown": shown,
        "items": items,
        "next_page": f"?show={shown}&after={following}" if following else "",
        "read": sum(facet.count for facet in facets),
        "at_once": AT_ONCE,
    }
    return render(request, "articles/movein/batch.html", context)


@require_safe
def item(request: StaffRequest, pk: int) -> HttpResponse:
    """One page as it was read: its facts, its text, what is missing."""
    found = MoveInItem.objects.select_related("batch__site", "batch__column", "batch__unit", "decided_by").get(pk=pk)
    files = StoredFile.objects.in_bulk([number for number, _name in found.data.get("attachments", [])])
    batch_title = _("第 %(number)d 批") % {"number": found.batch_id}
    context = {
        "title": found.title or found.file,
        "crumbs": [
            (_("旧站迁入"), reverse("articles:movein")),
            (batch_title, reverse("articles:movein_batch", args=[found.batch_id])),
        ],
        "item": found,
        "attachments": [(files[number], name) for number, name in found.data.get("attachments", []) if number in files],
        "missing": found.data.get("missing", []),
        "may_decide": found.decision == MoveInDecision.WAITING and found.verdict != MoveInVerdict.REFUSED,
    }
    return render(request, "articles/movein/item.html", context)


@require_POST
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Accept or drop the pages that were ticked, or accept all that are ready."""
    found = _batch(pk)
    verb = request.POST.get("verb", "")
    items = _chosen(found, verb, request.POST.getlist("item"))
    if not items:
        messages.warning(request, _("请先勾选页面。"))
    elif verb == "drop":
        count = movein.drop(items=items, by=request.user)
        messages.success(request, _("已标为不要：%(count)d 个页面。") % {"count": count})
    else:
        _tell(request, movein.accept(items=items, by=request.user))
    return redirect(f"{reverse('articles:movein_batch', args=[pk])}{_show(request.POST.get('show', ''))}")


def _show(shown: str) -> str:
    return f"?show={shown}" if shown in SHOWN else ""


def _chosen(found: MoveInBatch, verb: str, ticked: Sequence[str]) -> list[MoveInItem]:
    rows = MoveInItem.objects.filter(WAITING, batch=found).select_related("batch__unit", "batch__site", "batch__column")
    if verb == "accept_all":
        return list(rows.filter(verdict=MoveInVerdict.TAKEN).order_by("pk")[:AT_ONCE])
    if verb not in {"accept", "drop"}:
        raise Http404
    return list(rows.filter(pk__in=row_numbers(ticked[:AT_ONCE])).order_by("pk"))


def _tell(request: StaffRequest, outcome: movein.Outcome) -> None:
    if outcome.drafts:
        text = _("已接收 %(count)d 个页面，都成为草稿，送审后才会公开。")
        messages.success(request, text % {"count": len(outcome.drafts)})
    for failed, reason in outcome.failures[:TOLD]:
        messages.error(request, _("%(file)s：%(reason)s") % {"file": failed.file, "reason": reason})
    if len(outcome.failures) > TOLD:
        more = _("还有 %(count)d 个页面没有接收。") % {"count": len(outcome.failures) - TOLD}
        messages.error(request, more)


def _batch(pk: int) -> MoveInBatch:
    return MoveInBatch.objects.select_related("site", "column", "unit", "created_by").get(pk=pk)


def _page(found: MoveInBatch, condition: Q, after: str) -> tuple[list[MoveInItem], int | None]:
    rows: QuerySet[MoveInItem] = MoveInItem.objects.filter(condition, batch=found).order_by("pk").defer("body")
    if (last := row_number(after)) is not None:
        rows = rows.filter(pk__gt=last)
    items = list(rows[: PAGE + 1])
    return items[:PAGE], items[PAGE - 1].pk if len(items) > PAGE else None


def _facets(found: MoveInBatch) -> list[Facet]:
    rows = MoveInItem.objects.filter(batch=found).order_by()
    counts = rows.aggregate(**{name: Count("pk", filter=condition) for name, (_label, condition) in SHOWN.items()})
    return [Facet(name, str(label), counts[name]) for name, (label, _condition) in SHOWN.items()]


def _with_counts(rows: Sequence[MoveInBatch]) -> list[tuple[MoveInBatch, dict[str, int]]]:
    """Each batch with its figures: one query for all."""
    counted = MoveInItem.objects.filter(batch__in=rows).order_by().values_list("batch_id")
    kinds = {name: Count("pk", filter=Q(verdict=name)) for name in MoveInVerdict.values}
    kinds["accepted"] = Count("pk", filter=Q(decision=MoveInDecision.ACCEPTED))
    kinds["waiting"] = Count("pk", filter=WAITING & ~Q(verdict=MoveInVerdict.REFUSED))
    names = list(kinds)
    figures = {batch_id: dict(zip(names, numbers, strict=True)) for batch_id, *numbers in counted.annotate(**kinds)}
    return [(row, figures.get(row.pk, dict.fromkeys(names, 0))) for row in rows]
