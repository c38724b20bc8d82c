"""PostgreSQL: tsvectors of tokens find candidates by their GIN indexes, the text itself confirms phrases.

A text is kept in pieces (a tsvector has its bounds); nearly all documents are one piece. Groups of a question may be
met in different pieces of a long document, so those few documents are asked by themselves, group by group.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection

from menhu.search.engines.protocol import Entry, Scopes, Wanted
from menhu.search.rules import Phrase, pieces, skeleton, tokens

TABLE: Final = "search_piece"
CREATE: Final = (
    f"""CREATE TABLE IF NOT EXISTS {TABLE} (
    number bigint NOT NULL, part integer NOT NULL, is_whole boolean NOT NULL, title text NOT NULL, body text NOT NULL,
    in_title tsvector NOT NULL, in_all tsvector NOT NULL, PRIMARY KEY (number, part))""",
    f"ALTER TABLE {TABLE} ALTER COLUMN in_all SET STORAGE EXTERNAL",  # read more often than the disk is large
    f"CREATE INDEX IF NOT EXISTS search_piece_in_title ON {TABLE} USING gin (in_title)",
    f"CREATE INDEX IF NOT EXISTS search_piece_in_all ON {TABLE} USING gin (in_all)",
    f"CREATE INDEX IF NOT EXISTS search_piece_parts ON {TABLE} (number) WHERE NOT is_whole",
)
DROP: Final = f"DROP TABLE IF EXISTS {TABLE}"
Condition = tuple[str, list[Any]]


class PostgresEngine:
    """Each piece of a document is a row that also holds its title."""

    def put(self, entries: Sequence[Entry]) -> None:
        rows = [row for entry in entries for row in _pieces_of(entry)]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TABLE} VALUES (%s, %s, %s, %s, %s, "  # noqa: S608
                "array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))",
                rows,
            )

    def remove(self, numbers: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE number = ANY(%s)", [list(numbers)])  # noqa: S608

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {TABLE}")

    def strays(self) -> list[int]:
        known = "SELECT FROM search_document WHERE search_document.number = kept.number"
        return _numbers(f"SELECT DISTINCT number FROM {TABLE} kept WHERE NOT EXISTS ({known})", [])  # noqa: S608

    def newest(self, wanted: Wanted, scopes: Scopes, limit: int) -> list[int]:
        where = [("in_all @@ %s::tsquery", [_any(f":{token}" for token in group)]) for group in scopes]
        condition, given = _joined("AND", [_together(wanted), *where])
        sql = f"SELECT number FROM {TABLE} WHERE is_whole AND {condition} ORDER BY number DESC LIMIT %s"  # noqa: S608
        found = _numbers(sql, [*given, limit])
        if _has_parts():
            condition, given = _joined("AND", [_scattered(wanted), *where])
            sql = (
                f"SELECT DISTINCT number FROM {TABLE} WHERE NOT is_whole AND {condition} ORDER BY number DESC LIMIT %s"  # noqa: S608
            )
            found += _numbers(sql, [*given, limit])
        return sorted(found, reverse=True)[:limit]

    def among(self, wanted: Wanted, numbers: Sequence[int]) -> set[int]:
        condition, given = _joined("AND", [_group_in_text(group, in_title=wanted.in_title) for group in wanted.groups])
        sql = f"SELECT number FROM {TABLE} WHERE number = ANY(%s) AND {condition}"  # noqa: S608
        return set(_numbers(sql, [list(numbers), *given]))


def _has_parts() -> bool:
    return bool(_numbers(f"SELECT number FROM {TABLE} WHERE NOT is_whole LIMIT 1", []))  # noqa: S608


def _numbers(sql: str, given: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [row[0] for row in cursor.fetchall()]


def _pieces_of(entry: Entry) -> list[tuple[Any, ...]]:
    texts = list(pieces(entry.body))
    title, scope, is_whole = skeleton(entry.title), [f":{token}" for token in entry.scope], len(texts) == 1
    in_title = _with_singles(tokens(entry.title))
    return [
        (
            *(entry.number, part, is_whole, title, skeleton(text)),
            *(sorted(in_title), sorted({*in_title, *_with_singles(tokens(text)), *scope})),
        )
        for part, text in enumerate(texts)
    ]


def _with_singles(found: Iterable[str]) -> set[str]:
    """The tokens, and for questions of one character the first of each pair."""
    kept = set(found)
    return kept | {f"{token[0]}~" for token in kept if len(token) <= 2}


def _together(wanted: Wanted) -> Condition:
    """All groups in one row."""
    return _joined("AND", [_group(group, in_title=wanted.in_title) for group in wanted.groups])


def _scattered(wanted: Wanted) -> Condition:
    """Each group in some piece of the document."""
    groups = [_group(group, in_title=wanted.in_title) for group in wanted.groups]
    start = f"number IN (SELECT number FROM {TABLE} WHERE NOT is_whole AND "  # noqa: S608
    return _joined("AND", [(f"{start}{condition})", given) for condition, given in groups])


def _group(group: Sequence[Phrase], *, in_title: bool) -> Condition:
    return _joined("OR", [_phrase(phrase, in_title=in_title) for phrase in group])


def _phrase(phrase: Phrase, *, in_title: bool) -> Condition:
    """One token says it all; of several the text confirms that they follow each other."""
    wanted = [*phrase.tokens[:-1], f"{phrase.tokens[-1]}~"] if phrase.is_open else list(phrase.tokens)
    column = "in_title" if in_title else "in_all"
    candidates: Condition = (f"{column} @@ %s::tsquery", [" & ".join(map(_quoted, dict.fromkeys(wanted)))])
    return candidates if len(wanted) == 1 else _joined("AND", [candidates, _in_text(phrase, in_title=in_title)])


def _group_in_text(group: Sequence[Phrase], *, in_title: bool) -> Condition:
    return _joined("OR", [_in_text(phrase, in_title=in_title) for phrase in group])


def _in_text(phrase: Phrase, *, in_title: bool) -> Condition:
    like = f"%{_escaped(phrase.text)}%"
    return ("title LIKE %s", [like]) if in_title else ("(title LIKE %s OR body LIKE %s)", [like, like])


def _any(wanted: Iterable[str]) -> str:
    return " | ".join(map(_quoted, wanted))


def _quoted(token: str) -> str:
    escaped = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _joined(operator: str, conditions: Sequence[Condition]) -> Condition:
    return (
        "(" + f" {operator} ".join(condition for condition, _ in conditions) + ")",
        [value for _, given in conditions for value in given],
    )
