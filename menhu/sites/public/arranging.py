"""What the webmaster arranged in one home-page block, read with forgiveness.

Settings are plain JSON that a form, a site template or the demo wrote: whatever is missing or of the wrong shape is
left out, so that a slip in one block never takes down the home page. Columns are named by id or by path.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from menhu.core import icons
from menhu.core.frames import Link
from menhu.core.landscapes import MOTIFS, Motif
from menhu.sites.models import Column, HomeBlock, Site
from menhu.sites.public.addresses import is_outer
from menhu.sites.public.framing import column_url

MOST_LINKS: Final = 24


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A block with the public columns of its site."""

    block: HomeBlock
    columns: tuple[Column, ...]

    @property
    def site(self) -> Site:
        return self.block.site

    @property
    def settings(self) -> Mapping[str, Any]:
        return self.block.settings if isinstance(self.block.settings, dict) else {}

    def title(self, default: str) -> str:
        return self.block.title or default

    def text(self, name: str) -> str:
        value = self.settings.get(name)
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str, default: int, *, most: int) -> int:
        value = self.settings.get(name)
        return max(1, min(value, most)) if isinstance(value, int) else default

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        return _objects(self.settings.get(name))

    def named_columns(self, name: str = "columns") -> list[Column]:
        """The columns listed under that name, in that order; those that are gone or hidden are left out."""
        value = self.settings.get(name)
        keys = value if isinstance(value, list) else [value]
        found = (self._column(key) for key in keys)
        return [column for column in found if column is not None]

    def links(self, name: str = "links") -> tuple[Link, ...]:
        return self.linked(self.rows(name))

    def linked(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Link, ...]:
        """Links given as {"label", "url"} or {"column"}, each with an optional "note" and "icon"."""
        found = (self._link(row) for row in rows[:MOST_LINKS])
        return tuple(link for link in found if link is not None)

    def more(self) -> Link | None:
        """The link beside a title."""
        row = self.settings.get("more")
        return next(iter(self.linked([row])), None) if isinstance(row, dict) else None

    def motif(self, default: Motif | None = None) -> Motif | None:
        value = self.text("motif")
        return next((motif for motif in (*MOTIFS, "ridges") if motif == value), default)

    def _column(self, key: object) -> Column | None:
        return next((column for column in self.columns if key in (column.pk, column.path)), None)

    def _link(self, row: Mapping[str, Any]) -> Link | None:
        column = self._column(row.get("column"))
        url = column_url(self.site, column) if column else str(row.get("url", ""))
        label = str(row.get("label", "")) or (column.name if column else "")
        if not label or not url.startswith(("/", "#", "https://", "http://")):
            return None
        icon = str(row.get("icon", ""))
        shown_icon = icon if icon in icons.NAMES else ""
        return Link(label=label, url=url, note=str(row.get("note", "")), icon=shown_icon, is_outer=is_outer(url))


def arranged(block: HomeBlock) -> Arrangement:
    """The block with its site's public columns: no query where the home page has fetched them before."""
    public = (column for column in block.site.columns.all() if not column.is_hidden and column.removed_at is None)
    return Arrangement(block, tuple(sorted(public, key=lambda column: (column.position, column.pk))))


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
