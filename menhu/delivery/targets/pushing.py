"""One host to one target: retractions, pages, other deletions, objects, keys, and the root last."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from menhu.core.portions import portions
from menhu.delivery.manifest.keys import NotTrustedError
from menhu.delivery.manifest.layout import FOLDER, KEYS, OBJECTS, ROOT, object_file
from menhu.delivery.rules import bundle_owner
from menhu.delivery.targets.differences import Difference, ObjectMissingError, difference, wanted
from menhu.delivery.targets.journal import Journal, see, signed_over
from menhu.delivery.targets.origin import MovedOnError, Origin, UnfitError
from menhu.delivery.targets.places import Place

PORTION: Final = 100
"""Files that are announced at once; between portions newer retractions are looked for."""
MOST_OCTETS: Final = 32 << 20
_TRIES: Final = 5
_UNSAFE: Final = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|[\x00-\x1f\x7f\\]")


class PushError(OSError):
    """A push that cannot be finished as things are."""


@dataclass(slots=True)
class Pushed:
    """What a push did; `serial` is that of the root the target now has."""

    serial: int = 0
    written: int = 0
    removed: int = 0
    octets: int = 0


@dataclass(slots=True)
class Plan:
    """What is known of the target's files ("?" where a file may be anything), and what they are to become."""

    known: dict[str, str]
    after: dict[str, str]
    open: set[str]
    objects: dict[str, bytes]
    superseded: set[str] = field(default_factory=set)
    """Files of the manifest that go when the new root stands."""

    strangers: list[str] = field(default_factory=list)
    """What lies on the target and belongs to nobody."""

    def gone(self) -> list[str]:
        return sorted(name for name, sha256 in self.known.items() if sha256 and name not in self.after)

    def retractions(self) -> list[str]:
        """Files whose page is gone altogether."""
        return [name for name in self.gone() if bundle_owner(name) not in self.after]

    def writes(self) -> list[str]:
        return sorted(name for name, sha256 in self.after.items() if self.known.get(name) != sha256)


class Push:
    """A single run; what breaks off is taken up by the next one, from the target's own journal."""

    def __init__(self, place: Place, host: str, goes_on: Callable[[], None] = lambda: None) -> None:
        self._place, self._host, self._goes_on = place, host, goes_on
        self._origin = Origin(host)
        self._done = Pushed()
        self._ahead: dict[str, str] = {}
        self._unfit: list[str] = []

    def run(self, *, anew: bool = False) -> Pushed:
        """Bring the target to the newest root. Raises OSError or what the place raises, NotTrustedError."""
        for _attempt in range(_TRIES):
            try:
                self._snapshot = self._origin.snapshot()
                self._seen = see(self._place, self._host, self._origin.signer)
                self._check_age(anew=anew)
                if not anew and self._is_there_already():
                    break
                self._plan = self._planned(anew=anew)
            except MovedOnError:
                continue
            self._carry_out()
            break
        else:
            raise PushError(_("清单更新太快，没能读完"))
        self._done.serial = self._snapshot.root.serial
        return self._done

    def _check_age(self, *, anew: bool) -> None:
        if self._seen.root is not None and self._seen.root.serial > self._snapshot.root.serial and not anew:
            raise PushError(_("目标上的清单比本机的新；确认本机无误后用 --anew 重新推送"))

    def _is_there_already(self) -> bool:
        return (self._seen.body, self._seen.keys) == (
            self._snapshot.body,
            self._snapshot.keys,
        ) and not self._seen.entries

    # What is to be done.

    def _planned(self, *, anew: bool) -> Plan:
        root = None if anew else self._seen.root
        if root is not None:
            try:
                return self._plan_from(self._difference(root.object))
            except (ObjectMissingError, NotTrustedError):
                pass
        return self._plan_from_files(anew=anew)

    def _difference(self, old_top: str) -> Difference:
        return difference(self._target_objects, old_top, self._origin.objects, self._snapshot.root.object)

    def _plan_from(self, found: Difference) -> Plan:
        seen, after = self._seen, found.after
        elsewhere = seen.touched - after.keys()
        after |= wanted(self._origin.objects, self._snapshot.root.object, elsewhere)
        known = found.before | seen.known | dict.fromkeys(seen.open, "?")
        superseded = {f"{FOLDER}/{object_file(name)}" for name in found.superseded}
        superseded |= {file for file in seen.objects if not self._origin.has(file)}
        return Plan(_safe(known), _safe(after), set(seen.open), found.new_objects, superseded)

    def _plan_from_files(self, *, anew: bool) -> Plan:
        """Nothing proven lies there: strangers go, all is written but for what the journal knows to lie there."""
        plan = self._plan_from(self._difference(""))
        lying = {name.removeprefix(f"{self._host}/") for name in self._place.names(self._host) if _is_below(name)}
        known = {name: "?" if anew else plan.known[name] for name in plan.known.keys() & lying}
        files = {name for name in lying if name.partition("/")[0] != FOLDER}
        plan.known, plan.strangers = known, sorted(files - plan.after.keys() - known.keys())
        objects = {f"{FOLDER}/{object_file(name)}" for name in plan.objects}
        plan.superseded |= {name for name in lying if name.startswith(f"{FOLDER}/{OBJECTS}/")} - objects
        return plan

    def _target_objects(self, names: Collection[str]) -> dict[str, bytes]:
        files = {self._named(object_file(name)): name for name in names}
        return {files[file]: body for file, body in self._place.read(files).items()}

    def _named(self, name: str) -> str:
        return f"{self._host}/{FOLDER}/{name}"

    # Doing it.

    def _carry_out(self) -> None:
        self._journal = Journal(self._place, self._host, self._origin.signer, self._seen)
        self._at, self._objects = self._snapshot.root.object, dict(self._plan.objects)
        self._sign_over()
        self._expel()
        plan = self._plan
        self._change(sorted(plan.open | set(plan.retractions()[:PORTION])), most=None)
        for names in (plan.retractions, plan.writes, plan.gone):
            for portion in portions(names(), PORTION):
                self._change(portion)
        self._finish()

    def _sign_over(self) -> None:
        """Where the key was changed, the target's chain and root first: intents of the new key must be believed."""
        seen = self._seen
        if seen.root is None:
            return
        signed = signed_over(seen, self._origin.signer)
        if (seen.keys, seen.body) != (self._snapshot.keys, signed):
            self._place.put({self._named(KEYS): self._snapshot.keys, self._named(ROOT): signed})

    def _expel(self) -> None:
        for portion in portions(self._plan.strangers, PORTION):
            self._journal.announce({name: "" for name in portion if _is_text(name)})
            self._remove(portion)

    def _change(self, names: list[str], *, most: int | None = MOST_OCTETS) -> None:
        """Announce, remove, then write; what was open is announced whole, so that the journal loses none of it."""
        bodies, octets = dict[str, bytes | None](), 0
        for name, body in self._bodies(names):
            bodies[name] = body
            octets += len(body or b"")
            if most is not None and octets > most:
                self._place_portion(bodies)
                bodies, octets = {}, 0
        self._place_portion(bodies)

    def _place_portion(self, bodies: dict[str, bytes | None]) -> None:
        changes = {name: hashlib.sha256(body).hexdigest() if body is not None else "" for name, body in bodies.items()}
        if not changes:
            return
        self._journal.announce(changes)
        self._remove([name for name, body in bodies.items() if body is None])
        self._write({name: body for name, body in bodies.items() if body is not None})
        self._plan.known |= changes
        self._goes_on()
        self._retract_newer()

    def _bodies(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Bytes to write, None for what is to go; what does not fit the manifest is left as it is on the target."""
        for name in names:
            listed = self._plan.after.get(name, "")
            if not listed:
                yield name, None
            elif self._ahead.get(name) != "" and name not in self._unfit:
                yield from self._body(name, listed)

    def _body(self, name: str, listed: str) -> Iterator[tuple[str, bytes | None]]:
        try:
            sha256, body = self._origin.fitting(name, listed)
        except UnfitError:
            self._unfit.append(name)
            return
        if sha256 != listed:
            self._ahead[name] = sha256
        yield name, body if sha256 else None

    def _write(self, files: dict[str, bytes]) -> None:
        self._place.put({f"{self._host}/{name}": body for name, body in files.items()})
        self._done.written += len(files)
        self._done.octets += sum(map(len, files.values()))

    def _remove(self, names: list[str]) -> None:
        for portion in portions(names, PORTION):
            self._place.remove([f"{self._host}/{name}" for name in portion])
        self._done.removed += len(names)

    def _retract_newer(self) -> None:
        """What was retracted since this push began goes now, and is not written any more."""
        try:
            newer = self._origin.snapshot().root.object
            found = difference(self._remembered, self._at, self._origin.objects, newer)
        except (MovedOnError, ObjectMissingError, NotTrustedError):
            return
        self._at = newer
        self._objects |= found.new_objects
        gone = [n for n in found.before if n not in found.after and bundle_owner(n) not in found.after]
        gone = [name for name in gone if self._ahead.get(name) != ""]
        if gone:
            self._journal.announce(dict.fromkeys(gone, ""))
            self._remove(gone)
            self._ahead |= dict.fromkeys(gone, "")

    def _remembered(self, names: Collection[str]) -> dict[str, bytes]:
        """Objects of the root that is pushed; those that the target has already are read there."""
        here = {name: self._objects[name] for name in names if name in self._objects}
        return here | self._target_objects([name for name in names if name not in here])

    def _finish(self) -> None:
        """Make the new root stand, then clear away what only the old one or the journal needed."""
        if self._unfit:
            told = _("%(count)s 个文件与清单不符，没有推送（如 %(name)s）；请运行 menhu verify")
            raise PushError(told % {"count": len(self._unfit), "name": self._unfit[0]})
        self._put_objects()
        lasting = {self._journal.announce(self._ahead)} if self._ahead else set()
        if self._seen.keys != self._snapshot.keys:
            self._place.put({self._named(KEYS): self._snapshot.keys})
        self._place.put({self._named(ROOT): self._snapshot.body})
        useless = [f"{self._host}/{name}" for name in sorted(self._plan.superseded)]
        for portion in portions([*useless, *sorted(self._journal.entries - lasting)], PORTION):
            self._place.remove(portion)

    def _put_objects(self) -> None:
        """Announced with those that go, so that a push that breaks off here leaves none behind for ever."""
        files = {f"{FOLDER}/{object_file(name)}": name for name in self._plan.objects}
        if files or self._plan.superseded:
            self._journal.announce({**files, **dict.fromkeys(self._plan.superseded, "")})
        there = self._target_objects([files[file] for file in self._seen.objects & files.keys()])
        missing = [file for file, name in sorted(files.items()) if there.get(name) != self._plan.objects[name]]
        for portion in portions(missing, PORTION):
            self._place.put({f"{self._host}/{file}": self._plan.objects[files[file]] for file in portion})
            self._goes_on()


def _safe(files: dict[str, str]) -> dict[str, str]:
    """Raises PushError where a name would lead out of the host or into the manifest's own folder."""
    for name in files:
        if _UNSAFE.search(name) or name.partition("/")[0] == FOLDER:
            raise PushError(_("清单里有不能推送的文件名：%r") % name)
    return files


def _is_below(name: str) -> bool:
    """Whether a name that the target gave stays where it says."""
    return ".." not in name.split("/") and not name.startswith("/")


def _is_text(name: str) -> bool:
    """Whether a name can be announced; others are a stranger's."""
    return name.isprintable()
