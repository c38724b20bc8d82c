"""What an event keeps, and how the auditor reads it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from menhu.audit.addresses import ClientAddress
from menhu.audit.models import Event
from menhu.audit.trail import client_address, record
from menhu.core.addresses import address_of
from tests.conftest import SignedIn
from tests.factories import World


def test_the_actor_is_kept_as_values(world: World) -> None:
    editor = world.people["editor"]
    event = record("units.file", world.units["jyj"], by=editor, unit_id=world.units["jyj"].pk)
    assert (event.actor_id, event.actor_name, event.actor_post) == (editor.pk, "卓一帆", "县教育局 信息员")
    assert (event.object_type, event.object_id, event.object_label) == (
        "units.unit",
        str(world.units["jyj"].pk),
        "云岭县教育局",
    )


def test_the_install_itself_has_no_name(db: None) -> None:
    event = record("units.add", None, by=None)
    assert (event.actor_id, event.actor_name, event.actor_post, event.object_type) == (None, "", "", "")


@pytest.mark.parametrize(
    ("remote", "forwarded", "behind", "expected"),
    [
        ("10.0.0.7", "", False, "10.0.0.7"),
        ("10.0.0.7", "203.0.113.9", False, "10.0.0.7"),
        ("10.0.0.7", "198.51.100.1, 203.0.113.9", True, "203.0.113.9"),
        ("10.0.0.7", "2001:DB8::1", True, "2001:db8::1"),
        ("unix:", "", False, None),
        ("10.0.0.7", "not an address", True, None),
    ],
)
def test_the_address_is_that_of_the_last_trusted_hop(
    settings: object, remote: str, forwarded: str, behind: bool, expected: str | None
) -> None:
    settings.BEHIND_PROXY = behind  # type: ignore[attr-defined]
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)
    assert address_of(request) == expected
    seen: list[str | None] = []

    def view(_request: object) -> object:
        seen.append(client_address.get())
        return object()

    ClientAddress(view)(request)  # type: ignore[arg-type]
    assert seen == [expected]
    assert client_address.get() is None


def fill(count: int) -> None:
    now = timezone.now()
    Event.objects.bulk_create(
        [
            Event(verb="units.add", at=now - timedelta(minutes=n), actor_name=f"人员{n % 3}", object_label=f"第{n}件")
            for n in range(count)
        ]
    )


def queries_of(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_at_one_row_and_at_a_full_page(world: World) -> None:
    browser = SignedIn(world.people["auditor"])
    Event.objects.none()
    few = queries_of(browser, "/office/audit/")
    fill(120)
    assert queries_of(browser, "/office/audit/") == few


def test_the_list_filters_by_person_verb_object_and_day(world: World) -> None:
    browser = SignedIn(world.people["auditor"])
    wanted = record("units.file", world.units["jyj"], by=world.people["editor"])
    record("units.file", world.units["slj"], by=world.people["stranger"])
    day = timezone.localdate(wanted.at).isoformat()
    for query in (
        "actor=卓一帆",
        f"verb=units.file&actor=卓一帆&since={day}&until={day}",
        f"object_type=units.unit&object_id={world.units['jyj'].pk}&verb=units.file",
    ):
        page = browser.get(f"/office/audit/?{query}").content.decode()
        assert f"/office/audit/{wanted.pk}/" in page
        assert "于归" not in page.partition("<tbody>")[2]


def test_an_objects_number_needs_its_type(world: World) -> None:
    page = SignedIn(world.people["auditor"]).get("/office/audit/?object_id=1").content.decode()
    assert "按编号查，请同时选对象类型。" in page
    assert "没有符合条件的记录。" in page


def test_every_filter_of_the_list_is_served_by_an_index(world: World) -> None:
    browser = SignedIn(world.people["auditor"])
    fill(60)
    unit = world.units["jyj"].pk
    for query in ("", "actor=人员1", "verb=units.add", f"object_type=units.unit&object_id={unit}"):
        with CaptureQueriesContext(connection) as captured:
            browser.get(f"/office/audit/?{query}")
        lists = [q["sql"] for q in captured if '"audit_event"' in q["sql"] and "ORDER BY" in q["sql"]]
        assert len(lists) == 1
        plan = explain(lists[0])
        assert "INDEX audit_event_" in plan, plan
        assert "TEMP B-TREE" not in plan, plan
        assert "Sort" not in plan, plan


def explain(sql: str) -> str:
    """The plan as one text; on PostgreSQL that which a large table would get."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
            cursor.execute("EXPLAIN " + sql)
            return " ".join(str(row[0]) for row in cursor.fetchall()).replace("using ", "INDEX ")
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        return " ".join(str(row[3]) for row in cursor.fetchall())


def test_an_event_is_shown_with_all_it_kept(world: World) -> None:
    event = record("units.file", world.units["jyj"], by=world.people["editor"], data={"原因": "<b>更新</b>"})
    page = SignedIn(world.people["auditor"]).get(f"/office/audit/{event.pk}/").content.decode()
    assert "更新单位备案" in page
    assert "县教育局 信息员" in page
    assert "&lt;b&gt;更新&lt;/b&gt;" in page
    assert "待封存" in page


@pytest.mark.parametrize("persona", ["editor", "head", "webmaster", "leader", "secrecy_reviewer"])
def test_nobody_but_the_auditor_reads_the_trail(world: World, persona: str) -> None:
    event = record("units.file", world.units["jyj"], by=world.people["editor"])
    browser = SignedIn(world.people[persona])
    for address in ("/office/audit/", f"/office/audit/{event.pk}/"):
        assert browser.get(address).status_code == 403
