"""What is done once for each release, before anything is served: tables, static files, pages of the new release."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from menhu.delivery.assets import ASSETS
from menhu.delivery.models import Lane, PublishingState
from menhu.delivery.outbox import EVERYTHING, announce
from menhu.delivery.publishing.turns import turn

PACKAGES: Final = ("menhu", "config")
STAMP: Final = ".release"

Say = Callable[[str], None]


def prepare(say: Say = lambda line: None) -> None:
    """Bring tables, static files and pages up to the installed release; does nothing when they are."""
    release = current_release()
    _collect_static(release, say)
    if _recorded_release() == release:
        return
    say(_("正在更新数据库……"))
    call_command("migrate", interactive=False, verbosity=0)
    with turn() as state, transaction.atomic():
        state.release = release
        state.save(update_fields=["release"])
        announce([ASSETS])
        announce([EVERYTHING], lane=Lane.BULK)


def current_release() -> str:
    """A hash of the installed program: the same on every machine that runs the same release."""
    digest = hashlib.sha256(settings.STATIC_URL.encode())
    for path in _program():
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _program() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted(Path(settings.BASE_DIR, package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _collect_static(release: str, say: Say) -> None:
    stamp = Path(settings.STATIC_ROOT, STAMP)
    if stamp.is_file() and stamp.read_text(encoding="ascii") == release:
        return
    say(_("正在收集静态文件……"))
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(release, encoding="ascii")


def _recorded_release() -> str:
    try:
        return PublishingState.objects.values_list("release", flat=True).first() or ""
    except DatabaseError:
        return ""
