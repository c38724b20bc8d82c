"""The last touch to a cleaned body before it is shown."""

import re
from typing import Final

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

_TABLE: Final = re.compile(r"</?table\b[^>]*>")
_IMAGE: Final = re.compile(r"<img\b")


def shown(body: str) -> Markup:
    """A body as it stands in a page: wide tables scroll in a box of their own, pictures load when they are near."""
    return Markup(_IMAGE.sub('<img loading="lazy" decoding="async"', _boxed(body)))  # noqa: S704 - cleaned when stored


def _boxed(body: str) -> str:
    depth = 0
    opening = f'<div class="scroll" role="region" aria-label="{escape(_("表格"))}" tabindex="0">'

    def wrapped(found: re.Match[str]) -> str:
        nonlocal depth
        tag = found[0]
        if tag.startswith("</"):
            depth -= 1
            return f"{tag}</div>" if depth == 0 else tag
        depth += 1
        return f"{opening}{tag}" if depth == 1 else tag

    return _TABLE.sub(wrapped, body)
