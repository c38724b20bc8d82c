"""One's own account: password, second factor, telephone. Sheets in the manner of the sign-in page."""

from base64 import b32encode
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import devices_for_user
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from menhu.accounts import actions
from menhu.accounts.forms import CodeForm, PasswordForm, PhoneForm, SignInForm
from menhu.accounts.requests import StaffRequest
from menhu.accounts.sessions import PENDING, SECOND_FACTOR, VERIFIED, duty_of, must_have_second_factor
from menhu.audit.trail import posts_of
from menhu.core.office import office_view
from menhu.core.qr import qr_code


def _sheet(request: HttpRequest, template: str, title: str, form: Form, **context: Any) -> HttpResponse:
    return render(request, f"accounts/{template}.html", {"title": title, "form": form, **context})


@office_view
def me(request: StaffRequest) -> HttpResponse:
    """Who I am here: name, posts, telephone, and the ways to password and second factor."""
    form = PhoneForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_phone(user=request.user, phone=form.cleaned_data["phone"])
        messages.success(request, _("已保存。"))
        return redirect("accounts:me")
    device = next(devices_for_user(request.user), None)
    return render(request, "accounts/me.html", {"form": form, "device": device, "posts": posts_of(request.user)})


@sensitive_post_parameters()
@office_view
def password(request: StaffRequest) -> HttpResponse:
    """Change one's password; also the page that a first sign-in cannot pass by."""
    is_duty = duty_of(request.user, request.session) == "accounts:password"
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid() and _has_changed(form, request):
        messages.success(request, _("口令已修改。"))
        return redirect("wagtailadmin_home")
    return _sheet(request, "password", _("修改口令"), form, is_duty=is_duty)


def _has_changed(form: PasswordForm, request: StaffRequest) -> bool:
    try:
        actions.change_password(user=request.user, new=form.cleaned_data["new"])
    except ValidationError as refused:
        form.add_error("new", refused)
        return False
    update_session_auth_hash(request, request.user)
    return True


@office_view
def verify(request: StaffRequest) -> HttpResponse:
    """The second step of signing in, for an account with a device."""
    if request.session.get(SECOND_FACTOR) != PENDING:
        return redirect("wagtailadmin_home")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_verified(form, request):
        return redirect("wagtailadmin_home")
    return _sheet(request, "verify", _("输入验证码"), form)


def _is_verified(form: CodeForm, request: StaffRequest) -> bool:
    device = next(devices_for_user(request.user), None)
    if device is None or not _accepts(form, device):
        return False
    _mark_verified(request, device)
    return True


def _accepts(form: CodeForm, device: TOTPDevice) -> bool:
    """Whether the device takes the code; says why not on the form. Wrong codes slow down further tries."""
    is_allowed, _reason = device.verify_is_allowed()
    if is_allowed and device.verify_token(form.cleaned_data["code"]):
        return True
    text = _("验证码不对，请看清手机上最新的六位数字。") if is_allowed else _("试得太快，请稍等几秒再输入。")
    form.add_error("code", text)
    return False


def _mark_verified(request: StaffRequest, device: TOTPDevice) -> None:
    otp_login(request, device)
    request.session[SECOND_FACTOR] = VERIFIED
    request.session.cycle_key()


@office_view
def second_factor(request: StaffRequest) -> HttpResponse:
    """Enrol an authenticator: scan the code, prove it by one number. One who has one may give it up by a last code."""
    device = TOTPDevice.objects.filter(user=request.user, confirmed=True).first()
    if device is not None:
        return _give_up(request, device)
    device, _made = TOTPDevice.objects.get_or_create(
        user=request.user, confirmed=False, defaults={"name": settings.WAGTAIL_SITE_NAME[:64]}
    )
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_enrolled(form, request, device):
        messages.success(request, _("手机验证码已启用，下次登录起需要输入。"))
        return redirect("wagtailadmin_home")
    qr = qr_code(device.config_url)
    context = {"qr": qr, "side": qr.modules + 8, "secret": _spaced(device)}
    must = must_have_second_factor(request.user)
    return _sheet(request, "enrol", _("启用手机验证码"), form, must=must, **context)


def _is_enrolled(form: CodeForm, request: StaffRequest, device: TOTPDevice) -> bool:
    if not actions.confirm_second_factor(user=request.user, device=device, code=form.cleaned_data["code"]):
        form.add_error("code", _("验证码不对，请看清手机上最新的六位数字。"))
        return False
    _mark_verified(request, device)
    return True


def _give_up(request: StaffRequest, device: TOTPDevice) -> HttpResponse:
    must = must_have_second_factor(request.user)
    form = CodeForm(request.POST or None)
    if not must and request.method == "POST" and form.is_valid() and _accepts(form, device):
        actions.remove_second_factor(user=request.user, by=request.user)
        request.session.pop(SECOND_FACTOR, None)
        messages.success(request, _("手机验证码已停用。"))
        return redirect("accounts:me")
    return _sheet(request, "give_up", _("停用手机验证码"), form, must=must)


def _spaced(device: TOTPDevice) -> str:
    """The secret in groups of four, for a telephone that cannot scan."""
    secret = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """What axes answers while it holds an account: the sign-in page, with how long and who can help."""
    form = SignInForm(request)
    facts = {"failures": settings.AXES_FAILURE_LIMIT, "minutes": round(settings.AXES_COOLOFF_TIME * 60)}
    text = _("连续 %(failures)d 次口令不对，已锁定 %(minutes)d 分钟。请到时再试，或请网站管理员解锁。") % facts
    return render(request, "wagtailadmin/login.html", {"form": form, "locked": text}, status=429)
