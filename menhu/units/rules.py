"""The shape of unit paths: fixed steps of four characters, so that a subtree is one prefix."""

STEP = 4
MAX_DEPTH = 8


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
