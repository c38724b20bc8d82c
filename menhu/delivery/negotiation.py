"""Which compressed form of a file a client wants (RFC 9110 §12.5.3)."""

from functools import lru_cache
from operator import itemgetter
from typing import Final

from menhu.delivery.rules import BROTLI, ENCODINGS, GZIP

CODINGS: Final = {BROTLI: "br", GZIP: "gzip"}
"""Ending of a file → name of its content coding."""


@lru_cache(maxsize=512)
def wanted_endings(accept_encoding: str) -> tuple[str, ...]:
    """Endings of the files that may answer, the best first; "" is the plain file, which is always the last resort."""
    weights = _weights(accept_encoding)
    plain, other = weights.get("identity", 0.0), weights.get("*", 0.0)
    found = [(weights.get(CODINGS[ending], other), ending) for ending in ENCODINGS]
    found.sort(key=itemgetter(0), reverse=True)
    return (*(ending for weight, ending in found if weight > 0 and weight >= plain), "")


def _weights(header: str) -> dict[str, float]:
    weights = {}
    for item in header.lower().split(","):
        coding, _, parameters = item.partition(";")
        name, _, value = parameters.strip().partition("=")
        if coding.strip():
            weights[coding.strip()] = _weight(value) if name.strip() == "q" else 1.0
    return weights


def _weight(value: str) -> float:
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
