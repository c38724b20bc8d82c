from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How somebody outside the house is reached."""

    SMS = "sms", _("短信")
    EMAIL = "email", _("电子邮件")


class MessageState(models.TextChoices):
    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    GIVEN_UP = "given_up", _("发送失败")
