"""Whatever people and accidents do in whatever order: a target is honest at every step, and equal in the end."""

import random
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from menhu.delivery.manifest.keys import rotate
from menhu.delivery.manifest.layout import FOLDER, OBJECTS
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.targets import pushing
from menhu.delivery.targets.folders import FolderPlace
from tests.delivery import village as v
from tests.delivery.manifest.looks import found
from tests.delivery.targets.places import Killed, Watched, is_same, push
from tests.delivery.village import HOST

pytestmark = pytest.mark.django_db


class History:
    """Random edits, seals, rotations of the key, and pushes that die or are overtaken."""

    def __init__(self, seed: int, publisher: Publisher, target: Path) -> None:
        self.dice, self.publisher, self.target = random.Random(seed), publisher, target  # noqa: S311
        self.alive = {1, 2, 3, 4, 5}
        self.has_root = False

    def edit(self) -> None:
        number = self.dice.randint(1, 9)
        if number in self.alive and self.dice.random() < 0.5:
            self.alive.discard(number)
            self.dice.choice([v.retract, v.forget])(number)
        else:
            self.alive.add(number)
            v.write(number, self.dice.choice(["x", "long title", "another"]), self.dice.choice(v.COLUMNS))
        if self.dice.random() < 0.1:
            v.set_footer(str(self.dice.random()))

    def seal(self) -> None:
        if self.dice.random() < 0.1 and self.has_our_keys():
            rotate(django_settings.KEYS_ROOT)
        self.publisher.drain()

    def has_our_keys(self) -> bool:
        """A key is changed once between two pushes at most: verifiers follow one change at every step."""
        ours, theirs = (top / FOLDER / "keys.json" for top in (v.tree_root(), self.target / HOST))
        return theirs.exists() and theirs.read_bytes() == ours.read_bytes()

    def push(self) -> None:
        place = Watched(FolderPlace(self.target))
        end, meddle = self.dice.randint(0, 60), self.dice.randint(0, 60)

        def before(number: int) -> None:
            if number == end:
                raise Killed

        def after(number: int) -> None:
            if number == meddle:
                self.edit()
                self.seal()
            self.look(place.steps[number])

        place.before, place.after = before, after
        try:
            push(place)
        except Killed:
            pass
        else:
            assert not place.steps or place.steps[0][0] == "put"

    def look(self, step: tuple[str, str] = ("", "")) -> None:
        """Honest at every step once there is a root."""
        self.has_root |= (self.target / HOST / FOLDER / "root.json").exists()
        if self.has_root:
            assert found(self.target / HOST) == set(), step


@pytest.mark.parametrize("seed", range(12))
def test_a_target_is_honest_through_any_history(
    published: Publisher, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "PORTION", 5)
    (tmp_path / "mirror").mkdir()
    history = History(seed, published, tmp_path / "mirror")
    for _ in range(25):
        history.dice.choice([history.edit, history.seal, history.push])()
    published.drain()
    for _ in range(2):  # the first may still be ahead of its root
        push(FolderPlace(tmp_path / "mirror"))
    assert is_same(tmp_path / "mirror" / HOST)
    assert found(tmp_path / "mirror" / HOST) == set()
    objects = {path.stem for path in (tmp_path / "mirror" / HOST / FOLDER / OBJECTS).rglob("*.json")}
    assert objects == {path.stem for path in (v.tree_root() / FOLDER / OBJECTS).rglob("*.json")}
