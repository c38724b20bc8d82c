"""What stands on a desk: my texts and where they are, my unit's month, columns about to go stale."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from menhu.accounts.models import User
from menhu.articles.enums import ArticleState
from menhu.articles.models import Article
from menhu.core.figures import figure
from menhu.sites.enums import ColumnForm, SiteState
from menhu.sites.models import Column
from menhu.sites.querysets import ColumnQuerySet
from menhu.units.enums import Role
from menhu.units.models import Unit
from menhu.units.policies import PUBLISHING_ROLES, Scope, current_posts, scope_of

STEPS_DONE = {
    ArticleState.DRAFT: 0,
    ArticleState.REJECTED: 0,
    ArticleState.HEAD: 1,
    ArticleState.OFFICE: 2,
    ArticleState.SECRECY: 3,
    ArticleState.SCHEDULED: 4,
    ArticleState.LIVE: 4,
    ArticleState.WITHDRAWN: 4,
}
ON_THE_WAY = (ArticleState.HEAD, ArticleState.OFFICE, ArticleState.SECRECY, ArticleState.SCHEDULED, ArticleState.LIVE)


@dataclass(frozen=True, slots=True)
class Mine:
    """A text of mine and how far it has come (0–4 steps)."""

    article: Article
    done: int


@dataclass(frozen=True, slots=True)
class Month:
    """A unit's figures this month."""

    unit: Unit
    published: int
    published_before: int

    @property
    def difference(self) -> int:
        return self.published - self.published_before


@dataclass(frozen=True, slots=True)
class Stale:
    """A column whose update is due: days left until its window ends (negative: overdue; None: it never had any)."""

    column: Column
    days_left: int | None


def sent_by(user: User, limit: int = 6) -> list[Mine]:
    rows = Article.objects.filter(created_by=user, state__in=ON_THE_WAY).newest_first()[:limit]
    return [Mine(article, STEPS_DONE[ArticleState(article.state)]) for article in rows]


def returned_to(user: User, limit: int = 6) -> list[Article]:
    return list(Article.objects.filter(created_by=user, state=ArticleState.REJECTED).newest_first()[:limit])


def drafts_of(user: User, limit: int = 6) -> list[Article]:
    return list(Article.objects.filter(created_by=user, state=ArticleState.DRAFT).newest_first()[:limit])


def month_of(user: User, now: datetime) -> Month | None:
    """The month of the unit in which the person sits; None for a person without a post."""
    posts = current_posts(user)
    if not posts:
        return None
    unit = posts[0].unit
    start = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (start - timedelta(days=1)).replace(day=1)
    counts = Article.objects.filter(unit=unit, published_at__gte=before).aggregate(
        now=Count("pk", filter=Q(published_at__gte=start)), before=Count("pk", filter=Q(published_at__lt=start))
    )
    return Month(unit=unit, published=counts["now"], published_before=counts["before"])


def stale_columns(scope: Scope, now: datetime, limit: int = 8) -> list[Stale]:
    """Columns past the warning share of their window, the longest silent first."""
    share = figure("desk.stale_warning_share") / Decimal(100)
    columns = Column.objects.public().filter(scope.condition("owner_id"), site__state=SiteState.OPEN)
    columns = columns.filter(form__in=(ColumnForm.LIST, ColumnForm.TOPIC), children__isnull=True)
    watched_columns = columns.annotate(window=Coalesce("window_days", "kind__window_days"))
    due = Q(pk__in=[])
    for window in _windows(columns):
        silent_since = now - timedelta(days=float(window * share))
        due |= Q(window=window) & (Q(updated_at__lt=silent_since) | Q(updated_at__isnull=True))
    rows = watched_columns.filter(due).select_related("site", "owner", "kind")
    rows = rows.order_by(F("updated_at").asc(nulls_first=True), "pk")
    return [Stale(column, _days_left(column, now)) for column in rows[:limit]]


def _windows(columns: ColumnQuerySet) -> list[int]:
    """The few different windows that columns have."""
    windows = Coalesce("window_days", "kind__window_days")
    return [window for window in columns.order_by().values_list(windows, flat=True).distinct() if window]


def _days_left(column: Column, now: datetime) -> int | None:
    window = column.window_days or column.kind.window_days or 0
    return None if column.updated_at is None else window - (now - column.updated_at).days


def watched(user: User) -> Scope:
    """The units whose columns the person watches over."""
    return scope_of(user, PUBLISHING_ROLES - {Role.AUDITOR})
