"""What the app answers for addresses that are no file."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from menhu.delivery import sources
from menhu.delivery.sources import Address, Rendered
from tests.delivery import village as v
from tests.delivery.village import HOST, Village

pytestmark = pytest.mark.django_db


class Notices:
    """Status pages and redirects, as the apps above register them."""

    name = "notices"

    def addresses(self):  # type: ignore[no-untyped-def]
        yield Address(HOST, "/404.html")

    def addresses_for(self, tags: frozenset[str]):  # type: ignore[no-untyped-def]
        return ()

    def render(self, address: Address) -> Rendered | None:
        known = {
            "/404.html": Rendered("没有这个页面".encode()),
            "/410.html": Rendered("已经撤下".encode()),
            "/old.jsp?id=7": Rendered(b"", status=301, location="/a/1/"),
            "/old/page.html": Rendered(b"", status=301, location="/a/2/"),
            "/plain.txt": Rendered(b"text", content_type="text/plain; charset=utf-8"),
        }
        return known.get(address.path) if address.host == HOST else None


@pytest.fixture
def browser(village: Village) -> Client:
    sources.register(Notices())
    v.write(1, "one")
    v.write(2, "two")
    v.write(3, "three")
    v.retract(3)
    return Client(SERVER_NAME=HOST, raise_request_exception=False)


def test_a_page_that_is_not_yet_a_file_is_rendered(browser: Client) -> None:
    answer = browser.get("/a/1/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer.content == v.expected_pages()["/a/1/"]
    assert answer["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not Path(django_settings.PUBLIC_ROOT).exists()


def test_head_has_the_same_head_and_no_body(browser: Client) -> None:
    got, head = browser.get("/a/1/"), browser.head("/a/1/")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == got["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_reading_is_allowed(browser: Client, method: str) -> None:
    assert getattr(browser, method)("/a/1/").status_code == 405


def test_an_alias_is_the_portal(browser: Client) -> None:
    assert browser.get("/a/1/", HTTP_HOST="localhost:8111").content == v.expected_pages()["/a/1/"]


def test_a_host_without_a_site_is_not_found(browser: Client, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    assert browser.get("/a/1/", HTTP_HOST="other.example").status_code == 404


def test_a_forgotten_slash_is_added(browser: Client) -> None:
    answer = browser.get("/a/1?x=%E4%B8%AD")
    assert (answer.status_code, answer["Location"]) == (301, "/a/1/?x=%E4%B8%AD")
    assert browser.get("/a/99").status_code == 404


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "//evil.example/a/1"])
def test_no_answer_leads_to_another_host(browser: Client, path: str) -> None:
    assert browser.get("/", PATH_INFO=path).status_code == 404


@pytest.mark.parametrize(("path", "to"), [("/old.jsp?id=7", "/a/1/"), ("/old/page.html", "/a/2/")])
def test_an_old_address_leads_to_the_new_one(browser: Client, path: str, to: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer["Location"]) == (301, to)


def test_an_unknown_page_shows_the_sites_own_404(browser: Client) -> None:
    answer = browser.get("/nowhere/")
    assert (answer.status_code, answer.content.decode()) == (404, "没有这个页面")
    assert browser.get("/old.jsp?id=8").status_code == 404


def test_the_file_of_the_404_page_is_used_where_there_is_one(browser: Client) -> None:
    file = Path(django_settings.PUBLIC_ROOT) / HOST / "404.html"
    file.parent.mkdir(parents=True)
    file.write_text("来自文件")
    assert browser.get("/nowhere/").content.decode() == "来自文件"


def test_a_retracted_page_is_gone(browser: Client) -> None:
    answer = browser.get("/a/3/")
    assert (answer.status_code, answer.content) == (410, b"gone")


def test_without_any_source_there_is_still_a_page(village: Village) -> None:
    answer = Client(SERVER_NAME=HOST).get("/nowhere/")
    assert answer.status_code == 404
    assert "页面不存在" in answer.content.decode()


def test_a_source_that_breaks_shows_the_500_page_and_no_traceback(browser: Client, village: Village) -> None:
    def fail() -> None:
        raise ZeroDivisionError("secret detail")

    village.before["/a/1/"] = fail
    answer = browser.get("/a/1/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    file = Path(django_settings.PUBLIC_ROOT) / HOST / "500.html"
    file.parent.mkdir(parents=True)
    file.write_text("正在维护")
    assert browser.get("/a/1/").content.decode() == "正在维护"


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60)), st.text(max_size=20))
@example("/" * 40, "")
@example("../../etc/passwd", "")
@example("a\x00b/", "")
@example(b"\xff\xfe/\x00", "")
@example("a\nb", "?" * 10)
@example("a/1/?" + "x" * 5000, "")
@example("/", "\x00")
@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
def test_any_path_whatsoever_has_an_answer(village: Village, path: str | bytes, query: str) -> None:
    from urllib.parse import quote

    v.write(1, "one")
    browser = Client(SERVER_NAME=HOST)
    quoted = quote(path, safe="/", errors="replace" if isinstance(path, str) else None)  # type: ignore[arg-type]
    answer = browser.get("/" + quoted, QUERY_STRING=quote(query))
    assert answer.status_code in {200, 301, 404, 410, 400}


def test_the_traditional_version_is_answered_before_it_is_a_file(browser: Client) -> None:
    v.write(4, "发展")
    answer = browser.get("/hant/a/4/")
    assert answer.status_code == 200
    assert "發展 in alpha" in answer.content.decode()


def test_redirects_and_refusals_stay_in_the_script(browser: Client) -> None:
    assert browser.get("/hant/old/page.html")["Location"] == "/hant/a/2/"
    assert browser.get("/hant/a/1")["Location"] == "/hant/a/1/"
    assert browser.get("/hant/a/3/").status_code == 410
    missing = browser.get("/hant/nowhere/")
    assert (missing.status_code, missing.content.decode()) == (404, "沒有這個頁面")


def test_what_speaks_one_script_is_sent_to_where_it_is(browser: Client) -> None:
    assert browser.get("/hant/plain.txt?x=1")["Location"] == "/plain.txt?x=1"
    assert browser.get("/hant/office/?x=1")["Location"] == "/office/?x=1"
    assert browser.get("/hant/hant/").status_code == 404
