# ruff: noqa: N999 - the command is called "move-in", and Django takes its name from the file
import json
import os
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.articles.actions.movein import stage
from menhu.articles.models import MoveInBatch, MoveInItem, MoveInVerdict
from menhu.articles.movein import FoundPage, find_pages, read_pages
from menhu.core.sanitising import plain_text
from menhu.sites.enums import SiteKind
from menhu.sites.models import Column, Site


@dataclass(frozen=True, slots=True)
class Line:
    """One file in the report; the names are those of the JSON."""

    file: str
    verdict: str
    reason: str
    title: str
    pub_date: str
    source: str
    column: str
    body: str
    missing: tuple[str, ...] = ()


class Command(BaseCommand):
    help = str(
        gettext_lazy("迁入旧站保存的网页：暂存为一个批次，由人核对后接收为草稿。--dry-run 只看结果，什么也不写。")
    )
    # A trial run must work before there is any database.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", help=_("存放网页（.html、.htm）的目录，连同其下各级目录"))
        parser.add_argument("--site", default="", help=_("迁入哪个网站：路径如 jyj，门户写 portal，或写网站全名"))
        parser.add_argument("--column", default="", help=_("迁入哪个栏目：代号如 tzgg，或路径如 /zwgk/tzgg/，或名称"))
        parser.add_argument("--dry-run", action="store_true", help=_("只读取和报告，不写数据库"))
        parser.add_argument("--json", action="store_true", dest="as_json", help=_("以 JSON 输出每个文件的结果"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Stage the pages of a folder, or only report on them; always one line of report for each file."""
        root = Path(options["folder"])
        pages = _pages(root)
        site, column = _destination(options["site"], options["column"], is_needed=not options["dry_run"])
        self.total, self.shows_progress = len(pages), not options["as_json"] or sys.stderr.isatty()
        if options["dry_run"] or site is None or column is None:
            lines = list(self._tried(root, pages))
        else:
            lines = self._staged(root, pages, site, column)
        self._report(lines, as_json=options["as_json"], is_dry=options["dry_run"])

    def _tried(self, root: Path, pages: Sequence[Path]) -> Iterator[Line]:
        for done, page in enumerate(read_pages(root, pages), start=1):
            self._tell(done)
            yield _line_of_page(page)

    def _staged(self, root: Path, pages: Sequence[Path], site: Site, column: Column) -> list[Line]:
        try:
            batch = stage(root=root, pages=pages, site=site, column=column, by=None, told=self._tell)
        except ValidationError as fault:
            raise CommandError("；".join(fault.messages)) from fault
        self.batch = batch
        return [_line_of_item(item) for item in _items(batch)]

    def _tell(self, done: int) -> None:
        is_step = done == self.total or done % 50 == 0
        if self.shows_progress and is_step:
            self.stderr.write(_("已读取 %(done)d / %(total)d") % {"done": done, "total": self.total})

    def _report(self, lines: Sequence[Line], *, as_json: bool, is_dry: bool) -> None:
        if as_json:
            shown = [{name: getattr(line, name) for name in JSON_FIELDS} for line in lines]
            self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1))
            return
        for line in lines:
            self.stdout.write(_text_of(line))
        self.stdout.write(_summary(lines))
        if is_dry:
            self.stdout.write(_("这是试运行，什么也没有写入。"))
        else:
            self.stdout.write(_("已暂存为第 %(batch)d 批，请到后台“旧站迁入”核对后接收。") % {"batch": self.batch.pk})


JSON_FIELDS = ("file", "verdict", "reason", "title", "pub_date", "source", "column", "body")


def _pages(root: Path) -> list[Path]:
    if not root.is_dir():
        raise CommandError(_("没有这个目录：%(folder)s") % {"folder": root})
    if not os.access(root, os.R_OK | os.X_OK):
        raise CommandError(_("没有读取这个目录的权限：%(folder)s") % {"folder": root})
    pages = find_pages(root)
    if not pages:
        raise CommandError(_("目录里没有网页文件（.html、.htm）：%(folder)s") % {"folder": root})
    return pages


def _destination(site_name: str, column_name: str, *, is_needed: bool) -> tuple[Site | None, Column | None]:
    """The site and column asked for; a trial run needs none, but what it names must exist."""
    if is_needed and not (site_name and column_name):
        raise CommandError(_("请用 --site 和 --column 写明迁入哪个网站的哪个栏目；只想看结果请加 --dry-run。"))
    if not site_name:
        return None, None
    try:
        site = _site(site_name)
        return site, _column(site, column_name) if column_name else None
    except DatabaseError as error:
        raise CommandError(_("数据库还没有建立，请先运行 menhu migrate；只想看结果请只用 --dry-run。")) from error


def _site(name: str) -> Site:
    key = name.strip().strip("/")
    is_portal = Q(kind=SiteKind.PORTAL) if key in {"", "portal"} else Q(pk__in=())
    by_prefix = Q(prefix=f"/{key}") if key else Q(pk__in=())
    by_name = Q(name=key) | Q(host=key, prefix="")
    found = list(Site.objects.filter(is_portal | by_prefix | by_name).order_by("pk")[:2])
    if len(found) != 1:
        known = "、".join(site.prefix.strip("/") or "portal" for site in Site.objects.order_by("pk")[:20])
        raise CommandError(
            _("没有这个网站：%(name)s。可以是：%(known)s") % {"name": name, "known": known or _("（还没有网站）")}
        )
    return found[0]


def _column(site: Site, name: str) -> Column:
    key = name.strip()
    matching = Q(slug=key) | Q(path=f"/{key.strip('/')}/") | Q(name=key)
    found = list(Column.objects.standing().filter(matching, site=site).select_related("owner").order_by("pk")[:2])
    if len(found) == 1:
        return found[0]
    columns = Column.objects.standing().filter(site=site).order_by("position", "pk")[:30]
    known = "、".join(column.path.strip("/") for column in columns)
    problem = _("网站“%(site)s”有不止一个“%(name)s”，请写路径") if found else _("网站“%(site)s”没有这个栏目：%(name)s")
    raise CommandError((problem + _("。可以是：%(known)s")) % {"site": site.name, "name": name, "known": known})


def _items(batch: MoveInBatch) -> Iterable[MoveInItem]:
    return MoveInItem.objects.filter(batch=batch).order_by("file").iterator(chunk_size=200)


def _line_of_page(page: FoundPage) -> Line:
    reading = page.reading
    return Line(
        file=page.name,
        verdict=str(reading.verdict),
        reason=reading.reason,
        title=reading.title,
        pub_date=reading.pub_date_iso or reading.pub_date_text,
        source=reading.source,
        column=reading.column,
        body=reading.body_text,
        missing=tuple(lost.name or lost.href for lost in page.missing),
    )


def _line_of_item(item: MoveInItem) -> Line:
    return Line(
        file=item.file,
        verdict=item.verdict,
        reason=item.reason,
        title=item.title,
        pub_date=item.data.get("date", ""),
        source=item.source,
        column=item.column_name,
        body=plain_text(item.body),
        missing=tuple(lost["name"] or lost["href"] for lost in item.data.get("missing", [])),
    )


def _text_of(line: Line) -> str:
    parts = [f"[{MoveInVerdict(line.verdict).label}] {line.file}", line.title, line.reason]
    text = "  ".join(part for part in parts if part)
    return "\n".join([text, *(f"    {_('缺少')}：{name}" for name in line.missing)])


def _summary(lines: Sequence[Line]) -> str:
    found = Counter(line.verdict for line in lines)
    figures = {"total": len(lines), **{verdict: found[verdict] for verdict in MoveInVerdict.values}}
    return _("共 %(total)d 个网页：可用 %(taken)d，存疑 %(doubtful)d，不收 %(refused)d。") % figures
