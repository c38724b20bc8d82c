"""Rendering of claimed pages, outside any transaction."""

import logging
from dataclasses import dataclass

from menhu.delivery.bundles import Part, bundle
from menhu.delivery.models import Page
from menhu.delivery.sources import Address, Rendered, render

logger = logging.getLogger(__name__)
LONGEST_TAG = 120


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page: rendered (`parts` if it is a file), unknown to every source, or failed (`error`)."""

    page: Page
    seen: int
    source: str = ""
    rendered: Rendered | None = None
    tags: frozenset[str] = frozenset()
    error: str = ""
    parts: tuple[Part, ...] = ()
    files: tuple[tuple[str, str, int], ...] = ()

    @property
    def address(self) -> Address:
        return self.page.address

    @property
    def changes(self) -> dict[str, str]:
        """Files that this outcome changes against the page's row: name → SHA-256, "" for one that goes."""
        before = {name: sha256 for name, sha256, _ in self.page.files}
        after = {name: sha256 for name, sha256, _ in self.files}
        gone = dict.fromkeys(before.keys() - after.keys(), "")
        return gone | {name: sha256 for name, sha256 in after.items() if before.get(name) != sha256}

    @property
    def is_file(self) -> bool:
        return not self.error and self.rendered is not None and self.rendered.status == 200

    @property
    def is_gone(self) -> bool:
        return not self.error and not self.is_file


def render_page(page: Page, seen: int) -> Outcome:
    """Render one page; whatever a source raises stays with this page. `seen` is the intake that came before."""
    address = page.address
    try:
        found = render(address)
        if found is None:
            return Outcome(page, seen)
        source, rendered, tags = found
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise ValueError(f"tag over {LONGEST_TAG} characters: {max(tags, key=len)[:60]}…")
        parts = bundle(address, rendered) if rendered.status == 200 else ()
    except Exception as error:
        logger.exception("rendering %s failed", page)
        return Outcome(page, seen, error=f"{type(error).__name__}: {error}"[:300])
    return Outcome(page, seen, source, rendered, tags, parts=parts)
