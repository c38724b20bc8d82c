"""Public pages per second and their 99th percentile: nginx with deploy/nginx.conf, and `menhu serve` alone.

The baseline of the same run is nginx serving one plain file of the page's size. Needs nginx and wrk; loopback only.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.county import prepare

PORT, FRONT, PLAIN = 8199, 8198, 8197
SECONDS, CONNECTIONS = 5, 16
CONFIGURATION = Path(__file__).parents[1] / "deploy" / "nginx.conf"


def program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        raise SystemExit(f"{name} is missing: apt-get install nginx-light wrk")
    return found


def wrk(address: str, *, host: str, accept: str = "identity") -> tuple[float, float]:
    """Requests per second and the 99th percentile in milliseconds; any answer but 2xx ends the run."""
    command = [program("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", "--latency"]
    command += ["-H", f"Host: {host}", "-H", f"Accept-Encoding: {accept}", address]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise SystemExit(f"{address} did not answer 200:\n{told}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    late = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert rate
    assert late
    return float(rate[1]), float(late[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[late[2]]


def nginx(folder: Path, page: Path, host: str, public: Path) -> "subprocess.Popen[bytes]":
    """One nginx with two servers: a plain file of the page's size, and the shipped configuration."""
    (folder / "plain").mkdir()
    (folder / "plain" / "page.html").write_bytes(page.read_bytes())
    shipped = CONFIGURATION.read_text(encoding="utf-8")
    changes = {
        "/var/lib/menhu/public": str(public),
        "127.0.0.1:8000": f"127.0.0.1:{PORT}",
        "listen 80": f"listen 127.0.0.1:{FRONT}",
        "www.example.cn": host,
    }
    for old, new in changes.items():
        shipped = shipped.replace(old, new)
    user = "user root;" if os.getuid() == 0 else ""
    plain = f"server {{ listen 127.0.0.1:{PLAIN}; root {folder}/plain; gzip off; sendfile on; tcp_nopush on; }}"
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 256; }}\nhttp {{ access_log off; {plain}\n{shipped} }}\n"
    )
    return subprocess.Popen([program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")])


def memory(parent: int) -> float:
    """Proportional set size of a process and all below it, in megabytes."""
    total, waiting = 0, [parent]
    while waiting:
        pid = waiting.pop()
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            total += int(line.split()[1]) if line.startswith("Pss:") else 0
        waiting += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return total / 1024


def main(scale: str) -> None:
    prepare(scale)
    from django.conf import settings
    from django.core.management import call_command

    from menhu.articles.models import ArticleAddress

    host = settings.PUBLIC_HOST
    article = (
        ArticleAddress.objects.filter(host=host, article__live=True).order_by("-pk").values_list("path", flat=True)[0]
    )
    _publish(host, ["/", article])
    page = settings.PUBLIC_ROOT / host / article.strip("/") / "index.html"
    call_command("collectstatic", interactive=False, verbosity=0)
    with tempfile.TemporaryDirectory() as folder, (settings.HOME / "serve.log").open("wb") as log:
        served = subprocess.Popen(
            [sys.executable, "-m", "config.cli", "serve", "--port", str(PORT)], env=os.environ, stdout=log, stderr=log
        )
        front = nginx(Path(folder), page, host, settings.PUBLIC_ROOT)
        try:
            _wait(host)
            figures = _measured(article, host, served.pid)
        finally:
            front.terminate()
            served.send_signal(signal.SIGTERM)
            front.wait(timeout=20)
            served.wait(timeout=20)
    figures["octets of the page"] = page.stat().st_size
    sys.stdout.write("\n" + json.dumps(figures) + "\n")


def _publish(host: str, paths: list[str]) -> None:
    """Only these pages: the archive of a large county need not lie on the disk for this."""
    from menhu.delivery.models import Lane
    from menhu.delivery.publishing.intake import ask_for
    from menhu.delivery.publishing.publisher import Publisher
    from menhu.delivery.publishing.turns import turn
    from menhu.delivery.sources import Address

    with turn():
        ask_for([Address(host, path) for path in paths], Lane.RETRACTION)
    publisher = Publisher()
    for _ in range(20):
        publisher.step()


def _wait(host: str) -> None:
    from bench.publishing import get

    for _ in range(600):
        try:
            if get("/")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"menhu serve did not answer for {host} within a minute")


def _measured(article: str, host: str, pid: int) -> dict[str, object]:
    plain, _ = wrk(f"http://127.0.0.1:{PLAIN}/page.html", host=host)
    front, front_late = wrk(f"http://127.0.0.1:{FRONT}{article}", host=host)
    alone, alone_late = wrk(f"http://127.0.0.1:{PORT}{article}", host=host)
    packed, packed_late = wrk(f"http://127.0.0.1:{PORT}{article}", host=host, accept="gzip, br")
    return {
        "plain file by nginx, 1/s": round(plain),
        "page by nginx ÷ plain": round(front / plain, 2),
        "page by nginx, p99 ms": front_late,
        "page by menhu serve ÷ plain": round(alone / plain, 2),
        "page by menhu serve, p99 ms": alone_late,
        "compressed by menhu serve ÷ plain": round(packed / plain, 2),
        "compressed by menhu serve, p99 ms": packed_late,
        "memory of menhu serve (PSS), MB": round(memory(pid)),
    }


if __name__ == "__main__":
    main(sys.argv[1])
