from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from menhu.files.querysets import StoredFileQuerySet
from menhu.units.models import Unit


class FileKind(models.TextChoices):
    IMAGE = "image", _("图片")
    DOCUMENT = "document", _("文档")


class StoredFile(models.Model):
    """An upload: private in `HOME/private/` until a published revision uses it and delivery copies it out."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    kind = models.CharField(_("种类"), max_length=12, choices=FileKind.choices)
    name = models.CharField(_("文件名"), max_length=160)
    extension = models.CharField(_("扩展名"), max_length=12)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("字节数"))
    sha256 = models.CharField(_("摘要"), max_length=64, db_index=True)
    width = models.PositiveIntegerField(_("宽"), null=True, blank=True)
    height = models.PositiveIntegerField(_("高"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("页数"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        indexes = [
            models.Index(fields=["unit", "-id"], name="files_storedfile_unit"),
            models.Index(fields=["unit", "kind", "-id"], name="files_storedfile_unit_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def private_name(self) -> str:
        """Where the bytes lie below the private root; equal bytes are kept once."""
        return f"{self.sha256[:2]}/{self.sha256}.{self.extension}"

    @property
    def public_path(self) -> str:
        """The address it has once published: by content, so that it may be cached for ever."""
        return f"/files/{self.sha256[:2]}/{self.sha256[2:18]}/{self.pk}.{self.extension}"
