"""Names of publishers: they tell the machine and the process, and so whether their bearer still lives."""

import os
import re
import secrets
import socket
from itertools import count
from typing import Final

MACHINE: Final = re.sub(r"[^A-Za-z0-9-]", "_", socket.gethostname())[:40]
_numbers: Final = count()
_births: Final[dict[int, str]] = {}


def new_name() -> str:
    """A name no other publisher ever had; machine and process tell whether its bearer still lives."""
    return f"{MACHINE}-{os.getpid()}-{_birth()}{next(_numbers):x}"


def is_dead(name: str) -> bool:
    """Whether the named publisher surely lives no more: a process of this machine that is gone.

    In a container each publisher may get the number of the one before it: then the mark of its birth tells them apart.
    """
    before, _, birth = name.rpartition("-")
    machine, _, process = before.rpartition("-")
    if machine != MACHINE or not process.isdigit():
        return False
    if int(process) == os.getpid():
        return not birth.startswith(_birth())
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _birth() -> str:
    """Drawn once in each process, also in one that was forked."""
    return _births.setdefault(os.getpid(), secrets.token_hex(3))
