from datetime import date

import pytest

from menhu.demo.writing.generator import articles
from menhu.demo.writing.texts import ArticleText

SEED = 20261122
START, END = date(2024, 11, 21), date(2026, 11, 21)
COUNT = 2_000


@pytest.fixture(scope="session")
def written() -> list[ArticleText]:
    """The articles of a county-sized archive."""
    return list(articles(SEED, COUNT, START, END))
