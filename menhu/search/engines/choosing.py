from functools import cache

from django.conf import settings
from django.db import connection

from menhu.search.engines.opensearch import Cluster, OpenSearchEngine
from menhu.search.engines.postgresql import PostgresEngine
from menhu.search.engines.protocol import Engine
from menhu.search.engines.sqlite import SqliteEngine


def engine() -> Engine:
    """OpenSearch where its address is given, else the engine of the database in use."""
    return fed_engine() or _engine(connection.vendor)


def fed_engine() -> OpenSearchEngine | None:
    """The engine that is fed after the commit, where there is one."""
    url: str = settings.OPENSEARCH_URL
    return _opensearch(url, settings.OPENSEARCH_INDEX) if url else None


@cache
def _engine(vendor: str) -> Engine:
    return PostgresEngine() if vendor == "postgresql" else SqliteEngine()


@cache
def _opensearch(url: str, index: str) -> OpenSearchEngine:
    return OpenSearchEngine(Cluster(url), index)
