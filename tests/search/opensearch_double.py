"""What stands for an OpenSearch server in tests: it records requests and answers the few kinds that we send.

It reads queries as OpenSearch's reference describes them, no more: that a real server reads them so is for
tests/search/test_engines.py with OPENSEARCH_URL.
"""

import json
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from menhu.search.engines import EngineAwayError, Entry
from menhu.search.engines.opensearch import OpenSearchEngine, Server

Row = dict[str, Any]


class Double:
    """One index in memory. `is_away`: it does not answer; `refused`: statuses of numbers that it does not take."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, Any]] = []
        self.rows: dict[int, Row] | None = None
        self.versions: dict[int, int] = {}
        self.refused: dict[int, int] = {}
        self.is_away = False
        self.before_bulk: Callable[[], None] = lambda: None

    def ask(self, method: str, path: str, body: Any = None, *, seconds: float = 2.0, **params: str) -> Any:
        self.requests.append((method, path, body))
        if self.is_away:
            raise EngineAwayError("Connection refused")
        call = path.rpartition("/")[2]
        if call == "_bulk":
            return self._bulk(body)
        if call == "_search":
            return self._search(body)
        return self._index(method)

    def asked(self, call: str) -> list[Any]:
        return [body for _method, path, body in self.requests if path.endswith(call)]

    def _index(self, method: str) -> Any:
        if method == "PUT":
            self.rows = {}
        elif method == "DELETE":
            self.rows, self.versions = None, {}
        return self.rows is not None

    def _bulk(self, body: str) -> Any:
        self.before_bulk()
        lines = iter([json.loads(line) for line in body.splitlines()])
        items = []
        for line in lines:
            ((verb, where),) = line.items()
            status = self._write(where, next(lines) if verb == "index" else None)
            failure = {"error": {"type": "some_exception", "reason": "…"}} if status > 300 and status != 404 else {}
            items.append({verb: {"_id": where["_id"], "status": status, **failure}})
        return {"errors": any("error" in item for each in items for item in each.values()), "items": items}

    def _write(self, where: Row, row: Row | None) -> int:
        assert self.rows is not None
        assert where["version_type"] == "external_gte"
        number = int(where["_id"])
        if number in self.refused:
            return self.refused[number]
        if self.versions.get(number, 0) > where["version"]:
            return 409
        self.versions[number] = where["version"]
        if row is None:
            return 200 if self.rows.pop(number, None) else 404
        self.rows[number] = row
        return 201

    def _search(self, body: Row) -> Any:
        if self.rows is None:
            raise EngineAwayError("index_not_found_exception")
        assert body["sort"] == [{"number": "desc"}]
        found = sorted((number for number, row in self.rows.items() if _meets(row, body["query"])), reverse=True)
        return {"timed_out": False, "hits": {"hits": [{"_id": str(number)} for number in found[: body["size"]]]}}


def _meets(row: Row, query: Row) -> bool:
    ((kind, what),) = query.items()
    if kind == "bool":
        is_any = any(_meets(row, one) for one in what["should"]) if "should" in what else True
        return is_any and all(_meets(row, one) for one in what.get("filter", ()))
    ((field, value),) = what.items()
    if kind == "match_phrase":
        return f" {value} " in f" {row[field]} "
    if kind == "range":
        return bool(row[field] < value["lt"])
    assert kind == "terms"
    return bool(set(row[field] if isinstance(row[field], list) else [row[field]]) & set(value))


class Straight(OpenSearchEngine):
    """Writes and shows at once, with documents or without: for the contract, which knows no commit."""

    def __init__(self, server: Server, index: str) -> None:
        super().__init__(server, index)
        self._next = count(1)

    def put(self, entries: Iterable[Entry]) -> None:
        self._now([(entry.number, next(self._next), entry) for entry in entries])

    def remove(self, numbers: Iterable[int]) -> None:
        self._now([(number, next(self._next), None) for number in numbers])

    def known(self, numbers: Iterable[int]) -> set[int]:
        return set(numbers)

    def _now(self, changes: list[tuple[int, int, Entry | None]]) -> None:
        assert self.write(changes, 30.0) == {}
        self._server.ask("POST", f"{self._index}/_refresh", seconds=30.0)
