"""What a page says about itself: the META norm of government sites first, then what other systems use."""

import html
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from menhu.articles.movein.dom import comments
from menhu.core.sanitising import strip_forbidden

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "title": ("articletitle", "og:title", "dc.title", "title"),
    "pub_date": (
        *("pubdate", "publishdate", "publish_date", "firstpublishedtime", "article:published_time", "publishtime"),
        *("dc.date", "dc.date.issued", "date", "createdate"),
    ),
    "source": ("contentsource", "source", "articlesource", "dc.source"),
    "author": ("author", "article:author", "dc.creator", "editor"),
    "column": ("columnname", "lanmu", "catalog", "channelname", "article:section"),
    "column_type": ("columntype",),
    "keywords": ("keywords", "dc.subject"),
    "description": ("description", "og:description", "dc.description"),
    "site_name": ("sitename", "og:site_name"),
    "site_domain": ("sitedomain",),
    "site_id_code": ("siteidcode",),
    "image": ("image", "og:image"),
}
"""Our field -> names of META tags in small letters, the norm's own name first."""

_TAG = re.compile(r"<[^<>]*>")
_WIDE: Final = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…《》"
_BLANK_IN_WIDE = re.compile(rf"(?<=[{_WIDE}])\x00+|\x00+(?=[{_WIDE}])")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)|^\s*url:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PageMeta:
    """The declared facts of a page, cleaned; "" where the page is silent."""

    values: dict[str, str]
    original_url: str
    html_title: str
    is_article: bool
    """The page carries a tag that the norm gives to articles alone."""

    def __getitem__(self, field: str) -> str:
        return self.values.get(field, "")


def read_meta(root: HtmlElement) -> PageMeta:
    """Read the META tags, the canonical address and the title of a page."""
    tags = _meta_tags(root)
    raw = {
        field: next(filter(clean_text, (tags.get(name, "") for name in names)), "") for field, names in NAMES.items()
    }
    values = {field: clean_text(value) for field, value in raw.items()}
    values["title"] = clean_title(raw["title"])
    values["source"] = clean_source(raw["source"])
    title = root.find(".//title")
    return PageMeta(
        values=values,
        original_url=_original_url(root, tags),
        html_title=clean_title("" if title is None else "".join(title.itertext())),
        is_article=bool(tags.get("articletitle", "").strip() or tags.get("pubdate", "").strip()),
    )


def clean_text(value: str) -> str:
    """One line without entities, markup and runs of blanks."""
    return " ".join(_without_markup(value).replace("\x00", " ").split())


def clean_title(value: str) -> str:
    """One line without markup; where a tag stood between Chinese characters nothing stays."""
    return " ".join(_BLANK_IN_WIDE.sub("", _without_markup(value)).replace("\x00", " ").split())


def clean_source(value: str) -> str:
    """One line without markup; inner blanks stay, since two of them part two units."""
    return re.sub(r"[\x00\r\n\t\xa0]", " ", _without_markup(value)).strip()


def _without_markup(value: str) -> str:
    # Twice: many systems escape what is escaped already ("&amp;nbsp;").
    return _TAG.sub("\x00", strip_forbidden(html.unescape(html.unescape(value))))


def _meta_tags(root: HtmlElement) -> dict[str, str]:
    tags: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        content = element.get("content", "")
        key = name.strip().lower()
        # The first tag of a name that says something counts: included fragments repeat them with other values.
        if key and not tags.get(key, "").strip():
            tags[key] = content
    return tags


def _original_url(root: HtmlElement, tags: dict[str, str]) -> str:
    candidates = [*_saved_from(root), *_canonical(root), tags.get("url", ""), tags.get("og:url", "")]
    return next((url for url in map(str.strip, candidates) if _is_page_address(url)), "")


def _saved_from(root: HtmlElement) -> list[str]:
    found = (_SAVED_FROM.search(comment.text or "") for comment in comments(root))
    return [match[1] or match[2] for match in found if match]


def _canonical(root: HtmlElement) -> list[str]:
    return [link.get("href", "") for link in root.iter("link") if link.get("rel", "").lower() == "canonical"]


def _is_page_address(url: str) -> bool:
    """Is `url` the address of one page? Many systems write the site's own address into every page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return is_web and (parts.path.strip("/") != "" or parts.query != "")


def drop_meta(root: HtmlElement) -> None:
    """Remove the META tags: some systems set them in the middle of the text."""
    etree.strip_elements(root, "meta", with_tail=False)
