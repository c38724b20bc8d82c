"""OpenSearch, for installs that keep one: fed after the commit from an outbox, never more than what documents say.

Tokens are cut here, as for the other engines, and only divided by blanks there. Of each token the beginning stands at
the same position in a field of its own, so that a question that ends with one character is a phrase too: no wildcard,
nothing to expand, hence no bound behind which something is missed. The table of documents has the last word on what
may be shown: a number that it does not know is dropped here, before anybody counts it.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import monotonic
from typing import Any, Final, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from menhu.search.engines.protocol import EngineAwayError, Entry, Scopes, Wanted
from menhu.search.models import Document, Unsent
from menhu.search.rules import Phrase, is_han, tokens

SECONDS: Final = 2.0
"""How long an answer is waited for where somebody waits."""
PORTION: Final = 200
MOST_CHARACTERS: Final = 500_000
SLACK: Final = 100
"""So many more are asked for than wanted: some may be documents no more."""
PAGE: Final = 5_000
LONGEST_PAUSE: Final = 60.0
_TEXT: Final = {"type": "text", "analyzer": "whitespace", "index_options": "positions", "norms": False}
INDEX: Final[Mapping[str, Any]] = {
    "settings": {
        "index": {
            "sort.field": "number",  # newest first is the order of the index
            "sort.order": "desc",
            "gc_deletes": "1h",  # so long an old version that comes late is known to be old
        }
    },
    "mappings": {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "properties": {
            "number": {"type": "long"},
            "scope": {"type": "keyword"},
            **dict.fromkeys(("title", "title_heads", "body", "body_heads"), _TEXT),
        },
    },
}

logger = logging.getLogger(__name__)
Query = dict[str, Any]
Change = tuple[int, int, Entry | None]
"""A document's number, the version of what is said about it, and what it says; None where it is no more."""


class Server(Protocol):
    """One question and its answer; whatever goes wrong is an `EngineAwayError`."""

    def ask(self, method: str, path: str, body: Any = None, *, seconds: float = SECONDS, **params: str) -> Any: ...


class Cluster:
    """What answers at an address, by opensearch-py; asked once, never again by itself."""

    def __init__(self, url: str) -> None:
        try:
            import opensearchpy
        except ImportError as error:
            raise ImproperlyConfigured("OPENSEARCH_URL needs opensearch-py: pip install 'menhu[opensearch]'") from error
        self._failure: type[Exception] = opensearchpy.exceptions.OpenSearchException
        self._transport: Any = opensearchpy.OpenSearch([url], max_retries=0).transport

    def ask(self, method: str, path: str, body: Any = None, *, seconds: float = SECONDS, **params: str) -> Any:
        try:
            return self._transport.perform_request(
                method, path, params={**params, "request_timeout": seconds}, body=body
            )
        except self._failure as error:
            raise EngineAwayError(f"{method} {path}: {error}") from error


class OpenSearchEngine:
    """What is put and removed waits in `Unsent` with the change itself, and goes when that is committed."""

    def __init__(self, server: Server, index: str) -> None:
        self._server = server
        self._index = f"/{index}"
        self._ask_from = self._feed_from = self._pause = 0.0

    def put(self, entries: Sequence[Entry]) -> None:
        self.remove([entry.number for entry in entries])

    def remove(self, numbers: Sequence[int]) -> None:
        """What a document is when its turn comes is what is sent: put and removed are noted alike."""
        if numbers:
            Unsent.objects.bulk_create(Unsent(number=number) for number in numbers)
            transaction.on_commit(self.feed, robust=True)

    def clear(self) -> None:
        """A new index, at once: this is not undone with the transaction."""
        self._server.ask("DELETE", self._index, seconds=LONGEST_PAUSE, ignore_unavailable="true")
        self._server.ask("PUT", self._index, INDEX, seconds=LONGEST_PAUSE)
        Unsent.objects.all().delete()

    def strays(self) -> list[int]:
        found: list[int] = []
        before = 2**63 - 1
        while page := self._search([{"range": {"number": {"lt": before}}}], PAGE):
            found += sorted(set(page) - self.known(page))
            before = page[-1]
        return found

    def newest(self, wanted: Wanted, scopes: Scopes, limit: int) -> list[int]:
        where: list[Query] = [{"terms": {"scope": list(group)}} for group in scopes]
        found = self._search([*_condition(wanted), *where], limit + SLACK)
        known = self.known(found)
        return [number for number in found if number in known][:limit]

    def among(self, wanted: Wanted, numbers: Sequence[int]) -> set[int]:
        if not numbers:
            return set()
        return set(self._search([*_condition(wanted), {"terms": {"number": list(numbers)}}], len(numbers)))

    def known(self, numbers: Iterable[int]) -> set[int]:
        """Those that are documents in the eyes of this transaction."""
        return set(Document.objects.filter(pk__in=list(numbers)).values_list("pk", flat=True))

    def _search(self, conditions: Sequence[Query], limit: int) -> list[int]:
        """Highest numbers first. After a failure nobody waits in vain for as long as one would have."""
        if monotonic() < self._ask_from:
            raise EngineAwayError("it did not answer a moment ago")
        body = {
            "query": {"bool": {"filter": list(conditions)}},
            "sort": [{"number": "desc"}],
            "size": limit,
            "track_total_hits": False,
        }
        try:
            path = f"{self._index}/_search"
            answer = self._server.ask("POST", path, body, allow_partial_search_results="false")
        except EngineAwayError:
            self._ask_from = monotonic() + SECONDS
            raise
        if answer["timed_out"]:
            raise EngineAwayError("it gave up half-way")
        return [int(hit["_id"]) for hit in answer["hits"]["hits"]]

    def feed(self, seconds: float = SECONDS) -> bool:
        """Send the oldest portion of what waits; False where nothing does, or the server is away.

        Killed at any moment it is done again: rows go when the server has said that it has what they stand for. Several
        may feed at once: versions are the rows' keys, and a document is read after its row.
        """
        if monotonic() < self._feed_from:
            return False
        rows = list(Unsent.objects.order_by("pk").values_list("pk", "number")[:PORTION])
        try:
            if rows:
                self._send(rows, seconds)
        except EngineAwayError as error:
            self._pause = min(max(self._pause * 2, 1.0), LONGEST_PAUSE)
            self._feed_from = monotonic() + self._pause
            logger.warning("the search index is not fed, next try in %d s: %s", self._pause, error)
            return False
        self._pause = 0.0
        return bool(rows)

    def _send(self, rows: Sequence[tuple[int, int]], seconds: float) -> None:
        changes = list(_bounded({number: key for key, number in rows}))
        refused = self.write(changes, seconds)
        again = [number for number, status in refused.items() if status == 409]
        failed = {number for number, status in refused.items() if status not in {400, 409}}
        if unfit := [number for number, status in refused.items() if status == 400]:
            logger.error("the search index does not take documents %s; they cannot be found", unfit)
        done = {number for number, *_ in changes} - failed
        with transaction.atomic():
            Unsent.objects.filter(pk__in=[key for key, number in rows if number in done]).delete()
            Unsent.objects.bulk_create(Unsent(number=number) for number in again)  # with a higher version
        if failed:
            raise EngineAwayError(f"refused: {refused}")

    def write(self, changes: Sequence[Change], seconds: float = SECONDS) -> dict[int, int]:
        """Write in one request, never over a higher version; returns the HTTP status of each number that failed."""
        if not self._server.ask("HEAD", self._index):
            logger.warning("the search index is new: `menhu index` fills it")
            self._server.ask("PUT", self._index, INDEX, seconds=seconds)
        body = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for change in changes for line in _lines(*change))
        answer = self._server.ask("POST", f"{self._index}/_bulk", body, seconds=seconds)
        results = [result for item in answer["items"] for result in item.values()]
        return {int(result["_id"]): result["status"] for result in results if "error" in result}


def _bounded(versions: Mapping[int, int]) -> Iterator[Change]:
    """Documents as they are now, so many as one request bears, at least one."""
    documents = Document.objects.in_bulk(list(versions))
    size = 0
    for number, version in versions.items():
        document = documents.get(number)
        size += len(document.body) if document else 0
        yield number, version, Entry.of(document) if document else None
        if size > MOST_CHARACTERS:
            return


def _lines(number: int, version: int, entry: Entry | None) -> Iterator[Query]:
    """Equal versions may be written again: whoever feeds twice says the same or less, and is followed by more."""
    where = {"_id": str(number), "version": version, "version_type": "external_gte"}
    if entry is None:
        yield {"delete": where}
        return
    title, body = list(tokens(entry.title)), list(tokens(entry.body))
    yield {"index": where}
    yield {
        "number": number,
        "scope": list(entry.scope),
        "title": " ".join(title),
        "title_heads": " ".join(map(_head, title)),
        "body": " ".join(body),
        "body_heads": " ".join(map(_head, body)),
    }


def _head(token: str) -> str:
    """The first character of a pair. The last of a run is told from it: "县，水" is not "县水"."""
    if not is_han(token):
        return token
    return token[0] if len(token) > 1 else f"{token}$"


def _condition(wanted: Wanted) -> Iterator[Query]:
    fields = ("title",) if wanted.in_title else ("title", "body")
    for group in wanted.groups:
        yield _any_of([query for phrase in group for field in fields for query in _phrase(phrase, field)])


def _any_of(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}


def _phrase(phrase: Phrase, field: str) -> Iterator[Query]:
    if not phrase.is_open:
        yield {"match_phrase": {field: " ".join(phrase.tokens)}}
        return
    *before, last = phrase.tokens
    for end in (last, f"{last}$"):
        yield {"match_phrase": {f"{field}_heads": " ".join([*map(_head, before), end])}}
