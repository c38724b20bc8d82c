"""PostgreSQL: a tsvector of tokens finds candidates by its GIN index, the text itself confirms them.

A text is kept in pieces (a tsvector has its bounds); nearly all documents are one piece. Groups of a question may be
met in different pieces of a long document, so documents of several pieces are also asked group by group.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from menhu.search.engines.protocol import Entry, Tier, Wanted
from menhu.search.rules import Phrase, pieces, skeleton, tokens

TABLE: Final = "search_piece"
CREATE: Final = (
    f"""CREATE TABLE IF NOT EXISTS {TABLE} (
    number bigint NOT NULL, part integer NOT NULL, is_whole boolean NOT NULL,
    title text NOT NULL, body text NOT NULL, found tsvector NOT NULL, PRIMARY KEY (number, part))""",
    f"CREATE INDEX IF NOT EXISTS search_piece_found ON {TABLE} USING gin (found)",
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
                f"INSERT INTO {TABLE} VALUES (%s, %s, %s, %s, %s, array_to_tsvector(%s::text[]))",  # noqa: S608
                rows,
            )

    def remove(self, numbers: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE number = ANY(%s)", [list(numbers)])  # noqa: S608

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {TABLE}")

    def newest(self, tier: Tier, *, before: int | None, limit: int) -> list[int]:
        condition, given = _condition_of(tier)
        below = "" if before is None else " AND number < %s"
        sql = f"SELECT DISTINCT number FROM {TABLE} WHERE {condition}{below} ORDER BY number DESC LIMIT %s"  # noqa: S608
        return [row[0] for row in _rows(sql, [*given, *([] if before is None else [before]), limit])]

    def count(self, tier: Tier, *, most: int) -> int:
        condition, given = _condition_of(tier)
        sql = f"SELECT COUNT(*) FROM (SELECT DISTINCT number FROM {TABLE} WHERE {condition} LIMIT %s) AS found"  # noqa: S608
        found: int = _rows(sql, [*given, most])[0][0]
        return found


def _rows(sql: str, given: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _pieces_of(entry: Entry) -> list[tuple[Any, ...]]:
    texts = list(pieces(entry.body))
    title, is_whole = skeleton(entry.title), len(texts) == 1
    ofs_title, scope = list(tokens(entry.title)), [f":{token}" for token in entry.scope]
    rows = []
    for part, text in enumerate(texts):
        kept = {token for token in (*ofs_title, *tokens(text)) if token}
        singles = {f"{token[0]}~" for token in kept if len(token) <= 2}
        rows.append((entry.number, part, is_whole, title, skeleton(text), sorted({*kept, *singles, *scope})))
    return rows


def _condition_of(tier: Tier) -> Condition:
    scope = [_any_token([f":{token}" for token in group]) for group in tier.scope]
    wanted = _joined("AND", [_met(tier.wanted), *scope])
    above = [_met(each) for each in tier.above]
    if not above:
        return wanted
    higher, given = _joined("OR", above)
    return f"{wanted[0]} AND NOT ({higher})", [*wanted[1], *given]


def _met(wanted: Wanted) -> Condition:
    groups = [_group(group, in_title=wanted.in_title) for group in wanted.groups]
    together = _joined("AND", groups)
    if wanted.in_title or len(groups) == 1:
        return together
    apart = [
        (f"number IN (SELECT number FROM {TABLE} WHERE NOT is_whole AND {condition})", given)  # noqa: S608
        for condition, given in groups
    ]
    scattered = _joined("AND", apart)
    return f"({together[0]} OR (NOT is_whole AND {scattered[0]}))", [*together[1], *scattered[1]]


def _group(group: Sequence[Phrase], *, in_title: bool) -> Condition:
    return _joined("OR", [_phrase(phrase, in_title=in_title) for phrase in group])


def _phrase(phrase: Phrase, *, in_title: bool) -> Condition:
    """Candidates by tokens, confirmed in the text: the tokens alone may stand in any order."""
    wanted = [*phrase.tokens[:-1], f"{phrase.tokens[-1]}~"] if phrase.is_open else list(phrase.tokens)
    condition, given = _all_tokens(wanted)
    like = f"%{_escaped(phrase.text)}%"
    texts = "title LIKE %s" if in_title else "(title LIKE %s OR body LIKE %s)"
    return f"({condition} AND {texts})", [*given, *([like] if in_title else [like, like])]


def _all_tokens(wanted: Sequence[str]) -> Condition:
    return "found @@ %s::tsquery", [" & ".join(map(_quoted, dict.fromkeys(wanted)))]


def _any_token(wanted: Sequence[str]) -> Condition:
    return "found @@ %s::tsquery", [" | ".join(map(_quoted, wanted))]


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
