from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail's Page managers are untyped
    """A person's account. What they may do comes from their posts (menhu.units), never from groups."""

    name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("手机"), max_length=20, blank=True)
    password_changed_at = models.DateTimeField(_("口令修改时间"), null=True, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改口令"), default=False)

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Asks the backends in turn, as Django does, but the superuser flag gives nothing: rights come from posts."""
        try:
            return any(backend.has_perm(self, perm, obj) for backend in get_backends() if hasattr(backend, "has_perm"))
        except PermissionDenied:
            return False


class PastPassword(models.Model):
    """The hash of a password that a person used before, so that it is not used again at once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords", verbose_name=_("账号"))
    password = models.CharField(_("口令摘要"), max_length=128)
    replaced_at = models.DateTimeField(_("更换时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("旧口令")
        verbose_name_plural = _("旧口令")
        indexes = [models.Index(fields=["user", "-id"], name="accounts_pastpassword_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.replaced_at:%Y-%m-%d}"
