from django import forms
from django.utils.translation import gettext_lazy as _

from menhu.core.office_forms import OfficeFormMixin


class DayForm(OfficeFormMixin, forms.Form):
    """One day of the calendar."""

    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    is_working = forms.TypedChoiceField(
        label=_("这一天"),
        choices=[("1", _("上班")), ("0", _("休息"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("依据"), max_length=60, help_text=_("如“国办发明电〔2026〕3 号”或“防汛值守”。"))
