from collections.abc import Iterable

from django.utils import timezone

from menhu.accounts.models import User
from menhu.notices.models import Notice


def notify(users: Iterable[User], *, title: str, body: str = "", link: str = "") -> int:
    """Put the same notice before each person once; returns how many were told."""
    people = {user.pk: user for user in users}
    rows = [Notice(user=user, title=title[:200], body=body, link=link[:300]) for user in people.values()]
    Notice.objects.bulk_create(rows)
    return len(rows)


def mark_read(*, notice: Notice, by: User) -> bool:
    """Mark one's own notice as read; False when it was already, or is not theirs."""
    return bool(Notice.objects.of(by).unread().filter(pk=notice.pk).update(read_at=timezone.now()))


def mark_all_read(*, by: User) -> int:
    """Mark all of one's own notices as read; returns how many were not yet."""
    return Notice.objects.of(by).unread().update(read_at=timezone.now())


def unread_count(user: User) -> int:
    """How many notices the person has not read; one query on a partial index."""
    return Notice.objects.of(user).unread().count()


def empty_notices(links: Iterable[str]) -> int:
    """Take away what notices to these addresses say besides their titles, once what they tell of is to be forgotten."""
    return Notice.objects.filter(link__in=list(links)).exclude(body="").update(body="")


def drop_notices(links: Iterable[str]) -> int:
    """Remove the notices to addresses that are no more."""
    return Notice.objects.filter(link__in=list(links)).delete()[0]
