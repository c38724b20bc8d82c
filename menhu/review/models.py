from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState, WorkflowState

from menhu.review.bridge import bridge
from menhu.review.enums import Recused, Step, Verb
from menhu.review.querysets import ReviewTaskStateQuerySet, SheetLineQuerySet
from menhu.units.enums import Role
from menhu.units.models import Unit


class ReviewTaskState(TaskState):
    """One step of one text. What the inbox shows and asks stands in columns of its own: one indexed query, no join."""

    step = models.CharField(_("步骤"), max_length=8, choices=Step.choices)
    role = models.CharField(_("审核角色"), max_length=24, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    unit_name = models.CharField(_("单位简称"), max_length=40)
    title = models.CharField(_("标题"), max_length=200)
    submitter_id = models.BigIntegerField(_("送审人编号"))
    submitter_name = models.CharField(_("送审人"), max_length=80)
    is_major = models.BooleanField(_("重大事项"), default=False)
    is_open = models.BooleanField(_("待审"), default=True)
    entered_at = models.DateTimeField(_("到达时间"))
    due_at = models.DateTimeField(_("期限"))
    digest = models.CharField(_("文本指纹"), max_length=64)
    subject_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("对象类型"))
    subject_id = models.BigIntegerField(_("对象编号"))

    objects: ClassVar[Any] = models.Manager.from_queryset(ReviewTaskStateQuerySet)()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("审核步骤")
        verbose_name_plural = _("审核步骤")
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], condition=Q(is_open=True), name="review_state_one_open_step"
            ),
        ]
        indexes = [
            models.Index(
                fields=["role", "due_at", "taskstate_ptr"], condition=Q(is_open=True), name="review_state_inbox"
            ),
            models.Index(
                fields=["role", "unit", "due_at", "taskstate_ptr"],
                condition=Q(is_open=True),
                name="review_state_inbox_unit",
            ),
            models.Index(fields=["due_at", "taskstate_ptr"], condition=Q(is_open=True), name="review_state_due"),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_step_display()}）"

    @property
    def subject(self) -> Any:
        """The row whose text is under review; one query."""
        return ContentType.objects.get_for_id(self.subject_type_id).get_object_for_this_type(pk=self.subject_id)

    def belongs_to(self, subject: models.Model) -> bool:
        """Whether this is a step of that row and of no other."""
        kind = ContentType.objects.get_for_model(subject, for_concrete_model=False)
        return (self.subject_type_id, self.subject_id) == (kind.pk, subject.pk)

    def approve(self, user: Any = None, update: bool = True, comment: str = "") -> "ReviewTaskState":
        """Closed: an opinion is given by `menhu.review.actions` only."""
        bridge().refuse(state=self, by=user, verb=Verb.APPROVE)
        return self

    def reject(self, user: Any = None, update: bool = True, comment: str = "") -> "ReviewTaskState":
        """Closed: an opinion is given by `menhu.review.actions` only."""
        bridge().refuse(state=self, by=user, verb=Verb.REJECT)
        return self

    def cancel(self, user: Any = None, resume: bool = False, comment: str = "") -> "ReviewTaskState":
        """Wagtail calls this after it has cancelled the workflow: the step and the subject follow."""
        bridge().cancelled(state=self, by=user)
        return self


class ReviewTask(Task):
    """One of the three steps: a single row for the whole county; who decides follows from the subject's unit."""

    step = models.CharField(_("步骤"), max_length=8, choices=Step.choices, unique=True)

    task_state_class = ReviewTaskState  # type: ignore[assignment]  # Wagtail declares None

    class Meta:
        verbose_name = _("审核步骤设置")
        verbose_name_plural = _("审核步骤设置")

    def start(self, workflow_state: WorkflowState, user: Any = None) -> ReviewTaskState:
        """Wagtail's way into a workflow is our submission: same checks, same records."""
        state: ReviewTaskState = bridge().begin(round_=workflow_state, by=user)
        return state

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        comment = str(kwargs.get("comment", ""))
        if action_name == Verb.APPROVE:
            bridge().approve(state=task_state.specific, by=user, opinion=comment)
        elif action_name == Verb.REJECT:
            bridge().reject(state=task_state.specific, by=user, reason=comment)

    def get_actions(self, obj: models.Model, user: Any) -> list[tuple[str, str, bool]]:
        if not self._is_reviewer(obj, user):
            return []
        return [(Verb.REJECT.value, str(Verb.REJECT.label), True), (Verb.APPROVE.value, str(Verb.APPROVE.label), True)]

    def user_can_access_editor(self, obj: models.Model, user: Any) -> bool:
        return self._is_reviewer(obj, user)

    def locked_for_user(self, obj: models.Model, user: Any) -> bool:
        """A text under review is closed to everybody, its author included, but for the reviewer of the step."""
        return not self._is_reviewer(obj, user)

    def user_can_lock(self, obj: models.Model, user: Any) -> bool:
        return False

    def user_can_unlock(self, obj: models.Model, user: Any) -> bool:
        return False

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        return TaskState.objects.filter(pk__in=bridge().waiting(user).values("pk"), task=self)

    @classmethod
    def get_description(cls) -> str:
        return str(_("按稿件所属单位，由相应岗位的人审核"))

    def _is_reviewer(self, obj: models.Model, user: Any) -> bool:
        state = ReviewTaskState.objects.open().of(obj).select_related("unit").first()
        return state is not None and state.step == self.step and bridge().may_decide(user, state)


class Recusal(models.Model):
    """A person who may give no opinion on a step (回避), and why; written when the step begins."""

    state = models.ForeignKey(ReviewTaskState, models.CASCADE, related_name="recusals", verbose_name=_("审核步骤"))
    user_id = models.BigIntegerField(_("人员编号"))
    why = models.CharField(_("原因"), max_length=8, choices=Recused.choices)

    class Meta:
        verbose_name = _("回避")
        verbose_name_plural = _("回避")
        constraints = [models.UniqueConstraint(fields=["user_id", "state"], name="review_recusal_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.get_why_display()}"


class SheetLine(models.Model):
    """One line of the review sheet (审批单). All of it is values, so that it outlives accounts, posts and workflows."""

    subject_type = models.CharField(_("对象类型"), max_length=80)
    subject_id = models.BigIntegerField(_("对象编号"))
    round_id = models.BigIntegerField(_("轮次编号"))
    state_id = models.BigIntegerField(_("步骤编号"), null=True, blank=True)
    step = models.CharField(_("步骤"), max_length=8, choices=Step.choices, blank=True)
    verb = models.CharField(_("意见"), max_length=8, choices=Verb.choices)
    person_id = models.BigIntegerField(_("人员编号"), null=True, blank=True)
    person_name = models.CharField(_("姓名"), max_length=80, blank=True)
    person_post = models.CharField(_("岗位"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    due_at = models.DateTimeField(_("期限"), null=True, blank=True)
    opinion = models.TextField(_("意见内容"), blank=True)
    title = models.CharField(_("标题"), max_length=200)
    unit_id = models.BigIntegerField(_("单位编号"))
    revision_id = models.BigIntegerField(_("文本编号"))
    old_revision_id = models.BigIntegerField(_("更正前文本编号"), null=True, blank=True)
    digest = models.CharField(_("文本指纹"), max_length=64)

    objects = SheetLineQuerySet.as_manager()

    OPINIONS: ClassVar = (Verb.APPROVE, Verb.REJECT)

    class Meta:
        verbose_name = _("审批单记录")
        verbose_name_plural = _("审批单记录")
        constraints = [
            models.UniqueConstraint(
                fields=["state_id"],
                condition=Q(verb__in=["approve", "reject"]),
                name="review_line_one_opinion_a_step",
                violation_error_message=_("这一步已有意见。"),
            ),
            models.UniqueConstraint(
                fields=["round_id", "person_id"],
                condition=Q(verb__in=["approve", "reject"]),
                name="review_line_one_opinion_a_person",
                violation_error_message=_("同一轮审核，一人只能给一次意见。"),
            ),
            models.CheckConstraint(
                condition=~Q(verb="correct") | Q(old_revision_id__isnull=False), name="review_line_correction_has_both"
            ),
            models.CheckConstraint(
                condition=~Q(verb="reject") | ~Q(opinion=""), name="review_line_rejection_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="review_line_subject"),
            models.Index(fields=["round_id", "id"], name="review_line_round"),
            models.Index(fields=["person_id", "-at"], name="review_line_person"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.get_verb_display()} {self.person_name}"

    @property
    def was_late(self) -> bool:
        """Whether the opinion came after its deadline."""
        return self.due_at is not None and self.at > self.due_at
