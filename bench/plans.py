"""Which tables a list scans: the plan of every query that a page asks, on SQLite and on PostgreSQL."""

import json
import re
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext

# Tables that grow with the archive; a list page may not scan them whole.
GROWING = (
    "articles_article",
    "articles_placement",
    "articles_articleaddress",
    "articles_attachment",
    "articles_publishedfile",
    "audit_event",
    "cases_answer",
    "cases_assignment",
    "cases_case",
    "cases_caseevent",
    "cases_casefile",
    "cases_caselink",
    "cases_directive",
    "cases_extension",
    "cases_rating",
    "cases_sender",
    "delivery_change",
    "delivery_page",
    "delivery_pagetag",
    "files_storedfile",
    "letters_informationrequest",
    "letters_letter",
    "letters_publiccopy",
    "notices_message",
    "notices_notice",
    "review_reviewtaskstate",
    "wagtailcore_taskstate",
    "wagtailcore_workflowstate",
    "wagtailcore_revision",
)


LARGE = 10_000
"""Rows from which on PostgreSQL's own choice is what counts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one page asked of the database."""

    queries: int
    scans: tuple[str, ...]


def asked(captured: CaptureQueriesContext) -> Asked:
    """Explain each SELECT that was captured and name the growing tables that it scans."""
    scans: set[str] = set()
    for query in captured.captured_queries:
        if query["sql"].lstrip("( ").upper().startswith("SELECT"):
            scans.update(scanned(query["sql"]))
    return Asked(queries=len(captured), scans=tuple(sorted(scans)))


def scanned(sql: str) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return _of_sqlite([row[3] for row in cursor.fetchall()], sql)
        found = _of_postgres(_plan(cursor, sql))
        if found:
            found &= _large(cursor) | _unavoidable(cursor, sql)
        return found


def _plan(cursor: CursorWrapper, sql: str) -> object:
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
    plan: object = cursor.fetchone()[0]
    return json.loads(plan) if isinstance(plan, str) else plan


def _large(cursor: CursorWrapper) -> set[str]:
    cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [LARGE])
    return {name for (name,) in cursor.fetchall()}


def _unavoidable(cursor: CursorWrapper, sql: str) -> set[str]:
    """A table of a few rows is scanned although it has an index; what matters is whether there is one."""
    cursor.execute("SET enable_seqscan = off")
    try:
        return _of_postgres(_plan(cursor, sql))
    finally:
        cursor.execute("RESET enable_seqscan")


def _of_sqlite(lines: list[str], sql: str) -> set[str]:
    """ "SCAN t" walks the whole table; in the order of an index or of ids, unsifted, it stops at LIMIT."""
    limited = bool(re.search(r"\bLIMIT\s+\d+", sql))
    takes_any = limited and not re.search(r"\bWHERE\b", sql) and not any("TEMP B-TREE" in line for line in lines)
    found: set[str] = set()
    for line in lines:
        matched = re.match(r"SCAN (\w+)(.*)", line)
        if matched and matched[1] in GROWING and not (takes_any or ("INDEX" in matched[2] and limited)):
            found.add(matched[1])
    return found


def _of_postgres(plan: object, *, is_limited: bool = False) -> set[str]:
    """Sequential scans of more than a page, unless a LIMIT right above stops them at its first rows."""
    if isinstance(plan, list):
        return set().union(*(_of_postgres(node, is_limited=is_limited) for node in plan)) if plan else set()
    if not isinstance(plan, dict):
        return set()
    node = plan.get("Node Type")
    stops = node == "Limit" or (is_limited and node not in BLOCKING)
    nested = [value for value in plan.values() if isinstance(value, dict | list)]
    found = set().union(*(_of_postgres(value, is_limited=stops) for value in nested))
    bounded = is_limited and "Filter" not in plan
    if node == "Seq Scan" and plan["Relation Name"] in GROWING and plan["Plan Rows"] > 100 and not bounded:
        found.add(plan["Relation Name"])
    return found


BLOCKING = frozenset({"Sort", "Aggregate", "Hash", "HashAggregate", "Materialize"})
"""Nodes that read all of their input before they give the first row."""
