"""等我审核: what waits for me, oldest deadline first, and approval in bulk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from menhu.accounts.models import User
from menhu.core.cursors import read_moment, write_place
from menhu.review.actions import Batch, approve_many
from menhu.review.enums import Step
from menhu.review.forms import BatchForm, InboxFilter
from menhu.review.links import inbox_link
from menhu.review.models import ReviewTaskState
from menhu.review.policies import review_steps, waiting
from menhu.review.querysets import ReviewTaskStateQuerySet
from menhu.review.todos import Waiting, as_items, end_of_day
from menhu.review.views.reading import OfficePage, person_of
from menhu.workdays.timing import due_label, urgency

PAGE: Final = 50
UNITS_SHOWN: Final = 200
REASONS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A waiting text as the list shows it."""

    item: Waiting
    urgency: str
    due_label: str

    @property
    def token(self) -> str:
        """What the checkbox sends: the text by number and digest."""
        return f"{self.item.state_id}:{self.item.digest}"


@dataclass(frozen=True, slots=True)
class Facet:
    """One choice of a filter: a link that keeps the other filters."""

    label: str
    address: str
    is_chosen: bool
    count: int | None = None


class InboxView(OfficePage):
    """One indexed query for the rows, one for the number, one for the units, however many wait."""

    template_name = "review/inbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, now = person_of(self.request), timezone.now()
        chosen = InboxFilter(self.request.GET).chosen
        rows = narrowed(waiting(person), chosen, now)
        cursor = read_moment(self.request.GET.get("after", ""))
        found = as_items((rows.after(*cursor) if cursor else rows).in_turn(), PAGE + 1)
        shown, last = found[:PAGE], found[PAGE - 1] if len(found) > PAGE else None
        return super().get_context_data(
            title=_("等我审核"),
            rows=[Row(item, urgency(item.due_at, now), due_label(item.due_at, now)) for item in shown],
            total=rows.count(),
            next_page=address({**chosen, "after": write_place(last.due_at, last.state_id)}) if last else "",
            first_page=address(chosen) if cursor else "",
            here=self.request.get_full_path(),
            is_narrowed=bool(chosen),
            facets=list(facets(person, chosen)),
            **kwargs,
        )


class ApproveManyView(View):
    """Approve what was ticked, with one opinion; says of each that was refused why."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BatchForm(request.POST, chosen=request.POST.getlist("state"))
        if form.is_valid():
            digests: dict[int, str] = form.cleaned_data["digests"]
            states = list(ReviewTaskState.objects.filter(pk__in=digests).in_turn())
            for state in states:
                state.digest = digests[state.pk]
            batch = approve_many(states=states, by=person_of(request), opinion=form.cleaned_data["opinion"])
            tell(request, batch)
        else:
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return HttpResponseRedirect(self.back(request))

    def back(self, request: HttpRequest) -> str:
        """The list as it was narrowed; never an address outside."""
        wanted = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        return wanted if is_ours and wanted.startswith(inbox_link()) else inbox_link()


def tell(request: HttpRequest, batch: Batch) -> None:
    done = len(batch.approved)
    if done:
        text = ngettext("已通过 %(n)d 件。", "已通过 %(n)d 件。", done) % {"n": done}
        messages.success(request, text)
    for state, why in batch.refused[:REASONS_SHOWN]:
        messages.warning(request, _("没有通过《%(title)s》：%(why)s") % {"title": state.title, "why": why})
    rest = len(batch.refused) - REASONS_SHOWN
    if rest > 0:
        messages.warning(request, _("另有 %(n)d 件没有通过，仍在列表中。") % {"n": rest})


def narrowed(rows: ReviewTaskStateQuerySet, chosen: dict[str, Any], now: datetime) -> ReviewTaskStateQuerySet:
    """The rows that the chosen filters leave."""
    if "step" in chosen:
        rows = rows.filter(step=chosen["step"])
    if "unit" in chosen:
        rows = rows.filter(unit_id=chosen["unit"])
    if "major" in chosen:
        rows = rows.filter(is_major=True)
    if chosen.get("due") == "late":
        rows = rows.overdue(now)
    if chosen.get("due") == "today":
        rows = rows.filter(due_at__gte=now, due_at__lt=end_of_day(now))
    return rows


def address(chosen: dict[str, Any]) -> str:
    """The list narrowed like this."""
    pairs = {name: "on" if value is True else value for name, value in chosen.items()}
    return f"{inbox_link()}?{urlencode(pairs)}" if pairs else inbox_link()


def facets(person: User, chosen: dict[str, Any]) -> Iterator[tuple[str, list[Facet]]]:
    """The filters with their choices; a step is a choice only for who has several."""
    steps = review_steps(person)
    if len(steps) > 1:
        yield _("步骤"), _choices("step", [(step.value, Step(step).label) for step in steps], chosen)
    yield _("期限"), _choices("due", [("late", _("已超时")), ("today", _("今天到期"))], chosen)
    yield _("轻重"), _choices("major", [(True, _("重大事项"))], chosen)
    units = _unit_counts(person)
    if len(units) > 1:
        rest = {name: value for name, value in chosen.items() if name != "unit"}
        every = Facet(_("全部"), address(rest), "unit" not in chosen)
        each = [
            Facet(label, address({**chosen, "unit": pk}), chosen.get("unit") == pk, count) for pk, label, count in units
        ]
        yield _("单位"), [every, *each]


def _choices(name: str, options: list[tuple[Any, Any]], chosen: dict[str, Any]) -> list[Facet]:
    rest = {key: value for key, value in chosen.items() if key != name}
    every = Facet(_("全部"), address(rest), name not in chosen)
    return [
        every,
        *(Facet(str(label), address({**rest, name: value}), chosen.get(name) == value) for value, label in options),
    ]


def _unit_counts(person: User) -> list[tuple[int, str, int]]:
    """How many wait for the person from each unit."""
    rows = waiting(person).order_by().values_list("unit_id", "unit_name").annotate(n=Count("taskstate_ptr_id"))
    return list(rows.order_by("-n", "unit_id")[:UNITS_SHOWN])
