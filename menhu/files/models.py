from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from menhu.files.enums import Audience, FileKind, ScanState
from menhu.files.fields import GivenNameField, OpenNameField
from menhu.files.querysets import CaseFiles, UnitFiles
from menhu.units.models import Unit

__all__ = ["FileKind", "StoredFile"]


class StoredFile(models.Model):
    """An upload: private in `HOME/private/` until a published revision uses it and delivery copies it out.

    A file of a case (`audience`) is sealed on disk, has no public address, and `StoredFile.objects` does not know it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    audience = models.CharField(_("给谁看"), max_length=8, choices=Audience.choices, default=Audience.UNIT)
    kind = models.CharField(_("种类"), max_length=12, choices=FileKind.choices)
    # Of a file of a case the row has only "附件.jpg" in the open; the name that it was given lies sealed beside.
    name = OpenNameField(_("文件名"), max_length=160)
    sealed_name = GivenNameField(_("来信人所起的文件名"))
    extension = models.CharField(_("扩展名"), max_length=12)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("字节数"))
    # Of a file of a case it is a keyed hash: who guesses what was sent in cannot confirm it by the row.
    sha256 = models.CharField(_("摘要"), max_length=64)
    width = models.PositiveIntegerField(_("宽"), null=True, blank=True)
    height = models.PositiveIntegerField(_("高"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("页数"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    scan_state = models.CharField(_("查毒"), max_length=12, choices=ScanState.choices, default=ScanState.UNSCANNED)
    scan_detail = models.CharField(_("查毒结果"), max_length=200, blank=True)
    scan_attempts = models.PositiveIntegerField(_("查毒次数"), default=0)
    scan_after = models.DateTimeField(_("下次查毒"), null=True, blank=True)
    scan_alarmed_at = models.DateTimeField(_("已告知网站管理员"), null=True, blank=True)

    objects = UnitFiles()
    case_files = CaseFiles()

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        indexes = [
            models.Index(fields=["audience", "unit", "-id"], name="files_storedfile_of_unit"),
            models.Index(fields=["audience", "unit", "kind", "-id"], name="files_storedfile_of_kind"),
            models.Index(fields=["audience", "sha256"], name="files_storedfile_equal"),
            models.Index(fields=["audience", "scan_state", "scan_after"], name="files_storedfile_scan"),
        ]

    def __str__(self) -> str:
        """What the trail keeps for ever: of a citizen's file not the name, which may tell who they are."""
        return f"来件附件 {self.pk}.{self.extension}" if self.is_of_case else self.name

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        """Read back, it is called as it was sent in."""
        file = super().from_db(db, field_names, values)
        if "sealed_name" in field_names and file.sealed_name:
            file.name = file.sealed_name
        return file

    @property
    def is_of_case(self) -> bool:
        return self.audience == Audience.CASE

    @property
    def is_shown(self) -> bool:
        """Whether its bytes may be shown: not while a scanner has yet to judge them, nor once it found a virus."""
        return self.scan_state in {ScanState.UNSCANNED, ScanState.CLEAN}

    @property
    def private_name(self) -> str:
        """Where the bytes lie below the private root; equal bytes of one audience are kept once."""
        if self.is_of_case:
            return f"case/{self.sha256[:2]}/{self.sha256}.sealed"
        return f"{self.sha256[:2]}/{self.sha256}.{self.extension}"

    @property
    def public_path(self) -> str:
        """The address it has once published: by content, so that it may be cached for ever. None for a case's file."""
        if self.is_of_case:
            return ""
        return f"/files/{self.sha256[:2]}/{self.sha256[2:18]}/{self.pk}.{self.extension}"
