"""Where tokens are kept and asked: the database itself or OpenSearch, behind one small protocol."""

from menhu.search.engines.choosing import engine, fed_engine
from menhu.search.engines.protocol import Engine, EngineAwayError, Entry, Scopes, Wanted

__all__ = ["Engine", "EngineAwayError", "Entry", "Scopes", "Wanted", "engine", "fed_engine"]
