"""Blocks of a home page: kinds register here, the webmaster arranges them, the public page asks for them drawn.

An app above this one registers its kinds in `AppConfig.ready`:

    register(BlockKind(name="list", label=_("列表"), form=ListBlockForm, draw=draw_list))

`draw(block)` gets the row (`block.site`, `block.title`, `block.settings` as the form left them), calls
`delivery.sources.reads` for all it depends on and returns a `RenderedBlock`, or None where there is nothing to show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from menhu.core.office_forms import OfficeFormMixin
from menhu.delivery.sources import reads
from menhu.sites import tags
from menhu.sites.contexts import RenderedBlock, Width
from menhu.sites.models import Column, HomeBlock, Site

Draw = Callable[[HomeBlock], RenderedBlock | None]

WIDTHS: tuple[tuple[Width, Any], ...] = (
    ("full", _("整行")),
    ("wide", _("宽栏（十二分之七）")),
    ("half", _("半行")),
    ("narrow", _("窄栏（十二分之五）")),
    ("third", _("三分之一")),
)


class BlockForm(OfficeFormMixin, forms.Form):
    """Settings of one block on one site; `as_settings()` is what the row keeps. Base class of every kind's form."""

    title = forms.CharField(label=_("标题"), max_length=40, required=False)
    width = forms.ChoiceField(
        label=_("宽度"), choices=WIDTHS, help_text=_("相邻的宽栏与窄栏、两个半行、三个三分之一并排。")
    )
    is_sand = forms.BooleanField(label=_("浅色衬底"), required=False)

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        self.site = site
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            rows = getattr(field, "queryset", None)
            if isinstance(field, forms.ModelChoiceField) and rows is not None and rows.model is Column:
                field.queryset = Column.objects.public().filter(site=site).in_order()
                field.label_from_instance = _name_and_path  # type: ignore[method-assign]

    def as_settings(self) -> dict[str, Any]:
        """The cleaned values as JSON keeps them: rows by their id; the title is a column of its own."""
        return {name: _plain(value) for name, value in self.cleaned_data.items() if name != "title"}


@dataclass(frozen=True, slots=True)
class BlockKind:
    """A kind of block: what it is called, what may be set, how it is drawn, how many a home page bears."""

    name: str
    label: str | Promise
    form: type[BlockForm]
    draw: Draw
    hint: str | Promise = ""
    width: Width = "full"
    is_single: bool = False


_kinds: dict[str, BlockKind] = {}


def register(kind: BlockKind) -> None:
    """Make a kind known; the order of registration is the order of offering."""
    _kinds[kind.name] = kind


def kinds() -> tuple[BlockKind, ...]:
    return tuple(_kinds.values())


def kind_of(name: str) -> BlockKind | None:
    """The kind by its name; None for a kind whose app is gone."""
    return _kinds.get(name)


def drawn(site: Site) -> tuple[RenderedBlock, ...]:
    """The shown blocks of a site's home page in order; those with nothing to show are left out."""
    reads(tags.home(site.pk))
    rows = HomeBlock.objects.filter(site=site, is_shown=True).order_by("position", "pk")
    return tuple(block for row in rows if (block := _draw(row, site)) is not None)


def initial_of(block: HomeBlock) -> dict[str, Any]:
    """The row as the initial values of its kind's form; columns that a template named by path become ids."""
    ids = dict(Column.objects.public().filter(site=block.site_id).values_list("path", "pk"))
    named = {name: _as_id(value, ids) for name, value in block.settings.items()}
    return {**named, "title": block.title, "width": width_of(block)}


def _as_id(value: Any, ids: dict[str, int]) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) and item.startswith("/") for item in value):
        return [ids[item] for item in value if item in ids]
    return ids.get(value, value) if isinstance(value, str) else value


def width_of(block: HomeBlock) -> Width:
    """The width that was set, else the kind's own."""
    kind = kind_of(block.kind)
    chosen = block.settings.get("width", "")
    return next((width for width, _label in WIDTHS if width == chosen), kind.width if kind else "full")


def rendered(block: HomeBlock, template: str, context: object) -> RenderedBlock:
    """The common end of every `draw`: the context with the width and ground that were set."""
    return RenderedBlock(
        kind=block.kind,
        template=template,
        context=context,
        width=width_of(block),
        is_sand=bool(block.settings.get("is_sand")),
    )


def _draw(row: HomeBlock, site: Site) -> RenderedBlock | None:
    kind = kind_of(row.kind)
    if kind is None:
        return None
    row.site = site  # the row the caller already has, not one more query
    return kind.draw(row)


def _name_and_path(obj: Column) -> str:
    return f"{obj.name}　{obj.path}"


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if hasattr(value, "values_list"):
        return [row.pk for row in value]
    return value
