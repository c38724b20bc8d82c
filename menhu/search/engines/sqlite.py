"""SQLite's FTS5 with tokens of our own: phrases by position, newest first by row number, no scan."""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection

from menhu.search.engines.protocol import Entry, Tier, Wanted
from menhu.search.rules import Phrase, tokens

TABLE: Final = "search_fts"
KEPT: Final = "search_fts_kept"
CREATE: Final = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5("
    "title, body, scope, content='', prefix='1', tokenize='ascii')",
    f"CREATE TABLE IF NOT EXISTS {KEPT} (number INTEGER PRIMARY KEY, tokens BLOB NOT NULL)",
)
DROP: Final = (f"DROP TABLE IF EXISTS {TABLE}", f"DROP TABLE IF EXISTS {KEPT}")
_DIVIDER: Final = "\x00"


class SqliteEngine:
    """An index without its texts. FTS5 takes a document out by the very tokens that went in: they are kept, packed."""

    def put(self, entries: Sequence[Entry]) -> None:
        rows = [(e.number, _words(tokens(e.title)), _words(tokens(e.body)), _words(e.scope)) for e in entries]
        packed = [(number, zlib.compress(_DIVIDER.join(columns).encode(), 1)) for number, *columns in rows]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {TABLE}(rowid, title, body, scope) VALUES (%s, %s, %s, %s)", rows)  # noqa: S608
            cursor.executemany(f"INSERT INTO {KEPT} VALUES (%s, %s)", packed)  # noqa: S608

    def remove(self, numbers: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            for number in numbers:
                cursor.execute(f"DELETE FROM {KEPT} WHERE number = %s RETURNING tokens", [number])  # noqa: S608
                for (packed,) in cursor.fetchall():
                    columns = zlib.decompress(packed).decode().split(_DIVIDER)
                    cursor.execute(
                        f"INSERT INTO {TABLE}({TABLE}, rowid, title, body, scope) VALUES ('delete', %s, %s, %s, %s)",  # noqa: S608
                        [number, *columns],
                    )

    def clear(self) -> None:
        with connection.cursor() as cursor:
            for statement in (*DROP, *CREATE):
                cursor.execute(statement)

    def newest(self, tier: Tier, *, before: int | None, limit: int) -> list[int]:
        below = "" if before is None else " AND rowid < %s"
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s{below} ORDER BY rowid DESC LIMIT %s"  # noqa: S608
        given: list[Any] = [_match(tier), *([] if before is None else [before]), limit]
        return [row[0] for row in _rows(sql, given)]

    def count(self, tier: Tier, *, most: int) -> int:
        sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM {TABLE} WHERE {TABLE} MATCH %s LIMIT %s)"  # noqa: S608
        found: int = _rows(sql, [_match(tier), most])[0][0]
        return found


def _words(found: Iterable[str]) -> str:
    return " ".join(found)


def _rows(sql: str, given: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _match(tier: Tier) -> str:
    """The tier in FTS5's query language; tokens hold no quote, so that nothing typed is read as an operator."""
    conditions = [
        _condition(tier.wanted),
        *(f"scope : ({' OR '.join(_quoted(t) for t in group)})" for group in tier.scope),
    ]
    positive = " AND ".join(f"({condition})" for condition in conditions)
    return " NOT ".join([f"({positive})", *(f"({_condition(above)})" for above in tier.above)])


def _condition(wanted: Wanted) -> str:
    columns = "title" if wanted.in_title else "{title body}"
    groups = (" OR ".join(_phrase(phrase) for phrase in group) for group in wanted.groups)
    return " AND ".join(f"({columns} : ({group}))" for group in groups)


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_open else ""}'


def _quoted(token: str) -> str:
    return f'"{token}"'
