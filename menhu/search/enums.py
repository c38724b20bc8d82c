from enum import StrEnum


class Place(StrEnum):
    """What documents lie below, so that they follow when it changes."""

    SITE = "site"
    COLUMN = "column"
    UNIT = "unit"
