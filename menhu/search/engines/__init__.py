"""Where tokens are kept and asked: one engine for each database, behind one small protocol."""

from menhu.search.engines.choosing import engine
from menhu.search.engines.protocol import Engine, Entry, Scopes, Wanted

__all__ = ["Engine", "Entry", "Scopes", "Wanted", "engine"]
