from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from menhu.core.cursors import row_number
from menhu.core.office_forms import OfficeFormMixin
from menhu.review.enums import Step, Verb

LONGEST_OPINION: Final = 1_000
LARGEST_BATCH: Final = 200

DECISIONS: Final = ((Verb.APPROVE.value, Verb.APPROVE.label), (Verb.REJECT.value, Verb.REJECT.label))


class DecisionForm(OfficeFormMixin, forms.Form):
    """An opinion on one text. `digest` names the text that the person was shown."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    opinion = forms.CharField(
        label=_("意见"),
        required=False,
        max_length=LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("通过时可以不写；退回时必须写明理由，作者会看到。"),
        error_messages={"max_length": _("意见最多 %(limit_value)d 字，现在有 %(show_value)d 字。")},
    )
    verb = forms.ChoiceField(
        choices=DECISIONS, widget=forms.HiddenInput, error_messages={"required": _("请选择通过或退回。")}
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("verb") == Verb.REJECT and not given.get("opinion", "").strip():
            self.add_error("opinion", _("退回必须写明理由，作者才知道怎么改。"))
        return given


class InboxFilter(forms.Form):
    """What the list is narrowed to; it stands in the address. What makes no sense is ignored."""

    step = forms.ChoiceField(choices=Step.choices, required=False)
    unit = forms.IntegerField(required=False, min_value=1)
    due = forms.ChoiceField(choices=(("late", ""), ("today", "")), required=False)
    major = forms.BooleanField(required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """Only the filters that are set and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class BatchForm(forms.Form):
    """Many texts, one opinion. Each text is "number:digest", so that only what was listed is approved."""

    opinion = forms.CharField(required=False, max_length=LONGEST_OPINION)

    def __init__(self, *args: Any, chosen: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pairs = (pair.split(":", 1) for pair in chosen if pair.count(":") == 1)
        self.chosen = {number: digest for key, digest in pairs if (number := row_number(key)) is not None}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.chosen:
            raise forms.ValidationError(_("请先勾选要通过的稿件。"))
        if len(self.chosen) > LARGEST_BATCH:
            raise forms.ValidationError(_("一次最多通过 %(n)d 件。") % {"n": LARGEST_BATCH})
        given["digests"] = self.chosen
        return given
