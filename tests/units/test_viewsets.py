"""The base of viewsets: every view that Wagtail has for a row, against a stranger, a reader and foreign choices.

Articles carry all of Wagtail's mixins, so a viewset over them has every view there is; it exists in this test only.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, include, path, reverse
from wagtail.admin.auth import require_admin_access
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.utils.urlpatterns import decorate_urlpatterns

from config import urls as real_urls
from menhu.articles import actions as articles
from menhu.articles.models import Article
from menhu.audit.models import Event
from menhu.core import office
from menhu.core.office import UrlClass
from menhu.files.models import FileKind, StoredFile
from menhu.units import changes
from menhu.units.changes import Words
from menhu.units.models import Leader, Unit
from menhu.units.viewsets import ACTION_OF_VIEW, ScopedViewSet
from tests.conftest import SignedIn
from tests.factories import World


class ArticleViewSet(ScopedViewSet):
    model = Article
    url_prefix = "all-views"
    url_namespace = "all_views"
    inspect_view_enabled = True
    copy_view_enabled = True
    panels = (
        *(FieldPanel(name) for name in ("title", "unit", "site", "source", "interprets")),
        InlinePanel("attachments", panels=[FieldPanel("file"), FieldPanel("title")]),
    )
    list_display = ("title",)


class urlconf:  # noqa: N801 - stands for a module
    urlpatterns: list[object] = []


@pytest.fixture
def viewset(monkeypatch: pytest.MonkeyPatch) -> Iterator[ArticleViewSet]:
    """The viewset served below /office/all-views/, its names allowed for the length of the test."""
    monkeypatch.setattr(office, "_allowed", dict(office._allowed))
    made = ArticleViewSet()
    monkeypatch.setattr(Article, "snippet_viewset", made, raising=False)
    patterns = decorate_urlpatterns(made.get_urlpatterns(), require_admin_access)
    mine = path("office/all-views/", include((patterns, "all_views")))
    monkeypatch.setattr(urlconf, "urlpatterns", [mine, *real_urls.urlpatterns])
    with override_settings(ROOT_URLCONF=urlconf):
        clear_url_caches()
        yield made
    clear_url_caches()


@pytest.fixture
def submitted(world: World) -> Article:
    editor, site = world.people["editor"], world.sites["jyj"]
    words = {"title": "春季开学安排", "body": "<p>正文。</p>", "source": "县教育局"}
    columns = [world.columns["jyj/gzdt"]]
    article = articles.draft(unit=site.unit, site=site, by=editor, columns=columns, **words)
    articles.submit(article=article, by=editor)
    article.refresh_from_db()
    return article


def addresses_of(viewset: ArticleViewSet, article: Article) -> dict[str, str]:
    """Each view of a row by its name."""
    state = article.current_workflow_state.current_task_state
    values = {
        "revision_id": article.latest_revision_id,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "action_name": "approve",
        "task_state_id": state.pk,
        "task_id": state.task_id,
        "workflow_state_id": article.current_workflow_state.pk,
    }
    found = {}
    for pattern in viewset.get_urlpatterns():
        wanted = pattern.pattern.converters or pattern.pattern.regex.groupindex
        if "pk" in wanted:
            given = {name: values[name] for name in wanted if name != "pk"}
            found[pattern.name] = reverse(f"all_views:{pattern.name}", kwargs={"pk": article.pk, **given})
    return found


ALL_VIEWS = {
    "edit",
    "delete",
    "usage",
    "history",
    "history_results",
    "copy",
    "inspect",
    "preview_on_edit",
    "revisions_view",
    "revisions_revert",
    "revisions_compare",
    "revisions_unschedule",
    "unpublish",
    "lock",
    "unlock",
    "workflow_action",
    "collect_workflow_action_data",
    "confirm_workflow_cancellation",
    "workflow_history",
    "workflow_history_detail",
    "workflow_preview",
}


def test_every_view_of_a_row_is_404_for_a_stranger(viewset: ArticleViewSet, submitted: Article, world: World) -> None:
    browser = SignedIn(world.people["stranger"])
    addresses = addresses_of(viewset, submitted)
    assert set(addresses) == ALL_VIEWS
    before = Article.objects.filter(pk=submitted.pk).values().get()
    for name, address in addresses.items():
        assert (name, browser.get(address).status_code, browser.post(address).status_code) == (name, 404, 404)
    assert Article.objects.filter(pk=submitted.pk).values().get() == before
    refusals = Event.objects.filter(verb="access.refused", actor_name="于归", object_id=str(submitted.pk))
    assert refusals.count() == 2 * len(ALL_VIEWS)


@pytest.mark.parametrize("name", sorted(ALL_VIEWS))
def test_a_row_that_is_none_is_404_for_everybody(
    viewset: ArticleViewSet, submitted: Article, world: World, name: str
) -> None:
    address = addresses_of(viewset, submitted)[name].replace(f"/{submitted.pk}/", "/987654/", 1)
    assert SignedIn(world.people["editor"]).get(address).status_code == 404


def test_a_reader_may_look_but_not_act(viewset: ArticleViewSet, submitted: Article, world: World) -> None:
    """A leader reads all units: 403 with a reason, and recorded, wherever the view would change something."""
    browser = SignedIn(world.people["leader"])
    addresses = addresses_of(viewset, submitted)
    acting = {
        "edit",
        "delete",
        "copy",
        "preview_on_edit",
        "revisions_revert",
        "revisions_unschedule",
        "unpublish",
        "lock",
        "unlock",
        "confirm_workflow_cancellation",
    }
    assert {name for name in addresses if browser.get(addresses[name]).status_code == 403} >= acting
    refused = browser.post(addresses["delete"])
    assert refused.status_code == 403
    assert "您可以查看“春季开学安排”，但您的岗位不能办理这一步。" in refused.content.decode()
    assert browser.get(addresses["inspect"]).status_code == 200
    assert Article.objects.filter(pk=submitted.pk).exists()


def test_a_task_state_is_not_borrowed(viewset: ArticleViewSet, submitted: Article, world: World) -> None:
    """The address of one's own row with the task state of another's: refused and recorded."""
    other, site = world.people["stranger"], world.sites["slj"]
    words = {"title": "防汛值守", "body": "<p>正文。</p>", "source": "县水利局", "columns": [world.columns["slj/gzdt"]]}
    own = articles.draft(unit=site.unit, site=site, by=other, **words)
    articles.submit(article=own, by=other)
    foreign = submitted.current_workflow_state.current_task_state
    kwargs = {"pk": own.pk, "action_name": "approve", "task_state_id": foreign.pk}
    address = reverse("all_views:workflow_action", kwargs=kwargs)
    assert SignedIn(world.people["stranger_head"]).post(address).status_code == 404
    event = Event.objects.get(verb="access.refused", actor_name="苏映雪")
    assert (event.object_id, event.data["action"]) == (str(own.pk), f"task-state:{foreign.pk}")


def test_lists_hold_own_rows_only(viewset: ArticleViewSet, submitted: Article, world: World) -> None:
    for name in ("list", "list_results"):
        address = reverse(f"all_views:{name}")
        assert "春季开学安排" not in SignedIn(world.people["stranger"]).get(address).content.decode()
        assert "春季开学安排" in SignedIn(world.people["editor"]).get(address).content.decode()


def test_without_the_right_to_add_the_form_is_refused(viewset: ArticleViewSet, world: World) -> None:
    address = reverse("all_views:add")
    refused = SignedIn(world.people["leader"]).get(address)
    assert refused.status_code == 403
    assert SignedIn(world.people["editor"]).get(address).status_code == 200


def test_choices_reach_as_far_as_the_scope(viewset: ArticleViewSet, submitted: Article, world: World) -> None:
    page = SignedIn(world.people["stranger"]).get(reverse("all_views:add")).content.decode()
    for shown, hidden in (("云岭县水利局", "云岭县教育局"),):
        assert f">{shown}</option>" in page
        assert f">{hidden}</option>" not in page
    assert "春季开学安排" not in page


def words_of(world: World, attachments: int) -> dict[str, object]:
    """A new article of the water bureau as its form posts it."""
    formset = {"attachments-TOTAL_FORMS": attachments, "attachments-INITIAL_FORMS": 0}
    words = {"title": "试试", "unit": world.units["slj"].pk, "site": world.sites["slj"].pk, "source": "县水利局"}
    return {**words, **formset}


def stored(unit: Unit, name: str) -> StoredFile:
    facts = {"extension": "pdf", "content_type": "application/pdf", "size": 1, "sha256": "0" * 64}
    return StoredFile.objects.create(unit=unit, kind=FileKind.DOCUMENT, name=name, **facts)


def test_choices_of_inline_forms_reach_as_far_as_the_scope(viewset: ArticleViewSet, world: World) -> None:
    own, foreign = stored(world.units["slj"], "本局.pdf"), stored(world.units["jyj"], "外局.pdf")
    browser = SignedIn(world.people["stranger"])
    page = browser.get(reverse("all_views:add")).content.decode()
    assert "本局.pdf" in page
    assert "外局.pdf" not in page
    posted = {**words_of(world, 1), "attachments-0-title": "附件", "attachments-0-ORDER": 1}
    refused = browser.post(reverse("all_views:add"), {**posted, "attachments-0-file": foreign.pk})
    assert list(refused.context["form"].formsets["attachments"].errors[0]) == ["file"]
    assert not Article.objects.exists()
    accepted = viewset.get_form_class()({**posted, "attachments-0-file": own.pk}, for_user=world.people["stranger"])
    assert accepted.is_valid()


@pytest.mark.parametrize("field", ["unit", "site", "interprets"])
def test_a_foreign_row_posted_into_a_field_is_refused_there(
    viewset: ArticleViewSet, submitted: Article, world: World, field: str
) -> None:
    foreign = {"unit": world.units["jyj"].pk, "site": world.sites["jyj"].pk, "interprets": submitted.pk}
    own = words_of(world, 0)
    before = Article.objects.count()
    response = SignedIn(world.people["stranger"]).post(reverse("all_views:add"), {**own, field: foreign[field]})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert Article.objects.count() == before


def test_classes_of_addresses_follow_from_their_parameters(viewset: ArticleViewSet) -> None:
    assert office.class_of("all_views:list") is UrlClass.OWN
    assert office.class_of("all_views:add") is UrlClass.OWN
    assert {office.class_of(f"all_views:{name}") for name in ALL_VIEWS} == {UrlClass.OBJECT}


def test_every_action_of_a_view_belongs_to_a_view_of_wagtail() -> None:
    from wagtail.admin.views import generic
    from wagtail.snippets.views import snippets

    assert {name for name in ACTION_OF_VIEW if not (hasattr(snippets, name) or hasattr(generic, name))} == set()


# Leaders: the viewset that the platform does have.


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Words]]:
    told: list[tuple[int, Words]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda unit_id, words: told.append((unit_id, words))])
    return told


def posted(unit: Unit, **fields: str) -> dict[str, object]:
    return {"unit": unit.pk, "name": "江怀川", "title": "局长", "duties": "主持全面工作", "position": 1, **fields}


def test_a_unit_keeps_its_leaders(world: World, heard: list[tuple[int, Words]]) -> None:
    browser, jyj = SignedIn(world.people["editor"]), world.units["jyj"]
    assert browser.post("/office/leaders/add/", posted(jyj)).status_code == 302
    leader = Leader.objects.get()
    assert (leader.unit, leader.name, leader.is_public) == (jyj, "江怀川", False)
    assert browser.post(f"/office/leaders/edit/{leader.pk}/", posted(jyj, title="党组书记")).status_code == 302
    leader.refresh_from_db()
    assert leader.title == "党组书记"
    history = browser.get(f"/office/leaders/history/{leader.pk}/").content.decode()
    assert history.count("卓一帆") >= 2
    assert browser.post(f"/office/leaders/delete/{leader.pk}/").status_code == 302
    assert not Leader.objects.exists()
    assert heard == [(jyj.pk, Words.LEADERS)] * 3
    verbs = Event.objects.filter(verb__startswith="units.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["units.add_leader", "units.change_leader", "units.remove_leader"]


def test_leaders_of_another_unit_cannot_be_made(world: World) -> None:
    response = SignedIn(world.people["stranger"]).post("/office/leaders/add/", posted(world.units["jyj"]))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["unit"]
    assert not Leader.objects.exists()


def test_a_leader_cannot_be_moved_to_another_unit(world: World) -> None:
    leader = Leader.objects.create(unit=world.units["slj"], name="苏映雪", title="局长")
    response = SignedIn(world.people["stranger"]).post(f"/office/leaders/edit/{leader.pk}/", posted(world.units["jyj"]))
    assert list(response.context["form"].errors) == ["unit"]
    assert Leader.objects.get().unit == world.units["slj"]


def test_the_list_costs_the_same_at_one_row_and_at_a_full_page(world: World) -> None:
    browser = SignedIn(world.people["editor"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/office/leaders/").status_code == 200
        return len(captured)

    Leader.objects.create(unit=world.units["jyj"], name="领导", title="局长")
    queries()
    few = queries()
    Leader.objects.bulk_create([Leader(unit=world.units["jyj"], name=f"领导{n}", title="副局长") for n in range(70)])
    assert queries() == few
