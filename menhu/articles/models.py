from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, Revision, RevisionMixin, WorkflowMixin

from menhu.articles.enums import ArticleState, Genre, PlacementState, Validity
from menhu.articles.querysets import ArticleQuerySet, PlacementQuerySet
from menhu.audit.trail import record
from menhu.files.models import StoredFile
from menhu.sites.models import Column, Site
from menhu.units.models import Unit


class Verbs(Protocol):
    """Where Wagtail's own calls on an article lead. Actions stand above models: `AppConfig.ready` hands them down."""

    def publish_scheduled(self, *, article: "Article", revision: Revision, by: Any) -> "Article": ...

    def expire(self, *, article: "Article") -> "Article": ...

    def retract(self, *, article: "Article", by: Any, reason: str) -> "Article": ...


class Article(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """One text. The row holds what is live; drafts live in revisions; `state` says where it stands."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="articles", verbose_name=_("单位"))
    site = models.ForeignKey(Site, models.PROTECT, related_name="articles", verbose_name=_("首发网站"))
    state = models.CharField(
        _("状态"), max_length=10, choices=ArticleState.choices, default=ArticleState.DRAFT, editable=False
    )
    genre = models.CharField(_("体裁"), max_length=16, choices=Genre.choices, default=Genre.NEWS)
    is_major = models.BooleanField(_("重大事项"), default=False, help_text=_("审核时限缩短，三级审核人同时得到通知。"))
    title = models.CharField(_("标题"), max_length=120)
    subtitle = models.CharField(_("副标题"), max_length=120, blank=True)
    body = models.TextField(_("正文"), blank=True)
    source = models.CharField(_("来源"), max_length=80)
    author = models.CharField(_("作者"), max_length=60, blank=True)
    responsible_editor = models.CharField(_("责任编辑"), max_length=40, blank=True)
    keywords = models.CharField(_("关键词"), max_length=120, blank=True)
    summary = models.CharField(_("摘要"), max_length=300, blank=True)
    cover = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("题图")
    )
    cover_alt = models.CharField(_("题图说明"), max_length=120, blank=True)

    index_number = models.CharField(_("索引号"), max_length=40, blank=True)
    document_number = models.CharField(_("发文字号"), max_length=40, blank=True)
    issued_by = models.CharField(_("发文机关"), max_length=80, blank=True)
    issued_on = models.DateField(_("成文日期"), null=True, blank=True)
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    validity = models.CharField(_("有效性"), max_length=10, choices=Validity.choices, blank=True)
    subject = models.CharField(_("主题分类"), max_length=60, blank=True)
    interprets = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="interpretations", verbose_name=_("解读的文件")
    )

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("撰稿人")
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    original_url = models.URLField(_("原网址"), max_length=400, blank=True, editable=False)
    original_published_at = models.DateTimeField(_("原发布时间"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField(_("撤下说明"), max_length=300, blank=True, editable=False)
    retracted_at = models.DateTimeField(_("撤稿时间"), null=True, blank=True, editable=False)

    objects = ArticleQuerySet.as_manager()
    verbs: ClassVar[Verbs]

    class Meta:
        verbose_name = _("文章")
        verbose_name_plural = _("文章")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(effective_on__isnull=True)
                | Q(expires_on__gte=F("effective_on")),
                name="articles_article_term",
                violation_error_message=_("有效期不能早于施行日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=ArticleState.RETRACTED) | Q(live=False), name="articles_article_retracted_not_live"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-updated_at", "-id"], name="articles_article_unit"),
            models.Index(fields=["unit", "state", "-updated_at", "-id"], name="articles_article_unit_state"),
            models.Index(fields=["created_by", "-updated_at", "-id"], name="articles_article_mine"),
            models.Index(fields=["state", "-updated_at", "-id"], name="articles_article_state"),
            models.Index(fields=["-updated_at", "-id"], name="articles_article_newest"),
            models.Index(fields=["unit", "genre", "-updated_at", "-id"], name="articles_article_unit_genre"),
            models.Index(fields=["genre", "-updated_at", "-id"], name="articles_article_genre"),
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(genre=Genre.NORMATIVE, live=True),
                name="articles_article_normative",
            ),
            models.Index(fields=["go_live_at"], condition=Q(go_live_at__isnull=False), name="articles_article_go_live"),
            models.Index(fields=["expire_at"], condition=Q(expire_at__isnull=False), name="articles_article_expire"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether its page stands: live, or withdrawn with its notice."""
        return self.live and self.retracted_at is None

    def with_content_json(self, content: dict[str, Any]) -> "Article":
        """A revision as an object; what belongs to the article as a whole is never taken from a revision."""
        restored: Article = super().with_content_json(content)  # type: ignore[no-untyped-call]
        for name in KEPT_FROM_ROW:
            setattr(restored, name, getattr(self, name))
        return restored

    def publish(self, revision: Any, user: Any = None, *_wagtail: Any, **_options: Any) -> None:
        """Wagtail's call: only a scheduled version whose hour has come; nothing goes round the reviews."""
        self.verbs.publish_scheduled(article=self, revision=revision, by=user)

    def unpublish(
        self, set_expired: Any = False, commit: Any = True, user: Any = None, *_wagtail: Any, **_options: Any
    ) -> None:
        """Wagtail's call: expiry by the clock, or the duty officer's retraction."""
        if set_expired:
            self.verbs.expire(article=self)
        else:
            self.verbs.retract(article=self, by=user, reason=str(_("撤稿")))

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Only what was never public can be deleted; what was stays for the record."""
        if self.published_at is not None or self.addresses.exists():
            raise PermissionDenied(_("发布过的文章不能删除，只能撤下或撤稿。"))
        record("articles.delete", self, by=None)
        deleted: tuple[int, dict[str, int]] = super().delete(*args, **kwargs)
        return deleted


KEPT_FROM_ROW = (
    "unit_id",
    "site_id",
    "state",
    "created_by_id",
    "published_at",
    "original_url",
    "original_published_at",
    "withdrawn_at",
    "withdrawn_reason",
    "retracted_at",
    "created_at",
    "live_revision_id",
    "last_published_at",
    "expired",
)


class Attachment(models.Model):
    """A file that belongs to an article; part of its revisions."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("文章"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("文件"))
    title = models.CharField(_("名称"), max_length=120)
    sort_order = models.PositiveIntegerField(_("排序"), default=0, editable=False)

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        indexes = [models.Index(fields=["article", "sort_order", "id"], name="articles_attachment_order")]

    def __str__(self) -> str:
        return self.title


class Placement(models.Model):
    """An article in a column. `bucket` ("2026-06") names the month page it stands on and never changes."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="placements", verbose_name=_("文章"))
    column = models.ForeignKey(Column, models.PROTECT, related_name="placements", verbose_name=_("栏目"))
    state = models.CharField(_("状态"), max_length=10, choices=PlacementState.choices, default=PlacementState.WANTED)
    is_listed = models.BooleanField(_("列出"), default=False, editable=False)
    is_pinned = models.BooleanField(_("置顶"), default=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    bucket = models.CharField(_("分页"), max_length=12, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("报送人")
    )
    proposed_at = models.DateTimeField(_("报送时间"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("采用人")
    )
    decided_at = models.DateTimeField(_("采用时间"), null=True, blank=True)
    reason = models.CharField(_("意见"), max_length=200, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("刊载")
        verbose_name_plural = _("刊载")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "column"],
                name="articles_placement_once",
                violation_error_message=_("文章已在该栏目。"),
            ),
            models.CheckConstraint(
                condition=Q(is_listed=False) | Q(state=PlacementState.PLACED, published_at__isnull=False),
                name="articles_placement_listed_is_placed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["column", "-published_at", "-id"], condition=Q(is_listed=True), name="articles_placement_list"
            ),
            models.Index(
                fields=["column", "bucket", "-published_at", "-id"],
                condition=Q(is_listed=True),
                name="articles_placement_bucket",
            ),
            models.Index(
                fields=["column", "-published_at"],
                condition=Q(is_listed=True, is_pinned=True),
                name="articles_placement_pinned",
            ),
            models.Index(fields=["column", "state", "id"], name="articles_placement_state"),
            models.Index(fields=["column", "-id"], name="articles_placement_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.column} {self.article}"


class Bucket(models.Model):
    """A month page that a column has: "2026-06", or "2026-06-2" once the first part was full. Never renumbered."""

    column = models.ForeignKey(Column, models.CASCADE, related_name="buckets", verbose_name=_("栏目"))
    name = models.CharField(_("名称"), max_length=12)
    size = models.PositiveIntegerField(_("曾收篇数"), default=0)

    class Meta:
        verbose_name = _("分页")
        verbose_name_plural = _("分页")
        constraints = [models.UniqueConstraint(fields=["column", "name"], name="articles_bucket_once")]

    def __str__(self) -> str:
        return f"{self.column} {self.name}"


class ArticleAddress(models.Model):
    """Where an article is, or was, on a site. Made at its first publication there; never changed, never given away."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="addresses", verbose_name=_("文章"))
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("网站"))
    host = models.CharField(_("主机"), max_length=120)
    path = models.CharField(_("路径"), max_length=240)

    class Meta:
        verbose_name = _("文章网址")
        verbose_name_plural = _("文章网址")
        constraints = [
            models.UniqueConstraint(fields=["host", "path"], name="articles_address_once"),
            models.UniqueConstraint(fields=["article", "site"], name="articles_address_per_site"),
        ]

    def __str__(self) -> str:
        return f"{self.host}{self.path}"


class PublishedFile(models.Model):
    """A file that a live revision uses: delivery copies it out while at least one row stands."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="published_files", verbose_name=_("文章"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="publications", verbose_name=_("文件"))

    class Meta:
        verbose_name = _("已发布文件")
        verbose_name_plural = _("已发布文件")
        constraints = [models.UniqueConstraint(fields=["article", "file"], name="articles_publishedfile_once")]

    def __str__(self) -> str:
        return str(self.file)


class MoveInBatch(models.Model):
    """A staged import of an old site's saved pages: staged → reviewed by a person → accepted as drafts."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", verbose_name=_("网站"))
    column = models.ForeignKey(Column, models.PROTECT, related_name="+", verbose_name=_("栏目"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    folder = models.CharField(_("来源目录"), max_length=300)
    file_count = models.PositiveIntegerField(_("网页数"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("导入人")
    )
    created_at = models.DateTimeField(_("导入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("迁入批次")
        verbose_name_plural = _("迁入批次")
        indexes = [models.Index(fields=["unit", "-id"], name="articles_moveinbatch_unit")]

    def __str__(self) -> str:
        return f"{self.site} {self.created_at:%Y-%m-%d %H:%M}"


class MoveInVerdict(models.TextChoices):
    TAKEN = "taken", _("可用")
    DOUBTFUL = "doubtful", _("存疑")
    REFUSED = "refused", _("不收")


class MoveInDecision(models.TextChoices):
    WAITING = "waiting", _("待处理")
    ACCEPTED = "accepted", _("已接收")
    DROPPED = "dropped", _("不要")


class MoveInItem(models.Model):
    """One saved page of a batch: what was read, and what became of it."""

    batch = models.ForeignKey(MoveInBatch, models.CASCADE, related_name="items", verbose_name=_("批次"))
    file = models.CharField(_("文件"), max_length=300)
    digest = models.CharField(_("摘要"), max_length=64, db_index=True)
    verdict = models.CharField(_("结论"), max_length=10, choices=MoveInVerdict.choices)
    reason = models.CharField(_("原因"), max_length=400, blank=True)
    title = models.CharField(_("标题"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("原发布时间"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=120, blank=True)
    column_name = models.CharField(_("原栏目"), max_length=120, blank=True)
    original_url = models.URLField(_("原网址"), max_length=400, blank=True)
    body = models.TextField(_("正文"), blank=True)
    data = models.JSONField(_("其他"), default=dict, blank=True)
    article = models.ForeignKey(
        Article, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("生成的草稿")
    )
    decision = models.CharField(
        _("处理"), max_length=10, choices=MoveInDecision.choices, default=MoveInDecision.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("处理人")
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("迁入页面")
        verbose_name_plural = _("迁入页面")
        constraints = [models.UniqueConstraint(fields=["batch", "file"], name="articles_moveinitem_file")]
        indexes = [
            models.Index(fields=["batch", "verdict", "decision", "id"], name="articles_moveinitem_verdict"),
            models.Index(fields=["batch", "decision", "id"], name="articles_moveinitem_decision"),
            models.Index(fields=["original_url"], name="articles_moveinitem_original"),
        ]

    def __str__(self) -> str:
        return self.file
