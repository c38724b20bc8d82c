"""Django's own announcements of sign-in and sign-out become events of the trail."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django_otp import user_has_device

from menhu.accounts.models import User
from menhu.accounts.sessions import PENDING, SECOND_FACTOR
from menhu.audit.trail import record


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **_more: Any) -> None:
    """Whoever has a device owes a code before anything else."""
    if user_has_device(user):
        request.session[SECOND_FACTOR] = PENDING
    record("accounts.sign_in", user, by=user)


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: User | None, **_more: Any) -> None:
    if user is not None:
        record("accounts.sign_out", user, by=user)


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: dict[str, Any], **_more: Any) -> None:
    record("accounts.sign_in_failed", None, by=None, data={"username": _tried(credentials.get("username"))})


@receiver(user_locked_out)
def locked_out(sender: Any, username: str | None = None, **_more: Any) -> None:
    record("accounts.locked", None, by=None, data={"username": _tried(username)})


def _tried(username: Any) -> str:
    """The name that was tried; of an unknown one only the beginning, for it may be a password in the wrong field."""
    text = str(username or "")[:150]
    return text if User.objects.filter(username=text).exists() else f"{text[:2]}…"
