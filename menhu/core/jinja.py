"""The Jinja environment of all public pages."""

from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from functools import cache
from typing import Any, ClassVar, Protocol

from django.template import engines
from django.templatetags.static import static
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import BaseLoader, Environment, StrictUndefined

from menhu.core import typography
from menhu.core.icons import icon
from menhu.core.landscapes import landscape


class PageContext(Protocol):
    """A frozen dataclass that names its template; its fields are the variables of the template."""

    template: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def environment(*, loader: BaseLoader, static_url: Callable[[str], str] = static, **options: Any) -> Environment:
    """A strict environment: everything is escaped, an undefined name is an error, texts go through gettext.

    Usable as OPTIONS["environment"] of Django's Jinja2 backend, which passes the loader and its own options.
    """
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=bool(options.get("auto_reload", False)),
        cache_size=-1,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined] # given by the i18n extension
        _text, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals.update(static=static_url, icon=icon, landscape=landscape)
    made.filters.update(
        day=typography.day,
        minute=typography.minute,
        iso=typography.iso,
        rfc822=typography.rfc822,
        file_size=typography.file_size,
        phrases=typography.phrases,
        xml_text=typography.xml_text,
    )
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    return made


def _text(message: str) -> str:
    return _translated(get_language(), message)


@cache
def _translated(_language: str | None, message: str) -> str:
    """A template says the same few hundred words on every page; asking eight catalogues each time takes longer."""
    return gettext(message)


def render(env: Environment, page: PageContext) -> str:
    """The page as text. The fields of the context become the variables of its template."""
    return env.get_template(page.template).render(variables(page))


def render_bytes(page: PageContext) -> bytes:
    """The page as delivery wants it, drawn by the environment of the project's settings."""
    engine = engines["jinja2"]
    return render(engine.env, page).encode()  # type: ignore[attr-defined] # the Jinja2 backend has it


def variables(page: PageContext) -> Mapping[str, object]:
    """The fields of the context by name, plus the context itself as `page` for its properties."""
    return {"page": page, **{field.name: getattr(page, field.name) for field in fields(page)}}
