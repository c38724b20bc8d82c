"""Several publishers at once, killed at random and started again, while people write and read."""

import os
import random
import signal
import time
from collections.abc import Iterator

import brotli
import pytest

from menhu.core.models import Figure
from menhu.delivery.publishing.publisher import Publisher
from menhu.delivery.publishing.rebuild import FullRebuild
from menhu.delivery.rules import BROTLI, GZIP
from tests.delivery import village as v
from tests.delivery.conftest import is_quiet, until
from tests.delivery.faults import worlds
from tests.delivery.faults.fuses import fork
from tests.delivery.faults.reading import Reader

pytestmark = pytest.mark.usefixtures("quick_disk", "shared_database")
CHANGES, ARTICLES, PUBLISHERS = 200, 12, 3


class Crowd:
    """Publisher processes; whoever is killed is followed by another at once."""

    def __init__(self) -> None:
        self.members = [self._start() for _ in range(PUBLISHERS)]

    def _start(self) -> int:
        return fork(lambda: Publisher().run())

    def lose_one(self, chance: random.Random) -> None:
        """Kill one, wherever it is in its work, and start another."""
        self._end(self.members.pop(chance.randrange(PUBLISHERS)))
        self.members.append(self._start())

    def end(self) -> None:
        while self.members:
            self._end(self.members.pop())

    def _end(self, member: int) -> None:
        os.kill(member, signal.SIGKILL)
        os.waitpid(member, 0)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    crowd = Crowd()
    yield crowd
    crowd.end()


def change_something(number: int, chance: random.Random) -> None:
    """Articles come, change, move, go and come back; now and then every page changes."""
    article = chance.randrange(ARTICLES)
    if number % 50 == 0:
        v.set_footer(f"footer {number}")
    elif number % 9 == 0 and Figure.objects.filter(key=f"article:{article}", unit=v.LIVE).exists():
        v.retract(article)
    else:
        v.write(article, f"title {number}" if chance.random() < 0.7 else "t", chance.choice(v.COLUMNS))


def test_publishers_killed_at_random_among_many_changes(crowd: Crowd) -> None:
    """Nobody ever reads half a file, and nothing is lost, whoever dies."""
    chance = random.Random(20261126)  # noqa: S311 - the same story each time, as far as processes allow
    v.set_footer("footer")
    with Reader(v.tree_root()) as reader:
        for number in range(CHANGES):
            change_something(number, chance)
            time.sleep(0.01)  # so that they meet the publishers at all stages of their work
            if number % 20 == 10:
                crowd.lose_one(chance)
        until(is_quiet)
    crowd.end()
    worlds.recover()
    FullRebuild(Publisher(), v.HOST).run()  # what a page asked for anew lost beside its place is swept away
    worlds.check_arrived()
    assert reader.faults == []
    assert reader.count > 100


def test_compressed_forms_are_of_a_version_that_was_published(crowd: Crowd) -> None:
    """Each form by itself is whole; once at rest all forms of a page are of one version."""
    for number in range(30):
        v.write(number % 3, f"long title {number}")
    until(is_quiet)
    crowd.end()
    worlds.recover()
    files = worlds.served()
    for name in [name for name in files if name.endswith(BROTLI)]:
        assert brotli.decompress(files[name]) == files[name.removesuffix(BROTLI)]
        assert name.removesuffix(BROTLI) + GZIP in files
