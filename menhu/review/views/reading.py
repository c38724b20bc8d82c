"""What the pages have in common: who reads, and the refusal of strangers."""

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.review.policies import may_read
from menhu.units.models import Unit
from menhu.units.policies import post_label


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
    note_refusal(request, subject)
    raise Http404(_("没有这个页面。"))


def note_refusal(request: HttpRequest, subject: Model, **data: Any) -> None:
    """Write a refused access into the trail."""
    person = person_of(request)
    kept = {"address": request.path[:200], **data}
    record("access.refused", subject, by=person, post=post_label(person), data=kept)
