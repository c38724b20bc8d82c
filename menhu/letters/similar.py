"""Public letters like the one being written or handled: what the search finds among letters."""

from typing import Final

from menhu.core.frames import Entry
from menhu.letters.models import PublicCopy
from menhu.letters.public.pages import entries
from menhu.search.asking import Scope, search
from menhu.search.engines import EngineAwayError
from menhu.sites.models import Site

MOST: Final = 3
LONGEST: Final = 60


def similar_copies(text: str, site: Site, most: int = MOST) -> list[PublicCopy]:
    """The best public letters for a few words; none while the search does not answer."""
    words = text[:LONGEST]
    try:
        results = search(words, Scope(type="letter", site_id=site.pk), size=most) if words.strip() else None
    except EngineAwayError:
        return []
    if results is None:
        return []
    keys = [int(hit.document.key) for hit in results.hits]
    found = PublicCopy.objects.published().select_related("unit").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def similar_letters(text: str, site: Site, most: int = MOST) -> tuple[Entry, ...]:
    return entries(similar_copies(text, site, most))
