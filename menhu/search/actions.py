"""Documents in and out, in the transaction of the change that makes them public or takes them away."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db import transaction

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.search.engines import Entry, engine
from menhu.search.models import Document, HotWord, Synonym, WrongWord
from menhu.search.policies import may_keep_words
from menhu.search.rules import document_number, fold
from menhu.search.types import Found, kinds

PORTION = 200


@transaction.atomic
def put(found: Found) -> None:
    """Make a thing findable as it is now, whatever was known of it."""
    withdraw(kind=found.kind, key=found.key)
    _add([found])


@transaction.atomic
def withdraw(*, kind: str, key: str) -> None:
    """Nobody finds it any more."""
    rows = Document.objects.filter(kind=kind, key=key)
    engine().remove(list(rows.values_list("pk", flat=True)))
    rows.delete()


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


def rebuild() -> Iterator[int]:
    """Forget everything and take in all that is public, a portion at a time; yields how many there are so far."""
    with transaction.atomic():
        Document.objects.all().delete()
        engine().clear()
    done = 0
    for kind in kinds():
        everything = kind.everything()
        while portion := list(islice(everything, PORTION)):
            with transaction.atomic():
                known = Document.objects.filter(kind=kind.name, key__in=[found.key for found in portion])
                engine().remove(list(known.values_list("pk", flat=True)))
                known.delete()
                _add(portion)
            done += len(portion)
            yield done


def _add(portion: Sequence[Found]) -> None:
    documents = _numbered(portion)
    Document.objects.bulk_create(documents)
    engine().put([_entry(document) for document in documents])


def _numbered(portion: Iterable[Found]) -> list[Document]:
    """Numbers by time of publication; the next free one where two fall together."""
    wanted = [(found, _wish(found)) for found in portion]
    taken = set(Document.objects.filter(pk__in=[number for _, number in wanted]).values_list("pk", flat=True))
    documents = []
    for found, number in wanted:
        while number in taken:
            number += 1
        taken.add(number)
        documents.append(_document(number, found))
    return documents


def _wish(found: Found) -> int:
    return document_number(int(found.published_at.timestamp()), int(found.key) if found.key.isdigit() else 0)


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


def _entry(document: Document) -> Entry:
    at = document.published_at
    scope = (
        f"t{document.type}",
        *(f"s{site}" for site in document.sites),
        *(f"c{column}" for column in document.columns),
        f"y{at:%Y}",
        f"m{at:%Y%m}",
    )
    return Entry(document.number, fold(document.title), fold(document.body), scope)
