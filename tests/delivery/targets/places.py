"""Targets of tests: every kind, the same promises; and a target that notes, fails or dies."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from menhu.delivery.manifest.keys import NotTrustedError
from menhu.delivery.manifest.layout import FOLDER
from menhu.delivery.targets.places import Place
from menhu.delivery.targets.pushing import Push, Pushed
from tests.delivery import village as v
from tests.delivery.manifest.looks import found
from tests.delivery.village import HOST


class Killed(BaseException):
    """Stands for SIGKILL."""


class Watched:
    """Passes everything on to a place; notes each step, and calls `before` and `after` with its number."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.steps: list[tuple[str, str]] = []
        self.before: Callable[[int], None] = lambda number: None
        self.after: Callable[[int], None] = lambda number: None

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        return self._place.read(names)

    def read_all(self, folder: str) -> dict[str, bytes]:
        return self._place.read_all(folder)

    def names(self, host: str) -> Iterator[str]:
        return self._place.names(host)

    def put(self, files: Mapping[str, bytes]) -> None:
        for name, body in files.items():
            self._step("put", name, lambda name=name, body=body: self._place.put({name: body}))

    def remove(self, names: Collection[str]) -> None:
        for name in names:
            self._step("remove", name, lambda name=name: self._place.remove([name]))

    def _step(self, kind: str, name: str, act: Callable[[], None]) -> None:
        number = len(self.steps)
        self.before(number)
        self.steps.append((kind, name.removeprefix(f"{HOST}/")))
        act()
        self.after(number)


def push(place: Place, *, anew: bool = False) -> Pushed:
    return Push(place, HOST).run(anew=anew)


def lying(top: Path) -> dict[str, bytes]:
    """The files of a target's host, without the manifest's."""
    files = (path for path in top.rglob("*") if path.is_file() and FOLDER not in path.parts)
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in files}


def is_same(top: Path) -> bool:
    """Whether target and tree hold the same files; not while either is just being written."""
    try:
        return lying(top) == v.actual()
    except FileNotFoundError:
        return False


def is_proven(top: Path) -> bool:
    """Whether the target proves itself, once it has a root."""
    try:
        return found(top) == set()
    except NotTrustedError:
        return False
