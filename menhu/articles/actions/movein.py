"""Moving in an old site: saved pages are staged in a batch, looked at by a person, accepted as ordinary drafts."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape, unescape
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Count, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.articles import policies
from menhu.articles.actions.drafting import draft
from menhu.articles.actions.guarding import require
from menhu.articles.models import Article, MoveInBatch, MoveInDecision, MoveInItem, MoveInVerdict
from menhu.articles.movein import FoundPage, LocalFile, PageReading, Verdict, read_pages
from menhu.audit.trail import record
from menhu.core.portions import portions
from menhu.core.sanitising import clean_article_html
from menhu.files.actions import store_upload
from menhu.files.models import StoredFile
from menhu.files.rules import UploadRefused
from menhu.review.policies import Refused
from menhu.sites.models import Column, Site
from menhu.units.models import Unit
from menhu.units.policies import post_label

CHUNK: Final = 50
_REFERENCE = re.compile(r'\b(src|href)="([^"]*)"')
_LIVE_DECISIONS: Final = (MoveInDecision.WAITING, MoveInDecision.ACCEPTED)


def counts(batch: MoveInBatch) -> dict[str, int]:
    """How many pages were taken, doubtful and refused; together they are the pages of the batch."""
    rows = MoveInItem.objects.filter(batch=batch).order_by().values_list("verdict")
    return {**dict.fromkeys(MoveInVerdict.values, 0), **dict(rows.annotate(number=Count("pk")))}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of accepting: the drafts made, and the pages that could not become one, each with its reason."""

    drafts: list[Article]
    failures: list[tuple[MoveInItem, str]]


def responsible_unit(site: Site, column: Column) -> Unit:
    """The unit that will answer for what is moved into a column; raises ValidationError where nothing can be."""
    if column.site_id != site.pk or not policies.takes_articles(column):
        raise ValidationError(_("栏目“%(column)s”不收文章。") % {"column": column.name})
    return column.owner if policies.may_first_publish_on(column.owner, site) else site.unit


def stage(
    *,
    root: Path,
    pages: Sequence[Path],
    site: Site,
    column: Column,
    by: User | None,
    told: Callable[[int], None] | None = None,
) -> MoveInBatch:
    """Read the pages of a folder into a batch; every file gets a verdict, no file stops the others.

    `by=None` is the house itself (the command line). `told` is called with the number of pages done so far.
    """
    unit = responsible_unit(site, column)
    require(by is None or policies.may_draft(by, unit), _("只有责任单位和网站管理员可以迁入旧站页面。"))
    with transaction.atomic():
        batch = MoveInBatch.objects.create(
            site=site, column=column, unit=unit, folder=str(root.resolve())[-300:], file_count=len(pages), created_by=by
        )
        _note("stage", batch, by=by, files=len(pages))
    staging = _Staging(batch, by)
    found = read_pages(root, pages)
    done = 0
    for chunk in portions(found, CHUNK):
        staging.keep(chunk)
        done += len(chunk)
        if told is not None:
            told(done)
    return batch


def accept(*, items: Iterable[MoveInItem], by: User) -> Outcome:
    """Make drafts of staged pages; each passes the reviews like any other text. Raises Refused for a foreign unit."""
    outcome = Outcome([], [])
    for item in items:
        require(policies.may_draft(by, item.batch.unit), _("只有责任单位和网站管理员可以接收迁入的页面。"))
        try:
            outcome.drafts.append(_accept(item, by))
        except ValidationError as fault:
            outcome.failures.append((item, "；".join(fault.messages)))
        except Refused as refusal:
            outcome.failures.append((item, str(refusal)))
    return outcome


def drop(*, items: Iterable[MoveInItem], by: User) -> int:
    """Leave staged pages out for good; returns how many. Dropped pages may be moved in again later."""
    dropped = 0
    for item in items:
        require(policies.may_draft(by, item.batch.unit), _("只有责任单位和网站管理员可以处理迁入的页面。"))
        with transaction.atomic():
            if _decide(item, MoveInDecision.DROPPED, by):
                _note("drop", item.batch, by=by, file=item.file)
                dropped += 1
    return dropped


# staging


@dataclass(slots=True)
class _Staging:
    """The batch being filled, and the files it has stored so far, so that none is kept twice."""

    batch: MoveInBatch
    by: User | None
    stored: dict[Path, StoredFile | str] = field(default_factory=dict)

    def keep(self, pages: Sequence[FoundPage]) -> None:
        """Stage some pages: two queries for all of them, then one insert."""
        earlier = _Earlier.of(pages)
        rows = [self._row(page, earlier) for page in pages]
        MoveInItem.objects.bulk_create(rows)

    def _row(self, page: FoundPage, earlier: "_Earlier") -> MoveInItem:
        reading = page.reading
        row = MoveInItem(batch=self.batch, file=page.name[-300:], digest=page.digest)
        row.title, row.source, row.column_name = reading.title[:300], reading.source[:120], reading.column[:120]
        reason = reading.reason if reading.verdict is Verdict.REFUSED else earlier.repeats(page)
        if not reason:
            return self._taken(row, page)
        row.verdict, row.reason = MoveInVerdict.REFUSED, reason[:400]
        return row

    def _taken(self, row: MoveInItem, page: FoundPage) -> MoveInItem:
        reading, doubts = page.reading, [page.reading.reason] if page.reading.reason else []
        files, unusable = self._store(page.files)
        if unusable:
            doubts.append(_("有 %(count)d 个图片或附件不能带入") % {"count": len(unusable)})
        doubts += _doubts(reading)
        row.verdict = MoveInVerdict.DOUBTFUL if doubts else MoveInVerdict.TAKEN
        row.reason = "；".join(doubts)[:400]
        row.original_url = _usable_url(reading.original_url)
        row.published_at = _past(reading.pub_date)
        row.body = _with_own_files(reading.body_html, files, row.original_url)
        row.data = _other_facts(page, files, unusable)
        return row

    def _store(self, files: Iterable[LocalFile]) -> tuple[dict[str, StoredFile], dict[str, str]]:
        """Keep the files of a page privately: by address as written, and those not taken with the reason."""
        taken: dict[str, StoredFile] = {}
        unusable: dict[str, str] = {}
        for file in files:
            if file.path not in self.stored:
                self.stored[file.path] = _stored(file, self.batch.unit, self.by)
            result = self.stored[file.path]
            if isinstance(result, StoredFile):
                taken[file.reference.href] = result
            else:
                unusable[file.reference.href] = result
        return taken, unusable


@dataclass(frozen=True, slots=True)
class _Earlier:
    """Pages that were moved in before, found by their bytes or by their address."""

    by_digest: Mapping[str, MoveInItem]
    by_address: Mapping[str, MoveInItem]

    @classmethod
    def of(cls, pages: Sequence[FoundPage]) -> "_Earlier":
        rows = MoveInItem.objects.filter(decision__in=_LIVE_DECISIONS).exclude(verdict=MoveInVerdict.REFUSED)
        rows = rows.select_related("batch").defer("body", "data")
        digests = {page.digest for page in pages if page.digest}
        urls = {page.reading.original_url for page in pages if page.reading.original_url}
        return cls(
            {item.digest: item for item in rows.filter(digest__in=digests)},
            {item.original_url: item for item in rows.filter(original_url__in=urls)},
        )

    def repeats(self, page: FoundPage) -> str:
        """Why a page is not taken because of an earlier batch."""
        earlier = self.by_digest.get(page.digest) or self.by_address.get(page.reading.original_url)
        if earlier is None:
            return ""
        on = timezone.localtime(earlier.batch.created_at).strftime("%Y-%m-%d %H:%M")
        return _("这个页面已在 %(on)s 的批次里迁入过（%(file)s）") % {"on": on, "file": earlier.file}


def _stored(file: LocalFile, unit: Unit, by: User | None) -> StoredFile | str:
    """The upload made of a file beside a page, or why it is not taken."""
    try:
        with file.path.open("rb") as opened:
            return store_upload(File(opened, name=_upload_name(file)), unit=unit, by=by)
    except UploadRefused as refused:
        return str(refused)
    except OSError as error:
        return _("文件无法读取：%(error)s") % {"error": error.strerror or type(error).__name__}


def _upload_name(file: LocalFile) -> str:
    """Attachments are called as the page calls them, with the suffix that the file has."""
    name, suffix = file.reference.name.strip(), file.path.suffix
    if file.is_image or not name:
        return file.path.name
    return name if name.lower().endswith(suffix.lower()) else f"{name}{suffix}"


def _doubts(reading: PageReading) -> list[str]:
    """What our own tables cannot hold or believe."""
    longest = _room(Article, "title") or 0
    found = []
    if len(reading.title) > longest:
        found.append(
            _("标题有 %(count)d 字，接收时只留前 %(limit)d 字") % {"count": len(reading.title), "limit": longest}
        )
    if reading.pub_date is not None and _past(reading.pub_date) is None:
        found.append(_("发布时间在将来，没有采用"))
    if reading.original_url and not _usable_url(reading.original_url):
        found.append(_("原网址写法不规范，没有采用"))
    return found


def _room(model: type[Model], field_name: str) -> int | None:
    """How many characters a field holds; None where it holds any number."""
    longest: int | None = getattr(model._meta.get_field(field_name), "max_length", None)
    return longest


def _past(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment <= timezone.now() else None


def _usable_url(url: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return ""
    return url if len(url) <= (_room(MoveInItem, "original_url") or 0) else ""


def _with_own_files(html: str, files: Mapping[str, StoredFile], base: str) -> str:
    """Lead pictures and links to our own copies; other short addresses to where they were."""

    def lead(match: re.Match[str]) -> str:
        address = unescape(match[2])
        own = files.get(address)
        new = own.public_path if own else _joined(base, address)
        return f'{match[1]}="{escape(new)}"'

    return clean_article_html(_REFERENCE.sub(lead, html))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address) if base else address
    except ValueError:
        return address


def _other_facts(page: FoundPage, files: Mapping[str, StoredFile], unusable: Mapping[str, str]) -> dict[str, Any]:
    reading = page.reading
    inside = {unescape(address) for _name, address in _REFERENCE.findall(reading.body_html)}
    outside = [reference for reference in reading.attachments if reference.href not in inside]
    missing = [{"name": lost.name, "href": lost.href, "reason": ""} for lost in page.missing]
    missing += [{"name": "", "href": href, "reason": reason} for href, reason in unusable.items()]
    return {
        "author": reading.author,
        "keywords": _own_keywords(reading),
        "summary": _own_summary(reading),
        "date": reading.pub_date_iso or reading.pub_date_text,
        "encoding": reading.encoding,
        "site_name": reading.site_name,
        "column_type": reading.column_type,
        "files": sorted({file.pk for file in files.values()}),
        "attachments": [[files[one.href].pk, one.name] for one in outside if one.href in files],
        "missing": missing,
    }


def _own_keywords(reading: PageReading) -> str:
    """Key words that occur in the text; those of the whole site, which many systems repeat on each page, do not."""
    words = [word for word in re.split(r"[,，;；、\s]+", reading.keywords) if word]
    own = [word for word in words if word in reading.title or word in reading.body_text]
    return " ".join(own) if own and len(own) * 2 >= len(words) else ""


def _own_summary(reading: PageReading) -> str:
    """The description, if it speaks of this text and not of the whole site."""
    start = "".join(reading.description.split())[:20]
    return reading.description if start and start in "".join(reading.body_text.split()) else ""


# decisions


@transaction.atomic
def _accept(item: MoveInItem, by: User) -> Article:
    if item.verdict == MoveInVerdict.REFUSED:
        raise Refused(_("不收的页面不能接收：%(reason)s") % {"reason": item.reason})
    if not _decide(item, MoveInDecision.ACCEPTED, by):
        raise Refused(_("这个页面已经处理过了。"))
    batch = item.batch
    files = StoredFile.objects.in_bulk([pk for pk, _name in item.data.get("attachments", [])])
    article = draft(
        unit=batch.unit,
        site=batch.site,
        by=by,
        columns=[batch.column],
        attachments=[(files[pk], name) for pk, name in item.data.get("attachments", []) if pk in files],
        **_fields(item),
    )
    MoveInItem.objects.filter(pk=item.pk).update(article=article)
    _note("accept", batch, by=by, file=item.file, article=article.pk)
    return article


def _fields(item: MoveInItem) -> dict[str, Any]:
    values = {
        "title": item.title,
        "body": item.body,
        "source": item.source or item.batch.unit.name,
        "author": item.data.get("author", ""),
        "keywords": item.data.get("keywords", ""),
        "summary": item.data.get("summary", ""),
        "original_url": item.original_url,
    }
    cut = {name: value[: _room(Article, name)] for name, value in values.items()}
    return {**cut, "original_published_at": item.published_at}


def _decide(item: MoveInItem, decision: MoveInDecision, by: User) -> bool:
    """Compare-and-set: only one person decides about a page, once."""
    waiting = MoveInItem.objects.filter(pk=item.pk, decision=MoveInDecision.WAITING)
    return bool(waiting.update(decision=decision, decided_by=by, decided_at=timezone.now()))


def _note(verb: str, batch: MoveInBatch, *, by: User | None, **data: Any) -> None:
    record(f"articles.movein_{verb}", batch, by=by, post=post_label(by) if by else "", data=data)
