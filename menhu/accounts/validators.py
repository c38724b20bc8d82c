"""Password validators in the terms of `rules`; each says in one sentence what it wants."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.accounts.rules import KINDS_WANTED, MINIMUM_LENGTH, REMEMBERED, kinds_of, shares_fragment


class LengthValidator:
    """Eight characters at least."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < MINIMUM_LENGTH:
            raise ValidationError(self.get_help_text(), code="password_length")

    def get_help_text(self) -> str:
        return _("口令不得少于 %(least)d 位。") % {"least": MINIMUM_LENGTH}


class CommonValidator(CommonPasswordValidator):
    """Not one of the passwords that everybody tries first."""

    def get_error_message(self) -> str:
        return _("这个口令太常见，容易被人猜中。")


class KindsValidator:
    """At least three of small letters, capitals, digits and signs."""

    def validate(self, password: str, user: User | None = None) -> None:
        if kinds_of(password) < KINDS_WANTED:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        return _("口令须含小写字母、大写字母、数字、符号中的至少三种。")


class FragmentValidator:
    """Nothing of the account's name, telephone or e-mail."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is not None and shares_fragment(password, [user.username, user.phone, user.email.partition("@")[0]]):
            raise ValidationError(self.get_help_text(), code="password_fragment")

    def get_help_text(self) -> str:
        return _("口令不能含用户名、手机号或邮箱的片段。")


class NotRecentValidator:
    """Not the present password nor one of those before it, three in all."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        past = user.past_passwords.order_by("-pk").values_list("password", flat=True)[: REMEMBERED - 1]
        if any(check_password(password, kept) for kept in [user.password, *past]):
            raise ValidationError(self.get_help_text(), code="password_recent")

    def get_help_text(self) -> str:
        return _("口令不能与最近三次用过的相同。")
