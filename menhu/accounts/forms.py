from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm

from menhu.accounts.models import User


class SignInForm(LoginForm):
    """Wagtail's, in our words; an account without a post is told so instead of being sent round in circles."""

    error_messages = {
        "invalid_login": _("用户名或口令不对，请再试一次。"),
        "inactive": _("这个账号已停用，请联系网站管理员。"),
        "no_post": _("您的账号目前没有岗位，请联系网站管理员。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("用户名")
        self.fields["password"].label = _("口令")
        for name, hint in (("username", "username"), ("password", "current-password")):
            field = self.fields[name]
            field.error_messages["required"] = _("请填写“%(label)s”。") % {"label": field.label}
            attributes = field.widget.attrs
            attributes.pop("placeholder", None)
            attributes.update({"class": "input", "autocomplete": hint})

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if not user.has_perm("wagtailadmin.access_admin"):
            raise ValidationError(self.error_messages["no_post"], code="no_post")


def _password_field(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"class": "input", "autocomplete": autocomplete})
    required = {"required": _("请填写“%(label)s”。") % {"label": label}}
    return forms.CharField(label=label, strip=False, widget=widget, max_length=128, error_messages=required)


class PasswordForm(forms.Form):
    """The person's own password: the old one, the new one twice."""

    old = _password_field(_("现在的口令"), "current-password")
    new = _password_field(_("新口令"), "new-password")
    again = _password_field(_("再输一次新口令"), "new-password")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError(_("现在的口令不对。"))
        return old

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("两次输入的新口令不一样。"))
        return cleaned


class CodeForm(forms.Form):
    """Six digits of an authenticator."""

    code = forms.CharField(
        label=_("六位验证码"),
        error_messages={"required": _("请输入六位数字。")},
        max_length=8,
        widget=forms.TextInput(
            attrs={"class": "input", "inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9 ]*"}
        ),
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].replace(" ", "")
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise ValidationError(_("请输入六位数字。"))
        return str(code)


class PhoneForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("phone",)
        widgets = {
            "phone": forms.TextInput(attrs={"class": "input input--s", "autocomplete": "tel", "inputmode": "tel"})
        }
