from pathlib import Path

import pytest

from menhu.delivery.publishing.publisher import Publisher
from tests.delivery import village as v
from tests.delivery.village import Village


@pytest.fixture(autouse=True)
def own_home(settings: object, tmp_path: Path) -> None:
    """What one test sets aside is nothing to another."""
    settings.HOME = tmp_path / "home"  # type: ignore[attr-defined]


@pytest.fixture
def published(village: Village) -> Publisher:
    v.set_footer("footer")
    for number in range(1, 6):
        v.write(number, f"title {number}", v.COLUMNS[number % 3])
    publisher = Publisher()
    publisher.drain()
    return publisher
