"""`make bench`: measures what the issue's figures ask for and writes bench/RESULTS.md. See bench/README.md.

Each measurement runs in a process of its own, because a data directory and a database are chosen before Django starts.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "RESULTS.md"
POSTGRES = "postgres://postgres@127.0.0.1:5432"


def run(measure: str, home: Path, *arguments: str, scale: str, database: str = "") -> dict[str, object]:
    """Run one measurement and take its figures from the last line that it prints."""
    environment = {**os.environ, "MENHU_HOME": str(home), "HTTPS": "off", "PUBLIC_BASE_URL": "http://127.0.0.1:8199"}
    if database:
        environment["DATABASE_URL"] = database
    command = [sys.executable, "-m", f"bench.{measure}", scale, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def machine() -> str:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return f"{os.cpu_count()} cores, {cpu}, Python {platform.python_version()}, {platform.system()}"


def table(rows: dict[str, dict[str, object]]) -> list[str]:
    columns = list(dict.fromkeys(key for row in rows.values() for key in row))
    lines = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(str(row.get(c, "")) for c in columns) + " |" for name, row in rows.items()]
    return lines


def listed(figures: dict[str, object]) -> list[str]:
    return table({name: {"figure": value} for name, value in figures.items()})


def compared(few: dict[str, object], full: dict[str, object]) -> dict[str, dict[str, object]]:
    """Query counts of each list at few rows and at a full page, and the tables that it scans at the full size."""
    rows: dict[str, dict[str, object]] = {}
    for name, figures in full.items():
        assert isinstance(figures, dict)
        small = few.get(name)
        assert isinstance(small, dict)
        rows[name] = {
            "queries, few rows": small["queries"],
            "queries, full page": figures["queries"],
            "rows (few / full)": f"{small['rows']} / {figures['rows']}",
            "scans": ", ".join(figures["scans"]) or "none",
        }
    return rows


def letters(home: Path, options: argparse.Namespace) -> list[str]:
    """Letters accepted, the lists of very many, and routing."""
    parts: list[str] = []
    for engine, database in (("SQLite", ""), ("PostgreSQL", options.postgres)):
        if engine == "PostgreSQL" and not database:
            continue
        url, own = f"{database}/menhu_bench_letters" if database else "", home / f"letters-{engine.lower()}"
        if options.seconds:
            accepted = run("listening", own, str(options.seconds), scale="small", database=url)
            parts += [f"## Letters accepted on {engine} (`menhu serve`)\n", *listed(accepted), ""]
        if options.cases:
            url = f"{database}/menhu_bench_cases" if database else ""
            found = run("caseload", home / f"cases-{engine.lower()}", str(options.cases), scale="small", database=url)
            parts += [f"## Lists of {options.cases:,} cases on {engine}\n", *table(_rows(found["rows"])), ""]
            parts += [f"## A changed calendar on {engine}\n", *listed(_figures(found["recomputed"])), ""]
    if options.letters:
        routed = run("routing", home / "routing", scale=str(options.letters))
        parts += ["## Routing of letters\n", f"{routed['note']}\n", *table(_rows(routed["rows"])), ""]
    masked = run("masking", home / "masking", scale="100000")
    parts += ["## Finding personal data\n", *listed(masked), ""]
    return parts


def _rows(found: object) -> dict[str, dict[str, object]]:
    assert isinstance(found, dict)
    return found


def _figures(found: object) -> dict[str, object]:
    assert isinstance(found, dict)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--postgres", default=POSTGRES, help="server for the PostgreSQL half; empty to leave it out")
    parser.add_argument("--scale", default="city")
    parser.add_argument("--pages", type=int, default=100_000, help="pages of the rebuild; 0 leaves it out")
    parser.add_argument("--articles", type=int, default=1_000_000, help="the larger archive; 0 leaves growth out")
    parser.add_argument("--documents", type=int, default=100_000, help="documents of the search benchmark")
    parser.add_argument("--letters", type=int, default=20_000, help="letters of the routing benchmark; 0 leaves it out")
    parser.add_argument("--seconds", type=int, default=300, help="so long letters are sent; 0 leaves it out")
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases of the lists of letters; 0 leaves them out")
    options = parser.parse_args()
    home: Path = options.home
    parts = [f"# Results\n\n{datetime.now(UTC):%Y-%m-%d}, {machine()}, scale {options.scale}.\n"]
    few = run("lists", home / "few", scale="small")
    for engine, database in (("SQLite", ""), ("PostgreSQL", options.postgres)):
        if engine == "SQLite" or database:
            url = f"{database}/menhu_bench" if database else ""
            full = run("lists", home / f"full-{engine.lower()}", scale=options.scale, database=url)
            parts += [f"## Lists on {engine}\n", *table(compared(few, full)), ""]
    published = run("publishing", home / "full-sqlite", scale=options.scale)
    parts += ["## Approval → visible, retraction → gone (SQLite, `menhu serve`), seconds\n", *listed(published), ""]
    if options.articles:
        grown = run("growth", home / "growth", "10000", str(options.articles), scale="county")
        parts += ["## The same as the archive grows, seconds\n", *listed(grown), ""]
    if options.pages:
        rebuilt = run("rebuild", home / "full-sqlite", str(options.pages), scale=options.scale)
        parts += ["## Rebuild, and one footer on all pages\n", *listed(rebuilt), ""]
    served = run("serving", home / "full-sqlite", scale=options.scale)
    parts += ["## Public pages, 16 connections\n", *listed(served), ""]
    for engine, database in (("SQLite", ""), ("PostgreSQL", options.postgres)):
        if engine == "SQLite" or database:
            url = f"{database}/menhu_bench_search" if database else ""
            found = run("search", home / f"search-{engine.lower()}", scale=str(options.documents), database=url)
            rows = found["rows"]
            assert isinstance(rows, dict)
            parts += [f"## Search on {engine}, {options.documents:,} documents\n", f"Recall: {found['recall']}.\n"]
            parts += [*table(rows), ""]
    parts += letters(home, options)
    RESULTS.write_text("\n".join(parts), encoding="utf-8")
    sys.stdout.write("\n".join(parts))


if __name__ == "__main__":
    main()
