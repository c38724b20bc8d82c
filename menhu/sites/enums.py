from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteKind(models.TextChoices):
    PORTAL = "portal", _("门户")
    UNIT = "unit", _("单位网站")


class SiteState(models.TextChoices):
    PREPARING = "preparing", _("筹建")
    OPEN = "open", _("开通")
    CLOSED = "closed", _("关停")


class Palette(models.TextChoices):
    RED = "red", _("红")
    BLUE = "blue", _("蓝")


class ColumnForm(models.TextChoices):
    """How a column's page is made."""

    LIST = "list", _("列表")
    SINGLE = "single", _("单页")
    LEADERS = "leaders", _("领导")
    LINK = "link", _("链接")
    TOPIC = "topic", _("专题")


class RequestKind(models.TextChoices):
    ADD = "add", _("新设栏目")
    RENAME = "rename", _("栏目更名")
    REMOVE = "remove", _("撤销栏目")


class RequestState(models.TextChoices):
    WAITING = "waiting", _("待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
