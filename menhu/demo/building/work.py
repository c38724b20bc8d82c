"""Work in progress: articles in every state of review, made by the people themselves through the apps' actions."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle, islice
from typing import Final

from django.db.models import F
from django.utils import timezone

from menhu.articles import actions
from menhu.articles.enums import ArticleState
from menhu.articles.models import Article
from menhu.demo.building.archive import fields_of
from menhu.demo.building.people import Staff
from menhu.demo.building.plan import Plan
from menhu.demo.writing.generator import articles
from menhu.demo.writing.texts import ArticleText
from menhu.review import actions as review
from menhu.review.models import ReviewTaskState
from menhu.sites.actions import request_column
from menhu.sites.enums import RequestKind
from menhu.sites.models import Column, ColumnKind, ColumnRequest, Site
from menhu.units.models import Unit

Stage = Callable[["Clerk", Article], None]
OPINION: Final = "同意。"
REASON: Final = "第二段的数字与附表不一致，请核对后再送审。"
WITHDRAWN: Final = "内容已由新的通知代替，请以新通知为准。"
RETRACTED: Final = "误发，正文含有尚未定稿的数据。"


class Clerk:
    """Moves articles along as their people would."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff

    def submit(self, article: Article) -> None:
        actions.submit(article=article, by=self.staff.editor(article.unit))

    def head(self, article: Article) -> None:
        self.submit(article)
        self._approve(article, "head")

    def office(self, article: Article) -> None:
        self.head(article)
        self._approve(article, "office")

    def publish(self, article: Article) -> None:
        self.office(article)
        self._approve(article, "secrecy")
        article.refresh_from_db()

    def reject(self, article: Article) -> None:
        self.submit(article)
        state = ReviewTaskState.objects.open().of(article).get()
        review.reject(state=state, by=self.staff.head(article.unit), reason=REASON)

    def withdraw(self, article: Article) -> None:
        self.publish(article)
        actions.withdraw(article=article, by=self.staff.head(article.unit), reason=WITHDRAWN)

    def retract(self, article: Article) -> None:
        self.publish(article)
        actions.retract(article=article, by=self.staff.accounts["duty"], reason=RETRACTED)

    def schedule(self, article: Article) -> None:
        editor = self.staff.editor(article.unit)
        actions.revise(article=article, by=editor, go_live_at=timezone.now() + timedelta(days=2))
        article.refresh_from_db()
        self.publish(article)

    def propose(self, article: Article) -> None:
        """Published at home and offered to the portal."""
        column = Column.objects.filter(site__prefix="", slug="bmdt").first()
        if column is not None and column.owner_id != article.unit_id:
            actions.propose(article=article, column=column, by=self.staff.editor(article.unit))
        self.publish(article)

    def keep(self, article: Article) -> None:
        """Stays a draft."""

    def _approve(self, article: Article, step: str) -> None:
        state = ReviewTaskState.objects.open().of(article).get()
        person, _ = self.staff.reviewer(step, article.unit)
        review.approve(state=state, by=person, opinion=OPINION)


STAGES: Final[tuple[Stage, ...]] = (
    Clerk.submit,
    Clerk.head,
    Clerk.office,
    Clerk.keep,
    Clerk.reject,
    Clerk.propose,
    Clerk.submit,
    Clerk.head,
    Clerk.office,
    Clerk.schedule,
    Clerk.withdraw,
    Clerk.retract,
)


def build_work(plan: Plan) -> Iterator[int]:
    """Articles in every state; yields how many are done. Nothing is done where some already stand."""
    if Article.objects.exclude(state=ArticleState.LIVE).exists():
        return
    clerk = Clerk(Staff.of_the_county())
    texts = _texts(plan)
    for done, (text, stage) in enumerate(zip(texts, cycle(STAGES), strict=False), 1):
        stage(clerk, _draft(text, clerk))
        yield done
    _let_some_be_late()
    _ask_for_columns(clerk.staff)


def _texts(plan: Plan) -> Iterator[ArticleText]:
    """Fresh texts of units that have a site, the personas' own units first."""
    slugs = {unit.slug for unit in plan.units_with_site()}
    start = plan.last_day - timedelta(days=20)
    written = articles(seed=plan.seed + 1, count=plan.size.in_progress * 30, start=start, end=plan.last_day)
    usable = [text for text in written if text.unit in slugs and text.columns and text.genre in {"news", "notice"}]
    usable.sort(key=lambda text: text.unit not in {"jyj", "slj", "xwxcb"})
    own = usable[: plan.size.in_progress // 2]
    return islice(_shuffled(own, usable[len(own) :]), plan.size.in_progress)


def _shuffled(own: list[ArticleText], others: list[ArticleText]) -> Iterator[ArticleText]:
    for mine, other in zip(own, others, strict=False):
        yield mine
        yield other


def _draft(text: ArticleText, clerk: Clerk) -> Article:
    unit = Unit.objects.get(slug=text.unit)
    site = Site.objects.get(unit=unit, prefix=f"/{unit.slug}")
    columns = list(Column.objects.filter(site=site, slug__in=text.columns))
    return actions.draft(unit=unit, site=site, by=clerk.staff.editor(unit), columns=columns, **fields_of(text))


def _let_some_be_late() -> None:
    """Set a third of the open steps back by four days, so that the desks show what late looks like."""
    late = ReviewTaskState.objects.open().order_by("pk").values_list("pk", flat=True)[::3]
    ReviewTaskState.objects.filter(pk__in=list(late)).update(
        entered_at=F("entered_at") - timedelta(days=4), due_at=F("due_at") - timedelta(days=4)
    )


def _ask_for_columns(staff: Staff) -> None:
    """Two units wish for a column of their own."""
    if ColumnRequest.objects.exists():
        return
    kind = ColumnKind.objects.get(name="工作动态")
    for slug, name, address, reason in (
        ("jyj", "招生考试", "zsks", "每年五至八月家长查询集中，单设栏目便于查找。"),
        ("slj", "水情快报", "sqkb", "汛期每日发布水位，需要单独的列表。"),
    ):
        site = Site.objects.filter(unit__slug=slug, prefix=f"/{slug}").first()
        if site is not None:
            request_column(
                kind=RequestKind.ADD,
                site=site,
                unit=site.unit,
                by=staff.editor(site.unit),
                name=name,
                slug=address,
                column_kind=kind,
                reason=reason,
            )
