"""The Traditional version of a page, made from its bytes when it is published."""

import re
from typing import Final

from menhu.core.script import HANT, to_traditional

_LANGUAGE: Final = re.compile(r'<html\b([^>]*?)\slang="[^"]*"')
_LINK: Final = re.compile(r'(<a\b(?![^>]*\shreflang=)[^>]*?\shref=")(/(?:[^"#?]*(?:/|\.html))?)(?=["#?])')
_CANONICAL: Final = re.compile(r'(<link rel="canonical" href="(?:https?://[^/"]+)?)(?=/)')
_NEVER_CONVERTED: Final = re.compile(
    r'(\s(?:href|src|srcset|action|value|id|for|name|pattern|data-[a-z-]+)="[^"]*[^\x00-\x7f"][^"]*"'
    r"|<textarea\b.*?</textarea>)",
    re.DOTALL,
)


def traditional_page(body: bytes) -> bytes:
    """The page in Traditional script: texts converted, links to pages of this host kept within the script.

    Addresses, values of forms and links that name their language (the switch between scripts) stay as they are.
    """
    page = _converted(body.decode())
    page = _LANGUAGE.sub(r'<html\1 lang="zh-Hant"', page, count=1)
    page = _CANONICAL.sub(rf"\g<1>/{HANT}", page, count=1)
    return _LINK.sub(_within, page).encode()


def _converted(page: str) -> str:
    """Every other piece of the split is kept; most pages have none and are converted in one go."""
    pieces = _NEVER_CONVERTED.split(page)
    return "".join(piece if kept % 2 else to_traditional(piece) for kept, piece in enumerate(pieces))


def _within(link: re.Match[str]) -> str:
    before, path = link.groups()
    is_other = path.startswith(("//", f"/{HANT}/", "/office/"))
    return f"{before}{path}" if is_other else f"{before}/{HANT}{path}"
