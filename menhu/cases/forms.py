"""One small form for each deed; what the action needs comes out of `cleaned_data` under the action's own names."""

import json
from typing import Any, ClassVar, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from menhu.accounts.models import User
from menhu.cases.actions.attaching import unsent_files
from menhu.cases.baskets import Asked, Due
from menhu.cases.enums import AnswerState, CaseState, Deed
from menhu.cases.families import special_for
from menhu.cases.models import Answer, Case, CaseKind, Directive, RetentionRule
from menhu.cases.panels import templates_for
from menhu.cases.policies import is_manned, may_see, units_to_give_to
from menhu.cases.presets import REFUSALS
from menhu.cases.rules import typed_number
from menhu.core.cursors import row_numbers
from menhu.core.office_forms import ActionForm, OfficeFormMixin
from menhu.units.enums import Role
from menhu.units.models import Unit

LONGEST_TEXT: Final = 10_000
LONGEST_REASON: Final = 1_000
MOST_PARTS: Final = 5
LEVELS: Final = ((5, _("非常满意")), (4, _("满意")), (3, _("基本满意")), (2, _("不满意")), (1, _("非常不满意")))


def words(label: Any, most: int = LONGEST_REASON, rows: int = 4, **more: Any) -> forms.CharField:
    """A box for some sentences."""
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


class DeedForm(OfficeFormMixin, forms.Form):
    """The form of a deed on one case for one person; ids carry the deed, since several forms share the page."""

    hint: ClassVar[str | Promise] = ""

    def __init__(self, deed: Deed, case: Case, user: User, data: Any = None) -> None:
        self.deed, self.case, self.user = deed, case, user
        super().__init__(data, auto_id=f"id_{deed.value}_%s")

    @property
    def shows_preview(self) -> bool:
        """Whether the form asks once more before it is done."""
        return False


class AcceptForm(DeedForm):
    hint = _("受理后开始计算答复期限，来信人可以看到。")


class TakeForm(DeedForm):
    hint = _("签收后由您承办。")


class CloseForm(DeedForm):
    hint = _("办结后不再变动；到期未评价的会自动办结。")


class ReasonForm(DeedForm):
    reason = words(_("理由"))


class ReturnForm(ReasonForm):
    hint = _("只能退回一次。请写明依据，并建议应由哪个单位承办。")


class SendBackForm(ReasonForm):
    reason = words(_("修改意见"))


class ReopenForm(ReasonForm):
    reason = words(_("来信人为什么不满意"))


class ComplexForm(ReasonForm):
    hint = _("列为复杂事项后期限延长，理由会告诉来信人。")


class UnmergeForm(ReasonForm):
    hint = _("撤销后回到待交办，单独办理。")


class TextForm(DeedForm):
    text = words(_("内容"))


class AskForm(TextForm):
    hint = _("来信人会看到这段话；补充之前暂停计时。")
    text = words(_("请补充什么"))


class SupplementForm(TextForm):
    hint = _("来信人用电话或当面补充的，由您代为记录。")
    text = words(_("来信人补充的内容"), LONGEST_TEXT)


class ConsultForm(TextForm):
    hint = _("征求意见期间暂停计时；内容只在内部可见。")
    text = words(_("向谁征求什么意见"))


class HearForm(TextForm):
    text = words(_("第三方的意见"), LONGEST_TEXT)


class PartnerForm(TextForm):
    hint = _("供牵头单位答复时采用，只在内部可见。")
    text = words(_("协办意见"), LONGEST_TEXT, 6)


class DraftForm(TextForm):
    """Begins with what was sent back, if anything was; `templates` are words to begin with."""

    hint = _("提交后由单位负责人签发，签发后来信人才能看到。")
    text = words(_("答复"), LONGEST_TEXT, 12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["text"] = _draft_of(self.case, AnswerState.SENT_BACK)
        self.templates = templates_for(self.case)


class SignForm(TextForm):
    """Shows the draft and its files, so that what is signed is what was on the screen."""

    hint = _("可以直接修改后签发；签发后来信人立即看到，并入这一件的来信同时答复。")
    text = words(_("答复"), LONGEST_TEXT, 12)
    shown_files = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["text"] = _draft_of(self.case, AnswerState.DRAFT)
        self.initial["shown_files"] = " ".join(str(row.pk) for row in unsent_files(self.case))

    def clean_shown_files(self) -> list[int]:
        return row_numbers(self.cleaned_data["shown_files"].split())


def _draft_of(case: Case, state: AnswerState) -> str:
    rows = Answer.objects.filter(case=case, round=case.round, state=state)
    return rows.values_list("text", flat=True).first() or ""


class RefuseForm(DeedForm):
    """Reason and right place are typed, or taken from the chosen preset where left empty."""

    hint = _("理由和应当向哪里反映，都会告诉来信人。")
    preset = forms.ChoiceField(
        label=_("常用理由"),
        required=False,
        choices=[("", _("自己写")), *((preset.code, preset.reason) for preset in REFUSALS)],
    )
    reason = words(_("理由"), required=False, help_text=_("选了常用理由可以不填。"))
    right_place = words(_("应当向哪里反映"), 300, 2, required=False, help_text=_("选了常用理由可以不填。"))

    def clean(self) -> dict[str, Any]:
        chosen = next((preset for preset in REFUSALS if preset.code == self.data.get("preset")), None)
        usual = {"reason": chosen.reason, "right_place": chosen.place} if chosen else {}
        typed = {name: self.cleaned_data.get(name, "").strip() for name in ("reason", "right_place")}
        given = {name: text or str(usual.get(name, "")) for name, text in typed.items()}
        for name, text in given.items():
            if not text and name not in self.errors:
                self.add_error(name, _("请填写，或者选一条常用理由。"))
        return given


class AssignForm(DeedForm):
    """A lead unit and partners among the units in use, those with handlers first."""

    hint = _("牵头单位负责答复，协办单位提供意见。")
    lead = forms.TypedChoiceField(label=_("牵头单位"), coerce=int)
    partners = forms.TypedMultipleChoiceField(
        label=_("协办单位"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    note = words(_("交办意见"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.pk: unit for unit in units_to_give_to()}
        with_handlers = set(units_to_give_to().filter(is_manned(Role.HANDLER)).values_list("pk", flat=True))
        manned = [(pk, unit.name) for pk, unit in self.units.items() if pk in with_handlers]
        empty = [(pk, unit.name) for pk, unit in self.units.items() if pk not in with_handlers]
        groups = [(_("有承办员"), manned), (_("还没有承办员"), empty)]
        self.fields["lead"].choices = [("", _("请选择")), *(group for group in groups if group[1])]  # type: ignore[attr-defined]
        self.fields["partners"].choices = [*manned, *empty]  # type: ignore[attr-defined]
        self.fields["lead"].widget.attrs["data-narrows"] = _("输入单位名称查找")

    def clean_lead(self) -> Unit:
        return self.units[self.cleaned_data["lead"]]

    def clean_partners(self) -> list[Unit]:
        return [self.units[pk] for pk in self.cleaned_data["partners"]]


class DesignateForm(AssignForm):
    hint = _("裁定后承办单位不能再退回。")
    note = None  # type: ignore[assignment]
    reason = words(_("裁定理由"))


class RateForm(DeedForm):
    hint = _("来信人用电话评价的，由您代为记录。")
    level = forms.TypedChoiceField(label=_("评价"), coerce=int, choices=LEVELS, widget=forms.RadioSelect)
    text = words(_("补充说明"), required=False)


class ProgressForm(TextForm):
    text = words(_("进展"))
    is_public = forms.TypedChoiceField(
        label=_("给谁看"),
        coerce=lambda value: value == "yes",
        choices=(("no", _("只在内部看")), ("yes", _("来信人也能看"))),
        initial="no",
        widget=forms.RadioSelect,
    )


class ExtendForm(ReasonForm):
    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1)
    reason = words(_("为什么需要延期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = self.fields["days"]
        days.widget.attrs["max"] = self.case.kind.extension_days
        days.help_text = _("最多 %(most)d 个工作日。") % {"most": self.case.kind.extension_days}


class DecideExtensionForm(DeedForm):
    is_granted = forms.TypedChoiceField(
        label=_("批复"),
        coerce=lambda value: value == "yes",
        choices=(("yes", _("同意延期")), ("no", _("不同意"))),
        widget=forms.RadioSelect,
    )
    decision = words(_("批复意见"))


class PressForm(TextForm):
    text = words(_("要求"))
    days = forms.IntegerField(
        label=_("几个工作日内反馈"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("不填则按规定时限。"),
    )


class ReportBackForm(TextForm):
    directive = forms.ModelChoiceField(label=_("反馈哪一条"), queryset=Directive.objects.none(), empty_label=None)
    text = words(_("办理情况"), LONGEST_TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["directive"]
        field.queryset = Directive.objects.filter(case=self.case, reported_at__isnull=True).order_by("due_at", "pk")
        field.label_from_instance = lambda row: f"{row.get_kind_display()}（{row.by_name}）：{row.text[:40]}"


class MergeForm(DeedForm):
    """The master by its number. `confirmed` is the master that was shown; without it the master is shown first."""

    hint = _("两件反映同一事项的，并入先来的一件，一并答复；来信人会知道并到哪一件。")
    number = forms.CharField(label=_("主件编号"), max_length=40)
    confirmed = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_number(self) -> str:
        number = typed_number(self.cleaned_data["number"])
        rows = Case.objects.select_related("kind", "lead", "desk", "handler").filter(number=number)
        master = rows.exclude(pk=self.case.pk).first()
        if master is None or not may_see(self.user, master):
            raise forms.ValidationError(_("没有找到这个编号的办件。"))
        self.master = master
        return number

    @property
    def is_confirmed(self) -> bool:
        """Whether the person has seen the master that they merge into."""
        return self.is_valid() and self.cleaned_data["confirmed"] == self.master.pk

    @property
    def shows_preview(self) -> bool:
        return self.is_bound and self.is_valid()


class SplitForm(DeedForm):
    """Up to five further matters, each with title and text."""

    hint = _("信里还有别的事项的，每件写一个标题和内容，各自编号、各自办理；本件保留原来的内容。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_PARTS + 1):
            title = forms.CharField(label=_("第 %(n)d 件的标题") % {"n": number}, max_length=120, required=False)
            title.widget.attrs["class"] = "input"
            text = words(_("第 %(n)d 件的内容") % {"n": number}, LONGEST_TEXT, 3, required=False)
            text.widget.attrs["class"] = "input"
            self.fields[f"title_{number}"], self.fields[f"text_{number}"] = title, text

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"title_{number}"], self[f"text_{number}"]) for number in range(1, MOST_PARTS + 1)]

    def clean(self) -> dict[str, Any]:
        parts = []
        for number in range(1, MOST_PARTS + 1):
            title, text = (self.cleaned_data.get(f"{name}_{number}", "").strip() for name in ("title", "text"))
            if bool(title) != bool(text):
                self.add_error(f"text_{number}" if title else f"title_{number}", _("标题和内容都要写。"))
            if title and text:
                parts.append((title, text))
        if not parts and not self.errors:
            self.add_error("title_1", _("请至少写明一个另外的事项。"))
        return {"parts": parts}


FORMS: Final[dict[Deed, type[DeedForm]]] = {
    Deed.ACCEPT: AcceptForm,
    Deed.REFUSE: RefuseForm,
    Deed.ASSIGN: AssignForm,
    Deed.DESIGNATE: DesignateForm,
    Deed.TAKE: TakeForm,
    Deed.RETURN: ReturnForm,
    Deed.ASK: AskForm,
    Deed.SUPPLEMENT: SupplementForm,
    Deed.CONSULT: ConsultForm,
    Deed.HEAR: HearForm,
    Deed.DRAFT: DraftForm,
    Deed.SEND_BACK: SendBackForm,
    Deed.SIGN: SignForm,
    Deed.RATE: RateForm,
    Deed.REOPEN: ReopenForm,
    Deed.CLOSE: CloseForm,
    Deed.MERGE: MergeForm,
    Deed.UNMERGE: UnmergeForm,
    Deed.SPLIT: SplitForm,
    Deed.PROGRESS: ProgressForm,
    Deed.PARTNER: PartnerForm,
    Deed.EXTEND: ExtendForm,
    Deed.DECIDE_EXTENSION: DecideExtensionForm,
    Deed.COMPLEX: ComplexForm,
    Deed.INSTRUCT: PressForm,
    Deed.URGE: PressForm,
    Deed.SUPERVISE: PressForm,
    Deed.REPORT_BACK: ReportBackForm,
}


def form_for(deed: Deed, case: Case, user: User, data: Any = None) -> DeedForm:
    """The form of the deed, or the one that the case's family asks for instead."""
    special = special_for(case, deed)
    kind = special.form() if special else FORMS[deed]
    return kind(deed, case, user, data)


class ListFilter(OfficeFormMixin, forms.Form):
    """The filters of a basket, as they stand in the address; what is no choice is left out."""

    number = forms.CharField(label=_("编号"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *CaseState.choices])
    kind = forms.TypedChoiceField(label=_("种类"), required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label=_("承办单位"), required=False, coerce=int, empty_value=None)
    due = forms.ChoiceField(
        label=_("期限"),
        required=False,
        choices=[
            ("", _("全部")),
            (Due.LATE.value, _("已超时")),
            (Due.TODAY.value, _("今天到期")),
            (Due.WEEK.value, _("本周到期")),
        ],
    )

    def __init__(self, data: Any, units: list[tuple[int, str]]) -> None:
        super().__init__(data, auto_id="filter_%s")
        kinds = CaseKind.objects.order_by("family", "position", "pk").values_list("pk", "name")
        self.fields["kind"].choices = [("", _("全部")), *kinds]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("全部")), *units]  # type: ignore[attr-defined]
        if len(units) < 2:
            del self.fields["unit"]

    @property
    def asked(self) -> Asked:
        self.is_valid()
        given = self.cleaned_data
        return Asked(
            state=given.get("state", ""),
            kind_id=given.get("kind"),
            unit_id=given.get("unit"),
            number=typed_number(given.get("number", "")),
            due=given.get("due", ""),
        )


class KindForm(ActionForm):
    """The terms of a kind, each source with them."""

    reckons_open = forms.BooleanField(
        label=_("同时重算在办件的期限"),
        required=False,
        help_text=_("不选的，在办件到下一步时才按新时限计算；选了，现在就重算。"),
    )

    class Meta:
        model = CaseKind
        fields = (
            "name",
            "position",
            "is_open",
            "counts_calendar_days",
            "counts_from_receipt",
            "accept_days",
            "transfer_days",
            "return_hours",
            "answer_days",
            "complex_days",
            "extension_days",
            "ask_days",
            "most_asks",
            "ask_within_days",
            "gives_up_in_silence",
            "restarts_on_supplement",
            "consult_days",
            "sign_days",
            "reopen_days",
            "most_reopens",
            "veto_days",
            "source",
            "confidence",
        )
        help_texts: ClassVar[dict[str, Any]] = {
            **dict.fromkeys(("accept_days", "transfer_days", "ask_days", "extension_days", "sign_days"), _("工作日")),
            **dict.fromkeys(("answer_days", "complex_days"), _("工作日；勾选“按自然日”的为自然日")),
            **dict.fromkeys(("ask_within_days", "consult_days"), _("工作日；0 为没有这一步或不限")),
            **dict.fromkeys(("reopen_days", "veto_days"), _("自然日")),
            "most_asks": _("不填为不限"),
        }


class RetentionRuleForm(ActionForm):
    """A rule of keeping; `version` is what the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("deed", "confidence"):
            field: Any = self.fields[name]
            field.choices = [(value, label if value else _("请选择")) for value, label in field.choices]

    class Meta:
        model = RetentionRule
        fields = ("name", "deed", "days", "kinds", "source", "confidence", "is_active", "is_automatic", "version")
        widgets: ClassVar[dict[str, Any]] = {"source": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar[dict[str, Any]] = {
            "days": _("自办结、不予受理或视为放弃的次日起算。在办的和还能再次办理的来信不受影响。"),
            "source": _("依据哪部法规、哪个文件的哪一条；没有的写明由谁核定。"),
            "is_active": _("启用后才会列入预演和执行。"),
        }


class StartForm(OfficeFormMixin, forms.Form):
    """What is typed before anything is erased."""

    WORD: ClassVar[str] = "执行"
    versions = forms.CharField(required=False, widget=forms.HiddenInput)
    word = forms.CharField(
        label=_("输入“执行”两个字，确认已经看过上面的数目"),
        max_length=10,
        error_messages={"required": _("请输入“执行”两个字。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.strip("“”\"' ") != self.WORD:
            raise forms.ValidationError(_("请输入“执行”两个字。"))
        return word

    def clean_versions(self) -> dict[int, int]:
        """What was seen, by the key of each rule; nothing where the field was tampered with."""
        try:
            given = json.loads(self.cleaned_data["versions"])
            return {int(key): int(value) for key, value in given.items()}
        except (ValueError, TypeError, AttributeError):
            return {}
