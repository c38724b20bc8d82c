"""The review sheet (审批单) of a subject, for reading and for print, and single corrections."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from wagtail.models import Revision

from menhu.review.comparing import Difference
from menhu.review.enums import Step, Verb
from menhu.review.links import sheet_link
from menhu.review.models import SheetLine
from menhu.review.policies import open_state
from menhu.review.rules import ORDER
from menhu.review.subjects import Hooks, hooks_for
from menhu.review.subjects import models as subject_models
from menhu.review.views.reading import OfficePage, refuse_strangers
from menhu.units.models import Unit


@dataclass(frozen=True, slots=True)
class Signed:
    """One step of the form: its opinion, and the corrections made at it."""

    step: Step
    opinion: SheetLine | None
    corrections: tuple[tuple[SheetLine, Sequence[Difference]], ...]


@dataclass(frozen=True, slots=True)
class Round:
    """One round of review as a form with three signatures."""

    number: int
    submission: SheetLine | None
    steps: tuple[Signed, ...]
    ending: SheetLine | None


class SheetView(OfficePage):
    """All rounds of a subject, the newest first."""

    template_name = "review/sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        subject = subject_or_404(self.request, kwargs["app_label"], kwargs["model"], kwargs["pk"])
        lines = list(SheetLine.objects.of(subject).in_order())
        rounds = list(rounds_of(lines, subject, hooks_for(subject)))
        given = {
            "title": _("信息发布审批单"),
            "crumbs": [(str(subject), hooks_for(subject).edit_url(subject))],
            "subject": subject,
            "subject_title": lines[-1].title if lines else str(subject),
            "rounds": rounds[::-1],
            "waiting": open_state(subject),
        }
        return super().get_context_data(**{**kwargs, **given})


class DifferenceView(OfficePage):
    """What one correction changed."""

    template_name = "review/difference.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = SheetLine.objects.filter(pk=kwargs["pk"], verb=Verb.CORRECT).first()
        if line is None:
            raise Http404(_("没有这个页面。"))
        app_label, _dot, model = line.subject_type.partition(".")
        subject = subject_or_404(self.request, app_label, model, line.subject_id)
        revisions = Revision.objects.in_bulk([line.old_revision_id, line.revision_id])
        given = {
            "title": _("审核中的更正"),
            "crumbs": [(_("信息发布审批单"), sheet_link(subject))],
            "line": line,
            "differences": _compared(line, revisions, subject, hooks_for(subject)),
        }
        return super().get_context_data(**{**kwargs, **given})


def subject_or_404(request: HttpRequest, app_label: str, model: str, pk: int) -> Any:
    """A registered subject, for whoever may read its unit's texts."""
    known = {(kind._meta.app_label, kind._meta.model_name): kind for kind in subject_models()}
    kind: type[Model] | None = known.get((app_label, model))
    subject: Any = None if kind is None else kind._default_manager.filter(pk=pk).select_related("unit").first()
    if subject is None:
        raise Http404(_("没有这个页面。"))
    unit: Unit = subject.unit
    refuse_strangers(request, subject, unit)
    return subject


def rounds_of(lines: Iterable[SheetLine], subject: Any, hooks: Hooks) -> Iterator[Round]:
    """The lines as forms, oldest round first; all corrected texts are read at once."""
    kept = list(lines)
    wanted = {pk for line in kept if line.verb == Verb.CORRECT for pk in (line.old_revision_id, line.revision_id)}
    revisions = Revision.objects.in_bulk(wanted)
    ordered = sorted(kept, key=lambda line: (line.round_id, line.pk))
    for number, (_round_id, group) in enumerate(groupby(ordered, key=lambda line: line.round_id), start=1):
        yield _round(number, list(group), revisions, subject, hooks)


def _round(number: int, lines: list[SheetLine], revisions: dict[int, Revision], subject: Any, hooks: Hooks) -> Round:
    def signed(step: Step) -> Signed:
        own = [line for line in lines if line.step == step]
        corrections = tuple(
            (line, _compared(line, revisions, subject, hooks)) for line in own if line.verb == Verb.CORRECT
        )
        return Signed(step, _last(own, Verb.APPROVE, Verb.REJECT), corrections)

    return Round(
        number=number,
        submission=_last(lines, Verb.SUBMIT),
        steps=tuple(signed(step) for step in ORDER),
        ending=_last(lines, Verb.RECALL, Verb.CANCEL),
    )


def _last(lines: Sequence[SheetLine], *verbs: Verb) -> SheetLine | None:
    return next((line for line in reversed(lines) if line.verb in verbs), None)


def _compared(line: SheetLine, revisions: dict[int, Revision], subject: Any, hooks: Hooks) -> Sequence[Difference]:
    """What a correction changed; nothing where the old text has been cleared away."""
    old, new = revisions.get(line.old_revision_id or 0), revisions.get(line.revision_id)
    return () if old is None or new is None else hooks.compare(subject, old, new)
