"""A real county in a real browser: `menhu demo --scale small`, `menhu serve`, Debian's Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PHONE = {"width": 360, "height": 740}
PASSWORD = "Yunling-2026!"
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True, slots=True)
class County:
    """A running county: where it answers and where its data lie."""

    url: str
    home: Path
    password: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "config.cli", *arguments]


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"menhu serve ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"{url} did not answer within {seconds:.0f} s")


@pytest.fixture(scope="session")
def county() -> Iterator[County]:
    """Built once, served once, ended by SIGTERM; MENHU_E2E_URL names one that is served already (to try things)."""
    if served_already := os.environ.get("MENHU_E2E_URL", ""):
        yield County(url=served_already, home=Path(), password=PASSWORD)
        return
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    home = Path(tempfile.mkdtemp(prefix="menhu-e2e-"))
    environment = {**os.environ, "MENHU_HOME": str(home), "PUBLIC_BASE_URL": url, "HTTPS": "off", "DATABASE_URL": ""}
    environment.pop("DATABASE_URL")
    subprocess.run(command("demo", "--no-serve", "--scale", "small"), cwd=ROOT, env=environment, check=True)
    with (home / "serve.log").open("wb") as log:
        served = subprocess.Popen(
            command("serve", "--port", str(port)), cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_until_it_answers(f"{url}/", served)
        yield County(url=url, home=home, password=PASSWORD)
    finally:
        served.terminate()
        assert served.wait(timeout=20) == 0, (home / "serve.log").read_text(errors="replace")[-2000:]
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Debian's chromium is missing: make e2e installs it")
    with sync_playwright() as playwright:
        arguments = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-sync",
            "--no-first-run",
        ]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


# Messages fade in; contrast is judged when they have.
SETTLED = """Promise.race([
    Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => 0))),
    new Promise(done => setTimeout(done, 2000)),
]).then(() => 0)"""


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Browser, county: County, *, viewport: dict[str, int], javascript: bool = True) -> None:
        self.county = county
        self.context = browser.new_context(
            viewport=viewport,
            locale="zh-CN",
            base_url=county.url,
            java_script_enabled=javascript,
            reduced_motion="reduce",  # type: ignore[arg-type]
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.foreign: list[str] = []
        self.page.on("request", self._note_foreign)

    def _note_foreign(self, request: object) -> None:
        address: str = request.url  # type: ignore[attr-defined]
        if not address.startswith((self.county.url, "data:", "blob:", "about:")):
            self.foreign.append(address)

    def sign_in(self, name: str) -> "Person":
        self.page.goto("/office/")
        self.page.fill("input[name=username]", name)
        self.page.fill("input[name=password]", self.county.password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/office/")
        return self

    def check(self) -> None:
        """axe finds nothing of ours on this page, nothing scrolls sideways, nothing came from elsewhere."""
        self.page.wait_for_load_state()  # a click returns while the next page is still coming in
        self.page.evaluate(SETTLED)
        results = Axe().run(self.page, options={"resultTypes": ["violations"]})
        ours = [violation for violation in results.response["violations"] if not frameworks_own(violation)]
        assert ours == [], "\n".join(describe(violation) for violation in ours)
        assert self.foreign == []
        if "/office/" not in self.page.url:
            width = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert width[0] <= width[1], f"{self.page.url} scrolls sideways: {width[0]} > {width[1]}"

    def close(self) -> None:
        self.context.close()


# Findings in markup that Wagtail 8.0 itself writes: (axe rule, selector of Wagtail's element, upstream issue).
FRAMEWORK: tuple[tuple[str, str, str], ...] = ()


def frameworks_own(violation: dict[str, object]) -> bool:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    return all(
        any(violation["id"] == rule and selector in str(node["target"]) for rule, selector, _ in FRAMEWORK)
        for node in nodes
    )


def describe(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    places = "; ".join(f"{node['target']} {node['html'][:160]}" for node in nodes[:4])
    return f"{violation['id']} ({violation['impact']}): {places}"


@pytest.fixture
def person(chromium: Browser, county: County) -> Iterator["type[Person] | object"]:
    """`person("editor-jyj")` signs in; `person()` is an anonymous visitor; ended with the test."""
    everybody: list[Person] = []

    def someone(name: str = "", *, viewport: dict[str, int] = DESKTOP, javascript: bool = True) -> Person:
        visitor = Person(chromium, county, viewport=viewport, javascript=javascript)
        everybody.append(visitor)
        return visitor.sign_in(name) if name else visitor

    yield someone
    for one in everybody:
        one.close()
