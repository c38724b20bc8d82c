"""Who may do what with articles. Predicates on (user, object), asked by action, view and template alike."""

from collections.abc import Iterable
from typing import Final

from django.contrib.auth.models import AnonymousUser

from menhu.accounts.models import User
from menhu.articles.models import Article, MoveInBatch, MoveInItem, Placement
from menhu.articles.rules import EDITABLE, IN_REVIEW
from menhu.sites.enums import ColumnForm, SiteKind
from menhu.sites.models import Column, Site
from menhu.units.enums import Role
from menhu.units.models import Unit
from menhu.units.policies import PUBLISHING_ROLES, ScopedPolicy, may

WRITERS: Final = frozenset({Role.EDITOR, Role.HEAD})
DRAFTERS: Final = WRITERS | {Role.WEBMASTER}
WITHDRAWERS: Final = frozenset({Role.HEAD, Role.WEBMASTER, Role.DUTY_OFFICER})
RETRACTORS: Final = frozenset({Role.DUTY_OFFICER})
REMOVERS: Final = WRITERS | {Role.WEBMASTER}
TAKING_FORMS: Final = frozenset({ColumnForm.LIST, ColumnForm.TOPIC, ColumnForm.SINGLE})

Person = User | AnonymousUser

ARTICLE_POLICY: Final = ScopedPolicy(
    Article,
    unit_lookup="unit_id",
    roles={
        "view": PUBLISHING_ROLES,
        "add": WRITERS,
        "change": WRITERS,
        "delete": WRITERS,
        "withdraw": WITHDRAWERS,
        "retract": RETRACTORS,
        "*": (),
    },
)

_MOVE_IN_ROLES: Final[dict[str, Iterable[Role]]] = {"view": DRAFTERS, "change": DRAFTERS, "*": ()}
MOVE_IN_BATCH_POLICY: Final = ScopedPolicy(MoveInBatch, unit_lookup="unit_id", roles=_MOVE_IN_ROLES)
MOVE_IN_ITEM_POLICY: Final = ScopedPolicy(MoveInItem, unit_lookup="batch__unit_id", roles=_MOVE_IN_ROLES)


def may_draft(user: Person, unit: Unit) -> bool:
    """Editors and the head write for their unit; the webmaster moves in the pages of an old site."""
    return may(user, DRAFTERS, unit)


def may_first_publish_on(unit: Unit, site: Site) -> bool:
    """An article's home site is one of its unit's own, or the portal."""
    return site.unit_id == unit.pk or site.kind == SiteKind.PORTAL


def may_write(user: Person, article: Article) -> bool:
    return may(user, WRITERS, article.unit)


def may_edit(user: Person, article: Article) -> bool:
    """Whether the text may be changed now: not while it is in review, scheduled or retracted."""
    return article.state in EDITABLE and may_write(user, article)


def may_recall(user: Person, article: Article) -> bool:
    return article.state in IN_REVIEW and may_write(user, article)


def may_see(user: Person, article: Article) -> bool:
    return may(user, PUBLISHING_ROLES, article.unit)


def may_unschedule(user: Person, article: Article) -> bool:
    return article.state == "scheduled" and may_write(user, article)


def may_withdraw(user: Person, article: Article) -> bool:
    return article.is_public and article.withdrawn_at is None and may(user, WITHDRAWERS, article.unit)


def may_restore(user: Person, article: Article) -> bool:
    return article.withdrawn_at is not None and may_edit(user, article)


def may_retract(user: Person, article: Article) -> bool:
    """The duty officer alone decides, at once, about anything that is, was or is about to be public."""
    return may_be_retracted(article) and may(user, RETRACTORS, article.unit)


def may_be_retracted(article: Article) -> bool:
    return article.retracted_at is None and (article.published_at is not None or article.state == "scheduled")


def may_discard(user: Person, article: Article) -> bool:
    """Only a draft that was never public can be thrown away."""
    return article.published_at is None and article.state in {"draft", "rejected"} and may_write(user, article)


def takes_articles(column: Column) -> bool:
    return column.removed_at is None and column.form in TAKING_FORMS


def is_own_column(article: Article, column: Column) -> bool:
    """Whether the article's unit answers for the column, so that nobody else is asked."""
    return column.owner_id == article.unit_id


def may_place(user: Person, article: Article, column: Column) -> bool:
    """Own articles go into own columns; a live article of anybody may be taken over by a column's owner."""
    if is_own_column(article, column):
        return may(user, DRAFTERS, column.owner)
    return article.is_public and may(user, WRITERS, column.owner)


def may_propose(user: Person, article: Article) -> bool:
    return may_draft(user, article.unit)


def may_decide(user: Person, placement: Placement) -> bool:
    """The owner of the target column adopts or declines, pins and orders."""
    return may(user, WRITERS, placement.column.owner)


def may_remove(user: Person, placement: Placement) -> bool:
    """The column's owner, the webmaster, and the article's unit as long as nobody has adopted it."""
    if may(user, REMOVERS, placement.column.owner):
        return True
    return not placement.is_listed and may_write(user, placement.article)
