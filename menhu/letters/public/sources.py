"""Public letters as a source of delivery."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from menhu.articles.rules import bucket_name
from menhu.core.jinja import PageContext, render_bytes
from menhu.delivery.sources import Address, Rendered, foreseen, reads, register
from menhu.letters import tags
from menhu.letters.models import PublicCopy
from menhu.letters.public import asked, pages
from menhu.letters.public.addresses import HOME, QUESTIONS, copy_path, month_path, portal, questions_path
from menhu.sites.models import Site
from menhu.sites.public.addresses import at, numbers
from menhu.sites.public.sources import gone_page

_MONTH: Final = re.compile(rf"{HOME}(\d{{4}}-\d{{2}}(?:-[1-9]\d{{0,3}})?)/")
_QUESTIONS: Final = re.compile(rf"{QUESTIONS}(?:([a-z0-9_-]{{1,24}})/)?")
_LETTER: Final = re.compile(rf"{HOME}(\d{{4}}/\d{{2}})/(\d{{1,18}})/")


class LetterPages:
    """The list, its months, and each public letter; all on the portal."""

    name = "letters"

    def addresses(self) -> Iterator[Address]:
        site = portal()
        if site is None:
            return
        yield at(site, HOME)
        yield at(site, QUESTIONS)
        yield from (at(site, questions_path(code)) for code in asked.codes())
        months = PublicCopy.objects.published().order_by("bucket", "part").values_list("bucket", "part").distinct()
        yield from (at(site, month_path(bucket_name(*month))) for month in months)
        for copy in PublicCopy.objects.published().order_by("pk").iterator(chunk_size=500):
            yield at(site, copy_path(copy))

    def addresses_for(self, changed: frozenset[str]) -> Iterable[Address]:
        """Letters and months that have become public; the list where the portal opened."""
        site = portal()
        if site is None:
            return
        if any(tag in (tags.newest(), tags.models()) or tag.startswith("site:") for tag in changed):
            yield at(site, HOME)
            yield at(site, QUESTIONS)
            yield from (at(site, questions_path(code)) for code in asked.codes())
        for copy in PublicCopy.objects.published().filter(pk__in=numbers(changed, "letter")).order_by("pk"):
            yield at(site, copy_path(copy))
            yield at(site, month_path(copy.month_page))

    def foresee(self, addresses: Sequence[Address]) -> dict[Address, PublicCopy | None]:
        wanted = {a: int(found[2]) for a in addresses if (found := _LETTER.fullmatch(a.path))}
        rows = PublicCopy.objects.filter(pk__in=wanted.values()).select_related("unit", "kind", "same_matter").in_bulk()
        return {address: rows.get(wanted[address]) if address in wanted else None for address in addresses}

    def render(self, address: Address) -> Rendered | None:
        if not address.path.startswith(HOME):
            return None
        site = portal()
        if site is None or site.host != address.host:
            return None
        if address.path == HOME:
            return _drawn(pages.letters_page(site))
        questions = _QUESTIONS.fullmatch(address.path)
        if questions:
            shown = asked.questions_page(site, questions[1] or "")
            return _drawn(shown) if shown else None
        month = _MONTH.fullmatch(address.path)
        if month:
            page = pages.month_page(site, month[1])
            return _drawn(page) if page else None
        return self._letter(site, address)

    def _letter(self, site: Site, address: Address) -> Rendered | None:
        copy = foreseen(self, address)
        if copy is None or copy_path(copy) != address.path:
            return None
        reads(tags.copy(copy.pk))
        return _drawn(pages.letter_page(site, copy)) if copy.state == "published" else gone_page(address)


def _drawn(page: PageContext) -> Rendered:
    return Rendered(render_bytes(page))


def register_all() -> None:
    """Called in `AppConfig.ready`."""
    register(LetterPages())
