"""What the public reads of letters: the newest with their numbers, month by month, one by one."""

from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.articles.rules import bucket_key, bucket_name
from menhu.core.frames import Entry, Fact, Link
from menhu.delivery.sources import reads
from menhu.letters import contexts, tags
from menhu.letters.actions.counting import PORTAL
from menhu.letters.models import Figures, PublicCopy
from menhu.letters.public.addresses import HOME, QUESTIONS, SAME, copy_path, month_path
from menhu.sites.models import Site
from menhu.sites.public.framing import crumbs, frame_for, plain_head

NEWEST: Final = 20
ARCHIVE: Final = 12
TALLEST: Final = 100
LEVELS: Final = {5: _("非常满意"), 4: _("满意"), 3: _("基本满意"), 2: _("不满意"), 1: _("非常不满意")}
WRITE: Final = f"{HOME}write/"
CHECK: Final = f"{HOME}check/"


def letters_page(site: Site) -> contexts.LettersPage:
    """The newest public letters and the numbers as the clock last took them: three queries."""
    reads(tags.newest(), tags.figures(), tags.mailboxes())
    numbers = Figures.objects.filter(key=PORTAL).values_list("numbers", flat=True).first() or {}
    rows = PublicCopy.objects.published().newest_first().select_related("unit")[:NEWEST]
    title, lead = _("来信与答复"), _("写给县长、12345 或任何一个单位。来了多少、答了多少、办得怎样，都在这里。")
    return contexts.LettersPage(
        frame=frame_for(site),
        head=plain_head(site, title, HOME, description=lead),
        crumbs=crumbs(site, last=title),
        write_url=WRITE,
        check_url=CHECK,
        questions_url=QUESTIONS,
        figures=figures_of(numbers),
        entries=entries(rows),
        months=_months(numbers),
        levels=_levels(numbers),
        units=tuple(_unit(row) for row in numbers.get("units", [])),
        kinds=tuple(
            (row["kind__name"], str(row["received"]), str(row["answered"])) for row in numbers.get("kinds", [])
        ),
        archive=_archive(),
        since=date.fromisoformat(numbers["since"]) if numbers else None,
    )


def month_page(site: Site, name: str) -> contexts.MonthPage | None:
    """The public letters of a month, of a crowded one a part of them; None for a page without any."""
    if bucket_name(*bucket_key(name)) != name:
        return None
    reads(tags.bucket(name))
    rows = PublicCopy.objects.published()
    found = entries(rows.on_page(name).newest_first().select_related("unit"))
    if not found:
        return None
    title = _("%(month)s 公开的来信") % {"month": _label(name)}
    return contexts.MonthPage(
        frame=frame_for(site),
        head=plain_head(site, title, month_path(name)),
        crumbs=(*crumbs(site), Link(label=_("来信与答复"), url=HOME), Link(label=_label(name), url="")),
        entries=found,
        newer=_link(rows.page_beside(name, is_newer=True)),
        older=_link(rows.page_beside(name, is_newer=False)),
    )


def letter_page(site: Site, copy: PublicCopy) -> contexts.LetterPage:
    """One public letter; the caller has seen that it is public."""
    reads(tags.copy(copy.pk))
    return contexts.LetterPage(
        frame=frame_for(site),
        head=plain_head(site, copy.title, copy_path(copy), description=copy.question[:80]),
        crumbs=(*crumbs(site), Link(label=_("来信与答复"), url=HOME), Link(label=_("来信"), url="")),
        kind=copy.kind.name,
        title=copy.title,
        written_on=copy.written_on,
        question=paragraphs(copy.question),
        answer=paragraphs(copy.answer),
        unit=copy.unit.name,
        answered_at=timezone.localtime(copy.answered_at),
        facts=_facts(copy),
        write_url=WRITE,
        same_url=SAME,
        same=same.shown if (same := getattr(copy, "same_matter", None)) else 0,
        letter=copy.pk,
    )


def entries(rows: Any, prefix: str = "") -> tuple[Entry, ...]:
    """Lines of a list, dated by the day on which the letter was made public; `prefix` leads to the portal's host."""
    return tuple(
        Entry(
            title=row.title, url=f"{prefix}{copy_path(row)}", on=timezone.localdate(row.published_at), by=row.unit.name
        )
        for row in rows
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """Plain text as paragraphs."""
    return tuple(part for line in text.split("\n") if (part := line.strip()))


def _facts(copy: PublicCopy) -> tuple[Fact, ...]:
    days = (timezone.localdate(copy.answered_at) - copy.written_on).days
    found = [Fact(name=_("答复"), value=copy.unit.name), Fact(name=_("用时"), value=_("%(days)d 天") % {"days": days})]
    if copy.rating:
        found.append(Fact(name=_("来信人评价"), value=str(LEVELS[copy.rating])))
    return tuple(found)


def figures_of(numbers: dict[str, Any]) -> tuple[contexts.FigureShown, ...]:
    """The key numbers; none before the clock first took them."""
    if not numbers:
        return ()
    shown = contexts.FigureShown
    median = numbers.get("median_days")
    return (
        shown(label=_("收到来信"), value=f"{numbers['received']:,}", unit=_("封"), is_key=True),
        shown(label=_("已经答复"), value=f"{numbers['answered']:,}", unit=_("封")),
        shown(label=_("一半在这些天内答复"), value="—" if median is None else f"{median:g}", unit=_("天")),
        shown(label=_("满意率"), value=percent(numbers["content"], numbers["rated"]), unit=""),
    )


def _months(numbers: dict[str, Any]) -> tuple[contexts.MonthShown, ...]:
    """All months of the snapshot, also those in which nothing came."""
    if not numbers:
        return ()
    found = {row["month"]: row for row in numbers["months"]}
    nothing = {"received": 0, "answered": 0, "content": 0, "rated": 0}
    rows = [{"month": month, **nothing, **found.get(month, {})} for month in _twelve(numbers["since"])]
    most = max((row["received"] for row in rows), default=1) or 1
    return tuple(
        contexts.MonthShown(
            month=row["month"],
            received=row["received"],
            answered=row["answered"],
            content=percent(row["content"], row["rated"]),
            received_height=round(row["received"] * TALLEST / most, 1),
            answered_height=round(row["answered"] * TALLEST / most, 1),
        )
        for row in rows
    )


def _twelve(since: str) -> list[str]:
    """The twelve months from this day on: "2025-12", …"""
    first = date.fromisoformat(since)
    places = range(first.year * 12 + first.month - 1, first.year * 12 + first.month + 11)
    return [f"{place // 12:04d}-{place % 12 + 1:02d}" for place in places]


def _levels(numbers: dict[str, Any]) -> tuple[contexts.LevelShown, ...]:
    """The five ratings as one bar; none while nobody has rated."""
    rows = numbers.get("levels", [])
    whole, before, found = sum(count for _level, count in rows), 0, []
    for level, count in rows if whole else ():
        start, width = round(before * TALLEST / whole, 2), round(count * TALLEST / whole, 2)
        label, share = str(LEVELS[level]), percent(count, whole)
        shown = contexts.LevelShown(level=level, label=label, count=count, share=share, start=start, width=width)
        found.append(shown)
        before += count
    return tuple(found)


def _unit(row: dict[str, Any]) -> contexts.UnitShown:
    answered = row["answered"]
    return contexts.UnitShown(
        name=row["lead__short_name"],
        received=row["received"],
        answered=answered,
        in_time=percent(row["in_time"], answered),
        in_time_width=round(row["in_time"] * TALLEST / answered, 1) if answered else None,
        days="—" if row["days"] is None else _("%(days)s 天") % {"days": f"{row['days']:g}"},
        rated=row["rated"],
        content=percent(row["content"], row["rated"]),
    )


def percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.0f}%" if whole else "—"


def _archive() -> tuple[Link, ...]:
    """The newest months that have letters, each by its newest page: one indexed probe each."""
    found: list[Link] = []
    month, rows = "9999-99", PublicCopy.objects.published()
    while len(found) < ARCHIVE and (page := rows.page_beside(month, is_newer=False)):
        month, _part = bucket_key(page)
        found.append(Link(label=month, url=month_path(page)))
    return tuple(found)


def _link(page: str | None) -> Link | None:
    return Link(label=_label(page), url=month_path(page)) if page else None


def _label(page: str) -> str:
    """ "2026-06（2）" for "2026-06-2"."""
    month, part = bucket_key(page)
    return month if part == 1 else f"{month}（{part}）"
