from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menhu.delivery.querysets import DirectoryQuerySet, PageQuerySet
from menhu.delivery.sources import Address


class Lane(models.IntegerChoices):
    """Smaller goes first: a footer change never delays a retraction."""

    RETRACTION = 0, _("撤稿")
    APPROVAL = 1, _("签发")
    BULK = 2, _("批量")


class Change(models.Model):
    """A tag that changed, written in the transaction that changed it; the publisher claims and removes it."""

    tag = models.CharField(_("标签"), max_length=120)
    lane = models.PositiveSmallIntegerField(_("通道"), choices=Lane.choices, default=Lane.APPROVAL)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    claimed_by = models.CharField(_("领取者"), max_length=80, blank=True, default="")
    claimed_at = models.DateTimeField(_("领取时间"), null=True, blank=True)
    reached = models.PositiveBigIntegerField(_("已处理到的页面"), default=0)

    class Meta:
        verbose_name = _("待发布变更")
        verbose_name_plural = _("待发布变更")
        indexes = [models.Index(fields=["claimed_by", "lane", "id"], name="delivery_change_queue")]

    def __str__(self) -> str:
        return self.tag


class Page(models.Model):
    """A public address that is, or was, a file; due for rendering while `generation` is ahead of `rendered_generation`.

    A render is written only while `generation` is what it was when the render began.
    """

    host = models.CharField(_("主机"), max_length=120)
    path = models.CharField(_("路径"), max_length=240)
    source = models.CharField(_("来源"), max_length=60, blank=True)
    generation = models.PositiveBigIntegerField(_("代次"), default=0)
    rendered_generation = models.PositiveBigIntegerField(_("已发布代次"), default=0)
    lane = models.PositiveSmallIntegerField(_("通道"), choices=Lane.choices, default=Lane.APPROVAL)
    due_at = models.DateTimeField(_("不早于"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("连续失败次数"), default=0)
    claimed_by = models.CharField(_("领取者"), max_length=80, blank=True, default="")
    claimed_at = models.DateTimeField(_("领取时间"), null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("状态码"), default=0)
    files = models.JSONField(_("文件"), default=list, blank=True)
    """Every file of its bundle as [name below the host, SHA-256, octets]; empty while the page is no file."""
    size = models.PositiveBigIntegerField(_("字节数"), default=0)
    version = models.PositiveBigIntegerField(_("内容版本"), default=0)
    """The generation in which its files last changed."""
    directory = models.CharField(_("清单目录"), max_length=240, blank=True)
    rendered_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    error = models.CharField(_("错误"), max_length=300, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("公开页面")
        verbose_name_plural = _("公开页面")
        constraints = [models.UniqueConstraint(fields=["host", "path"], name="delivery_page_address")]
        indexes = [
            models.Index(
                fields=["lane", "due_at", "id"],
                condition=Q(generation__gt=F("rendered_generation")),
                name="delivery_page_due",
            ),
            models.Index(fields=["claimed_at"], condition=~Q(claimed_by=""), name="delivery_page_claimed"),
            models.Index(fields=["-id"], condition=~Q(error=""), name="delivery_page_error"),
            models.Index(fields=["host", "directory"], name="delivery_page_directory"),
        ]

    def __str__(self) -> str:
        return f"{self.host}{self.path}"

    @property
    def address(self) -> Address:
        return Address(self.host, self.path)


class Directory(models.Model):
    """A directory of the manifest; its object is to be made anew while `changes` is ahead of `sealed`."""

    host = models.CharField(_("主机"), max_length=120)
    path = models.CharField(_("路径"), max_length=245, blank=True)
    parent = models.CharField(_("上级"), max_length=245, blank=True)
    depth = models.PositiveSmallIntegerField(_("层级"), default=0)
    digest = models.CharField(_("清单摘要"), max_length=64, blank=True)
    changes = models.PositiveBigIntegerField(_("变更数"), default=0)
    sealed = models.PositiveBigIntegerField(_("已封存变更数"), default=0)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("清单目录")
        verbose_name_plural = _("清单目录")
        constraints = [models.UniqueConstraint(fields=["host", "path"], name="delivery_directory_once")]
        indexes = [
            models.Index(fields=["host", "parent"], name="delivery_directory_parent"),
            models.Index(fields=["digest"], name="delivery_directory_digest"),
            models.Index(
                fields=["host", "-depth", "id"],
                condition=Q(changes__gt=F("sealed")),
                name="delivery_directory_stale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}/{self.path}"


class ManifestRoot(models.Model):
    """The last signed root of a host; whoever makes the next one holds the lease."""

    host = models.CharField(_("主机"), max_length=120, unique=True)
    serial = models.PositiveBigIntegerField(_("序号"), default=0)
    digest = models.CharField(_("清单摘要"), max_length=64, blank=True)
    key = models.CharField(_("密钥"), max_length=16, blank=True)
    signed_at = models.DateTimeField(_("签名时间"), null=True, blank=True)
    claimed_by = models.CharField(_("领取者"), max_length=80, blank=True, default="")
    claimed_at = models.DateTimeField(_("领取时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("清单签名")
        verbose_name_plural = _("清单签名")

    def __str__(self) -> str:
        return f"{self.host} {self.serial}"


class TargetState(models.Model):
    """How one host stands on one target; whoever pushes it holds the lease."""

    target = models.CharField(_("目标"), max_length=40)
    host = models.CharField(_("主机"), max_length=120)
    serial = models.PositiveBigIntegerField(_("已推送清单序号"), default=0)
    pushed_at = models.DateTimeField(_("上次成功"), null=True, blank=True)
    tried_at = models.DateTimeField(_("上次尝试"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("连续失败次数"), default=0)
    error = models.CharField(_("错误"), max_length=300, blank=True)
    written = models.PositiveBigIntegerField(_("上次写入文件"), default=0)
    removed = models.PositiveBigIntegerField(_("上次删除文件"), default=0)
    octets = models.PositiveBigIntegerField(_("上次写入字节"), default=0)
    claimed_by = models.CharField(_("领取者"), max_length=80, blank=True, default="")
    claimed_at = models.DateTimeField(_("领取时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("发布目标")
        verbose_name_plural = _("发布目标")
        constraints = [models.UniqueConstraint(fields=["target", "host"], name="delivery_target_once")]

    def __str__(self) -> str:
        return f"{self.target} {self.host} {self.serial}"


class PageTag(models.Model):
    """A tag that the page read when it was last rendered."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="tags", verbose_name=_("页面"))
    tag = models.CharField(_("标签"), max_length=120)

    class Meta:
        verbose_name = _("页面标签")
        verbose_name_plural = _("页面标签")
        constraints = [models.UniqueConstraint(fields=["tag", "page"], name="delivery_pagetag_once")]

    def __str__(self) -> str:
        return self.tag


class TagVersion(models.Model):
    """The intake in which a tag last changed: a render that began before it and read the tag is stale."""

    tag = models.CharField(_("标签"), max_length=120, primary_key=True)
    intake = models.PositiveBigIntegerField(_("收取序号"))

    class Meta:
        verbose_name = _("标签版本")
        verbose_name_plural = _("标签版本")

    def __str__(self) -> str:
        return f"{self.tag} {self.intake}"


class PublishingState(models.Model):
    """One row that all publishers share: the number of the last intake (its lock orders them) and the last release.

    Pages are counted since `counted_from`; `rate` (pages a second) is that of the last whole window.
    """

    intake = models.PositiveBigIntegerField(_("收取序号"), default=0)
    release = models.CharField(_("程序版本"), max_length=64, blank=True)
    counted = models.PositiveIntegerField(_("本时段页数"), default=0)
    counted_from = models.DateTimeField(_("时段开始"), null=True, blank=True)
    rate = models.FloatField(_("每秒页数"), default=0)

    class Meta:
        verbose_name = _("发布状态")
        verbose_name_plural = _("发布状态")

    def __str__(self) -> str:
        return str(self.intake)


class Rebuild(models.Model):
    """A full rebuild of one host (or of all, with no host); an unfinished one is resumed where it stood."""

    host = models.CharField(_("主机"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("开始时间"), default=timezone.now)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("全量重建")
        verbose_name_plural = _("全量重建")
        indexes = [models.Index(fields=["host"], condition=Q(finished_at=None), name="delivery_rebuild_open")]

    def __str__(self) -> str:
        return f"{self.host} {self.started_at}"
