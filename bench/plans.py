"""Which tables a list scans: the plan of every query that a page asks, on SQLite and on PostgreSQL."""

import json
import re
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Tables that grow with the archive; a list page may not scan them whole.
GROWING = (
    "articles_article",
    "articles_placement",
    "articles_articleaddress",
    "articles_attachment",
    "articles_publishedfile",
    "audit_event",
    "delivery_change",
    "delivery_page",
    "delivery_pagetag",
    "files_storedfile",
    "notices_notice",
    "review_reviewtaskstate",
    "wagtailcore_taskstate",
    "wagtailcore_workflowstate",
    "wagtailcore_revision",
)


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
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    return _of_postgres(plan if isinstance(plan, list) else json.loads(plan))


def _of_sqlite(lines: list[str], sql: str) -> set[str]:
    """ "SCAN t" walks the whole table; "SCAN t USING … INDEX" in the order of an index stops at LIMIT."""
    limited = bool(re.search(r"\bLIMIT\s+\d+", sql))
    found: set[str] = set()
    for line in lines:
        matched = re.match(r"SCAN (\w+)(.*)", line)
        if matched and matched[1] in GROWING and not ("INDEX" in matched[2] and limited):
            found.add(matched[1])
    return found


def _of_postgres(plan: object) -> set[str]:
    if isinstance(plan, list):
        return set().union(*(_of_postgres(node) for node in plan)) if plan else set()
    if not isinstance(plan, dict):
        return set()
    found = set().union(*(_of_postgres(value) for value in plan.values() if isinstance(value, dict | list)))
    if plan.get("Node Type") == "Seq Scan" and plan.get("Relation Name") in GROWING and plan.get("Plan Rows", 0) > 100:
        found.add(plan["Relation Name"])
    return found
