"""Two years of published articles, written in bulk: texts, versions, review sheets, placements, addresses, files.

A batch is one transaction, so that a build that was cut off goes on with the next batch.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import chain, islice
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone
from wagtail.models import Revision

from menhu.articles.enums import ArticleState, PlacementState
from menhu.articles.models import Article, ArticleAddress, Bucket, Placement
from menhu.articles.rules import BUCKET_SIZE, article_path, bucket_name, month_of
from menhu.core.portions import portions
from menhu.demo.building.depot import Depot
from menhu.demo.building.people import Staff
from menhu.demo.building.plan import Plan
from menhu.demo.writing.generator import articles
from menhu.demo.writing.pages import pages
from menhu.demo.writing.texts import ArticleText
from menhu.review.enums import Step, Verb
from menhu.review.models import SheetLine
from menhu.sites.models import Column, Site
from menhu.units.models import Unit

BATCH: Final = 1_000
STEP_ROLES: Final = ((Step.HEAD, "head"), (Step.OFFICE, "office"), (Step.SECRECY, "secrecy"))


@dataclass
class Shelves:
    """Where things go: sites and columns by slug, and how full each month page is."""

    portal: Site
    sites: dict[str, Site]
    columns: dict[tuple[int, str], Column]
    units: dict[str, Unit]
    filled: Counter[tuple[int, str]] = field(default_factory=Counter)
    by_key: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of_the_county(cls) -> "Shelves":
        sites = list(Site.objects.select_related("unit"))
        portal = next(site for site in sites if not site.prefix)
        columns = {(column.site_id, column.slug): column for column in Column.objects.select_related("site")}
        shelves = cls(
            portal=portal,
            sites={site.unit.slug: site for site in sites if site.prefix},
            columns=columns,
            units={unit.slug: unit for unit in Unit.objects.all()},
        )
        for column_id, name, size in Bucket.objects.values_list("column_id", "name", "size"):
            shelves.filled[column_id, name[:7]] += size
        return shelves

    def columns_of(self, text: ArticleText) -> list[Column]:
        """The columns that the text runs in: of its unit's site, and of the portal."""
        own = self.sites.get(text.unit)
        wanted = [(own.pk, slug) for slug in text.columns] if own else []
        if text.portal_column:
            wanted.append((self.portal.pk, text.portal_column))
        return [self.columns[key] for key in wanted if key in self.columns]

    def home_of(self, text: ArticleText) -> Site:
        return self.sites.get(text.unit, self.portal)

    def bucket(self, column: Column, at: datetime) -> str:
        month = month_of(at)
        part = self.filled[column.pk, month] // BUCKET_SIZE + 1
        self.filled[column.pk, month] += 1
        return bucket_name(month, part)


def build_archive(plan: Plan) -> Iterator[int]:
    """Write what is missing of the archive; yields how many articles stand after each batch."""
    done = Article.objects.count()
    shelves, staff, depot = Shelves.of_the_county(), Staff.of_the_county(), Depot(plan.size.attachments)
    start, end = moment_of(plan.first_day), moment_of(plan.last_day)
    still = (text for text in pages(at=start) if text.portal_column or text.unit in shelves.sites)
    texts = chain(still, articles(seed=plan.seed, count=plan.size.articles, start=start.date(), end=end.date()))
    for text in islice(texts, done):
        shelves.by_key[text.key] = 0
    for batch in portions(texts, BATCH):
        with transaction.atomic():
            write_batch(batch, shelves, staff, depot)
        done += len(batch)
        yield done


def moment_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def next_id(model: type[Model]) -> int:
    highest: int | None = model._default_manager.aggregate(highest=Max("pk"))["highest"]
    return (highest or 0) + 1


def write_batch(texts: list[ArticleText], shelves: Shelves, staff: Staff, depot: Depot) -> None:
    """One batch of live articles; article and version name each other, so both numbers are given beforehand."""
    first, first_revision = next_id(Article), next_id(Revision)
    rows = [_article(text, first + n, first_revision + n, shelves, staff, depot) for n, text in enumerate(texts)]
    revisions = [_revision(row, staff) for row in rows]
    Revision.objects.bulk_create(revisions)
    Article.objects.bulk_create(rows)
    _place(list(zip(texts, rows, strict=True)), shelves)
    SheetLine.objects.bulk_create([line for row in rows for line in _sheet(row, staff)])
    depot.attach(list(zip(texts, rows, strict=True)))
    _reset_sequences(Article, Revision)


def _article(text: ArticleText, pk: int, revision: int, shelves: Shelves, staff: Staff, depot: Depot) -> Article:
    unit = shelves.units[text.unit]
    shelves.by_key[text.key] = pk
    at = timezone.make_aware(text.pub_at) if timezone.is_naive(text.pub_at) else text.pub_at
    row = Article(
        pk=pk,
        unit=unit,
        site=shelves.home_of(text),
        state=ArticleState.LIVE,
        live=True,
        latest_revision_id=revision,
        live_revision_id=revision,
        created_by=staff.editor(unit),
        published_at=at,
        first_published_at=at,
        last_published_at=at,
        interprets_id=(shelves.by_key.get(text.interprets) or None) if text.interprets else None,
        **fields_of(text),
    )
    row.created_at = row.updated_at = at
    depot.illustrate(text, row)
    return row


def fields_of(text: ArticleText) -> dict[str, Any]:
    """What an editor would have typed."""
    return {
        "genre": text.genre,
        "is_major": text.is_major,
        "title": text.title,
        "subtitle": text.subtitle,
        "body": text.body_html,
        "source": text.source,
        "author": "",
        "responsible_editor": text.author,
        "keywords": "，".join(text.keywords),
        "summary": text.summary,
        **_card(text),
    }


def _card(text: ArticleText) -> dict[str, Any]:
    card = text.card
    if card is None:
        return {}
    return {
        "index_number": card.index_number,
        "document_number": card.document_number,
        "issued_by": card.issuer,
        "issued_on": card.written_on,
        "effective_on": card.effective_on,
        "expires_on": card.expires_on,
        "validity": card.validity,
        "subject": card.subject,
    }


def _revision(row: Article, staff: Staff) -> Revision:
    kind = ContentType.objects.get_for_model(Article)
    return Revision(
        pk=row.latest_revision_id,
        content_type=kind,
        base_content_type=kind,
        object_id=str(row.pk),
        created_at=row.created_at,
        user=staff.editor(row.unit),
        object_str=row.title,
        content=row.serializable_data(),
    )


def _place(pairs: list[tuple[ArticleText, Article]], shelves: Shelves) -> None:
    placements: list[Placement] = []
    addresses: list[ArticleAddress] = []
    for text, row in pairs:
        assert row.published_at is not None  # noqa: S101 - the archive is published
        columns = shelves.columns_of(text)
        placements.extend(_placement(row, column, shelves) for column in columns)
        for site in {site.pk: site for site in (row.site, *(column.site for column in columns))}.values():
            path = article_path(site.prefix, row.published_at, row.pk)
            addresses.append(ArticleAddress(article=row, site=site, host=site.host, path=path))
    Placement.objects.bulk_create(placements)
    ArticleAddress.objects.bulk_create(addresses)
    _count_buckets(placements)
    _touch_columns(placements)


def _placement(row: Article, column: Column, shelves: Shelves) -> Placement:
    assert row.published_at is not None  # noqa: S101 - the archive is published
    return Placement(
        article=row,
        column=column,
        state=PlacementState.PLACED,
        is_listed=True,
        published_at=row.published_at,
        bucket=shelves.bucket(column, row.published_at),
        proposed_by_id=row.created_by_id,
        decided_at=row.published_at,
    )


def _count_buckets(placements: list[Placement]) -> None:
    sizes = Counter((placement.column_id, placement.bucket) for placement in placements)
    standing = {(b.column_id, b.name): b for b in Bucket.objects.filter(name__in={name for _, name in sizes})}
    fresh = [Bucket(column_id=key[0], name=key[1], size=n) for key, n in sizes.items() if key not in standing]
    for key, bucket in standing.items():
        bucket.size += sizes.get(key, 0)
    Bucket.objects.bulk_create(fresh)
    Bucket.objects.bulk_update(standing.values(), ["size"], batch_size=BATCH)


def _touch_columns(placements: list[Placement]) -> None:
    newest: dict[int, datetime] = {}
    for placement in placements:
        assert placement.published_at is not None  # noqa: S101 - the archive is published
        newest[placement.column_id] = max(
            placement.published_at, newest.get(placement.column_id, placement.published_at)
        )
    columns = list(Column.objects.filter(pk__in=newest))
    for column in columns:
        column.updated_at = max(newest[column.pk], column.updated_at or newest[column.pk])
    Column.objects.bulk_update(columns, ["updated_at"])


def _sheet(row: Article, staff: Staff) -> Iterator[SheetLine]:
    """Three approvals in the hours before publication; the round's number is the article's, below zero."""
    assert row.published_at is not None  # noqa: S101 - the archive is published
    for hours, (step, office) in zip((30, 20, 4), STEP_ROLES, strict=True):
        person, post = staff.reviewer(office, row.unit)
        yield SheetLine(
            subject_type=Article._meta.label_lower,
            subject_id=row.pk,
            round_id=-row.pk,
            step=step,
            verb=Verb.APPROVE,
            person_id=person.pk,
            person_name=person.name,
            person_post=post,
            at=row.published_at - timedelta(hours=hours),
            opinion="同意。" if step != Step.SECRECY else "不涉密，同意公开。",
            title=row.title,
            unit_id=row.unit_id,
            revision_id=row.latest_revision_id or 0,
            digest="",
        )


def _reset_sequences(*models: type[Model]) -> None:
    """Numbers that were given by hand must not be given again (PostgreSQL)."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(sql)
