"""The editor: a text area that a browser with JavaScript turns into a word processor."""

from typing import Any

from django import forms
from django.forms.widgets import Script
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class RichText(forms.Textarea):
    """Jodit over a text area; what it needs to know stands in data attributes, read by editor.js."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        given = {
            "rows": 20,
            "data-rich-text": "",
            "data-upload-url": reverse_lazy("files:upload"),
            "data-choose-url": reverse_lazy("files:choose"),
            "aria-label": _("正文"),
        }
        super().__init__({**given, **(attrs or {})})

    class Media:
        css = {"all": ["articles/vendor/jodit/jodit.min.css", "articles/articles.css"]}
        js = [
            Script("articles/vendor/jodit/jodit.min.js", defer=True),
            Script("articles/editor.js", defer=True),
        ]


class LocalMoment(forms.DateTimeInput):
    """Date and time by the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ManyFiles(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/input.html"
