"""Queries and scans of every list page, and of the public pages when the app renders them."""

import json
import re
import sys
from collections.abc import Iterator

from bench.county import prepare
from bench.plans import asked

OFFICE = (
    ("desk", "jyj-editor", "/office/"),
    ("desk of a reviewer", "zfb", "/office/"),
    ("articles of a unit", "jyj-editor", "/office/articles/"),
    ("articles of the county", "webmaster", "/office/articles/"),
    ("articles, one state", "webmaster", "/office/articles/?state=live"),
    ("proposals", "xzfb-editor", "/office/articles/proposals/"),
    ("review inbox", "zfb", "/office/review/"),
    ("files of a unit", "jyj-editor", "/office/files/"),
    ("notices", "jyj-editor", "/office/notices/"),
    ("sites", "webmaster", "/office/sites/"),
    ("column requests", "webmaster", "/office/sites/requests/"),
    ("banners", "webmaster", "/office/sites/banners/"),
    ("column kinds", "webmaster", "/office/sites/kinds/"),
    ("site templates", "webmaster", "/office/sites/templates/"),
    ("leaders", "webmaster", "/office/leaders/"),
    ("units", "webmaster", "/office/units/"),
    ("posts", "webmaster", "/office/posts/"),
    ("people", "webmaster", "/office/people/"),
    ("working calendar", "webmaster", "/office/workdays/2026/"),
    ("publishing", "webmaster", "/office/delivery/"),
    ("trail", "auditor", "/office/audit/"),
    ("desk of an operator", "operator", "/office/"),
    ("desk of a handler", "jyj-handler", "/office/"),
    ("letters, operator's inbox", "operator", "/office/cases/"),
    ("letters of the desk, closed", "operator", "/office/cases/?basket=desk&state=closed"),
    ("letters, a handler's", "jyj-handler", "/office/cases/"),
    ("letters of a unit, closed", "jyj-handler", "/office/cases/?basket=unit&state=closed"),
    ("letters in which a unit joins", "jyj-handler", "/office/cases/?basket=partner"),
    ("letters, a head's", "jyj-head", "/office/cases/"),
    ("letters, a supervisor's", "supervisor", "/office/cases/"),
    ("letters, overdue", "supervisor", "/office/cases/?basket=late"),
    ("letters, all", "leader", "/office/cases/?basket=all"),
    ("kinds of letters", "webmaster", "/office/case-kinds/"),
    ("letter boxes", "webmaster", "/office/mailboxes/"),
    ("reply templates", "operator", "/office/reply-templates/"),
    ("requests of a year", "operator", "/office/openness/yearly/"),
)
PUBLIC = (
    ("public home", "/"),
    ("public column", "/xwdt/bmdt/"),
    ("public column of a unit", "/jyj/gzdt/"),
    ("public feed", "/xwdt/bmdt/rss.xml"),
    ("public letters", "/letters/"),
)


def main(scale: str) -> None:
    prepare(scale, with_letters=True)
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from menhu.accounts.models import User
    from menhu.articles.models import ArticleAddress
    from menhu.delivery.sources import Address, render

    found: dict[str, dict[str, object]] = {}
    for name, username, path in (*OFFICE, *_cases()):
        browser = Client(HTTP_HOST=settings.PUBLIC_HOST)
        browser.force_login(User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
        browser.get(path)  # the session is saved once, outside the count
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(path)
        if response.status_code != 200:
            raise SystemExit(f"{path} answers {response.status_code} to {username}")
        found[name] = _figures(captured, response.content.decode())
    newest = ArticleAddress.objects.filter(site__prefix="/jyj", article__live=True).order_by("-pk").first()
    assert newest is not None
    for name, path in (*PUBLIC, *_copies(), ("public article", newest.path)):
        with CaptureQueriesContext(connection) as captured:
            rendered = render(Address(settings.PUBLIC_HOST, path))
        assert rendered is not None, path
        found[name] = _figures(captured, rendered[1].body.decode())
    sys.stdout.write("\n" + json.dumps(found, ensure_ascii=False) + "\n")


def _cases() -> Iterator[tuple[str, str, str]]:
    """Pages of the case with the shortest and of that with the longest timeline, and of a public copy."""
    from django.db.models import Count

    from menhu.cases.models import Case
    from menhu.letters.models import PublicCopy

    told = Case.objects.filter(letter__isnull=False).annotate(lines=Count("events")).order_by("lines", "pk")
    yield "page of a case, just come", "operator", f"/office/cases/{told[0].pk}/"
    yield "page of a case, much done", "operator", f"/office/cases/{told.reverse()[0].pk}/"
    copy = PublicCopy.objects.published().newest_first()[0]
    yield "public copy of a letter", "operator", f"/office/letters/{copy.letter_id}/copy/"


def _copies() -> Iterator[tuple[str, str]]:
    """The newest month of public letters, and the newest of them."""
    from menhu.letters.models import PublicCopy
    from menhu.letters.public.addresses import copy_path, month_path

    copy = PublicCopy.objects.published().newest_first()[0]
    yield "public letters of a month", month_path(copy.bucket)
    yield "public letter", copy_path(copy)


def _figures(captured: object, html: str) -> dict[str, object]:
    plan = asked(captured)  # type: ignore[arg-type]
    main_part = html.partition("<main")[2] or html
    return {"queries": plan.queries, "scans": plan.scans, "rows": len(re.findall(r"<(?:li|tr|item)\b", main_part))}


if __name__ == "__main__":
    main(sys.argv[1])
