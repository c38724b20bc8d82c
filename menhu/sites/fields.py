"""Form fields for lines that people type: one link a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from menhu.sites import rules


class LinkLinesField(forms.CharField):
    """Links, one a line as 名称 | 网址; kept as a list of {"label", "url"}."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(rules.join_line([link["label"], link["url"]]) for link in value)

    def clean(self, value: Any) -> list[dict[str, str]]:
        text: str = super().clean(value)
        return [_link(number, parts) for number, parts in rules.split_lines(text)]


def _link(number: int, parts: list[str]) -> dict[str, str]:
    if len(parts) != 2 or not all(parts):
        raise ValidationError(_("第 %(number)d 行：请写成“名称 | 网址”。") % {"number": number})
    if not rules.is_safe_link(parts[1]):
        raise ValidationError(_("第 %(number)d 行：网址应以 / 或 https:// 开头，中间没有空格。") % {"number": number})
    return {"label": parts[0], "url": parts[1]}
