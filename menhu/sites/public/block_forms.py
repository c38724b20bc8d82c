"""What may be set in the blocks of this app. Lists of links are written one a line: 名称 | 网址 | 说明 | 图标."""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.core import icons
from menhu.sites.blocks import BlockForm
from menhu.sites.enums import ColumnForm
from menhu.sites.models import Column

PARTS: Final = ("label", "url", "note", "icon")
FIGURE_PARTS: Final = ("label", "value", "unit", "note", "trend")
ADDRESSES: Final = ("/", "https://", "http://")
MOTIF_NAMES: Final = {
    "": gettext_lazy("随网站"),
    "ridges": gettext_lazy("远山"),
    "village": gettext_lazy("村落"),
    "terraces": gettext_lazy("梯田"),
    "bridge": gettext_lazy("石桥"),
    "river": gettext_lazy("河谷"),
}


class LinesField(forms.CharField):
    """Rows of named parts, one a line, the parts set off by "|"; kept as a list of objects."""

    widget = forms.Textarea(attrs={"rows": 6})
    parts: tuple[str, ...] = PARTS

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(_line(row, self.parts) for row in value if isinstance(row, dict))

    def clean(self, value: Any) -> list[dict[str, Any]]:
        text = super().clean(value)
        lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        return [self.row(number, [part.strip() for part in line.split("|")]) for number, line in lines]

    def row(self, number: int, parts: list[str]) -> dict[str, Any]:
        if len(parts) < 2 or not parts[0] or len(parts) > len(self.parts):
            raise _mistake(number, _("请写成“名称 | 网址”，后面可再写“| 说明 | 图标”。"))
        row: dict[str, Any] = dict(zip(self.parts, parts, strict=False))
        if not row["url"].startswith(ADDRESSES):
            raise _mistake(number, _("网址应以 / 或 https:// 开头。"))
        if row.get("icon") and row["icon"] not in icons.NAMES:
            raise _mistake(number, _("没有图标“%(icon)s”。") % {"icon": row["icon"]})
        return row


class FiguresField(LinesField):
    """Numbers, one a line: 名称 | 数值 | 单位 | 说明 | 走势（用逗号隔开）."""

    parts = FIGURE_PARTS

    def row(self, number: int, parts: list[str]) -> dict[str, Any]:
        if len(parts) < 2 or not parts[0] or not parts[1] or len(parts) > len(self.parts):
            raise _mistake(number, _("请写成“名称 | 数值 | 单位 | 说明 | 走势”，前两项必填。"))
        row: dict[str, Any] = dict(zip(self.parts, parts, strict=False))
        try:
            row["trend"] = [float(point) for point in re.split("[,，]", row.get("trend", "")) if point.strip()]
        except ValueError:
            raise _mistake(number, _("走势只能是数字，用逗号隔开。")) from None
        return row


class GroupedLinksField(LinesField):
    """Links in groups, one a line: 分组 | 名称 | 网址."""

    parts = ("title", "label", "url")

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        flat = [{"title": group.get("title", ""), **link} for group in value for link in group.get("links", [])]
        return super().prepare_value(flat)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        groups: dict[str, list[dict[str, Any]]] = {}
        for row in super().clean(value):
            groups.setdefault(row.pop("title"), []).append(row)
        return [{"title": title, "links": links} for title, links in groups.items()]

    def row(self, number: int, parts: list[str]) -> dict[str, Any]:
        if len(parts) != len(self.parts) or not all(parts):
            raise _mistake(number, _("请写成“分组 | 名称 | 网址”。"))
        if not parts[2].startswith(ADDRESSES):
            raise _mistake(number, _("网址应以 / 或 https:// 开头。"))
        return dict(zip(self.parts, parts, strict=True))


def _mistake(number: int, message: str) -> ValidationError:
    return ValidationError(_("第 %(number)s 行：%(message)s") % {"number": number, "message": message})


def _line(row: dict[str, Any], parts: tuple[str, ...]) -> str:
    values = [_written(row.get(part, "")) for part in parts]
    while len(values) > 2 and not values[-1]:
        values.pop()
    return " | ".join(values)


def _written(value: Any) -> str:
    return ",".join(f"{point:g}" for point in value) if isinstance(value, list) else str(value)


LINKS_HELP: Final = gettext_lazy("每行一个：名称 | 网址 | 说明 | 图标。说明和图标可不写。")


FIGURES_HELP: Final = gettext_lazy("每行一个：名称 | 数值 | 单位 | 说明 | 走势。走势是几个数字，用逗号隔开。")


class HeroForm(BlockForm):
    width = None  # type: ignore[assignment] # always from edge to edge
    is_sand = None  # type: ignore[assignment]
    text = forms.CharField(label=gettext_lazy("一句话"), max_length=120, required=False)
    motif = forms.ChoiceField(label=gettext_lazy("图景"), choices=list(MOTIF_NAMES.items()), required=False)
    tiles = LinesField(label=gettext_lazy("入口"), help_text=LINKS_HELP, required=False)
    wanted = LinesField(label=gettext_lazy("常看"), help_text=LINKS_HELP, required=False)


class LinkListForm(BlockForm):
    note = forms.CharField(label=gettext_lazy("说明"), max_length=80, required=False)
    links = LinesField(label=gettext_lazy("链接"), help_text=LINKS_HELP)


class TopicsForm(BlockForm):
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(),
        label=gettext_lazy("专题"),
        required=False,
        help_text=gettext_lazy("不选则列出全部专题。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["columns"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = Column.objects.public().filter(site=self.site, form=ColumnForm.TOPIC).in_order()


class NoteForm(BlockForm):
    note = forms.CharField(label=gettext_lazy("说明"), max_length=80, required=False)


class RelatedForm(BlockForm):
    groups = GroupedLinksField(label=gettext_lazy("链接"), help_text=gettext_lazy("每行一个：分组 | 名称 | 网址。"))


class FiguresForm(BlockForm):
    note = forms.CharField(label=gettext_lazy("说明"), max_length=80, required=False)
    figures = FiguresField(label=gettext_lazy("数据"), help_text=FIGURES_HELP)


class TextForm(BlockForm):
    html = forms.CharField(label=gettext_lazy("内容"), widget=forms.Textarea(attrs={"rows": 8}), max_length=4000)
