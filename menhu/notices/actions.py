from collections.abc import Iterable

from menhu.accounts.models import User
from menhu.notices.models import Notice


def notify(users: Iterable[User], *, title: str, body: str = "", link: str = "") -> int:
    """Put the same notice before each person once; returns how many were told."""
    rows = [Notice(user=user, title=title[:200], body=body, link=link) for user in {user.pk: user for user in users}.values()]
    Notice.objects.bulk_create(rows)
    return len(rows)
