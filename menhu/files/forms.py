from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from menhu.core.office_forms import OfficeFormMixin
from menhu.files.inspection import accepted
from menhu.files.models import FileKind
from menhu.units.models import Unit


class UploadForm(OfficeFormMixin, forms.Form):
    """One file for one of the person's units."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("单位"),
        error_messages={"required": _("请选择单位。"), "invalid_choice": _("请选择您所在的单位。")},
    )
    kind = forms.ChoiceField(choices=FileKind.choices, required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("文件"),
        allow_empty_file=True,
        error_messages={"required": _("请选择文件。"), "missing": _("请选择文件。")},
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)  # noqa: S101  # declared above
        unit.queryset = units
        self.fields["file"].widget.attrs["accept"] = accepted()
