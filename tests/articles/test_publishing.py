"""Going public and coming off: row, lists, addresses, files, tags, lanes, trail."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from menhu.accounts.models import User
from menhu.articles import actions, tags
from menhu.articles.enums import ArticleState, PlacementState
from menhu.articles.models import Article, ArticleAddress, Bucket, Placement
from menhu.audit.models import Event
from menhu.delivery.models import Lane
from menhu.review import actions as review
from menhu.review.policies import Refused, open_state
from menhu.sites import tags as site_tags
from menhu.sites.models import Column
from menhu.units.actions import appoint
from menhu.units.enums import Role
from tests.articles.conftest import announced, approve, fresh, pass_reviews, schedule, write
from tests.factories import TERM_START, UserFactory, World

SHANGHAI = ZoneInfo("Asia/Shanghai")
JUNE = datetime(2026, 6, 18, 9, 0, tzinfo=SHANGHAI)


def listed(world: World, column: str) -> list[str]:
    rows = Placement.objects.listed().filter(column=world.columns[column]).newest_first()
    return list(rows.values_list("article__title", flat=True))


def publish(world: World, at: datetime, **fields: object) -> Article:
    with time_machine.travel(at, tick=False):
        article = write(world, **fields)
        pass_reviews(world, article)
    return fresh(article)


def test_three_approvals_make_it_public(world: World) -> None:
    article = publish(world, JUNE)
    column, site = world.columns["jyj/gzdt"], world.sites["jyj"]
    assert (article.state, article.live, article.published_at) == (ArticleState.LIVE, True, JUNE)
    assert list(article.addresses.values_list("site", "host", "path")) == [
        (site.pk, site.host, f"/jyj/2026/06/{article.pk}/")
    ]
    row = article.placements.get()
    assert (row.state, row.is_listed, row.bucket, row.published_at) == (PlacementState.PLACED, True, "2026-06", JUNE)
    assert Column.objects.get(pk=column.pk).updated_at == JUNE
    assert announced() == {
        Lane.APPROVAL: {
            tags.article(article.pk),
            site_tags.column_list(column.pk),
            site_tags.column_bucket(column.pk, "2026-06"),
            tags.archive(column.pk),
            tags.news(site.pk),
            tags.sitemap(site.pk, "2026-06"),
            tags.sitemap_months(site.pk),
        }
    }
    assert Event.objects.filter(verb="articles.publish", object_id=str(article.pk)).count() == 1


def test_only_the_two_neighbours_are_told(world: World) -> None:
    column, site = world.columns["jyj/gzdt"], world.sites["jyj"]
    first, second = (publish(world, JUNE + timedelta(hours=hour), title=f"第{hour}篇") for hour in (1, 2))
    announced()
    third = publish(world, JUNE + timedelta(hours=3), title="第3篇")
    assert announced() == {
        Lane.APPROVAL: {
            tags.article(third.pk),
            site_tags.column_list(column.pk),
            site_tags.column_bucket(column.pk, "2026-06"),
            tags.neighbours(column.pk, second.pk),
            tags.news(site.pk),
            tags.sitemap(site.pk, "2026-06"),
        }
    }
    actions.withdraw(article=second, by=world.people["head"], reason="有误")
    assert announced() == {
        Lane.RETRACTION: {
            tags.article(second.pk),
            site_tags.column_list(column.pk),
            site_tags.column_bucket(column.pk, "2026-06"),
            tags.neighbours(column.pk, first.pk),
            tags.neighbours(column.pk, third.pk),
            tags.sitemap(site.pk, "2026-06"),
        }
    }


def test_a_correction_waits_for_three_reviews(world: World, live: Article) -> None:
    before = Article.objects.filter(pk=live.pk).values("title", "body", "live_revision_id", "published_at").get()
    actions.revise(article=live, by=world.people["editor"], title="更正后的标题", body="<p>更正。</p>")
    actions.submit(article=live, by=world.people["editor"])
    approve(world, live, "head", "government_reviewer")
    assert Article.objects.filter(pk=live.pk).values(*before).get() == before
    assert announced() == {}
    approve(world, live, "secrecy_reviewer")
    after = fresh(live)
    assert (after.title, after.body, after.state) == ("更正后的标题", "<p>更正。</p>", ArticleState.LIVE)
    assert after.published_at == before["published_at"]
    site = world.sites["jyj"]
    month = f"{timezone.localtime(after.published_at):%Y-%m}"
    assert announced() == {Lane.APPROVAL: {tags.article(live.pk), tags.sitemap(site.pk, month)}}


def test_what_was_approved_is_what_is_published(world: World, draft: Article) -> None:
    actions.submit(article=draft, by=world.people["editor"])
    sneaked = fresh(draft)
    sneaked.title = "审核中偷换的标题"
    sneaked.save_revision(user=world.people["editor"], clean=False)
    approve(world, draft, "head", "government_reviewer", "secrecy_reviewer")
    after = fresh(draft)
    assert (after.title, after.has_unpublished_changes) == ("开学工作会召开", True)


def test_a_reviewers_correction_is_what_goes_on(world: World, draft: Article) -> None:
    actions.submit(article=draft, by=world.people["editor"])
    actions.amend(article=draft, by=world.people["head"], title="负责人更正的标题")
    assert fresh(draft).state == ArticleState.HEAD
    state = open_state(draft)
    assert state is not None
    assert state.title == "负责人更正的标题"


def test_rejection_goes_back_to_the_author_who_submits_again(world: World, draft: Article) -> None:
    actions.submit(article=draft, by=world.people["editor"])
    state = open_state(draft)
    assert state is not None
    review.reject(state=state, by=world.people["head"], reason="标题不准确")
    assert fresh(draft).state == ArticleState.REJECTED
    actions.revise(article=draft, by=world.people["editor"], title="改好的标题")
    pass_reviews(world, draft)
    assert (fresh(draft).title, fresh(draft).live) == ("改好的标题", True)


def test_recall_leads_back_to_where_it_stood(world: World, live: Article) -> None:
    actions.revise(article=live, by=world.people["editor"], title="更正")
    actions.submit(article=live, by=world.people["editor"])
    assert fresh(live).state == ArticleState.HEAD
    actions.recall(article=live, by=world.people["editor"])
    assert (fresh(live).state, fresh(live).live) == (ArticleState.LIVE, True)


def test_withdrawn_page_stays_and_comes_back_through_review(world: World, live: Article) -> None:
    row = live.placements.get()
    actions.withdraw(article=live, by=world.people["webmaster"], reason="数据核实有误")
    gone = fresh(live)
    assert (gone.state, gone.live, gone.withdrawn_reason) == (ArticleState.WITHDRAWN, True, "数据核实有误")
    assert listed(world, "jyj/gzdt") == []
    actions.restore(article=live, by=world.people["editor"])
    assert (fresh(live).state, fresh(live).withdrawn_at is None) == (ArticleState.HEAD, False)
    approve(world, live, "head", "government_reviewer", "secrecy_reviewer")
    back = fresh(live)
    assert (back.state, back.withdrawn_at, back.withdrawn_reason) == (ArticleState.LIVE, None, "")
    again = live.placements.get()
    assert Column.objects.get(pk=row.column_id).updated_at == row.published_at
    assert (again.is_listed, again.published_at, again.bucket) == (True, row.published_at, row.bucket)
    assert Bucket.objects.get(column=row.column).size == 1


def test_retraction_takes_everything_off_at_once(world: World, live: Article) -> None:
    column, site = world.columns["jyj/gzdt"], world.sites["jyj"]
    month = f"{timezone.localtime(live.published_at):%Y-%m}"
    actions.retract(article=live, by=world.people["duty_officer"], reason="内容有害")
    gone = fresh(live)
    assert (gone.state, gone.live, gone.is_public) == (ArticleState.RETRACTED, False, False)
    assert gone.retracted_at is not None
    assert listed(world, "jyj/gzdt") == []
    assert gone.addresses.count() == 1
    assert announced() == {
        Lane.RETRACTION: {
            tags.article(live.pk),
            site_tags.column_list(column.pk),
            site_tags.column_bucket(column.pk, month),
            tags.sitemap(site.pk, month),
        }
    }


def test_retraction_is_final(world: World, live: Article) -> None:
    actions.retract(article=live, by=world.people["duty_officer"], reason="内容有害")
    for act in (actions.submit, actions.restore, actions.recall, actions.unschedule):
        with pytest.raises(Refused):
            act(article=live, by=world.people["editor"])
    with pytest.raises(Refused):
        actions.revise(article=live, by=world.people["editor"], title="改")
    with pytest.raises(Refused):
        actions.propose(article=live, column=world.columns["slj/gzdt"], by=world.people["editor"])


def test_retraction_ends_a_correction_in_review(world: World, live: Article) -> None:
    actions.revise(article=live, by=world.people["editor"], title="更正")
    actions.submit(article=live, by=world.people["editor"])
    approve(world, live, "head", "government_reviewer")
    state = open_state(live)
    assert state is not None
    actions.retract(article=live, by=world.people["duty_officer"], reason="内容有害")
    assert open_state(live) is None
    with pytest.raises(Refused):
        review.approve(state=state, by=world.people["secrecy_reviewer"])
    assert not fresh(live).live


@pytest.mark.parametrize("verb", ["retract", "withdraw"])
def test_a_slow_publisher_brings_nothing_back(world: World, live: Article, verb: str) -> None:
    """The publisher holds objects from before; whoever took the article away in between has the last word."""
    actions.revise(article=live, by=world.people["editor"], title="更正")
    actions.submit(article=live, by=world.people["editor"])
    approve(world, live, "head", "government_reviewer")
    slow, revision = fresh(live), fresh(live).latest_revision
    person = world.people["duty_officer"]
    getattr(actions, verb)(article=live, by=person, reason="内容有害")
    announced()
    with pytest.raises(Refused):
        actions.publish(article=slow, revision=revision, by=person)
    assert fresh(live).title != "更正"
    assert listed(world, "jyj/gzdt") == []
    assert announced() == {}


def test_a_slow_adoption_lists_nothing_retracted(world: World, live: Article) -> None:
    actions.propose(article=live, column=world.columns["slj/gzdt"], by=world.people["editor"])
    slow = Placement.objects.select_related("article", "column__owner").get(column=world.columns["slj/gzdt"])
    actions.retract(article=live, by=world.people["duty_officer"], reason="内容有害")
    with pytest.raises(Refused):
        actions.adopt(placement=slow, by=world.people["stranger"])
    assert listed(world, "slj/gzdt") == []


def test_nothing_is_published_but_by_the_last_review(world: World, draft: Article) -> None:
    with pytest.raises(Refused):
        actions.publish(article=draft, revision=draft.latest_revision, by=world.people["head"])
    actions.submit(article=draft, by=world.people["editor"])
    with pytest.raises(Refused):
        actions.publish(article=draft, revision=draft.latest_revision, by=world.people["head"])
    assert not fresh(draft).live


def test_a_revision_of_another_article_is_refused(world: World, draft: Article) -> None:
    other = write(world, title="别的")
    actions.submit(article=draft, by=world.people["editor"])
    approve(world, draft, "head", "government_reviewer")
    with pytest.raises(Refused, match="不属于"):
        actions.publish(article=draft, revision=other.latest_revision, by=world.people["secrecy_reviewer"])


# time


def test_a_scheduled_text_goes_public_at_its_hour(world: World) -> None:
    with time_machine.travel(JUNE, tick=False) as clock:
        article = write(world)
        at = schedule(world, article, hours=5)
        assert (fresh(article).state, fresh(article).live) == (ArticleState.SCHEDULED, False)
        assert announced() == {}
        actions.publish_due(timezone.now())
        assert not fresh(article).live
        clock.move_to(at + timedelta(seconds=1))
        actions.publish_due(timezone.now())
        actions.publish_due(timezone.now())
    after = fresh(article)
    assert (after.state, after.live, after.published_at) == (ArticleState.LIVE, True, at + timedelta(seconds=1))
    assert tags.article(article.pk) in announced()[Lane.APPROVAL]
    assert Event.objects.filter(verb="articles.publish", object_id=str(article.pk)).count() == 1


def test_a_scheduled_correction_leaves_the_live_text_until_its_hour(world: World) -> None:
    article = publish(world, JUNE)
    with time_machine.travel(JUNE + timedelta(days=1), tick=False) as clock:
        actions.revise(article=article, by=world.people["editor"], title="明天的标题")
        at = schedule(world, article, hours=2)
        assert (fresh(article).title, fresh(article).live) == ("开学工作会召开", True)
        clock.move_to(at)
        actions.publish_due(timezone.now())
    assert fresh(article).title == "明天的标题"


def test_a_text_taken_off_the_schedule_stays_off(world: World) -> None:
    with time_machine.travel(JUNE, tick=False) as clock:
        article = write(world)
        at = schedule(world, article, hours=5)
        actions.unschedule(article=article, by=world.people["head"])
        assert fresh(article).state == ArticleState.DRAFT
        clock.move_to(at)
        actions.publish_due(timezone.now())
    assert not fresh(article).live


def test_a_scheduled_text_may_be_retracted_before_its_hour(world: World) -> None:
    with time_machine.travel(JUNE, tick=False) as clock:
        article = write(world)
        at = schedule(world, article, hours=5)
        actions.retract(article=article, by=world.people["duty_officer"], reason="内容有害")
        clock.move_to(at)
        actions.publish_due(timezone.now())
    assert (fresh(article).state, fresh(article).live) == (ArticleState.RETRACTED, False)


def test_expiry_takes_the_page_off(world: World) -> None:
    end = JUNE + timedelta(days=3)
    article = publish(world, JUNE, expire_at=end)
    announced()
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        actions.expire_due(timezone.now())
        assert fresh(article).live
    with time_machine.travel(end, tick=False):
        actions.expire_due(timezone.now())
        actions.expire_due(timezone.now())
    after = fresh(article)
    assert (after.state, after.live, after.expired) == (ArticleState.EXPIRED, False, True)
    assert listed(world, "jyj/gzdt") == []
    assert tags.article(article.pk) in announced()[Lane.RETRACTION]
    assert Event.objects.filter(verb="articles.expire").count() == 1


def test_an_expired_article_comes_back_with_a_new_term_at_its_old_address(world: World) -> None:
    end = JUNE + timedelta(days=3)
    article = publish(world, JUNE, expire_at=end)
    path = article.addresses.get().path
    with time_machine.travel(end + timedelta(days=40), tick=False):
        actions.expire_due(timezone.now())
        with pytest.raises(ValidationError, match="到期时间"):
            actions.submit(article=article, by=world.people["editor"])
        actions.revise(article=article, by=world.people["editor"], expire_at=None)
        pass_reviews(world, article)
    after = fresh(article)
    assert (after.state, after.live, after.expired) == (ArticleState.LIVE, True, False)
    assert [row.path for row in after.addresses.all()] == [path]
    assert after.placements.get().bucket == "2026-06"


# lists and addresses


def test_month_pages_are_filled_by_the_hundred_and_never_renumbered(world: World) -> None:
    column = world.columns["jyj/gzdt"]
    Bucket.objects.create(column=column, name="2026-06", size=99)
    first = publish(world, JUNE, title="第一百篇")
    announced()
    second = publish(world, JUNE + timedelta(hours=1), title="第一百零一篇")
    assert [a.placements.get().bucket for a in (first, second)] == ["2026-06", "2026-06-2"]
    found = announced()[Lane.APPROVAL]
    assert {tags.archive(column.pk), site_tags.column_bucket(column.pk, "2026-06")} <= found
    actions.withdraw(article=first, by=world.people["head"], reason="有误")
    third = publish(world, JUNE + timedelta(hours=2), title="第一百零二篇")
    assert third.placements.get().bucket == "2026-06-2"
    sizes = dict(Bucket.objects.filter(column=column).values_list("name", "size"))
    assert sizes == {"2026-06": 100, "2026-06-2": 2}


def test_a_month_begins_at_local_midnight(world: World) -> None:
    last, first = (datetime(2026, 6, 30, 23, 59, tzinfo=SHANGHAI), datetime(2026, 7, 1, 0, 0, tzinfo=SHANGHAI))
    buckets = [publish(world, at).placements.get().bucket for at in (last, first)]
    assert buckets == ["2026-06", "2026-07"]


def test_an_address_never_changes(world: World) -> None:
    article = publish(world, JUNE)
    path = article.addresses.get().path
    later = JUNE + timedelta(days=60)
    with time_machine.travel(later, tick=False):
        actions.revise(article=article, by=world.people["editor"], title="两个月后的更正")
        pass_reviews(world, article)
        actions.place(article=article, column=world.columns["slj/gzdt"], by=world.people["stranger"])
        actions.remove(placement=article.placements.get(column=world.columns["slj/gzdt"]), by=world.people["stranger"])
    paths = sorted(ArticleAddress.objects.filter(article=article).values_list("path", flat=True))
    assert paths == [path, path.replace("/jyj/", "/slj/")]


def test_adoption_opens_an_address_on_the_other_site(world: World) -> None:
    article = publish(world, JUNE)
    actions.propose(article=article, column=world.columns["portal/gzdt"], by=world.people["editor"])
    assert listed(world, "portal/gzdt") == []
    announced()
    owner = world.people["government_reviewer"]
    row = article.placements.get(column=world.columns["portal/gzdt"])
    with pytest.raises(Refused):
        actions.adopt(placement=row, by=owner)
    actions.place(article=article, column=world.columns["portal/gzdt"], by=_writer_of(world, "zfb"))
    portal, column = world.sites["portal"], world.columns["portal/gzdt"]
    assert listed(world, "portal/gzdt") == ["开学工作会召开"]
    assert article.addresses.get(site=portal).path == f"/2026/06/{article.pk}/"
    bucket = article.placements.get(column=column).bucket
    assert announced() == {
        Lane.APPROVAL: {
            tags.article(article.pk),
            site_tags.column_list(column.pk),
            site_tags.column_bucket(column.pk, bucket),
            tags.archive(column.pk),
            tags.news(portal.pk),
            tags.sitemap(portal.pk, "2026-06"),
            tags.sitemap_months(portal.pk),
        }
    }


def _writer_of(world: World, unit: str) -> User:
    person = UserFactory(username=f"{unit}-editor")
    appoint(user=person, unit=world.units[unit], role=Role.EDITOR, by=None, starts_on=TERM_START)
    return person


def test_pinning_tells_the_list_only(world: World, live: Article) -> None:
    row = live.placements.get()
    actions.pin(placement=row, by=world.people["head"])
    assert announced() == {
        Lane.APPROVAL: {site_tags.column_list(row.column_id), site_tags.column_bucket(row.column_id, row.bucket)}
    }
    with pytest.raises(Refused):
        actions.pin(placement=row, by=world.people["head"])


def test_an_explanation_and_its_document_tell_each_other(world: World) -> None:
    document = publish(world, JUNE, title="办法")
    announced()
    about = publish(world, JUNE, title="解读", interprets=document)
    assert {tags.article(document.pk), tags.article(about.pk)} <= announced()[Lane.APPROVAL]
    actions.retract(article=about, by=world.people["duty_officer"], reason="有误")
    assert tags.article(document.pk) in announced()[Lane.RETRACTION]


def test_a_moved_in_page_keeps_its_date(world: World) -> None:
    old = datetime(2014, 3, 5, 10, 0, tzinfo=SHANGHAI)
    article = write(world, original_published_at=old)
    pass_reviews(world, article)
    after = fresh(article)
    assert (after.published_at, after.placements.get().bucket) == (old, "2014-03")
    assert after.addresses.get().path == f"/jyj/2014/03/{article.pk}/"
