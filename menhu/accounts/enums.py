from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactKind(models.TextChoices):
    """By what a citizen can be reached."""

    PHONE = "phone", _("手机号")
    EMAIL = "email", _("电子邮箱")
