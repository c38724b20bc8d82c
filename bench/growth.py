"""Last approval → visible and retraction → gone at 10,000 and at 1,000,000 articles: what grows with the archive?

A county of two thousand articles is multiplied in the database, column by column and month by month; its files and its
search documents stay as they are.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from bench.county import prepare

FEW, MANY = 10_000, 1_000_000
PARTS: Final = 100
"""Month pages of one month and copy; each copy fills pages of its own, so that none is longer than in life."""


def main(few: int = FEW, many: int = MANY) -> None:
    home = Path(os.environ["MENHU_HOME"])
    found = {count: _measured(home / str(count), count) for count in (few, many)}
    figures: dict[str, object] = {f"{name} at {c:,}": v for c, rows in found.items() for name, v in rows.items()}
    for name in ("approval → visible, median", "retraction → gone, median"):
        figures[f"{name}, ratio"] = round(found[many][name] / found[few][name], 2)
    sys.stdout.write("\n" + json.dumps(figures, ensure_ascii=False) + "\n")


def _measured(home: Path, count: int) -> dict[str, float]:
    """In a process of its own: the data directory is chosen before Django starts."""
    command = [sys.executable, "-m", "bench.growth", "--one", str(count)]
    environment = {**os.environ, "MENHU_HOME": str(home)}
    told = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    rows: dict[str, float] = json.loads(told.strip().splitlines()[-1])
    return rows


def one(count: int) -> None:
    from bench.publishing import main as publish

    prepare("county")
    multiply(count)
    publish("county")


def multiply(count: int) -> None:
    """Copies of all articles with their places and addresses until there are so many."""
    from django.db import connection, transaction
    from django.db.models import Max

    from menhu.articles.models import Article, ArticleAddress, Bucket, Placement

    rows = (Article, ArticleAddress, Bucket, Placement)
    last = {model: model._default_manager.aggregate(last=Max("pk"))["last"] for model in rows}
    standing = Article.objects.count()
    for copy in range(1, count // standing):
        sys.stderr.write(f"\r{standing * (copy + 1):,} articles   ")
        with transaction.atomic(), connection.cursor() as cursor:
            for model in rows:
                columns = [field.column for field in model._meta.concrete_fields]
                names = ", ".join(f'"{column}"' for column in columns)
                values = ", ".join(_value(column, copy, last[model], last[Article]) for column in columns)
                table = model._meta.db_table
                cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id <= {last[model]}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sys.stderr.write("\n")


def _value(column: str, copy: int, last: int, last_article: int) -> str:
    """What stands in a column of a copy."""
    article = f"CAST(article_id + {copy * last_article} AS varchar(20))"
    part = f"CAST({copy * PARTS} + CAST('0' || substr({{0}}, 9) AS integer) AS varchar(20))"
    numbered = f"substr({{0}}, 1, 7) || '-' || {part}"
    return {
        "id": f"id + {copy * last}",
        "article_id": f"article_id + {copy * last_article}",
        "path": f"replace(path, '/' || CAST(article_id AS varchar(20)) || '/', '/' || {article} || '/')",
        "bucket": f"CASE WHEN bucket = '' THEN '' ELSE {numbered.format('bucket')} END",
        "name": numbered.format("name"),
    }.get(column, f'"{column}"')


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main(*map(int, sys.argv[2:]))
