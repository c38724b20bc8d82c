"""A folder of this machine, or one mounted from another."""

import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from menhu.delivery.manifest.reading import read_plain

OURS = ".push.tmp"


class FolderPlace:
    """Each file is written beside its place and renamed. Links in the target are never followed, only replaced."""

    def __init__(self, top: Path) -> None:
        self._top = top

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Raises OSError."""
        found = dict[str, bytes]()
        for name in names:
            if _is_kind(self._top / name, stat.S_ISREG):
                found[name] = read_plain(self._top / name)
        return found

    def read_all(self, folder: str) -> dict[str, bytes]:
        """Raises OSError."""
        try:
            entries = sorted(os.listdir(self._top / folder))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        return self.read([f"{folder}/{name}" for name in entries])

    def names(self, host: str) -> Iterator[str]:
        """Links count as files."""
        for folder, folders, files in os.walk(self._top / host, onerror=_refuse):
            here = Path(folder)
            links = [name for name in folders if (here / name).is_symlink()]
            yield from ((here / name).relative_to(self._top).as_posix() for name in [*files, *links])

    def put(self, files: Mapping[str, bytes]) -> None:
        """Raises OSError."""
        for name, body in files.items():
            self._make_way(name)
            _write(self._top / name, body)

    def _make_way(self, name: str) -> None:
        """Directories down to the file; what strangers put in the way goes, links as links. The host is no link."""
        if not self._top.is_dir():
            raise FileNotFoundError(_("目标目录不存在：%s") % self._top)
        host, *folders = name.split("/")[:-1]
        at = self._top / host
        if at.is_symlink():
            raise NotADirectoryError(_("目标的主机目录是链接，不往里写：%s") % at)
        at.mkdir(exist_ok=True)
        for folder in folders:
            at /= folder
            if not _is_kind(at, stat.S_ISDIR):
                at.unlink(missing_ok=True)
                at.mkdir(exist_ok=True)
        final = self._top / name
        if _is_kind(final, stat.S_ISDIR):
            shutil.rmtree(final)

    def remove(self, names: Collection[str]) -> None:
        """Directories that are left empty go too, up to the host's own."""
        for name in names:
            file = self._top / name
            if not self._is_inside(file):
                continue
            for path in (_fresh(file), file):
                if _is_kind(path, lambda mode: not stat.S_ISDIR(mode)):
                    path.unlink(missing_ok=True)
            self._prune(file.parent)

    def _is_inside(self, file: Path) -> bool:
        """Whether no link leads there."""
        return file.parent.resolve() == self._top.resolve() / file.parent.relative_to(self._top)

    def _prune(self, folder: Path) -> None:
        while folder.parent != self._top:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _is_kind(path: Path, kind: Callable[[int], bool]) -> bool:
    try:
        return kind(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _fresh(final: Path) -> Path:
    return final.with_name(f".{final.name[:60]}{OURS}")


def _write(final: Path, body: bytes) -> None:
    fresh = _fresh(final)
    fresh.unlink(missing_ok=True)
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as file:
            file.write(body)
            file.flush()
            if settings.PUBLIC_FSYNC:
                os.fsync(file.fileno())
        fresh.replace(final)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
