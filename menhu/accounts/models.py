from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from menhu.accounts.contacts import Contact
from menhu.accounts.enums import ContactKind
from menhu.core.sealing import SealedTextField


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail's Page managers are untyped
    """A person's account. What they may do comes from their posts (menhu.units), never from groups."""

    last_name = None  # type: ignore[assignment]  # a person has one name, in the order of the language
    name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("手机"), max_length=20, blank=True)
    password_changed_at = models.DateTimeField(_("口令修改时间"), null=True, blank=True)
    must_change_password = models.BooleanField(_("下次登录须改口令"), default=False)

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def first_name(self) -> str:  # type: ignore[override]
        """What Wagtail's sidebar calls a person."""
        return self.name

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


class Citizen(models.Model):
    """Somebody who signs in on the public pages. Never a User: nothing of the back office is open to a citizen."""

    phone = SealedTextField(_("手机号"))
    phone_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - unique
    email = SealedTextField(_("电子邮箱"))
    email_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - unique
    name = SealedTextField(_("姓名"))
    created_at = models.DateTimeField(_("注册时间"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("最近来访"))
    is_active = models.BooleanField(_("可以登录"), default=True)
    erased_at = models.DateTimeField(_("注销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("公众用户")
        verbose_name_plural = _("公众用户")
        constraints = [
            models.CheckConstraint(
                condition=Q(phone_digest__isnull=False) | Q(email_digest__isnull=False) | Q(erased_at__isnull=False),
                name="accounts_citizen_reachable",
                violation_error_message=_("公众用户至少要有手机号或电子邮箱。"),
            ),
        ]

    def __str__(self) -> str:
        """Without anything personal: the trail keeps it."""
        return str(_("公众用户 %(number)d") % {"number": self.pk})

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """By what this citizen signs in."""
        pairs = ((ContactKind.PHONE, self.phone), (ContactKind.EMAIL, self.email))
        return tuple(Contact(kind, value) for kind, value in pairs if value)


class SignInCode(models.Model):
    """The one live code of an address: asked for again, the new one takes its place."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("方式"), max_length=8, choices=ContactKind.choices)
    address = SealedTextField(_("地址"))
    code_digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(_("有效至"))
    tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)

    class Meta:
        verbose_name = _("登录验证码")
        verbose_name_plural = _("登录验证码")
        indexes = [models.Index(fields=["expires_at"], name="accounts_code_expiry")]

    def __str__(self) -> str:
        return self.contact.masked

    @property
    def contact(self) -> Contact:
        return Contact(ContactKind(self.kind), self.address)
