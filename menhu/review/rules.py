"""The three reviews as a table: who decides which step, what follows, and how long it may take."""

from collections.abc import Collection, Mapping
from typing import Final

from menhu.review.enums import Step, Verb
from menhu.units.enums import Role, Side

ORDER: Final = (Step.HEAD, Step.OFFICE, Step.SECRECY)

OFFICE_OF_SIDE: Final[Mapping[str, Role]] = {
    Side.PARTY: Role.COMMITTEE_REVIEWER,
    Side.GOVERNMENT: Role.GOVERNMENT_REVIEWER,
}
REVIEWERS: Final = frozenset({Role.HEAD, Role.SECRECY_REVIEWER, *OFFICE_OF_SIDE.values()})
SUBMITTERS: Final = frozenset({Role.EDITOR, Role.HEAD})
READERS: Final = frozenset(
    {Role.EDITOR, Role.HEAD, Role.SECRECY_REVIEWER, Role.WEBMASTER, Role.DUTY_OFFICER, Role.LEADER, Role.AUDITOR}
)

# (step before or None, verb) -> (step after or None, does the step's clock start anew). None before: not under review;
# None after: the round has ended. What is not in the table is refused.
TRANSITIONS: Final[Mapping[tuple[Step | None, Verb], tuple[Step | None, bool]]] = {
    (None, Verb.SUBMIT): (Step.HEAD, True),
    (Step.HEAD, Verb.APPROVE): (Step.OFFICE, True),
    (Step.OFFICE, Verb.APPROVE): (Step.SECRECY, True),
    (Step.SECRECY, Verb.APPROVE): (None, False),
    **{(step, verb): (None, False) for step in ORDER for verb in (Verb.REJECT, Verb.RECALL, Verb.CANCEL)},
    **{(step, Verb.CORRECT): (step, False) for step in ORDER},
}

# Working hours for each step; a working day of 8:30–12:00 and 14:00–17:30 has seven.
ORDINARY_HOURS: Final[Mapping[Step, int]] = {Step.HEAD: 7, Step.OFFICE: 7, Step.SECRECY: 7}
MAJOR_HOURS: Final = 2


def role_for(step: Step, side: str) -> Role:
    """Which role decides the step for a unit of that side (Side.PARTY or Side.GOVERNMENT)."""
    if step is Step.OFFICE:
        return OFFICE_OF_SIDE[side]
    return Role.HEAD if step is Step.HEAD else Role.SECRECY_REVIEWER


def roles_for(side: str) -> frozenset[Role]:
    """The three roles that review a unit of that side."""
    return frozenset(role_for(step, side) for step in ORDER)


def readers_of(side: str) -> frozenset[Role]:
    """Who may read drafts and review sheets of a unit of that side, within the scope of their posts."""
    return READERS | {OFFICE_OF_SIDE[side]}


def steps_of(role: str) -> frozenset[Step]:
    """The steps that a role decides; none for most roles."""
    return frozenset(step for step in ORDER for side in OFFICE_OF_SIDE if role_for(step, side) == role)


def next_step(step: Step) -> Step | None:
    """What an approval of this step leads to; None after the last."""
    return TRANSITIONS[(step, Verb.APPROVE)][0]


def hours_key(step: Step, *, is_major: bool) -> str:
    """The key of the figure (working hours) that limits the step."""
    return "review.major_hours" if is_major else f"review.{step.value}_hours"


def is_complete(approvals: Collection[tuple[str, int]], authors: Collection[int]) -> bool:
    """Whether (step, person) pairs are three approvals of three people, one for each step and none by an author."""
    steps = sorted(step for step, _person in approvals)
    people = {person for _step, person in approvals}
    return steps == sorted(ORDER) and len(people) == len(ORDER) and people.isdisjoint(authors)
