"""Documents in and out, in the transaction of the change that makes them public or takes them away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from zlib import crc32

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.search.engines import Entry, engine
from menhu.search.enums import Place
from menhu.search.models import Document, HotWord, Renewal, Synonym, WrongWord
from menhu.search.policies import may_keep_words
from menhu.search.rules import document_number
from menhu.search.types import Below, Found, kinds

PORTION = 100


def withdraw(kind: str, key: int) -> None:
    """Nobody finds it any more, whatever it says of itself."""
    _forget(Document.objects.filter(kind=kind, key=str(key)))


@transaction.atomic
def keep_words(*, by: User, hot: Sequence[str], synonyms: Sequence[str], wrong: Mapping[str, str]) -> None:
    """Put the webmaster's lists in the place of those before; they hold from the next question on."""
    if not may_keep_words(by):
        raise PermissionDenied
    for model in (HotWord, Synonym, WrongWord):
        model.objects.all().delete()
    HotWord.objects.bulk_create(HotWord(word=word, sort_order=order) for order, word in enumerate(hot))
    Synonym.objects.bulk_create(Synonym(words=words) for words in synonyms)
    WrongWord.objects.bulk_create(WrongWord(wrong=one, right=other) for one, other in wrong.items())
    record("search.words", None, by=by, data={"hot": len(hot), "synonyms": len(synonyms), "wrong": len(wrong)})


@transaction.atomic
def renew(kind: str, keys: Sequence[int]) -> int:
    """Give things of a kind anew as they are now, or take them out; returns how many may be found."""
    found = kinds()[kind].given(keys)
    _forget(Document.objects.filter(kind=kind, key__in=[str(key) for key in keys]))
    _add(found)
    return len(found)


def renew_below(place: Place, pk: int, *names: str) -> None:
    """What lies below a place that changed is given anew soon, a portion at a time; of some kinds or of all."""
    Renewal.objects.bulk_create(Renewal(kind=name, place=place, place_id=pk) for name in names or kinds())


def go_on_renewing() -> bool:
    """About a portion of what waits, the oldest first; False where nothing does. Killed half-way it is done again."""
    left = PORTION
    while left > 0 and (row := Renewal.objects.order_by("pk").first()):
        left -= 1 + _go_on(row)
    return left < PORTION


def _go_on(row: Renewal) -> int:
    kind = kinds().get(row.kind)
    keys = kind.keys(Below(Place(row.place), row.place_id), row.reached, PORTION) if kind else []
    if keys:
        renew(row.kind, keys)
        Renewal.objects.filter(pk=row.pk).update(reached=keys[-1])
    else:
        row.delete()
    return len(keys)


def rebuild(*, is_afresh: bool = False) -> Iterator[int]:
    """Give everything anew, a portion a transaction, while the index goes on answering; yields how many so far.

    First what is known, so that what is public no more goes, then what is missing. Each portion is read while it is
    held, so that nothing written meanwhile is lost; stopped half-way it is run again. Afresh, the engine forgets first.
    """
    waiting = list(Renewal.objects.order_by("pk").values_list("pk", flat=True))
    if is_afresh:
        with transaction.atomic():
            engine().clear()
    done = 0
    for name, keys in chain(_known(), _missing()):
        done += renew(name, keys)
        yield done
    with transaction.atomic():
        engine().remove(engine().strays())
    Renewal.objects.filter(pk__in=waiting).delete()


def _known() -> Iterator[tuple[str, list[int]]]:
    """What the index knows, by number; kinds that no app brings any more are forgotten."""
    reached = -1
    while rows := list(Document.objects.filter(pk__gt=reached).order_by("pk").values("pk", "kind", "key")[:PORTION]):
        reached = rows[-1]["pk"]
        _forget(Document.objects.filter(pk__in=[row["pk"] for row in rows if row["kind"] not in kinds()]))
        for name in kinds():
            if keys := [int(row["key"]) for row in rows if row["kind"] == name]:
                yield name, keys


def _missing() -> Iterator[tuple[str, list[int]]]:
    """What kinds have and the index does not know."""
    for kind in kinds().values():
        reached = 0
        while keys := kind.keys(None, reached, PORTION):
            reached = keys[-1]
            known = Document.objects.filter(kind=kind.name, key__in=[str(key) for key in keys])
            if missing := sorted(set(keys) - {int(key) for key in known.values_list("key", flat=True)}):
                yield kind.name, missing


def _forget(rows: QuerySet[Document]) -> None:
    with transaction.atomic():
        engine().remove(list(rows.order_by("pk").values_list("pk", flat=True)))
        rows.delete()


def _add(portion: Sequence[Found]) -> None:
    documents = _numbered(portion)
    Document.objects.bulk_create(documents)
    engine().put([Entry.of(document) for document in documents])


def _numbered(portion: Iterable[Found]) -> list[Document]:
    """Numbers by time of publication; the next free one where two fall together."""
    wanted = [(found, _wish(found)) for found in portion]
    taken = set(Document.objects.filter(pk__in=[number for _, number in wanted]).values_list("pk", flat=True))
    documents = []
    for found, wish in wanted:
        number = _next_free(wish, taken) if wish in taken else wish
        taken.add(number)
        documents.append(_document(number, found))
    return documents


def _next_free(number: int, taken: set[int]) -> int:
    while number in taken or Document.objects.filter(pk=number).exists():
        number += 1
    return number


def _wish(found: Found) -> int:
    """What has no date comes before all dates, each kind within a second of its own."""
    at = found.published_at.timestamp() if found.published_at else crc32(found.kind.encode()) & 0xFFFF
    return document_number(int(at), int(found.key))


def _document(number: int, found: Found) -> Document:
    return Document(
        number=number,
        kind=found.kind,
        key=found.key,
        type=found.type,
        site_id=found.site_id,
        sites=list(found.site_ids),
        columns=list(found.column_ids),
        title=found.title,
        body=found.text,
        url=found.url,
        source=found.source,
        note=found.note,
        published_at=found.published_at,
    )
