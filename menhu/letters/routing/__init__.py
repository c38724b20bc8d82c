"""Which unit a letter belongs to, learned from the install's own routed letters. A person decides; this only suggests.

scikit-learn is an optional extra (`menhu[routing]`): ask `is_available` first; without it the rest raises
`RoutingUnavailable`. Whoever holds the sender's name masks it before a text comes here; numbers, addresses and the
names that a text introduces are taken out here, so that no person becomes a feature.
"""

from menhu.letters.routing.learning import (
    Guess,
    Model,
    Report,
    RoutingUnavailable,
    is_available,
    train,
)
from menhu.letters.routing.storing import ModelBroken, load, save

__all__ = [
    "Guess",
    "Model",
    "ModelBroken",
    "Report",
    "RoutingUnavailable",
    "is_available",
    "load",
    "save",
    "train",
]
