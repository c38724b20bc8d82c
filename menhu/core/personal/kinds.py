"""What counts as personal data here, and a place in a text that may be some."""

from typing import Final, Literal, NamedTuple, get_args

Kind = Literal["name", "mobile", "landline", "identity", "plate", "bank", "passport", "email", "chat", "address"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class Candidate(NamedTuple):
    """Characters start to end (exclusive) that may be personal; uncertain where a check digit is wrong or absent."""

    kind: Kind
    start: int
    end: int
    is_certain: bool = True
