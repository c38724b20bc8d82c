"""Writing what was rendered, where nothing newer was asked for meanwhile: file and row in one short transaction."""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from menhu.delivery import tree
from menhu.delivery.manifest import intents
from menhu.delivery.manifest.layout import directory_of
from menhu.delivery.manifest.marking import mark_changed
from menhu.delivery.models import Page, PageTag, TagVersion
from menhu.delivery.publishing.rendering import Outcome
from menhu.delivery.publishing.turns import count_settled, turn
from menhu.delivery.rules import file_path, wait_after

logger = logging.getLogger(__name__)
_WRITTEN: Final = (
    "source", "rendered_generation", "status", "files", "size", "version", "directory", "rendered_at",
    "error", "attempts", "due_at", "claimed_by", "claimed_at",
)  # fmt: skip

IN_ONE_TURN: Final = 16
"""Pages that are put in place in one transaction, so that none lasts long."""
WRITERS: Final = 8
Ready = tuple[Outcome, tree.Staged | None]
_FIELDS: Final = {field.name: field for field in Page._meta.concrete_fields}


def settle(outcomes: Sequence[Outcome], by: str) -> int:
    """Write the outcomes that still stand; returns how many. A page that cannot be settled holds up no other."""
    try:
        return _settle(outcomes, by)
    except OperationalError:
        raise
    except DatabaseError as error:
        if len(outcomes) > 1:
            return sum(settle([outcome], by) for outcome in outcomes)
        logger.exception("could not settle %s", outcomes[0].page)
        if outcomes[0].error:
            raise
        return settle([replace(outcomes[0], error=f"{type(error).__name__}: {error}"[:300])], by)


def _settle(outcomes: Sequence[Outcome], by: str) -> int:
    ready = _all_staged(outcomes, by)
    settled = 0
    try:
        for at in range(0, len(ready), IN_ONE_TURN):
            settled += _place(ready[at : at + IN_ONE_TURN], by)
    finally:
        for _, staged in ready:
            if staged is not None:
                tree.drop(staged)
    return settled


def _place(ready: Sequence[Ready], by: str) -> int:
    """Announce, put or remove, and note in one transaction; the announcement is on disk before any file changes.

    It holds on where something failed: of a bundle some files may be new and others old until the next attempt.
    """
    announced = _announced(ready, by)
    with turn() as state:
        placed = [_in_place(o, staged) for o, staged in _standing(ready, by)]
        mark_changed((o.page.host, name) for o in placed if not o.error for name in o.changes)
        _store(placed)
        count_settled(state, len(placed))
    if not any(outcome.error for outcome in placed):
        intents.finish(announced)
    return len(placed)


def _announced(ready: Sequence[Ready], by: str) -> tuple[Path, ...]:
    """The intents; a disk too full even for these keeps no retraction from being done."""
    changes = [
        intents.Change(outcome.page.host, name, sha256)
        for outcome, staged in ready
        if staged is not None or outcome.is_gone
        for name, sha256 in outcome.changes.items()
    ]
    try:
        return intents.write(changes, by)
    except OSError as error:
        logger.error("announcing %s changes failed: %s", len(changes), error)
        return ()


def _all_staged(outcomes: Sequence[Outcome], by: str) -> list[Ready]:
    """Stage side by side: a disk syncs many files at once hardly slower than one."""
    if len(outcomes) == 1:
        return [_staged(outcomes[0], by)]
    with ThreadPoolExecutor(WRITERS) as writers:
        return list(writers.map(partial(_staged, by=by), outcomes))


def _staged(outcome: Outcome, by: str) -> Ready:
    """Write the bytes beside their place before the transaction begins; a full disk is this page's error."""
    if not outcome.is_file:
        return outcome, None
    try:
        fingerprints = tuple(part.fingerprint() for part in outcome.parts)
        return replace(outcome, files=fingerprints), tree.stage(outcome.address, outcome.parts, by)
    except (OSError, ValueError) as error:
        return _failed(outcome, error), None


def _failed(outcome: Outcome, error: Exception) -> Outcome:
    logger.error("writing %s failed: %s", outcome.page, error)
    return replace(outcome, error=f"{type(error).__name__}: {error}"[:300])


def _standing(ready: Sequence[Ready], by: str) -> list[Ready]:
    """Those whose page is still ours and of the same generation, and that read nothing stale; the turn is held."""
    now = dict(Page.objects.filter(pk__in=[o.page.pk for o, _ in ready], claimed_by=by).values_list("pk", "generation"))
    standing = [(o, staged) for o, staged in ready if now.get(o.page.pk) == o.page.generation]
    stale = _stale(o for o, _ in standing)
    Page.objects.filter(pk__in=[o.page.pk for o in stale]).update(claimed_by="", claimed_at=None)
    return [(o, staged) for o, staged in standing if o not in stale]


def _stale(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Renders that read a tag which changed after they began, before they could be known as its readers."""
    rendered = [outcome for outcome in outcomes if outcome.tags]
    if not rendered:
        return []
    newer = dict(
        TagVersion.objects.filter(
            tag__in=frozenset[str]().union(*(o.tags for o in rendered)), intake__gt=min(o.seen for o in rendered)
        ).values_list("tag", "intake")
    )
    return [o for o in rendered if any(newer.get(tag, 0) > o.seen for tag in o.tags)] if newer else []


def _in_place(outcome: Outcome, staged: tree.Staged | None) -> Outcome:
    """The rename or the removal itself."""
    try:
        if staged is not None:
            tree.put(staged)
        elif outcome.is_gone:
            tree.remove(tree.locate_all(outcome.address))
    except OSError as error:
        return _failed(outcome, error)
    return outcome


def _store(outcomes: Sequence[Outcome]) -> None:
    unknown = [o.page.pk for o in outcomes if o.is_gone and o.rendered is None]
    kept = [o for o in outcomes if o.page.pk not in set(unknown)]
    _write_rows([_noted(outcome) for outcome in kept])
    _store_tags([o for o in kept if not o.error])
    PageTag.objects.filter(page_id__in=unknown).delete()
    Page.objects.filter(pk__in=unknown).delete()


def _write_rows(pages: Sequence[Page]) -> None:
    """One prepared statement for all rows: `bulk_update` would take several times as long while the turn is held."""
    fields = [_FIELDS[name] for name in (*_WRITTEN, "id")]
    columns = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields[:-1])
    rows = [[field.get_db_prep_save(field.value_from_object(p), connection) for field in fields] for p in pages]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {Page._meta.db_table} SET {columns} WHERE id = %s", rows)  # noqa: S608


def _noted(outcome: Outcome) -> Page:
    """The row as it is to be; the outcome keeps the one that was: a transaction that fails is settled once more."""
    page = copy(outcome.page)
    page.claimed_by, page.claimed_at, page.error = "", None, outcome.error
    if outcome.error or outcome.rendered is None:
        page.attempts += 1
        page.due_at = timezone.now() + wait_after(page.attempts)
        return page
    page.source, page.status, page.attempts = outcome.source, outcome.rendered.status, 0
    page.rendered_generation, page.rendered_at = page.generation, timezone.now()
    if outcome.changes:
        page.version = page.generation
    page.directory = directory_of(file_path(page.path) or "")
    page.files, page.size = outcome.files, sum(size for _, _, size in outcome.files)
    return page


def _store_tags(outcomes: Sequence[Outcome]) -> None:
    """Bring page→tags up to date; nothing is written where a page read what it read before."""
    stored: dict[int, dict[str, int]] = {o.page.pk: {} for o in outcomes}
    rows = PageTag.objects.filter(page_id__in=stored).values_list("page_id", "tag", "pk")
    for page, tag, key in rows:
        stored[page][tag] = key
    gone = [key for o in outcomes for tag, key in stored[o.page.pk].items() if tag not in o.tags]
    new = [PageTag(page=o.page, tag=tag) for o in outcomes for tag in sorted(o.tags - stored[o.page.pk].keys())]
    if gone:
        PageTag.objects.filter(pk__in=gone).delete()
    PageTag.objects.bulk_create(new, batch_size=500)
