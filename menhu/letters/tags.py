"""Names of what a public page may depend on, as far as letters are concerned (see delivery.reads)."""


def newest() -> str:
    """The newest public letters: head of the list, feeds, home block."""
    return "letters"


def bucket(name: str) -> str:
    """The public letters of one page of a month, e.g. "2026-06" or "2026-06-2"."""
    return f"letters:{name}"


def copy(copy_id: int) -> str:
    """One public letter."""
    return f"letter:{copy_id}"


def models() -> str:
    """Which public letters are models for others: the public's questions."""
    return "letter-models"


def mailboxes() -> str:
    """Which boxes there are and what may be put in."""
    return "mailboxes"


def figures() -> str:
    """The numbers of letters, as the clock last took them."""
    return "letter-figures"
