"""What the pages have in common: who reads, and the refusal of strangers."""

from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from menhu.accounts.models import User
from menhu.review.policies import may_read
from menhu.units.models import Unit
from menhu.units.scoping import record_refusal


class OfficePage(TemplateView):
    """A page of the back office, drawn by core/office_page.html from `title` and `crumbs`."""


def person_of(request: HttpRequest) -> User:
    """The signed-in person; addresses of the back office let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101 - the admin's own decorator has seen to it
    return request.user


def refuse_strangers(request: HttpRequest, subject: Model, unit: Unit) -> None:
    """404, recorded, for whoever may not read the unit's texts: what a stranger may not see does not exist."""
    if may_read(person_of(request), unit):
        return
    record_refusal(request, subject, "review")
    raise Http404(_("没有这个页面。"))
