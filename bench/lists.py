"""Queries and scans of every list page, and of the public pages when the app renders them."""

import json
import re
import sys

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
)
PUBLIC = (
    ("public home", "/"),
    ("public column", "/xwdt/bmdt/"),
    ("public column of a unit", "/jyj/gzdt/"),
    ("public feed", "/xwdt/bmdt/rss.xml"),
)


def main(scale: str) -> None:
    prepare(scale)
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from menhu.accounts.models import User
    from menhu.articles.models import ArticleAddress
    from menhu.delivery.sources import Address, render

    found: dict[str, dict[str, object]] = {}
    for name, username, path in OFFICE:
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
    for name, path in (*PUBLIC, ("public article", newest.path)):
        with CaptureQueriesContext(connection) as captured:
            rendered = render(Address(settings.PUBLIC_HOST, path))
        assert rendered is not None, path
        found[name] = _figures(captured, rendered[1].body.decode())
    sys.stdout.write("\n" + json.dumps(found, ensure_ascii=False) + "\n")


def _figures(captured: object, html: str) -> dict[str, object]:
    plan = asked(captured)  # type: ignore[arg-type]
    main_part = html.partition("<main")[2] or html
    return {"queries": plan.queries, "scans": plan.scans, "rows": len(re.findall(r"<(?:li|tr|item)\b", main_part))}


if __name__ == "__main__":
    main(sys.argv[1])
