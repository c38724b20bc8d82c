"""OpenSearch: what is sent and when, what is lost never, what is shown never. What it finds is in test_engines."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from menhu.search import actions, jobs
from menhu.search.asking import Scope, search, suggestions
from menhu.search.engines import EngineAwayError, Entry, Wanted, choosing, engine, fed_engine
from menhu.search.engines.opensearch import INDEX, Cluster, OpenSearchEngine
from menhu.search.models import Document, MissedWord, Unsent
from menhu.search.rules import question
from tests.conftest import SignedIn
from tests.factories import World
from tests.search.opensearch_double import Double

pytestmark = pytest.mark.django_db
MODULE = "menhu.search.engines.opensearch"
Committed = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]


@pytest.fixture
def double() -> Double:
    return Double()


@pytest.fixture
def apart(double: Double, monkeypatch: pytest.MonkeyPatch) -> OpenSearchEngine:
    """The engine in use, with the double behind it; sent is what a test sends, since nothing is committed in tests."""
    made = OpenSearchEngine(double, "test")
    monkeypatch.setattr(choosing, "fed_engine", lambda: made)
    monkeypatch.setattr(jobs, "fed_engine", lambda: made)
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr(f"{MODULE}.monotonic", lambda: now[0])
    return now


def add(number: int, title: str, body: str = "") -> Document:
    document = Document.objects.create(
        number=number,
        kind="article",
        key=str(number),
        type="news",
        site_id=1,
        sites=[1],
        title=title,
        body=body,
        url="/",
    )
    engine().put([Entry.of(document)])
    return document


def rename(document: Document, title: str) -> None:
    document.title = title
    document.save()
    engine().put([Entry.of(document)])


def found(text: str) -> list[int]:
    return [hit.document.number for hit in search(text, Scope()).hits]


def waiting() -> list[int]:
    return list(Unsent.objects.order_by("pk").values_list("number", flat=True))


def test_it_is_sent_when_it_is_committed_and_not_before(
    apart: OpenSearchEngine, double: Double, django_capture_on_commit_callbacks: Committed
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        add(7, "供水", "第47号")
        assert double.requests == []
        assert waiting() == [7]
    assert (waiting(), found("供水")) == ([], [7])


def test_what_is_rolled_back_is_never_sent(
    apart: OpenSearchEngine, double: Double, django_capture_on_commit_callbacks: Committed
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        add(7, "供水")
        transaction.set_rollback(True)
    assert (waiting(), double.requests) == ([], [])


def test_the_shape_of_what_is_sent(apart: OpenSearchEngine, double: Double) -> None:
    add(7, "县政府", "47号，水")
    engine().remove([5])
    first, second = Unsent.objects.order_by("pk").values_list("pk", flat=True)
    assert apart.feed()
    assert [request[:2] for request in double.requests] == [
        ("HEAD", "/test"),
        ("PUT", "/test"),
        ("POST", "/test/_bulk"),
    ]
    assert double.requests[1][2] == INDEX
    assert [json.loads(line) for line in double.asked("_bulk")[0].splitlines()] == [
        {"index": {"_id": "7", "version": first, "version_type": "external_gte"}},
        {
            "number": 7,
            "scope": ["tnews", "s1"],
            "title": "县政 政府 府",
            "title_heads": "县 政 府$",
            "body": "47 号 水",
            "body_heads": "47 号$ 水$",
        },
        {"delete": {"_id": "5", "version": second, "version_type": "external_gte"}},
    ]
    assert not apart.feed()


def test_the_shape_of_what_is_asked(apart: OpenSearchEngine, double: Double) -> None:
    add(7, "供水")
    apart.feed()
    search("供水 水", Scope("news"))
    heads = [{"match_phrase": {f"{field}_heads": end}} for field in ("title", "body") for end in ("水", "水$")]
    assert double.asked("_search")[0] == {
        "query": {
            "bool": {
                "filter": [
                    {
                        "bool": {
                            "should": [{"match_phrase": {"title": "供水"}}, {"match_phrase": {"body": "供水"}}],
                            "minimum_should_match": 1,
                        }
                    },
                    {"bool": {"should": heads, "minimum_should_match": 1}},
                    {"terms": {"scope": ["tnews"]}},
                ]
            }
        },
        "sort": [{"number": "desc"}],
        "size": 1_101,
        "track_total_hits": False,
    }


def test_what_is_taken_off_is_gone_in_the_same_transaction_though_the_index_still_has_it(
    apart: OpenSearchEngine, double: Double
) -> None:
    add(7, "供水办法")
    add(8, "供水通知")
    apart.feed()
    with transaction.atomic():
        actions.withdraw("article", 8)
        results = search("供水", Scope())
        assert [hit.document.number for hit in results.hits] == [7]
        assert (results.count.number, dict(results.types).get("news", results.count).number) == (1, 1)
        assert suggestions("供水", Scope()) == ["供水办法"]
        assert engine().newest(Wanted(question("通知").groups), (), 1) == []
    assert double.rows is not None
    assert 8 in double.rows
    apart.feed()
    assert sorted(double.rows) == [7]


def test_what_is_sent_is_the_document_as_it_is_then(apart: OpenSearchEngine, double: Double) -> None:
    document = add(7, "供水")
    rename(document, "供电")
    apart.feed()
    assert (found("供水"), found("供电"), len(double.asked("_bulk")[0].splitlines())) == ([], [7], 2)


def test_a_slow_sender_does_not_undo_what_came_after(apart: OpenSearchEngine, double: Double) -> None:
    """While its request is under way the document changes, and another process sends that."""
    document = add(7, "供水")
    other = OpenSearchEngine(double, "test")

    def meanwhile() -> None:
        double.before_bulk = lambda: None
        rename(document, "供电")
        other.feed()

    double.before_bulk = meanwhile
    apart.feed()
    assert (found("供水"), found("供电")) == ([], [7])
    assert waiting() == [7]  # told once more, since its version was too low
    apart.feed()
    assert (found("供电"), waiting()) == ([7], [])


def test_what_is_refused_waits_and_the_rest_goes(
    apart: OpenSearchEngine, double: Double, clock: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    for number in (7, 8, 9):
        add(number, "供水")
    double.refused = {8: 429, 9: 400}
    assert not apart.feed()
    assert (waiting(), found("供水")) == ([8], [7])
    assert "does not take documents [9]" in caplog.text
    double.refused = {}
    assert not apart.feed()  # it pauses
    clock[0] += 1.0
    apart.feed()
    assert (waiting(), found("供水")) == ([], [8, 7])


def test_away_it_is_tried_with_longer_and_longer_pauses_and_nothing_is_lost(
    apart: OpenSearchEngine, double: Double, clock: list[float]
) -> None:
    add(7, "供水")
    double.is_away = True
    tries = []
    for second in range(200):
        clock[0] = 1_000.0 + second
        before = len(double.requests)
        jobs.go_on_feeding(timezone.now())
        tries += [second] if len(double.requests) > before else []
    assert tries == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    double.is_away = False
    clock[0] += 60.0
    jobs.go_on_feeding(timezone.now())
    assert (waiting(), found("供水")) == ([], [7])


def test_killed_after_the_answer_it_sends_again(
    apart: OpenSearchEngine, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(7, "供水")

    def killed(*_given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("django.db.models.query.QuerySet.delete", killed)
        with pytest.raises(KeyboardInterrupt):
            apart.feed()
    assert waiting() == [7]
    apart.feed()
    assert (waiting(), found("供水")) == ([], [7])


def test_long_texts_go_one_by_one(apart: OpenSearchEngine, double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{MODULE}.MOST_CHARACTERS", 10)
    for number in (7, 8, 9):
        add(number, "供水", "本条说的是别的很长的事情")
    assert [apart.feed(), apart.feed(), apart.feed(), apart.feed()] == [True, True, True, False]
    assert (len(double.asked("_bulk")), found("供水")) == (3, [9, 8, 7])


@pytest.mark.parametrize("is_afresh", [False, True])
def test_a_new_index_knows_all_documents_and_no_other(
    world: World,
    apart: OpenSearchEngine,
    double: Double,
    django_capture_on_commit_callbacks: Committed,
    is_afresh: bool,
) -> None:
    engine().clear()
    apart.write([*((number, 1, Entry(number, "旧", "", ())) for number in range(1, 9))])
    with django_capture_on_commit_callbacks(execute=True):
        list(actions.rebuild(is_afresh=is_afresh))
    while apart.feed():
        pass
    numbers = set(Document.objects.values_list("pk", flat=True))
    assert double.rows is not None
    assert numbers
    assert set(double.rows) == numbers


def test_away_the_page_and_its_json_say_so(world: World, apart: OpenSearchEngine, double: Double) -> None:
    double.is_away = True
    visitor = Client(SERVER_NAME=settings.PUBLIC_HOST)
    for path in ("/search/?q=供水", "/api/search?q=供水", "/api/search/suggest?q=供水"):
        answer = visitor.get(path)
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store"), path
        text = answer.json()["detail"] if path.startswith("/api") else answer.content.decode()
        assert "搜索暂时不可用，请稍后再试" in text
    assert len(double.requests) == 1, "asked again within two seconds"
    assert visitor.get("/search/").status_code == 200


def test_away_a_retraction_holds_and_the_office_goes_on(
    world: World, apart: OpenSearchEngine, double: Double, sign_in: type[SignedIn]
) -> None:
    add(7, "供水")
    MissedWord.objects.create(word="新农合", times=5, last_on=timezone.localdate())
    double.is_away = True
    actions.withdraw("article", 7)
    assert waiting() == [7, 7]
    assert sign_in(world.people["webmaster"]).get(reverse("search_office:words")).status_code == 200
    with pytest.raises(CommandError, match="搜索服务暂时不可用"):
        call_command("index", afresh=True)


def test_the_engine_is_chosen_by_its_address(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(engine()).__name__ == {"sqlite": "SqliteEngine", "postgresql": "PostgresEngine"}[connection.vendor]
    assert fed_engine() is None
    settings.OPENSEARCH_URL = "http://127.0.0.1:9"
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(ImproperlyConfigured, match=r"menhu\[opensearch\]"):
        engine()
    monkeypatch.setattr(choosing, "Cluster", lambda _url: Double())
    assert isinstance(engine(), OpenSearchEngine)
    assert engine() is fed_engine()
    choosing._opensearch.cache_clear()


class Recorder(BaseHTTPRequestHandler):
    """Plays answers of a server, so that the client itself is run."""

    seen: list[tuple[str, str, str]] = []

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.seen.append((str(self.command), self.path, body))
        status = {"/gone": 404, "/bad": 400}.get(self.path, 200)
        text = b'{"took": 1}'
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_HEAD = do_POST = answer  # noqa: N815 - the names that the server calls

    def log_message(self, *_given: Any) -> None:
        pass


def test_the_client_says_what_it_is_told() -> None:
    pytest.importorskip("opensearchpy", reason="opensearch-py is not installed: the client itself is NOT tested")
    server = HTTPServer(("127.0.0.1", 0), Recorder)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    cluster = Cluster(f"http://127.0.0.1:{server.server_port}")
    try:
        assert cluster.ask("HEAD", "/x") is True
        assert cluster.ask("HEAD", "/gone") is False
        assert cluster.ask("POST", "/x/_bulk", '{"a": "县"}\n', seconds=5.0) == {"took": 1}
        assert cluster.ask("POST", "/x/_search", {"size": 1}, allow_partial_search_results="false") == {"took": 1}
        with pytest.raises(EngineAwayError, match="POST /bad"):
            cluster.ask("POST", "/bad", {})
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert Recorder.seen[2:4] == [
        ("POST", "/x/_bulk", '{"a": "县"}\n'),
        ("POST", "/x/_search?allow_partial_search_results=false", '{"size":1}'),
    ]
    with pytest.raises(EngineAwayError):
        cluster.ask("HEAD", "/x")
