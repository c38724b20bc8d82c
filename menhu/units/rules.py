"""The shape of unit paths (fixed steps of four characters, so that a subtree is one prefix) and of days in cells."""

import re
from datetime import date

STEP = 4
MAX_DEPTH = 8
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DAY = re.compile(
    r"([0-9]{4})(?:[-/.年]?)([0-9]{2}|(?<=[-/.年])[0-9]{1,2})(?:[-/.月]?)([0-9]{2}|(?<=[-/.月])[0-9]{1,2})日?"
)


def child_path(parent_path: str, number: int) -> str:
    """The path of a parent's n-th child: child_path("0001.", 7) == "0001.0007."."""
    if not 0 < number < 10**STEP:
        raise ValueError(f"a unit has at most {10**STEP - 1} children")
    return f"{parent_path}{number:0{STEP}d}."


def step_of(path: str) -> int:
    """The last step of a path as a number."""
    return int(path.rstrip(".").rpartition(".")[2])


def depth_of(path: str) -> int:
    """How many steps a path has: 1 for the county itself."""
    return path.count(".")


def is_code(text: str) -> bool:
    """Whether a unit may be called so in addresses: small letters, digits and hyphens."""
    return _CODE.fullmatch(text) is not None


def parse_day(text: str) -> date | None:
    """A day as people write it: 2026-06-18, 2026/6/18, 2026.6.18, 2026年6月18日, 20260618; None for anything else."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
