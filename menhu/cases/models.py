from typing import NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from menhu.cases.enums import (
    AnswerState,
    CaseState,
    CaseVerb,
    Channel,
    DirectiveKind,
    EventKind,
    LinkKind,
    RetentionDeed,
)
from menhu.cases.querysets import AppendOnlyQuerySet, CaseQuerySet, RetentionRuleQuerySet, RetentionRunQuerySet
from menhu.core.models import Confidence
from menhu.core.sealing import SealedTextField
from menhu.files.models import StoredFile
from menhu.units.models import Unit


class CaseKind(models.Model):
    """A sort of case with its terms: figures of law or of local rule, editable, each with its source.

    Days are working days; days of the calendar are `reopen_days` and `veto_days`, and the terms of the answer where
    `counts_calendar_days`. 0 means none.
    """

    code = models.SlugField(_("代号"), max_length=24, unique=True)
    family = models.CharField(_("门类"), max_length=16)
    name = models.CharField(_("名称"), max_length=40)
    prefix = models.CharField(_("编号前缀"), max_length=4)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_open = models.BooleanField(_("受理新件"), default=True)
    counts_calendar_days = models.BooleanField(_("答复时限按自然日"), default=False)
    counts_from_receipt = models.BooleanField(_("自收到之日起算"), default=False)
    accept_days = models.PositiveSmallIntegerField(_("受理时限"), default=1)
    transfer_days = models.PositiveSmallIntegerField(_("交办时限"), default=1)
    return_hours = models.PositiveSmallIntegerField(_("退回时限（小时）"), default=24)
    answer_days = models.PositiveSmallIntegerField(_("答复时限"), default=10)
    complex_days = models.PositiveSmallIntegerField(_("复杂事项答复时限"), default=15)
    extension_days = models.PositiveSmallIntegerField(_("一次延期最多"), default=5)
    ask_days = models.PositiveSmallIntegerField(_("来信人补充时限"), default=5)
    most_asks = models.PositiveSmallIntegerField(_("最多请来信人补充几次"), null=True, blank=True)
    ask_within_days = models.PositiveSmallIntegerField(_("收到后几日内可请补充"), default=0)
    gives_up_in_silence = models.BooleanField(_("逾期不补充视为放弃"), default=False)
    restarts_on_supplement = models.BooleanField(_("补充后重新计时"), default=False)
    consult_days = models.PositiveSmallIntegerField(_("第三方答复时限"), default=0)
    sign_days = models.PositiveSmallIntegerField(_("签发时限"), default=1)
    reopen_days = models.PositiveSmallIntegerField(_("答复后可评价、可再次办理"), default=15)
    most_reopens = models.PositiveSmallIntegerField(_("最多再次办理几次"), default=1)
    veto_days = models.PositiveSmallIntegerField(_("久拖不决提醒"), default=60)
    source = models.CharField(_("依据"), max_length=300)
    confidence = models.CharField(_("可信度"), max_length=12, choices=Confidence.choices)

    class Meta:
        verbose_name = _("事项种类")
        verbose_name_plural = _("事项种类")
        constraints = [
            models.CheckConstraint(
                condition=Q(accept_days__gt=0, answer_days__gt=0, complex_days__gt=0, ask_days__gt=0),
                name="cases_kind_terms",
                violation_error_message=_("受理、答复和补充的时限至少为一天。"),
            ),
        ]
        indexes = [models.Index(fields=["family", "position", "id"], name="cases_kind_order")]

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One matter that somebody brought: its number, owner, clock and state. The text is the private original."""

    number = models.CharField(_("编号"), max_length=24, unique=True)
    code_digest = models.CharField(_("查询码摘要"), max_length=64)
    key_digest = models.CharField(
        _("重复提交标记"), max_length=64, unique=True, error_messages={"unique": _("这封信已经提交过。")}
    )
    kind = models.ForeignKey(CaseKind, models.PROTECT, related_name="cases", verbose_name=_("种类"))
    channel = models.CharField(_("来源"), max_length=8, choices=Channel.choices, default=Channel.WEB)
    desk = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("受理单位"))
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办单位"))
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("承办人")
    )
    state = models.CharField(_("状态"), max_length=12, choices=CaseState.choices, default=CaseState.RECEIVED)
    is_open = models.BooleanField(_("尚未答复"), default=True)
    version = models.PositiveIntegerField(_("版次"), default=0)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"))
    place = models.CharField(_("发生地点"), max_length=120, blank=True)
    is_confidential = models.BooleanField(_("对承办单位隐去来信人"), default=False)
    is_complex = models.BooleanField(_("复杂事项"), default=False)

    received_at = models.DateTimeField(_("收到时间"))
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("交办时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    anonymised_at = models.DateTimeField(_("隐去个人信息时间"), null=True, blank=True)

    started_at = models.DateTimeField(_("计时起点"), null=True, blank=True)
    paused_at = models.DateTimeField(_("暂停自"), null=True, blank=True)
    pauses = models.JSONField(_("暂停时段"), default=list, blank=True)
    extra_days = models.PositiveSmallIntegerField(_("已准延期"), default=0)
    due_at = models.DateTimeField(_("答复期限"), null=True, blank=True)
    step_at = models.DateTimeField(_("本步开始"))
    step_due_at = models.DateTimeField(_("本步期限"), null=True, blank=True)
    next_alarm_at = models.DateTimeField(_("下次提醒"), null=True, blank=True)
    is_provisional = models.BooleanField(_("期限暂按周末推定"), default=False)
    is_reckoned = models.BooleanField(_("期限已按日历计算"), default=True)

    round = models.PositiveSmallIntegerField(_("第几次办理"), default=1)
    returns = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    is_designated = models.BooleanField(_("已裁定承办"), default=False)
    asks = models.PositiveSmallIntegerField(_("请补充次数"), default=0)
    consults = models.PositiveSmallIntegerField(_("征求意见次数"), default=0)
    extensions = models.PositiveSmallIntegerField(_("延期次数"), default=0)
    rating = models.PositiveSmallIntegerField(_("评价"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("办件")
        verbose_name_plural = _("办件")
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)),
                name="cases_case_rating",
                violation_error_message=_("评价分五级。"),
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "step_due_at", "id"], condition=Q(is_open=True), name="cases_case_lead_due"),
            models.Index(fields=["desk", "step_due_at", "id"], condition=Q(is_open=True), name="cases_case_desk_due"),
            models.Index(fields=["step_due_at", "id"], condition=Q(is_open=True), name="cases_case_due"),
            models.Index(fields=["lead", "-id"], name="cases_case_lead_newest"),
            models.Index(fields=["desk", "-id"], name="cases_case_desk_newest"),
            models.Index(
                fields=["handler", "step_due_at", "id"], condition=Q(is_open=True), name="cases_case_handler_due"
            ),
            models.Index(fields=["state", "step_due_at", "id"], name="cases_case_state_due"),
            models.Index(
                fields=["next_alarm_at"], condition=Q(next_alarm_at__isnull=False), name="cases_case_next_alarm"
            ),
            models.Index(fields=["id"], condition=Q(is_reckoned=False), name="cases_case_unreckoned"),
            models.Index(fields=["kind", "-received_at", "-id"], name="cases_case_kind_newest"),
            models.Index(fields=["ended_at", "id"], condition=Q(ended_at__isnull=False), name="cases_case_ended"),
            models.Index(fields=["answered_at"], condition=Q(answered_at__isnull=False), name="cases_case_answered"),
            models.Index(
                fields=["id"],
                condition=Q(ended_at__isnull=False, anonymised_at__isnull=True),
                name="cases_case_unanonymised",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def unit_id(self) -> int:
        """Whose business it is at present, for the trail."""
        return self.lead_id or self.desk_id


class Sender(models.Model):
    """Who brought a case: a table of its own, every value sealed; a look at it leaves an event."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="sender")
    citizen_id = models.BigIntegerField(_("注册用户"), null=True, blank=True)
    name = SealedTextField(_("姓名"))
    phone = SealedTextField(_("手机号"))
    email = SealedTextField(_("电子邮箱"))
    identity_number = SealedTextField(_("证件号码"))
    address = SealedTextField(_("联系地址"))
    phone_digest = models.CharField(max_length=64, blank=True, default="")
    erased_at = models.DateTimeField(_("隐去时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("来信人")
        verbose_name_plural = _("来信人")
        indexes = [
            models.Index(fields=["phone_digest", "-case"], name="cases_sender_phone"),
            models.Index(fields=["citizen_id", "-case"], name="cases_sender_citizen"),
        ]

    def __str__(self) -> str:
        return str(_("来信人"))


class Assignment(models.Model):
    """To whom a case was given, time after time; the newest lead is `case.lead`, partners give an opinion."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    is_lead = models.BooleanField(_("牵头"), default=True)
    is_current = models.BooleanField(_("现行"), default=True)
    note = models.TextField(_("交办意见"), blank=True)
    assigned_at = models.DateTimeField(_("交办时间"))
    opinion = models.TextField(_("协办意见"), blank=True)
    opinion_at = models.DateTimeField(_("协办意见时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("交办")
        verbose_name_plural = _("交办")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=Q(is_current=True),
                name="cases_assignment_once",
                violation_error_message=_("同一单位不能既牵头又协办。"),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="cases_assignment_case"),
            models.Index(fields=["unit", "case"], condition=Q(is_current=True), name="cases_assignment_unit"),
            models.Index(
                fields=["unit", "case"],
                condition=Q(is_current=True, is_lead=False, opinion_at__isnull=True),
                name="cases_assignment_awaited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit.short_name}"


class Answer(models.Model):
    """What a unit writes to the sender in one round of handling: drafted, signed by another hand, then sent."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField(_("第几次办理"))
    state = models.CharField(_("状态"), max_length=12, choices=AnswerState.choices, default=AnswerState.DRAFT)
    text = models.TextField(_("答复"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("答复单位"))
    drafted_by_id = models.BigIntegerField(_("拟稿人"))
    drafted_by_name = models.CharField(_("拟稿人姓名"), max_length=80)
    drafted_at = models.DateTimeField(_("拟稿时间"))
    signed_by_name = models.CharField(_("签发人"), max_length=80, blank=True)
    signed_at = models.DateTimeField(_("签发时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("答复")
        verbose_name_plural = _("答复")
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="cases_answer_round"),
            models.CheckConstraint(
                condition=~Q(state=AnswerState.SIGNED) | Q(signed_at__isnull=False), name="cases_answer_signed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_state_display()}"


class CaseEvent(models.Model):
    """A line of the timeline: never changed, until its words go with the case's time of keeping (ADR 21).

    `text` is for the sender too where `is_public`, `note` never is.
    """

    KINDS = (*CaseVerb.choices, *EventKind.choices)

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    kind = models.CharField(_("事项"), max_length=16, choices=KINDS)
    at = models.DateTimeField(_("时间"))
    actor_id = models.BigIntegerField(_("经办人代号"), null=True, blank=True)
    actor_name = models.CharField(_("经办人"), max_length=80, blank=True)
    actor_post = models.CharField(_("岗位"), max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"))
    text = models.TextField(_("说明"), blank=True)
    note = models.TextField(_("内部说明"), blank=True)
    is_public = models.BooleanField(_("来信人可见"), default=True)
    round = models.PositiveSmallIntegerField(_("第几次办理"), default=1)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理记录")
        verbose_name_plural = _("办理记录")
        indexes = [
            models.Index(fields=["case", "id"], name="cases_event_case"),
            models.Index(fields=["actor_id", "-id"], name="cases_event_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_kind_display()}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            _refuse_change()
        super().save(force_insert=True)

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        _refuse_change()


class Rating(models.Model):
    """What the sender thought of an answer: once a round."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField(_("第几次办理"))
    level = models.PositiveSmallIntegerField(_("评价"))
    text = models.TextField(_("补充说明"), blank=True)
    rated_at = models.DateTimeField(_("评价时间"))

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"],
                name="cases_rating_once",
                violation_error_message=_("这次答复已经评价过。"),
            ),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="cases_rating_level"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.level}"


class Extension(models.Model):
    """More days for a case, asked by the unit with reasons and decided by somebody else."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="extension_requests")
    days = models.PositiveSmallIntegerField(_("申请延长（工作日）"))
    reason = models.TextField(_("理由"))
    asked_by_id = models.BigIntegerField(_("申请人"))
    asked_by_name = models.CharField(_("申请人姓名"), max_length=80)
    asked_at = models.DateTimeField(_("申请时间"))
    is_granted = models.BooleanField(_("是否同意"), null=True)
    decided_by_name = models.CharField(_("批准人"), max_length=80, blank=True)
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    decision = models.TextField(_("批准意见"), blank=True)

    class Meta:
        verbose_name = _("延期申请")
        verbose_name_plural = _("延期申请")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(is_granted__isnull=True),
                name="cases_extension_open",
                violation_error_message=_("这件已有一份延期申请等待批准。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.days}"


class Directive(models.Model):
    """A leader's instruction, an urge or a supervision: an event with a clock and a report of its own."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="directives")
    kind = models.CharField(_("方式"), max_length=12, choices=DirectiveKind.choices)
    text = models.TextField(_("内容"))
    by_id = models.BigIntegerField(_("发出人"))
    by_name = models.CharField(_("发出人姓名"), max_length=80)
    by_post = models.CharField(_("岗位"), max_length=200, blank=True)
    given_at = models.DateTimeField(_("发出时间"))
    due_at = models.DateTimeField(_("反馈期限"))
    report = models.TextField(_("反馈"), blank=True)
    reported_by_name = models.CharField(_("反馈人"), max_length=80, blank=True)
    reported_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("批示与督办")
        verbose_name_plural = _("批示与督办")
        indexes = [
            models.Index(fields=["case", "id"], name="cases_directive_case"),
            models.Index(fields=["due_at"], condition=Q(reported_at__isnull=True), name="cases_directive_due"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_kind_display()}"


class CaseLink(models.Model):
    """Two cases that belong together; undone by `ended_at`, never deleted."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    master = models.ForeignKey(Case, models.CASCADE, related_name="followers")
    kind = models.CharField(_("关系"), max_length=12, choices=LinkKind.choices)
    linked_at = models.DateTimeField(_("关联时间"))
    ended_at = models.DateTimeField(_("解除时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("关联")
        verbose_name_plural = _("关联")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(ended_at__isnull=True), name="cases_link_one_master"
            ),
            models.CheckConstraint(condition=~Q(case=models.F("master")), name="cases_link_not_itself"),
        ]
        indexes = [models.Index(fields=["master", "kind", "id"], name="cases_link_master")]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.master_id}"


class CaseFile(models.Model):
    """A file that came with a case or goes out with an answer; its bytes are private and sealed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    is_from_sender = models.BooleanField(_("来信人提交"), default=True)
    round = models.PositiveSmallIntegerField(_("第几次办理"), default=1)

    class Meta:
        verbose_name = _("办件附件")
        verbose_name_plural = _("办件附件")
        indexes = [models.Index(fields=["case", "id"], name="cases_file_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.file_id}"


class DailySequence(models.Model):
    """The last number under a prefix on a day: counted up in the transaction that uses it, so without gaps."""

    prefix = models.CharField(max_length=4)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("当日编号")
        verbose_name_plural = _("当日编号")
        constraints = [models.UniqueConstraint(fields=["prefix", "day"], name="cases_sequence_once")]

    def __str__(self) -> str:
        return f"{self.prefix}{self.day:%Y%m%d}"


class RetentionRule(models.Model):
    """How long cases of some kinds are kept after they ended, and what happens to them then: a row with its source.

    A rule without kinds is for all that no other rule in force names for the same deed.
    """

    code = models.SlugField(_("代号"), max_length=24, unique=True, null=True, blank=True)
    name = models.CharField(_("名称"), max_length=40)
    kinds = models.ManyToManyField(
        CaseKind,
        blank=True,
        related_name="+",
        verbose_name=_("适用种类"),
        help_text=_("一个都不选，适用于没有另行规定的全部种类。"),
    )
    deed = models.CharField(_("到期后"), max_length=12, choices=RetentionDeed.choices)
    days = models.PositiveIntegerField(_("办结后保存（自然日）"))
    source = models.CharField(_("依据"), max_length=300)
    confidence = models.CharField(_("可信度"), max_length=12, choices=Confidence.choices)
    is_active = models.BooleanField(_("启用"), default=False)
    is_automatic = models.BooleanField(
        _("每天自动执行"), default=False, help_text=_("不勾选的，只在有人点“开始执行”时才执行。")
    )
    version = models.PositiveIntegerField(_("版次"), default=0)

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("保存期限")
        verbose_name_plural = _("保存期限")
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gt=0), name="cases_retention_days", violation_error_message=_("至少保存一天。")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RetentionRun(models.Model):
    """One carrying out of a rule, portion by portion, and the report of it. It begins after the case `reached`."""

    rule = models.ForeignKey(RetentionRule, models.PROTECT, related_name="runs", verbose_name=_("规则"))
    name = models.CharField(_("规则名称"), max_length=40)
    deed = models.CharField(_("到期后"), max_length=12, choices=RetentionDeed.choices)
    days = models.PositiveIntegerField(_("办结后保存（自然日）"))
    started_at = models.DateTimeField(_("开始时间"))
    by_id = models.BigIntegerField(_("发起人编号"), null=True, blank=True)
    by_name = models.CharField(_("发起人"), max_length=80, blank=True)
    planned = models.PositiveIntegerField(_("应处理"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    skipped = models.JSONField(_("跳过"), default=dict, blank=True)
    held = models.JSONField(_("跳过的编号"), default=list, blank=True)
    reached = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(_("连续失败"), default=0)
    error = models.CharField(_("最近的错误"), max_length=80, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    is_stopped = models.BooleanField(_("中途停止"), default=False)

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("保存期限执行记录")
        verbose_name_plural = _("保存期限执行记录")
        constraints = [
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(finished_at__isnull=True),
                name="cases_retention_one_run",
                violation_error_message=_("这条规则正在执行。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.started_at:%Y-%m-%d}"


def _refuse_change() -> NoReturn:
    raise TypeError("events of a case are only ever added")
