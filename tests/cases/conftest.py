from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.cases.desk import Desk
from tests.factories import World

MORNING = datetime(2026, 6, 3, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Wednesday in office hours, far from holidays."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """A day on which nothing depends; tests move it."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)
