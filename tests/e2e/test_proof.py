"""The proof of work in a real browser: solved while the person writes, by a page of the test's own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from csp.utils import build_policy
from django.template import engines
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from menhu.core import figures, proof
from menhu.core.proof import Outcome, Question

pytestmark = pytest.mark.e2e

STATIC = Path(__file__).parents[2] / "menhu" / "core" / "static"
TYPES = {".js": "text/javascript", ".css": "text/css"}
FORM = """{% import "core/components.html" as ui %}<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8">
<title>写信</title><link rel="stylesheet" href="/static/core/css/tokens.css">
<link rel="stylesheet" href="/static/core/css/components.css"><link rel="stylesheet" href="/static/core/css/forms.css">
<script src="/static/core/js/proof.js" defer></script></head><body><main><h1>写信</h1>
<form class="form" method="post" action="/letters/">
<label for="text">内容</label><textarea id="text" name="text"></textarea>
{{ ui.proof_field("/proof/", question) }}<button type="submit">寄出</button></form></main></body></html>"""


class Desk:
    """What the little server knows: whether it gives challenges, and what has been posted to it."""

    def __init__(self) -> None:
        self.url = ""
        self.gives = "challenges"
        self.asked = 0
        self.posted: list[dict[str, str]] = []
        self.question: Question | None = None


def handler_of(desk: Desk) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Tests are quiet."""

        def answer(self, kind: str, body: bytes, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", build_policy())
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            if self.path == "/proof/":
                self.give_challenge()
            elif self.path.startswith("/static/"):
                file = STATIC / self.path.removeprefix("/static/")
                self.answer(TYPES[file.suffix], file.read_bytes())
            elif self.path == "/":
                template = engines["jinja2"].env.from_string(FORM)  # type: ignore[attr-defined]
                self.answer("text/html", template.render(question=desk.question).encode())
            else:
                self.answer("text/plain", b"", 204)

        def give_challenge(self) -> None:
            desk.asked += 1
            given = {**proof.challenge(timezone.now()), "question": {"text": "七加五等于几？", "token": "t:1"}}
            if desk.gives == "riddles":
                given["parameters"]["nonce"] = "odd"
            self.answer("application/json", json.dumps(given).encode(), 429 if desk.gives == "nothing" else 200)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            desk.posted.append({name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()})
            self.answer("text/html", "<!DOCTYPE html><title>已收到</title><h1>已收到</h1>".encode())

    return Handler


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Serves the form under the project's own policy; the figure is the default, no database is asked."""
    used: set[str] = set()
    monkeypatch.setattr(proof, "recent_figure", lambda key: figures._declared[key].value)
    monkeypatch.setattr(proof, "within", lambda _limit, key, now: key not in used and not used.add(key))
    made = Desk()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(made))
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


class Visit:
    """A page whose complaints are kept."""

    def __init__(self, browser: Browser, desk: Desk, *, javascript: bool = True) -> None:
        self.context: BrowserContext = browser.new_context(java_script_enabled=javascript, locale="zh-CN")
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.goto(desk.url)

    def proven(self) -> None:
        expect(self.page.get_by_role("status")).to_have_text("防刷验证已完成，可以提交。")


def test_the_sum_is_done_while_the_person_writes(chromium: Browser, desk: Desk) -> None:
    visit = Visit(chromium, desk)
    assert desk.asked == 0
    visit.page.locator("#text").press_sequentially("村口的路灯不亮了")
    visit.proven()
    assert visit.page.locator("#text").input_value() == "村口的路灯不亮了"
    assert visit.page.evaluate("document.activeElement.id") == "text"
    expect(visit.page.get_by_label("等于几")).to_be_hidden()
    assert Axe().run(visit.page, options={"resultTypes": ["violations"]}).response["violations"] == []
    visit.page.get_by_role("button", name="寄出").click()
    expect(visit.page.get_by_role("heading", name="已收到")).to_be_visible()
    assert desk.asked == len(desk.posted) == 1
    now = timezone.now()
    assert [proof.proven(desk.posted[0], now=now) for _ in range(2)] == [Outcome.OK, Outcome.USED]
    assert visit.complaints == []
    visit.context.close()


def test_whoever_sends_at_once_waits_and_the_form_goes_off_by_itself(chromium: Browser, desk: Desk) -> None:
    visit = Visit(chromium, desk)
    visit.page.get_by_role("button", name="寄出").click()
    expect(visit.page.get_by_role("heading", name="已收到")).to_be_visible()
    assert len(desk.posted) == 1
    assert proof.proven(desk.posted[0], now=timezone.now()) is Outcome.OK
    assert visit.complaints == []
    visit.context.close()


def test_a_sum_that_cannot_be_done_becomes_a_question(chromium: Browser, desk: Desk) -> None:
    desk.gives = "riddles"
    visit = Visit(chromium, desk)
    visit.page.locator("#text").fill("村口的路灯不亮了")
    answer = visit.page.get_by_label("七加五等于几？")
    expect(answer).to_be_visible()
    expect(visit.page.get_by_role("status")).to_have_text("浏览器没能完成防刷验证，请回答下面的算术题。")
    assert visit.page.evaluate("document.activeElement.id") == "text"
    assert Axe().run(visit.page, options={"resultTypes": ["violations"]}).response["violations"] == []
    answer.fill("十二")
    visit.page.get_by_role("button", name="寄出").click()
    expect(visit.page.get_by_role("heading", name="已收到")).to_be_visible()
    assert [desk.posted[0][name] for name in (proof.PAYLOAD, proof.TOKEN, proof.ANSWER)] == ["", "t:1", "十二"]
    visit.context.close()


def test_where_no_challenge_comes_the_form_still_goes_off(chromium: Browser, desk: Desk) -> None:
    desk.gives = "nothing"
    visit = Visit(chromium, desk)
    visit.page.locator("#text").fill("村口的路灯不亮了")
    expect(visit.page.get_by_role("status")).to_have_text("浏览器没能完成防刷验证，提交后会请您回答一道算术题。")
    visit.page.get_by_role("button", name="寄出").click()
    expect(visit.page.get_by_role("heading", name="已收到")).to_be_visible()
    assert desk.posted[0]["text"] == "村口的路灯不亮了"
    visit.context.close()


@pytest.mark.parametrize("is_asked", [True, False])
def test_without_javascript_the_form_works(chromium: Browser, desk: Desk, is_asked: bool) -> None:
    desk.question = Question("七加五等于几？", "t:1") if is_asked else None
    visit = Visit(chromium, desk, javascript=False)
    visit.page.locator("#text").fill("村口的路灯不亮了")
    if is_asked:
        visit.page.get_by_label("七加五等于几？").fill("12")
    visit.page.get_by_role("button", name="寄出").click()
    expect(visit.page.get_by_role("heading", name="已收到")).to_be_visible()
    assert desk.posted[0].get(proof.ANSWER, "") == ("12" if is_asked else "")
    assert desk.asked == 0
    visit.context.close()


def test_a_question_in_the_page_is_taken_away_where_the_sum_is_done(chromium: Browser, desk: Desk) -> None:
    desk.question = Question("七加五等于几？", "t:1")
    visit = Visit(chromium, desk)
    visit.page.locator("#text").fill("村口的路灯不亮了")
    visit.proven()
    expect(visit.page.get_by_label("七加五等于几？")).to_be_hidden()
    visit.page.get_by_role("button", name="寄出").click()
    expect(visit.page.get_by_role("heading", name="已收到")).to_be_visible()
    assert visit.complaints == []
    visit.context.close()
