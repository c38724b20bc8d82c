"""The decision page: the text as it will look, what changed, the sheet so far, and the opinion."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from wagtail.models import Revision

from menhu.accounts.models import User
from menhu.review import actions
from menhu.review.comparing import Difference
from menhu.review.enums import Step, Verb
from menhu.review.forms import DecisionForm
from menhu.review.links import inbox_link, sheet_link
from menhu.review.models import ReviewTaskState, SheetLine
from menhu.review.policies import Refused, may_recall, refusal
from menhu.review.readings import digest
from menhu.review.rules import ORDER
from menhu.review.subjects import hooks_for
from menhu.review.views.reading import OfficePage, person_of, refuse_strangers
from menhu.workdays.timing import due_label, urgency


def state_or_404(request: HttpRequest, pk: int) -> ReviewTaskState:
    """The step, for whoever may read its unit's texts."""
    rows = ReviewTaskState.objects.select_related("unit", "revision", "workflow_state", "subject_type")
    state: ReviewTaskState | None = rows.filter(pk=pk).first()
    if state is None:
        raise Http404(_("没有这个页面。"))
    refuse_strangers(request, state, state.unit)
    return state


class DecisionView(OfficePage):
    """One text at one step. Readers see it; the reviewer of the step also decides."""

    template_name = "review/decide.html"
    state: ReviewTaskState

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.state = state_or_404(request, kwargs["pk"])
        self.subject = self.state.subject

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        verb = request.POST.get("verb")
        try:
            if verb == Verb.CORRECT:
                return self.correct()
            if verb == Verb.RECALL:
                return self.recall()
            return self.decide()
        except Refused as refused:
            self.state = state_or_404(request, pk)
            messages.error(request, refused.message)
            return self.render_to_response(self.get_context_data(form=DecisionForm(request.POST)), status=409)

    def decide(self) -> HttpResponse:
        form = DecisionForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        given = form.cleaned_data
        person, seen, opinion = person_of(self.request), given["digest"], given["opinion"]
        if given["verb"] == Verb.REJECT:
            actions.reject(state=self.state, by=person, reason=opinion, seen=seen)
            messages.success(self.request, _("已退回：《%(title)s》，作者已收到理由。") % {"title": self.state.title})
        else:
            following = actions.approve(state=self.state, by=person, opinion=opinion, seen=seen)
            messages.success(self.request, approved_text(self.state, following))
        return HttpResponseRedirect(inbox_link())

    def correct(self) -> HttpResponse:
        actions.correct(state=self.state, by=person_of(self.request), seen=self.request.POST.get("digest", ""))
        messages.success(self.request, _("已采用更正稿，先前给过意见的人已收到通知。请给出您的意见。"))
        return HttpResponseRedirect(self.request.path)

    def recall(self) -> HttpResponse:
        actions.recall(subject=self.subject, by=person_of(self.request))
        messages.success(self.request, _("已撤回，可以继续修改。"))
        return HttpResponseRedirect(hooks_for(self.subject).edit_url(self.subject))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state, person, now = self.state, person_of(self.request), timezone.now()
        why = refusal(person, state)
        draft = None if why else correction_draft(state, self.subject, person)
        given = {
            "title": state.title,
            "crumbs": [(_("等我审核"), inbox_link())],
            "state": state,
            "why": why,
            "due_label": due_label(state.due_at, now),
            "urgency": urgency(state.due_at, now) if state.is_open else "ok",
            "steps_done": ORDER.index(Step(state.step)) + 1,
            "lines": SheetLine.objects.of_round(state.workflow_state_id).in_order(),
            "sheet": sheet_link(self.subject),
            "edit_url": hooks_for(self.subject).edit_url(self.subject),
            "may_recall": may_recall(person, state),
            "earlier": earlier_text(state, self.subject),
            "draft": draft,
            "open_step": state if state.is_open else None,
        }
        kwargs.setdefault("form", DecisionForm(initial={"digest": state.digest}))
        return super().get_context_data(**given, **kwargs)


class PreviewView(View):
    """The text under review as the public will see it, for the frame on the decision page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        state = state_or_404(request, pk)
        subject = state.subject
        return hooks_for(subject).preview(request, subject, state.revision)


def approved_text(state: ReviewTaskState, following: ReviewTaskState | None) -> str:
    if following is None:
        return _("已通过：《%(title)s》。三级审核完成，即将发布。") % {"title": state.title}
    return _("已通过：《%(title)s》，转到“%(step)s”。") % {"title": state.title, "step": Step(following.step).label}


def earlier_text(state: ReviewTaskState, subject: Any) -> tuple[str, Sequence[Difference]] | None:
    """What differs from the published text, else from the text of the round before; None for a first submission."""
    old: Revision | None = subject.live_revision
    label = _("与已发布的文本相比")
    if old is None:
        lines = SheetLine.objects.of(subject).filter(round_id__lt=state.workflow_state_id)
        before = lines.order_by("-pk").values_list("revision_id", flat=True).first()
        old = Revision.objects.filter(pk=before).first()
        label = _("与上次送审的文本相比")
    if old is None or old.pk == state.revision_id:
        return None
    return label, hooks_for(subject).compare(subject, old, state.revision)


def correction_draft(state: ReviewTaskState, subject: Any, person: User) -> Sequence[Difference] | None:
    """What the reviewer has changed in a revision of their own that is not yet under review."""
    rows = Revision.objects.for_instance(subject).filter(user_id=person.pk, pk__gte=state.revision_id)
    newest: Revision | None = rows.order_by("-pk").first()
    if newest is None or digest(newest.content) == state.digest:
        return None
    return hooks_for(subject).compare(subject, state.revision, newest)
