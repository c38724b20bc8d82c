"""Public letters in the search index."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from menhu.letters.models import PublicCopy
from menhu.letters.public.addresses import copy_url, portal
from menhu.search.asking import synonyms
from menhu.search.engines import Wanted, engine
from menhu.search.enums import Place
from menhu.search.models import Document
from menhu.search.rules import question
from menhu.search.types import Below, Found, Kind

KIND = "letter"


def kind() -> Kind:
    """What letters bring to the search."""
    return Kind(KIND, {"letter": _("来信")}, keys, given)


def keys(below: Below | None, after: int, limit: int) -> list[int]:
    """The next public letters."""
    rows = PublicCopy.objects.published().filter(_condition(below), pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def given(keys: Sequence[int]) -> list[Found]:
    """Those of the letters that are public, held until the transaction ends; none while there is no portal."""
    site = portal()
    if site is None:
        return []
    held = PublicCopy.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)
    rows = PublicCopy.objects.published().filter(pk__in=list(held)).select_related("unit", "kind").order_by("pk")
    return [
        Found(
            kind=KIND,
            key=str(row.pk),
            type="letter",
            site_id=site.pk,
            site_ids=(site.pk,),
            column_ids=(),
            title=row.title,
            text=f"{row.question}\n{row.answer}",
            url=copy_url(site, row),
            source=row.unit.name,
            published_at=row.published_at,
            note=row.kind.name,
        )
        for row in rows
    ]


def matching(text: str, keys: Sequence[int]) -> list[int]:
    """Those of the public letters in which the words of a question stand. Raises EngineAwayError."""
    asked = question(text, synonyms())
    wanted = Document.objects.filter(kind=KIND, key__in=[str(key) for key in keys])
    documents = dict(wanted.values_list("number", "key")) if asked else {}
    found = engine().among(Wanted(asked.groups), list(documents)) if documents else ()
    return [int(documents[number]) for number in found]


def _condition(below: Below | None) -> Q:
    if below is None:
        return Q()
    if below.place == Place.UNIT:
        return Q(unit_id=below.pk)
    site = portal()
    is_ours = below.place == Place.SITE and site is not None and site.pk == below.pk
    return Q() if is_ours else Q(pk__in=[])
