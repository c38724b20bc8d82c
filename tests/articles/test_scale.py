"""Lists of the back office with 100,000 articles: by index, on both databases."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from menhu.articles.models import Article, Placement
from tests.articles.conftest import write
from tests.conftest import SignedIn
from tests.factories import World

ROWS = 100_000
PAGE = 26
BIG = ("articles_article", "articles_placement")
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"


@pytest.fixture
def archive(world: World) -> Article:
    """100,000 articles in six units and all states of a real archive, each placed in a column of its unit."""
    article = write(world, columns=[])
    units = " ".join(f"WHEN {at} THEN {unit.pk}" for at, unit in enumerate(list(world.units.values())[:12]))
    multiply(
        Article,
        article.pk,
        {
            "unit_id": "CASE n.i % 12 " + units + " END",
            "state": "CASE WHEN n.i % 49 = 0 THEN 'draft' ELSE 'live' END",
            "genre": "CASE WHEN n.i % 41 = 0 THEN 'normative' ELSE 'news' END",
            "live": "n.i % 49 <> 0"
            if connection.vendor == "postgresql"
            else "CASE WHEN n.i % 49 = 0 THEN 0 ELSE 1 END",
            "updated_at": moment("2026-01-01", "n.i"),
            "published_at": moment("2026-01-01", "n.i"),
            "latest_revision_id": str(article.latest_revision_id),
        },
    )
    place_all(world)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return article


def moment(start: str, minutes: str) -> str:
    """A time so many minutes after the start, in the database's own words."""
    if connection.vendor == "postgresql":
        return f"timestamptz '{start}' + ({minutes}) * interval '1 minute'"
    return f"datetime('{start}', '+' || ({minutes}) || ' minutes')"


def multiply(model: type[Model], pk: int, changes: dict[str, str]) -> None:
    """Copy one row many times inside the database, with these columns computed from n.i."""
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(changes.get(name, f'a."{name}"') for name in names)
    table, columns = model._meta.db_table, ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        sql = f"INSERT INTO {table} ({columns}) {NUMBERS % ROWS} SELECT {values} FROM n, {table} a WHERE a.id = {pk}"  # noqa: S608
        cursor.execute(sql)


def place_all(world: World) -> None:
    columns = {key: world.columns[f"{key}/gzdt"].pk for key in ("jyj", "slj", "xcb")}
    rows = " ".join(f"WHEN {world.units[key].pk} THEN {pk}" for key, pk in columns.items())
    column = f"CASE unit_id {rows} ELSE {world.columns['portal/gzdt'].pk} END"
    state = "CASE WHEN id % 199 = 0 THEN 'proposed' ELSE 'placed' END"
    listed = f"({state}) = 'placed' AND live"
    names = "article_id, column_id, state, is_listed, is_pinned, published_at, bucket, proposed_at, reason"
    false = "false" if connection.vendor == "postgresql" else "0"
    source = f"id, {column}, {state}, {listed}, {false}, updated_at, '2026-01', updated_at, ''"
    table = Placement._meta.db_table
    sql = f"INSERT INTO {table} ({names}) SELECT {source} FROM articles_article WHERE published_at IS NOT NULL"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql)


def plans(queries: CaptureQueriesContext) -> Iterator[tuple[str, str]]:
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    for query in queries.captured_queries:
        sql = query["sql"]
        if sql.startswith("SELECT") and any(name in sql for name in BIG):
            with connection.cursor() as cursor:
                cursor.execute(explain + sql)
                yield sql, "\n".join(str(row[-1]) for row in cursor.fetchall())


def is_scan(plan: str) -> bool:
    lines = [line.strip() for line in plan.splitlines()]
    if connection.vendor == "postgresql":
        return any(f"Seq Scan on {name} " in f"{line} " for line in lines for name in BIG)
    whole = [line for line in lines if line.startswith("SCAN articles_") and "USING" not in line]
    return bool(whole)


def sorts(plan: str) -> bool:
    """Whether the database sorts more than a page; PostgreSQL may sort two small tables to join them."""
    sorted_rows = map(int, re.findall(r"Sort  \(cost=\S+ rows=(\d+)", plan))
    return "TEMP B-TREE FOR ORDER BY" in plan or any(rows > PAGE for rows in sorted_rows)


LISTS = (
    ("editor", ""),
    ("editor", "?state=draft"),
    ("editor", "?genre=normative"),
    ("editor", "?column={column}"),
    ("editor", "?after=2026-02-01T00:00:00%2B00:00_40000"),
    ("webmaster", ""),
    ("webmaster", "?state=draft"),
    ("webmaster", "?genre=normative"),
    ("webmaster", "?unit={unit}&state=live"),
)


def test_no_list_reads_the_archive(world: World, archive: Article) -> None:
    """One fixture for all lists: what is slow is to make the rows."""
    given = {"column": world.columns["jyj/gzdt"].pk, "unit": world.units["jyj"].pk}
    for persona, query in LISTS:
        client = SignedIn(world.people[persona])
        with CaptureQueriesContext(connection) as queries:
            answer = client.get("/office/articles/" + query.format(**given))
        assert len(answer.context["page"].articles) == 25, query
        for sql, plan in plans(queries):
            assert not is_scan(plan), (persona, query, sql, plan)
            assert not sorts(plan) or "articles_articleaddress" in sql, (persona, query, sql, plan)


def test_the_inbox_of_proposals_reads_waiting_ones_only(world: World, archive: Article) -> None:
    client = SignedIn(world.people["stranger"])
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/office/articles/proposals/")
    assert len(answer.context["rows"]) == 25
    for _sql, plan in plans(queries):
        assert not is_scan(plan), plan
