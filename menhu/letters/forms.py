"""What citizens type: checked at the edge, each message says how to put it right."""

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from menhu.cases.actions.receiving import TITLE_LENGTH
from menhu.cases.models import CaseKind
from menhu.letters.actions.writing import AT_THE_COUNTER
from menhu.letters.enums import MailboxKind
from menhu.letters.models import Mailbox
from menhu.letters.openness.outcomes import APPLICANTS, FORMS, WAYS
from menhu.units.models import Unit

LEAST_TEXT: Final = 15
MOST_TEXT: Final = 2_000
UNIT_BOX: Final = "unit"
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LANDLINE: Final = re.compile(r"0\d{2,3}-?\d{7,8}")


def one_line(text: str) -> str:
    """Words on one line without control characters; every other character stays, however rare."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(kept.split())


def many_lines(text: str) -> str:
    """Words on lines: line ends made one kind, other control characters dropped."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


class LineField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class TextField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return many_lines(super().to_python(value) or "")


class PhoneField(forms.CharField):
    """A mobile or landline number as people type it: blanks, dashes and full-width digits are put right."""

    def to_python(self, value: Any) -> str:
        half = unicodedata.normalize("NFKC", super().to_python(value) or "")
        return re.sub(r"[\s-]", "", half).removeprefix("+86")

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value or _MOBILE.fullmatch(value) or _LANDLINE.fullmatch(value):
            return
        if value.isdecimal() and value.startswith("1"):
            raise forms.ValidationError(_("手机号应为 11 位数字，现在是 %(count)d 位。"), params={"count": len(value)})
        raise forms.ValidationError(_("请填写 11 位手机号，或带区号的固定电话。"))


class SenderForm(forms.Form):
    """Who writes and how to reach them."""

    name = LineField(label=_("您的姓名"), max_length=40, error_messages={"required": _("请填写姓名。")})
    phone = PhoneField(
        label=_("手机号"), max_length=30, error_messages={"required": _("请填写手机号，以便告诉您进展。")}
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        max_length=120,
        error_messages={"invalid": _("电子邮箱的写法不对，例如 name@example.cn。")},
    )


class LetterForm(SenderForm):
    """A letter to one of the open boxes."""

    box = forms.CharField(error_messages={"required": _("请选择写给谁。")})
    unit_box = forms.CharField(required=False)
    kind = forms.CharField(error_messages={"required": _("请选择这封信属于哪一类。")})
    title = LineField(
        label=_("标题"),
        max_length=TITLE_LENGTH,
        error_messages={
            "required": _("请用一句话写清是什么事。"),
            "max_length": _("标题最多 %(limit_value)d 字，现在 %(show_value)d 字，请移到内容里写。"),
        },
    )
    text = TextField(
        label=_("内容"),
        min_length=LEAST_TEXT,
        max_length=MOST_TEXT,
        error_messages={
            "required": _("请写清时间、地点和经过。"),
            "min_length": _("内容写得太少，请写清时间、地点和经过。"),
            "max_length": _("内容最多 %(limit_value)d 字，现在 %(show_value)d 字。"),
        },
    )
    place = LineField(label=_("发生地点"), required=False, max_length=120)
    publication = forms.ChoiceField(
        choices=[("yes", _("可以公开")), ("no", _("不公开，只答复我"))],
        error_messages={"required": _("请选择答复是否可以公开。")},
    )
    is_true = forms.BooleanField(error_messages={"required": _("请确认写的是实情。")})
    page_url = LineField(required=False, max_length=500)
    key = forms.RegexField(r"[A-Za-z0-9_-]{16,64}", error_messages={"required": _("请刷新页面后再寄出。")})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        box = self._box(cleaned)
        if box is not None:
            cleaned["mailbox"] = box
            self._clean_kind(cleaned, box)
        return cleaned

    def _box(self, cleaned: dict[str, Any]) -> Mailbox | None:
        slug = cleaned.get("unit_box") if cleaned.get("box") == UNIT_BOX else cleaned.get("box")
        if cleaned.get("box") == UNIT_BOX and not slug:
            self.add_error("unit_box", _("请选择写给哪个单位。"))
            return None
        found = Mailbox.objects.open().filter(slug=slug).first() if slug and slug.isprintable() else None
        if found is None and "box" not in self.errors:
            self.add_error("box", _("这个信箱现在不收信，请换一个。"))
        return found

    def _clean_kind(self, cleaned: dict[str, Any], box: Mailbox) -> None:
        code = cleaned.get("kind") or ""
        kind = box.case_kinds.filter(code=code, is_open=True).exclude(code__in=AT_THE_COUNTER).first()
        if kind is None and "kind" not in self.errors:
            self.add_error("kind", _("这个信箱不收这一类来信，请另选。"))
        cleaned["case_kind"] = kind


class ErrorReportForm(SenderForm):
    """An error on one of our pages."""

    page_url = LineField(max_length=500, error_messages={"required": _("请填写网页地址，方便我们找到。")})
    title = LetterForm.base_fields["title"]
    text = TextField(
        min_length=5,
        max_length=MOST_TEXT,
        error_messages={"required": _("请写明错在哪里。"), "min_length": _("请写明错在哪里、应当是什么。")},
    )
    publication = forms.ChoiceField(
        choices=[("yes", ""), ("no", "")], error_messages={"required": _("请选择答复是否可以公开。")}
    )
    is_true = forms.BooleanField(error_messages={"required": _("请确认写的是实情。")})
    key = LetterForm.base_fields["key"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        box = Mailbox.objects.open().filter(kind=MailboxKind.ERROR).in_order().first()
        kind = box.case_kinds.filter(is_open=True).order_by("position", "pk").first() if box else None
        if box is None or kind is None:
            raise forms.ValidationError(_("现在不能在网上报告差错，请拨打页面下方的电话。"))
        return {**cleaned, "mailbox": box, "case_kind": kind}


def kinds_of(boxes: list[Mailbox]) -> list[CaseKind]:
    """All kinds that may be written, in order."""
    kinds = CaseKind.objects.filter(mailboxes__in=boxes, is_open=True).exclude(code__in=AT_THE_COUNTER)
    return list(kinds.distinct().order_by("position", "pk"))


def unit_boxes(boxes: list[Mailbox]) -> list[Mailbox]:
    return [box for box in boxes if box.kind == MailboxKind.UNIT]


class RequestForm(SenderForm):
    """A request for information: what the regulation asks for (§29), nothing more."""

    unit = forms.ModelChoiceField(
        queryset=Unit.objects.none(),
        error_messages={"required": _("请选择向哪个单位申请。"), "invalid_choice": _("请重新选择单位。")},
    )
    applicant = forms.ChoiceField(
        choices=list(APPLICANTS.items()), error_messages={"required": _("请选择申请人类别。")}
    )
    organisation = LineField(required=False, max_length=80)
    credit_code = LineField(required=False, max_length=18)
    identity_number = LineField(
        max_length=18, error_messages={"required": _("请填写身份证件号码；单位申请的，填经办人的。")}
    )
    address = LineField(required=False, max_length=120)
    information = LineField(
        max_length=TITLE_LENGTH,
        error_messages={"required": _("请写明需要的信息叫什么，例如“2026 年农村道路建设计划”。")},
    )
    document_number = LineField(required=False, max_length=60)
    description = TextField(required=False, max_length=MOST_TEXT)
    purpose = TextField(required=False, max_length=500)
    form = forms.ChoiceField(choices=list(FORMS.items()), error_messages={"required": _("请选择提供形式。")})
    way = forms.ChoiceField(choices=list(WAYS.items()), error_messages={"required": _("请选择获取方式。")})
    is_true = forms.BooleanField(error_messages={"required": _("请确认写的是实情。")})
    key = LetterForm.base_fields["key"]

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined] # a ModelChoiceField has one

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("applicant", "natural") != "natural" and not cleaned.get("organisation"):
            self.add_error("organisation", _("单位申请的，请填写单位名称。"))
        if cleaned.get("way") == "email" and not cleaned.get("email"):
            self.add_error("email", _("选择电子邮件获取的，请填写电子邮箱。"))
        if cleaned.get("way") == "post" and not cleaned.get("address"):
            self.add_error("address", _("选择邮寄的，请填写通信地址。"))
        return cleaned


class CheckForm(forms.Form):
    """Number and code, as they were told to the sender."""

    number = LineField(label=_("编号"), max_length=40, error_messages={"required": _("请填写编号。")})
    code = LineField(label=_("查询码"), max_length=40, error_messages={"required": _("请填写查询码。")})


class RatingForm(forms.Form):
    level = forms.TypedChoiceField(
        choices=[(str(level), "") for level in range(1, 6)],
        coerce=int,
        error_messages={"required": _("请选一级评价。")},
    )
    text = TextField(required=False, max_length=500)


class WordsForm(forms.Form):
    """Words of the sender about a case: a supplement, or why it is to be handled again."""

    text = TextField(
        min_length=5,
        max_length=MOST_TEXT,
        error_messages={"required": _("请写明情况。"), "min_length": _("写得太少，请写清楚一些。")},
    )
