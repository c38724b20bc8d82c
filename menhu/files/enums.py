from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    IMAGE = "image", _("图片")
    DOCUMENT = "document", _("文档")


class Audience(models.TextChoices):
    """For whom an upload is: a unit's staff and later its articles, or those alone who handle one case."""

    UNIT = "unit", _("单位")
    CASE = "case", _("来件")


class ScanState(models.TextChoices):
    """What a virus scanner has said of a file of a case."""

    UNSCANNED = "unscanned", _("没有查毒")
    WAITING = "waiting", _("等待查毒")
    CLEAN = "clean", _("未发现病毒")
    INFECTED = "infected", _("发现病毒，已删除")
