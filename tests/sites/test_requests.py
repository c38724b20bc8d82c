import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections

from menhu.audit.models import Event
from menhu.notices.models import Notice
from menhu.sites import occupancy
from menhu.sites.actions import add_column, approve_request, refuse_request, remove_column, request_column
from menhu.sites.enums import ColumnForm, RequestKind, RequestState
from menhu.sites.models import Column, ColumnKind, ColumnRequest, Redirect
from tests.factories import World, build_world
from tests.sites.outbox import tags


@pytest.fixture(autouse=True)
def no_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occupancy, "_counters", [])


def ask(world: World, kind: RequestKind, persona: str = "editor", **fields: object) -> ColumnRequest:
    named: dict[str, object] = {
        "site": world.sites["jyj"],
        "unit": world.units["jyj"],
        "reason": "群众常问。",
        **fields,
    }
    return request_column(kind=kind, by=world.people[persona], **named)  # type: ignore[arg-type]


def ask_to_add(world: World, persona: str = "editor", **fields: object) -> ColumnRequest:
    named = {"name": "招生考试", "slug": "zsks", "column_kind": ColumnKind.objects.get(name="办事服务"), **fields}
    return ask(world, RequestKind.ADD, persona, **named)


def test_a_request_reaches_the_webmaster_and_touches_nothing_public(world: World) -> None:
    request = ask_to_add(world, parent=world.columns["jyj/gzdt"])
    assert (request.state, request.path, request.form) == (RequestState.WAITING, "/gzdt/zsks/", ColumnForm.LIST)
    notice = Notice.objects.get()
    assert (notice.user, notice.title) == (world.people["webmaster"], "云岭县教育局申请新设栏目 招生考试")
    assert notice.link == f"/office/sites/requests/{request.pk}/"
    assert Event.objects.get(verb="sites.request_column").data == {"kind": "add", "path": "/gzdt/zsks/"}
    assert tags() == set()


def test_an_approved_column_stands(world: World) -> None:
    request = ask_to_add(world)
    approve_request(request=request, by=world.people["webmaster"], decision="同意。")
    request.refresh_from_db()
    column = Column.objects.get(path="/zsks/")
    assert (column.name, column.site, column.owner) == ("招生考试", world.sites["jyj"], world.units["jyj"])
    assert (request.state, request.column, request.decided_by) == (
        RequestState.APPROVED,
        column,
        world.people["webmaster"],
    )
    answer = Notice.objects.get(user=world.people["editor"])
    assert (answer.title, answer.body) == ("已批准：新设栏目 招生考试", "同意。")
    assert tags() == {f"column:{column.pk}", f"columns:{column.site_id}"}
    assert set(Event.objects.filter(verb__startswith="sites.").values_list("verb", flat=True)) == {
        "sites.request_column",
        "sites.request_approved",
        "sites.add_column",
    }


def test_a_renamed_column_keeps_its_address(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    approve_request(
        request=ask(world, RequestKind.RENAME, column=column, name="教育动态"), by=world.people["webmaster"]
    )
    column.refresh_from_db()
    assert (column.name, column.path) == ("教育动态", "/gzdt/")
    assert tags() == {f"column:{column.pk}", f"columns:{column.site_id}"}
    assert not Redirect.objects.exists()


def test_a_removed_column_leads_upwards(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    approve_request(request=ask(world, RequestKind.REMOVE, column=column), by=world.people["webmaster"])
    column.refresh_from_db()
    assert column.removed_at is not None
    assert Redirect.objects.get().target == "/jyj/"


def test_a_refusal_needs_a_reason_and_is_told(world: World) -> None:
    request = ask_to_add(world)
    with pytest.raises(ValidationError, match="不批准要写明理由"):
        refuse_request(request=request, by=world.people["webmaster"], decision="  ")
    assert ColumnRequest.objects.get().state == RequestState.WAITING
    refuse_request(request=request, by=world.people["webmaster"], decision="与“办事服务”重复。")
    answer = Notice.objects.get(user=world.people["editor"])
    assert (answer.title, answer.body) == ("未批准：新设栏目 招生考试", "与“办事服务”重复。")
    assert not Column.objects.filter(path="/zsks/").exists()
    assert tags() == set()


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"name": " "}, "name", "请填写栏目名称"),
        ({"column_kind": None}, "column_kind", "请选择栏目类别"),
        ({"slug": "gzdt"}, "slug", "已有或曾有栏目"),
        ({"slug": "map"}, "slug", "系统保留"),
        ({"slug": "招生"}, "slug", "小写字母开头"),
        ({"form": ColumnForm.LINK}, "form", "网站管理员直接设置"),
        ({"reason": " "}, "reason", "不能为空"),
    ],
)
def test_what_would_be_refused_anyway_is_refused_now(
    world: World, fields: dict[str, object], field: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        ask_to_add(world, **fields)
    assert message in refused.value.message_dict[field][0]
    assert not ColumnRequest.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("name", ["", "工作动态"])
def test_a_new_name_is_a_new_one(world: World, name: str) -> None:
    with pytest.raises(ValidationError, match="新的栏目名称"):
        ask(world, RequestKind.RENAME, column=world.columns["jyj/gzdt"], name=name)


@pytest.mark.parametrize("which", ["slj/gzdt", None])
def test_a_column_of_this_site_is_named(world: World, which: str | None) -> None:
    column = world.columns[which] if which else None
    with pytest.raises(ValidationError, match="这个网站现有的栏目"):
        ask(world, RequestKind.RENAME, column=column, name="新名")


def test_a_column_in_use_is_not_removed_even_when_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request = ask(world, RequestKind.REMOVE, column=world.columns["jyj/gzdt"])
    monkeypatch.setattr(occupancy, "_counters", [lambda column: 2])
    with pytest.raises(ValidationError, match="还有 2 篇"):
        approve_request(request=request, by=world.people["webmaster"])
    request = ColumnRequest.objects.get()
    assert (request.state, request.column) == (RequestState.WAITING, world.columns["jyj/gzdt"])
    assert Column.objects.get(pk=world.columns["jyj/gzdt"].pk).removed_at is None
    assert tags() == set()


def test_one_waiting_request_a_column(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    first = ask(world, RequestKind.RENAME, column=column, name="教育动态")
    with pytest.raises(ValidationError, match="已有一份待批准的申请"):
        ask(world, RequestKind.REMOVE, "head", column=column)
    refuse_request(request=first, by=world.people["webmaster"], decision="不必。")
    assert ask(world, RequestKind.REMOVE, "head", column=column).state == RequestState.WAITING


def test_two_units_wish_for_the_same_address(world: World) -> None:
    ask_to_add(world)
    with pytest.raises(ValidationError, match="已有一份待批准的申请"):
        ask_to_add(world, "head", name="考试")


def test_the_address_was_taken_meanwhile(world: World) -> None:
    request = ask_to_add(world)
    add_column(
        site=world.sites["jyj"],
        by=world.people["webmaster"],
        name="先到",
        slug="zsks",
        kind=ColumnKind.objects.get(name="办事服务"),
    )
    with pytest.raises(ValidationError, match="已有或曾有栏目"):
        approve_request(request=request, by=world.people["webmaster"])
    assert ColumnRequest.objects.get().state == RequestState.WAITING


def test_a_request_is_decided_once(world: World) -> None:
    request = ask_to_add(world)
    stale = ColumnRequest.objects.get(pk=request.pk)
    approve_request(request=request, by=world.people["webmaster"])
    for decide in (approve_request, refuse_request):
        with pytest.raises(ValidationError, match="已经办理过了"):
            decide(request=stale, by=world.people["webmaster"], decision="再来")
    assert Column.objects.filter(path="/zsks/").count() == 1
    assert ColumnRequest.objects.get().state == RequestState.APPROVED


def test_a_column_that_went_meanwhile_cannot_be_renamed(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    request = ask(world, RequestKind.RENAME, column=column, name="教育动态")
    remove_column(column=Column.objects.get(pk=column.pk), by=world.people["webmaster"])
    with pytest.raises(ValidationError, match="这个网站现有的栏目"):
        approve_request(request=ColumnRequest.objects.get(pk=request.pk), by=world.people["webmaster"])


@pytest.mark.parametrize(
    "persona",
    ["stranger", "stranger_head", "government_reviewer", "secrecy_reviewer", "duty_officer", "leader", "auditor"],
)
def test_who_may_not_ask(world: World, persona: str) -> None:
    with pytest.raises(PermissionDenied):
        ask_to_add(world, persona)
    assert not ColumnRequest.objects.exists()


@pytest.mark.parametrize("persona", ["editor", "head", "stranger", "government_reviewer", "leader", "auditor"])
def test_only_the_webmaster_decides(world: World, persona: str) -> None:
    request = ask_to_add(world)
    for decide in (approve_request, refuse_request):
        with pytest.raises(PermissionDenied):
            decide(request=request, by=world.people[persona], decision="同意")
    assert ColumnRequest.objects.get().state == RequestState.WAITING
    assert not Column.objects.filter(path="/zsks/").exists()


def test_the_owner_of_a_portal_column_may_ask_about_it(world: World) -> None:
    column = world.columns["portal/tzgg"]
    Column.objects.filter(pk=column.pk).update(owner=world.units["jyj"])
    column.refresh_from_db()
    request = ask(world, RequestKind.RENAME, site=world.sites["portal"], column=column, name="教育公告")
    assert request.unit == world.units["jyj"]
    with pytest.raises(PermissionDenied):
        ask(world, RequestKind.RENAME, site=world.sites["portal"], column=world.columns["portal/gzdt"], name="动态")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite serialises writers")
def test_of_two_requests_at_the_same_moment_one_is_kept() -> None:
    world = build_world()
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def wish(persona: str) -> None:
        barrier.wait()
        try:
            ask_to_add(world, persona)
            outcomes.append("kept")
        except ValidationError as refused:
            outcomes.append(refused.messages[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=wish, args=(persona,)) for persona in ("editor", "head")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "这个栏目已有一份待批准的申请。"]
    assert ColumnRequest.objects.count() == 1
    assert connection.vendor == "postgresql"
