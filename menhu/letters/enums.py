from django.db import models
from django.utils.translation import gettext_lazy as _


class MailboxKind(models.TextChoices):
    """To whom a letter is written."""

    MAYOR = "mayor", _("县（市、区）长信箱")
    HOTLINE = "hotline", _("12345 热线")
    LEADER = "leader", _("领导信箱")
    UNIT = "unit", _("部门信箱")
    INVESTMENT = "investment", _("招商咨询")
    ERROR = "error", _("我为政府网站找错")


class CopyState(models.TextChoices):
    """How far the public copy of a letter has come."""

    DRAFT = "draft", _("待发布")
    PUBLISHED = "published", _("已公开")
    WITHDRAWN = "withdrawn", _("已撤下")
