"""Who writes: people who do not exist, with numbers of ranges that nobody holds."""

import random
from collections.abc import Iterator

from menhu.demo.correspondence.texts import SenderText
from menhu.demo.county.people import SURNAMES, unused_names
from menhu.demo.county.places import ESTATES
from menhu.demo.county.units import SEED, Unit, everybody

# Characters of GB 18030 level 3 that forms, searches and fonts have to cope with.
RARE_GIVEN_NAMES = ("㛃", "𬱖", "䶮", "𬀩", "㛃然", "𬱖之", "䶮成", "𬭎")
RARE_SHARE = 0.02
EMAIL_SHARE = 0.4
ADDRESS_SHARE = 0.55
IDENTITY_SHARE = 0.04
CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
# No region has this code.
FICTIONAL_REGION = "990000"


def check_digit(body: str) -> str:
    """The last character of an identity number by its first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(body, CHECK_WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def identity_number(rng: random.Random) -> str:
    """A well-formed identity number of a region that does not exist."""
    birth = f"{rng.randint(1950, 2004)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = f"{FICTIONAL_REGION}{birth}{rng.randint(1, 999):03d}"
    return body + check_digit(body)


def fictional_mobile(rng: random.Random) -> str:
    return f"1380000{rng.randint(0, 9999):04d}"


def home_address(rng: random.Random, town: Unit, village: str) -> str:
    """A door in an estate of the county town, or a house in a village."""
    if town.slug == "cgz":
        door = f"{rng.randint(1, 4)}单元{rng.randint(1, 17)}0{rng.randint(1, 4)}室"
        return f"{rng.choice(ESTATES)}{rng.randint(1, 18)}栋{door}"
    return f"{town.name}{village}{rng.randint(1, 9)}组{rng.randint(1, 160)}号"


def sender_names(seed: int) -> Iterator[str]:
    """Names no official has, a few with rare characters; they start over when all are used."""
    rng = random.Random(f"names-{seed}")
    taken = frozenset(everybody())
    while True:
        for name in unused_names(seed + SEED, taken):
            is_rare = rng.random() < RARE_SHARE
            yield rng.choice(SURNAMES) + rng.choice(RARE_GIVEN_NAMES) if is_rare else name


def make_sender(rng: random.Random, name: str, town: Unit, village: str) -> SenderText:
    """Give a name a telephone number and, now and then, more."""
    return SenderText(
        name=name,
        phone=fictional_mobile(rng),
        email=f"yunling{rng.randint(1000, 9999)}@example.cn" if rng.random() < EMAIL_SHARE else "",
        address=home_address(rng, town, village) if rng.random() < ADDRESS_SHARE else "",
        id_number=identity_number(rng) if rng.random() < IDENTITY_SHARE else "",
    )
