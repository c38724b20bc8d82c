"""Forms of the back office in our own components."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm  # takes no parameter at run time

Done = TypeVar("Done")

DASHES = "---------"
PLAIN = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect, forms.HiddenInput)


class OfficeFormMixin:
    """Put before a form class: its fields wear the look of `core/office_fields.html`, which draws `form`."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if (
                type(field) is forms.ModelMultipleChoiceField
            ):  # boxes to tick, where Django makes a list to hold Ctrl on
                field.widget = forms.CheckboxSelectMultiple()
                field.widget.choices = field.choices
            if not isinstance(field.widget, PLAIN):
                field.widget.attrs.setdefault("class", "input")
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
                field.empty_label = _("请选择")


class ActionForm(OfficeFormMixin, ModelForm):
    """A form over a row that an action changes: the row gives the first values and stays untouched.

    The action itself sets, checks and saves; `attempt` brings its complaints back to the fields.
    """

    def _post_clean(self) -> None:
        """Django would write the values into the row here, and the action could no longer tell what changed."""


def attempt(form: forms.BaseForm, deed: Callable[[], Done]) -> Done | None:
    """Do the deed if the form is valid; a ValidationError of the deed lands on the fields it names, or above all.

    None when the form has to be shown again, with everything that was typed.
    """
    if not form.is_valid():
        return None
    try:
        return deed()
    except ValidationError as error:
        named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for field, messages in named.items():
            for message in messages:
                form.add_error(field if field in form.fields else None, message)
        return None


def posted(request: HttpRequest, form: forms.BaseForm, deed: Callable[[], Done]) -> Done | None:
    """`attempt` where the form was sent; None where it is only being shown."""
    return attempt(form, deed) if request.method == "POST" else None


def form_page(
    request: HttpRequest, form: forms.BaseForm, *, title: str, submit: str, back: str, **context: Any
) -> HttpResponse:
    """A page that is one form. `crumbs`, `lead` and `template` may be given besides."""
    template = context.pop("template", "core/office_form.html")
    return render(request, template, {"form": form, "title": title, "submit": submit, "back": back, **context})
