"""SQLite's FTS5 with tokens of our own: phrases by position, newest first by row number, no scan."""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection

from menhu.search.engines.protocol import Entry, Scopes, Wanted
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

    def strays(self) -> list[int]:
        return _numbers(f"SELECT number FROM {KEPT} WHERE number NOT IN (SELECT number FROM search_document)", [])  # noqa: S608

    def newest(self, wanted: Wanted, scopes: Scopes, limit: int) -> list[int]:
        where = (f"scope : ({' OR '.join(_quoted(token) for token in group)})" for group in scopes)
        match = " AND ".join([f"({_condition(wanted)})", *(f"({condition})" for condition in where)])
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608
        return _numbers(sql, [match, limit])

    def among(self, wanted: Wanted, numbers: Sequence[int]) -> set[int]:
        if not numbers:
            return set()
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid BETWEEN %s AND %s"  # noqa: S608
        return set(_numbers(sql, [_condition(wanted), min(numbers), max(numbers)])) & set(numbers)


def _words(found: Iterable[str]) -> str:
    return " ".join(found)


def _numbers(sql: str, given: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [row[0] for row in cursor.fetchall()]


def _condition(wanted: Wanted) -> str:
    """The condition in FTS5's query language; tokens hold no quote, so that nothing typed is read as an operator."""
    columns = "title" if wanted.in_title else "{title body}"
    groups = (" OR ".join(_phrase(phrase) for phrase in group) for group in wanted.groups)
    return " AND ".join(f"({columns} : ({group}))" for group in groups)


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_open else ""}'


def _quoted(token: str) -> str:
    return f'"{token}"'
