"""Where tokens are kept and asked: one engine for each database, behind one small protocol."""

from menhu.search.engines.choosing import engine
from menhu.search.engines.protocol import Engine, Entry, Tier, Wanted

__all__ = ["Engine", "Entry", "Tier", "Wanted", "engine"]
