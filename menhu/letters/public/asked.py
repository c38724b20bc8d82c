"""What is often asked: public letters with model answers, kind by kind."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from menhu.core.frames import Link
from menhu.delivery.sources import reads
from menhu.letters import contexts, tags
from menhu.letters.models import PublicCopy
from menhu.letters.public.addresses import HOME, QUESTIONS, questions_path
from menhu.letters.public.pages import WRITE, entries
from menhu.letters.querysets import PublicCopyQuerySet
from menhu.sites.models import Site
from menhu.sites.public.framing import crumbs, frame_for, plain_head

OF_EACH: Final = 10
OF_ONE: Final = 500
"""The newest of one kind; they are picked by hand, so that few kinds will ever have as many."""


def codes() -> list[str]:
    """The kinds that have model answers."""
    rows = PublicCopy.objects.known().order_by("kind__position", "kind__code")
    return list(rows.values_list("kind__code", flat=True).distinct())


def questions_page(site: Site, code: str) -> contexts.QuestionsPage | None:
    """All kinds with the newest of each, or all of the kind; None for a kind without any. Two queries."""
    reads(tags.models())
    groups = tuple(_groups(_rows(code), is_whole=bool(code)))
    if code and not groups:
        return None
    name, path = _("常见问题"), questions_path(code) if code else QUESTIONS
    title = _("常见问题：%(kind)s") % {"kind": groups[0].name} if code else name
    lead = _("大家问得多的事，单位是怎样答复的。按种类列出，新的在前。")
    way = (*crumbs(site), Link(label=_("来信与答复"), url=HOME))
    last = (
        (Link(label=name, url=QUESTIONS), Link(label=groups[0].name, url="")) if code else (Link(label=name, url=""),)
    )
    return contexts.QuestionsPage(
        frame=frame_for(site),
        head=plain_head(site, title, path, description=lead),
        crumbs=(*way, *last),
        index=() if code else tuple(Link(label=group.name, url=f"#{group.anchor}") for group in groups),
        groups=groups,
        write_url=WRITE,
    )


def _rows(code: str) -> PublicCopyQuerySet:
    rows = PublicCopy.objects.known().select_related("kind", "unit")
    if code:
        return rows.filter(kind__code=code).newest_first()[:OF_ONE]
    newest = [F("published_at").desc(), F("pk").desc()]
    numbered = rows.annotate(place=Window(RowNumber(), partition_by="kind_id", order_by=newest))
    ordered = numbered.filter(place__lte=OF_EACH + 1)
    return ordered.order_by("kind__position", "kind_id", "-published_at", "-pk")


def _groups(rows: PublicCopyQuerySet, *, is_whole: bool) -> Iterator[contexts.QuestionGroup]:
    for kind, found in groupby(rows, key=lambda copy: copy.kind):
        copies = list(found)
        is_cut = not is_whole and len(copies) > OF_EACH
        yield contexts.QuestionGroup(
            name=kind.name,
            anchor=f"kind-{kind.code}",
            entries=entries(copies if is_whole else copies[:OF_EACH]),
            more=Link(label=_("全部%(kind)s") % {"kind": kind.name}, url=questions_path(kind.code)) if is_cut else None,
        )
