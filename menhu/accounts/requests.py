from django.http import HttpRequest

from menhu.accounts.models import User


class StaffRequest(HttpRequest):
    """A request to a back-office view: behind the sign-in the user is never anonymous."""

    user: User
