"""What people of the house fill in about letters and requests."""

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from menhu.accounts.models import User
from menhu.cases.actions.receiving import TEXT_LENGTH, TITLE_LENGTH
from menhu.cases.enums import Channel
from menhu.cases.forms import ConsultForm, DraftForm
from menhu.cases.models import CaseKind
from menhu.core.office_forms import ActionForm, OfficeFormMixin
from menhu.letters.actions.reporting import columns_for
from menhu.letters.forms import LineField, PhoneField, TextField
from menhu.letters.models import InformationRequest, Mailbox, PublicCopy, ReplyTemplate
from menhu.letters.openness.outcomes import BY_HAND, GROUPS
from menhu.sites.models import Column
from menhu.units.enums import Role, UnitKind
from menhu.units.models import Leader, Unit
from menhu.units.policies import scope_of

LONG: Final = {"rows": 8}


class CopyForm(OfficeFormMixin, forms.Form):
    """The public copy: three texts, each masked by proposal and gone through by a person."""

    title = LineField(label=_("标题"), max_length=TITLE_LENGTH)
    question = TextField(label=_("来信（公开稿）"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs=LONG))
    answer = TextField(label=_("答复（公开稿）"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs=LONG))


class PublishForm(OfficeFormMixin, forms.Form):
    """What looks like personal data and is none, item by item, and the word that the copy was read."""

    accepted = forms.MultipleChoiceField(
        label=_("下列内容疑似个人信息，确认不是的请勾选"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_read = forms.BooleanField(label=_("已逐字核对，不涉密、不含个人信息"))

    def __init__(self, *args: Any, found: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepted"].choices = [(text, text) for text in dict.fromkeys(found)]  # type: ignore[attr-defined]
        if not found:
            del self.fields["accepted"]


class WithdrawForm(OfficeFormMixin, forms.Form):
    reason = TextField(label=_("撤下的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class KnowledgeFilter(OfficeFormMixin, forms.Form):
    """What is looked for in the knowledge base, as it stands in the address; what is no choice is left out."""

    q = LineField(label=_("词语"), required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"}))
    unit = forms.TypedChoiceField(label=_("答复单位"), required=False, coerce=int, empty_value=None)
    kind = forms.TypedChoiceField(label=_("种类"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter_%s")
        units = Unit.objects.filter(pk__in=PublicCopy.objects.known().values("unit_id")).in_order()
        kinds = CaseKind.objects.filter(family="letter").order_by("position", "pk")
        for name, rows in (("unit", units.values_list("pk", "short_name")), ("kind", kinds.values_list("pk", "name"))):
            self.fields[name].choices = [("", _("全部")), *rows]  # type: ignore[attr-defined]


class WeeklyForm(OfficeFormMixin, forms.Form):
    """The column in which the report of a week is drafted."""

    column = forms.ModelChoiceField(label=_("起草到哪个栏目"), queryset=Column.objects.none(), empty_label=_("请选择"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["column"]
        field.queryset = columns_for(by)
        field.label_from_instance = lambda column: f"{column.site.name} · {column.name}"


class TakeChargeForm(OfficeFormMixin, forms.Form):
    """The one leader who answers for a hard letter, until when, and by what measures."""

    leader = forms.ModelChoiceField(label=_("包案领导"), queryset=Leader.objects.none(), empty_label=_("请选择"))
    ends_on = forms.DateField(
        label=_("办结期限"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input input--s"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请按“2026-06-30”的样子填写日期。")},
    )
    measures = TextField(label=_("化解措施"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaders = Leader.objects.filter(unit__is_active=True).select_related("unit")
        field: Any = self.fields["leader"]
        field.queryset = leaders.order_by("unit__path", "position", "pk")
        field.label_from_instance = lambda row: f"{row}（{row.unit.short_name}）"
        field.widget.attrs["data-narrows"] = _("输入姓名或单位查找")


class SettleForm(OfficeFormMixin, forms.Form):
    outcome = TextField(label=_("化解结果"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 5}))


class EnterForm(OfficeFormMixin, forms.Form):
    """A letter entered for somebody who called, came or wrote on paper."""

    mailbox = forms.ModelChoiceField(label=_("信箱"), queryset=Mailbox.objects.none())
    channel = forms.ChoiceField(
        label=_("来源"), choices=[(c.value, c.label) for c in Channel if c is not Channel.WEB], initial=Channel.PHONE
    )
    kind = forms.ModelChoiceField(label=_("种类"), queryset=CaseKind.objects.none())
    title = LineField(label=_("标题"), max_length=TITLE_LENGTH)
    text = TextField(label=_("内容"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs=LONG))
    place = LineField(label=_("发生地点"), required=False, max_length=120)
    name = LineField(label=_("姓名"), required=False, max_length=40)
    phone = PhoneField(label=_("电话"), required=False, max_length=30)
    address = LineField(label=_("联系地址"), required=False, max_length=120)
    wants_publication = forms.BooleanField(label=_("来信人同意公开答复"), required=False)
    is_confidential = forms.BooleanField(label=_("要求对承办单位保密姓名"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes = boxes_of(by)
        kinds = CaseKind.objects.filter(mailboxes__in=boxes, is_open=True).distinct().order_by("position", "pk")
        self.fields["mailbox"].queryset = boxes  # type: ignore[attr-defined]
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]


def boxes_of(by: User) -> QuerySet[Mailbox]:
    """The open boxes of whose desk the person is an operator."""
    return Mailbox.objects.open().filter(scope_of(by, {Role.OPERATOR}).condition("desk_id")).in_order()


class MailboxForm(ActionForm):
    """A letter box, for the webmaster."""

    class Meta:
        model = Mailbox
        fields = ("name", "slug", "kind", "unit", "desk", "addressee", "case_kinds", "hint", "position", "is_open")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.active().exclude(kind=UnitKind.GROUP).in_order()
        self.fields["unit"].queryset = self.fields["desk"].queryset = units  # type: ignore[attr-defined]
        kinds = CaseKind.objects.filter(family="letter").order_by("position", "pk")
        self.fields["case_kinds"].queryset = kinds  # type: ignore[attr-defined]


class TemplateForm(ActionForm):
    """Words that answers begin with; a unit keeps its own, the desk those for all."""

    class Meta:
        model = ReplyTemplate
        fields = ("title", "kind", "text", "position", "is_active")
        widgets = {"text": forms.Textarea(attrs=LONG)}


class DecisionForm(DraftForm):
    """The draft of an answer to a request: what is decided, by the lines of the yearly report, and the words."""

    hint = _("先选处理结果，再写答复。签发后申请人可以查看并下载答复书。")
    outcome = forms.ChoiceField(label=_("处理结果"))
    field_order = ("outcome", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["outcome"]
        field.choices = [("", _("请选择")), *_grouped()]
        row = InformationRequest.objects.filter(case=self.case).first()
        self.initial["outcome"] = row.outcome if row else ""


def _grouped() -> list[tuple[Any, list[tuple[str, Any]]]]:
    return [(g.label, [(o.code, o.label) for o in BY_HAND if o.group == g.code]) for g in GROUPS]


class ThirdPartyForm(ConsultForm):
    """Whom the house asks: kept sealed, shown to those who handle the request."""

    hint = _("依《政府信息公开条例》第三十二条书面征求意见，十五个工作日，不计入答复期限。")
    third_party = LineField(label=_("第三方"), max_length=80)
    field_order = ("third_party", "text")
