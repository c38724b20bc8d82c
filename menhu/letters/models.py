from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menhu.articles.rules import bucket_name
from menhu.cases.models import Case, CaseKind
from menhu.core.sealing import SealedTextField
from menhu.letters.enums import CopyState, MailboxKind
from menhu.letters.openness.outcomes import APPLICANTS, FORMS, OUTCOMES, WAYS
from menhu.letters.querysets import MailboxQuerySet, PublicCopyQuerySet
from menhu.units.models import Leader, Unit


class Mailbox(models.Model):
    """A letter box on the portal: whose it is, whose desk opens it, and what may be put in."""

    slug = models.SlugField(_("地址代号"), max_length=40, unique=True)
    kind = models.CharField(_("种类"), max_length=12, choices=MailboxKind.choices)
    name = models.CharField(_("名称"), max_length=40)
    addressee = models.ForeignKey(
        Leader, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("收信领导")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="mailboxes", verbose_name=_("单位"), help_text=_("部门信箱即该部门。")
    )
    desk = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("受理单位"))
    case_kinds = models.ManyToManyField(CaseKind, related_name="mailboxes", verbose_name=_("可写的种类"))
    hint = models.CharField(_("说明"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_open = models.BooleanField(_("开放"), default=True)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("信箱")
        verbose_name_plural = _("信箱")
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(kind=MailboxKind.UNIT),
                name="letters_mailbox_unit",
                violation_error_message=_("一个部门只有一个部门信箱。"),
            ),
        ]
        indexes = [models.Index(fields=["is_open", "position", "id"], name="letters_mailbox_order")]

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """What a letter is besides a case: the box it lay in and what its sender wished."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="letter")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="letters", verbose_name=_("信箱"))
    wants_publication = models.BooleanField(_("同意公开"), default=False)
    page_url = models.CharField(_("有差错的网页"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("来信")
        verbose_name_plural = _("来信")
        indexes = [models.Index(fields=["mailbox", "-case"], name="letters_letter_mailbox")]

    def __str__(self) -> str:
        return str(self.case)


class PublicCopy(models.Model):
    """What the public reads of a letter: edited and masked by one person, published by another."""

    letter = models.OneToOneField(Letter, models.CASCADE, related_name="public_copy")
    state = models.CharField(_("状态"), max_length=12, choices=CopyState.choices, default=CopyState.DRAFT)
    title = models.CharField(_("标题"), max_length=120)
    question = models.TextField(_("来信（公开稿）"))
    answer = models.TextField(_("答复（公开稿）"))
    kind = models.ForeignKey(CaseKind, models.PROTECT, related_name="+", verbose_name=_("种类"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("答复单位"))
    written_on = models.DateField(_("来信日期"))
    answered_at = models.DateTimeField(_("答复时间"))
    rating = models.PositiveSmallIntegerField(_("评价"), null=True, blank=True)
    is_model = models.BooleanField(_("收入知识库"), default=False)
    prepared_by_id = models.BigIntegerField(_("编辑人"))
    prepared_by_name = models.CharField(_("编辑人姓名"), max_length=80)
    published_by_name = models.CharField(_("发布人"), max_length=80, blank=True)
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    bucket = models.CharField(_("公开月份"), max_length=7, blank=True)
    part = models.PositiveSmallIntegerField(_("月份页"), default=1)

    objects = PublicCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("公开稿")
        verbose_name_plural = _("公开稿")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=CopyState.PUBLISHED) | (Q(published_at__isnull=False) & ~Q(bucket="")),
                name="letters_copy_published",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], condition=Q(state=CopyState.PUBLISHED), name="letters_copy_newest"
            ),
            models.Index(
                fields=["bucket", "part", "-published_at", "-id"],
                condition=Q(state=CopyState.PUBLISHED),
                name="letters_copy_page",
            ),
            models.Index(
                fields=["unit", "-published_at", "-id"],
                condition=Q(state=CopyState.PUBLISHED),
                name="letters_copy_unit",
            ),
            models.Index(
                fields=["kind", "-published_at", "-id"],
                condition=Q(state=CopyState.PUBLISHED),
                name="letters_copy_kind",
            ),
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(state=CopyState.PUBLISHED, is_model=True),
                name="letters_copy_models",
            ),
        ]

    def __str__(self) -> str:
        """The trail keeps this for good: no word of the letter, which may not be masked yet."""
        return str(_("公开稿 %(number)d") % {"number": self.pk})

    @property
    def month_page(self) -> str:
        """The page of its month that lists it, e.g. "2026-06" or "2026-06-2": taken once, kept for good."""
        return bucket_name(self.bucket, self.part)


class SameMatter(models.Model):
    """How many others say that a public letter is their matter too (我也有同样问题): a number, nobody behind it.

    `shown` is what pages show: the clock brings it up to `count`, so that a page changes with its tag alone.
    """

    copy = models.OneToOneField(PublicCopy, models.CASCADE, primary_key=True, related_name="same_matter")
    count = models.PositiveIntegerField(_("人次"), default=0)
    shown = models.PositiveIntegerField(_("网页上的人次"), default=0)

    class Meta:
        verbose_name = _("同样问题")
        verbose_name_plural = _("同样问题")

    def __str__(self) -> str:
        return f"{self.copy_id} {self.count}"


class PetitionCase(models.Model):
    """A hard case that one leader answers for until a day (信访包案)."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="petition")
    leader = models.ForeignKey(Leader, models.PROTECT, related_name="+", verbose_name=_("包案领导"))
    ends_on = models.DateField(_("办结期限"))
    measures = models.TextField(_("化解措施"), blank=True)
    taken_at = models.DateTimeField(_("计时起点"), default=timezone.now)
    told_share = models.PositiveSmallIntegerField(_("已提醒到（%）"), default=0)
    ended_on = models.DateField(_("实际办结"), null=True, blank=True)
    outcome = models.TextField(_("化解结果"), blank=True)

    class Meta:
        verbose_name = _("信访包案")
        verbose_name_plural = _("信访包案")
        indexes = [
            models.Index(fields=["ends_on"], condition=Q(ended_on__isnull=True), name="letters_petition_open"),
            models.Index(fields=["leader", "ends_on"], name="letters_petition_leader"),
            models.Index(
                fields=["-ended_on", "-case"], condition=Q(ended_on__isnull=False), name="letters_petition_settled"
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)


class ReplyTemplate(models.Model):
    """Words that handlers begin from: for all units or for one, for all kinds or for one."""

    unit = models.ForeignKey(
        Unit,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位"),
        help_text=_("空为全县通用。"),
    )
    kind = models.ForeignKey(CaseKind, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("种类"))
    title = models.CharField(_("名称"), max_length=40)
    text = models.TextField(_("内容"))
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("答复模板")
        verbose_name_plural = _("答复模板")
        indexes = [models.Index(fields=["unit", "position", "id"], name="letters_template_order")]

    def __str__(self) -> str:
        return self.title


class InformationRequest(models.Model):
    """What somebody asks to be disclosed (政府信息公开条例 §29), who else is touched by it, and how it was decided."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="information_request")
    applicant = models.CharField(_("申请人类别"), max_length=12, choices=list(APPLICANTS.items()))
    organisation = SealedTextField(_("单位名称"))
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    information = models.CharField(_("信息名称"), max_length=120)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    description = models.TextField(_("特征描述"), blank=True)
    purpose = models.TextField(_("用途"), blank=True)
    form = models.CharField(_("提供形式"), max_length=12, choices=list(FORMS.items()))
    way = models.CharField(_("获取方式"), max_length=12, choices=list(WAYS.items()))
    third_party = SealedTextField(_("第三方"))
    outcome = models.CharField(_("处理结果"), max_length=16, choices=[(o.code, o.label) for o in OUTCOMES], blank=True)

    class Meta:
        verbose_name = _("信息公开申请")
        verbose_name_plural = _("信息公开申请")
        indexes = [models.Index(fields=["outcome", "case"], name="letters_request_outcome")]

    def __str__(self) -> str:
        return str(self.case)


class Figures(models.Model):
    """A snapshot that the clock takes of what the public is told in numbers: pages show it, never the clock's time."""

    key = models.CharField(max_length=40, unique=True)
    numbers = models.JSONField(default=dict)
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("统计快照")
        verbose_name_plural = _("统计快照")

    def __str__(self) -> str:
        return self.key
