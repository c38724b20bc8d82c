"""What is done to accounts. `by=None` is the install itself."""

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from menhu.accounts.models import PastPassword, User
from menhu.accounts.policies import demand_webmaster
from menhu.accounts.rules import REMEMBERED, one_time_password
from menhu.audit.trail import record


@transaction.atomic
def create_account(*, username: str, name: str, by: User | None, phone: str = "", email: str = "") -> tuple[User, str]:
    """A new account and its one-time password, which must be changed at first sign-in and is kept nowhere."""
    demand_webmaster(by)
    password = one_time_password()
    user = User(username=username, name=name, phone=phone, email=email, must_change_password=True)
    user.set_password(password)
    user.full_clean()
    user.save()
    record("accounts.create", user, by=by)
    return user, password


@transaction.atomic
def change_account(*, user: User, by: User | None, name: str, phone: str, email: str) -> User:
    """Correct a person's name and how to reach them; the user name never changes."""
    demand_webmaster(by)
    user.name, user.phone, user.email = name, phone, email
    user.full_clean()
    user.save(update_fields=["name", "phone", "email"])
    record("accounts.change", user, by=by)
    return user


@transaction.atomic
def change_phone(*, user: User, phone: str) -> None:
    """The person's own telephone."""
    user.phone = phone
    user.clean_fields(exclude=[field.name for field in user._meta.fields if field.name != "phone"])
    user.save(update_fields=["phone"])
    record("accounts.change_phone", user, by=user)


@transaction.atomic
def disable_account(*, user: User, by: User | None, reason: str) -> None:
    """Shut a person out at once; what they did stays under their name."""
    demand_webmaster(by)
    if by is not None and by.pk == user.pk:
        raise ValidationError(_("不能停用自己的账号。"))
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise ValidationError(_("这个账号已经停用。"))
    user.is_active = False
    record("accounts.disable", user, by=by, data={"reason": reason})


@transaction.atomic
def enable_account(*, user: User, by: User | None) -> None:
    demand_webmaster(by)
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise ValidationError(_("这个账号没有停用。"))
    user.is_active = True
    record("accounts.enable", user, by=by)


@transaction.atomic
def reset_password(*, user: User, by: User | None) -> str:
    """A new one-time password; every session of the person ends."""
    demand_webmaster(by)
    password = one_time_password()
    _replace_password(user, password, must_change=True)
    record("accounts.reset_password", user, by=by)
    return password


@transaction.atomic
def change_password(*, user: User, new: str) -> None:
    """The person's own new password. Raises ValidationError with every rule that it breaks."""
    validate_password(new, user)
    _replace_password(user, new, must_change=False)
    record("accounts.change_password", user, by=user)


def unlock_account(*, user: User, by: User | None) -> int:
    """Forget failed sign-ins, so that a locked account may try again at once; returns how many were forgotten."""
    demand_webmaster(by)
    forgotten = int(forget_failures(username=user.username))
    record("accounts.unlock", user, by=by, data={"failures": forgotten})
    return forgotten


@transaction.atomic
def confirm_second_factor(*, user: User, device: TOTPDevice, code: str) -> bool:
    """Make a new device the person's second factor once it shows the right code; older devices go."""
    if not device.verify_token(code):
        return False
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    record("accounts.enrol_second_factor", user, by=user)
    return True


@transaction.atomic
def remove_second_factor(*, user: User, by: User | None) -> None:
    """For a lost telephone (by the webmaster) or by the person after a last right code (by themselves)."""
    if by is None or by.pk != user.pk:
        demand_webmaster(by)
    TOTPDevice.objects.filter(user=user).delete()
    record("accounts.remove_second_factor", user, by=by)


def _replace_password(user: User, password: str, *, must_change: bool) -> None:
    PastPassword.objects.create(user=user, password=user.password)
    kept = user.past_passwords.order_by("-pk").values_list("pk", flat=True)[:REMEMBERED]
    user.past_passwords.exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
