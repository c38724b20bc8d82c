from functools import cache

from django.db import connection

from menhu.search.engines.postgresql import PostgresEngine
from menhu.search.engines.protocol import Engine
from menhu.search.engines.sqlite import SqliteEngine


def engine() -> Engine:
    """The engine of the database in use."""
    return _engine(connection.vendor)


@cache
def _engine(vendor: str) -> Engine:
    return PostgresEngine() if vendor == "postgresql" else SqliteEngine()
