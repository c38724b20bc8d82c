from django.contrib.auth.models import AbstractUser, AnonymousUser

Person = AbstractUser | AnonymousUser


def may_change_calendar(user: Person) -> bool:
    """Whether the person keeps the calendar; who that is, an app above says by the policy of `Day`."""
    return user.has_perm("workdays.change_day")
