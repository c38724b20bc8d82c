"""Last approval → visible, retraction → gone, everywhere, through `menhu serve`; ratios to a plain file's way."""

import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bench.county import prepare

if TYPE_CHECKING:
    from menhu.articles.models import Article

PORT = 8199
ROUNDS = 15
PATIENCE = 20.0


def get(path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def seconds_until(marks: dict[str, bytes]) -> float:
    """Until every path shows its mark."""
    started = time.perf_counter()
    waiting = dict(marks)
    while waiting and time.perf_counter() - started < PATIENCE:
        waiting = {path: mark for path, mark in waiting.items() if mark not in get(path)[1]}
        time.sleep(0.005)
    if waiting:
        raise SystemExit(f"not visible within {PATIENCE:.0f} s: {sorted(waiting)}")
    return time.perf_counter() - started


def seconds_until_gone(article: str, mark: bytes, lists: list[str]) -> float:
    """Until the article's page answers 410 in both scripts, and no list, feed or search names it any more."""
    started = time.perf_counter()
    waiting = {article, f"/hant{article}", *lists}
    while waiting and time.perf_counter() - started < PATIENCE:
        answers = {path: get(path) for path in sorted(waiting)}
        waiting = {p for p, (status, body) in answers.items() if (status != 410 if article in p else mark in body)}
        time.sleep(0.005)
    if waiting:
        raise SystemExit(f"not gone within {PATIENCE:.0f} s: {sorted(waiting)}")
    return time.perf_counter() - started


@contextmanager
def serving(name: str = "serve.log") -> Iterator["subprocess.Popen[bytes]"]:
    """`menhu serve` on the data directory of the environment."""
    from django.conf import settings

    with (settings.HOME / name).open("wb") as log:
        served = subprocess.Popen(
            [sys.executable, "-m", "config.cli", "serve", "--port", str(PORT)], env=os.environ, stdout=log, stderr=log
        )
        try:
            _wait_for_server()
            yield served
        finally:
            served.send_signal(signal.SIGTERM)
            served.wait(timeout=20)


def main(scale: str) -> None:
    prepare(scale)
    from django.conf import settings

    with serving():
        publish_one("warming up")
        published = [publish_one(f"测速稿第{number}篇{time.time_ns()}") for number in range(ROUNDS)]
        gone = [retract_one(article) for article, _ in published]
        plain = [_plain_file(settings.PUBLIC_ROOT / settings.PUBLIC_HOST, number) for number in range(ROUNDS)]
    base = statistics.median(plain)
    figures: dict[str, object] = {"a plain file written and seen (median)": round(base, 4)}
    for name, taken in (("approval → visible", [seconds for _, seconds in published]), ("retraction → gone", gone)):
        figures[f"{name}, median"] = round(statistics.median(taken), 3)
        figures[f"{name}, p95"] = round(percentile(taken, 95), 3)
        figures[f"{name}, ratio of medians"] = round(statistics.median(taken) / base, 1)
    sys.stdout.write("\n" + json.dumps(figures) + "\n")


def percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(int(len(values) * percent / 100), len(values) - 1)]


def _wait_for_server() -> None:
    for _ in range(600):
        try:
            if get("/")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("menhu serve did not answer within a minute")


LISTS = ("/jyj/gzdt/", "/jyj/", "/jyj/gzdt/rss.xml", "/jyj/rss.xml", "/hant/jyj/gzdt/", "/hant/jyj/")


def publish_one(title: str) -> "tuple[Article, float]":
    """An article approved three times; the clock starts when the third approval is committed.

    Visible: its page, its column's, the site's home page, all in Traditional script too, both feeds, and the search.
    """
    from menhu.articles import actions
    from menhu.articles.models import ArticleAddress
    from menhu.core.script import to_traditional
    from menhu.demo.building.people import Staff
    from menhu.demo.building.work import Clerk
    from menhu.review import actions as review
    from menhu.review.models import ReviewTaskState
    from menhu.sites.models import Column

    clerk = Clerk(Staff.of_the_county())
    column = Column.objects.select_related("site__unit").get(site__prefix="/jyj", slug="gzdt")
    unit = column.site.unit
    text = {"title": title, "body": "<p>测速。</p>", "source": "县教育局"}
    article = actions.draft(unit=unit, site=column.site, by=clerk.staff.editor(unit), columns=[column], **text)
    clerk.office(article)
    state = ReviewTaskState.objects.open().of(article).get()
    review.approve(state=state, by=clerk.staff.secrecy(), opinion="同意公开。")
    path = ArticleAddress.objects.get(article=article).path
    marks = {p: (to_traditional(title) if p.startswith("/hant") else title) for p in (path, f"/hant{path}", *LISTS)}
    return article, seconds_until({p: mark.encode() for p, mark in marks.items()} | {_search(article): path.encode()})


def retract_one(article: "Article") -> float:
    """The clock starts when the duty officer's retraction is committed; the search is asked as a visitor asks it."""
    from menhu.articles import actions
    from menhu.articles.models import ArticleAddress
    from menhu.demo.building.people import Staff

    path = ArticleAddress.objects.get(article=article).path
    actions.retract(article=article, by=Staff.of_the_county().accounts["duty"], reason="测速稿")
    return seconds_until_gone(path, path.encode(), [*LISTS, _search(article)])


def _search(article: "Article") -> str:
    return f"/api/search?q={quote(article.title)}&site=/jyj"


def _plain_file(root: Path, number: int) -> float:
    """The same server, a file replaced by hand: what no publisher can beat."""
    mark = f"plain-{number}-{time.time_ns()}".encode()
    folder = root / "bench-plain"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "new").write_bytes(mark)
    (folder / "new").replace(folder / "index.html")
    taken = seconds_until({"/bench-plain/": mark})
    (folder / "index.html").unlink()
    folder.rmdir()
    return taken


if __name__ == "__main__":
    main(sys.argv[1])
