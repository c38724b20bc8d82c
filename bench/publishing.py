"""Last approval → visible on article, column and home page, through `menhu serve`, as a ratio to a plain file's way."""

import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.county import prepare

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


def main(scale: str) -> None:
    prepare(scale)
    from django.conf import settings

    with (settings.HOME / "serve.log").open("wb") as log:
        served = subprocess.Popen(
            [sys.executable, "-m", "config.cli", "serve", "--port", str(PORT)], env=os.environ, stdout=log, stderr=log
        )
    try:
        _wait_for_server()
        taken = [_publish_one(number) for number in range(ROUNDS)]
        plain = [_plain_file(settings.PUBLIC_ROOT / settings.PUBLIC_HOST, number) for number in range(ROUNDS)]
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait(timeout=20)
    figures = {
        "median": round(statistics.median(taken), 3),
        "p95": round(sorted(taken)[int(len(taken) * 0.95)], 3),
        "a plain file written and seen (median)": round(statistics.median(plain), 4),
        "ratio of medians": round(statistics.median(taken) / statistics.median(plain), 1),
    }
    sys.stdout.write("\n" + json.dumps(figures) + "\n")


def _wait_for_server() -> None:
    for _ in range(600):
        try:
            if get("/")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("menhu serve did not answer within a minute")


def _publish_one(number: int) -> float:
    """An article approved three times; the clock starts when the third approval is committed."""
    from menhu.articles import actions
    from menhu.articles.models import ArticleAddress
    from menhu.demo.building.people import Staff
    from menhu.demo.building.work import Clerk
    from menhu.review import actions as review
    from menhu.review.models import ReviewTaskState
    from menhu.sites.models import Column

    clerk = Clerk(Staff.of_the_county())
    column = Column.objects.select_related("site__unit").get(site__prefix="/jyj", slug="gzdt")
    unit, title = column.site.unit, f"测速稿第{number}篇{time.time_ns()}"
    text = {"title": title, "body": "<p>测速。</p>", "source": "县教育局"}
    article = actions.draft(unit=unit, site=column.site, by=clerk.staff.editor(unit), columns=[column], **text)
    clerk.office(article)
    state = ReviewTaskState.objects.open().of(article).get()
    review.approve(state=state, by=clerk.staff.secrecy(), opinion="同意公开。")
    address = ArticleAddress.objects.get(article=article)
    mark = title.encode()
    return seconds_until({address.path: mark, "/jyj/gzdt/": mark, "/jyj/": mark})


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
