"""What a target can do, and which one a setting names."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from menhu.delivery.targets.folders import FolderPlace
from menhu.delivery.targets.rsync import RsyncPlace
from menhu.delivery.targets.storages import StoragePlace

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ALIAS: Final = re.compile(r"[A-Za-z0-9_-]+")
_HOST: Final = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_PATH: Final = r"[A-Za-z0-9._/-]+"
_DAEMON: Final = re.compile(rf"rsync://(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?{_HOST}(?::[0-9]{{1,5}})?/{_PATH}")
_SHELL: Final = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9_.-]*@{_HOST}:/{_PATH}")


class Place(Protocol):
    """A target. Names are `<host>/<name>`, "/" between the parts; what does not work raises OSError."""

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """The files of these names; those that are not there are left out."""

    def read_all(self, folder: str) -> dict[str, bytes]:
        """The files that lie in this folder itself; none where there is no such folder."""

    def names(self, host: str) -> Iterator[str]:
        """Every file below the host, with the manifest's."""

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write the files in this order, each whole or not at all."""

    def remove(self, names: Collection[str]) -> None:
        """Take the files away; those that are not there are no error."""


def targets() -> dict[str, str]:
    """The targets of this install: name → address; raises ImproperlyConfigured where a name cannot be used."""
    given: dict[str, str] = settings.PUBLISH_TARGETS
    for name in given:
        if _NAME.fullmatch(name) is None:
            raise ImproperlyConfigured(_("发布目标的名称只能用小写字母、数字和短横线：%s") % name)
    return given


def place_of(address: str) -> Place:
    """The target at an address; raises ImproperlyConfigured where it is none, or is the public tree itself."""
    if address.startswith("file://"):
        return FolderPlace(_folder(address.removeprefix("file://")))
    if address.startswith("storage:") and _ALIAS.fullmatch(alias := address.removeprefix("storage:")):
        return StoragePlace.of(alias)
    if (_DAEMON.fullmatch(address) or _SHELL.fullmatch(address)) and ".." not in PurePosixPath(address).parts:
        return RsyncPlace(address)
    raise ImproperlyConfigured(_("看不懂的发布目标：%s") % address)


def _folder(path: str) -> Path:
    folder = Path(path)
    if not folder.is_absolute() or ".." in folder.parts:
        raise ImproperlyConfigured(_("发布目标要写完整路径，不带“..”：%s") % path)
    refuse_overlap(folder)
    return folder


def refuse_overlap(folder: Path) -> None:
    """Raises ImproperlyConfigured where a folder is the public tree, holds it or lies in it; links are followed."""
    target, public = folder.resolve(), Path(settings.PUBLIC_ROOT).resolve()
    if target == public or target in public.parents or public in target.parents:
        raise ImproperlyConfigured(_("发布目标不能与公开文件目录重叠：%s") % folder)
