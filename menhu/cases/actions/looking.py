"""Personal data is looked at one case at a time, for a reason, and every look stays on record."""

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.cases.actions.moving import present, recorded
from menhu.cases.models import Case, Sender
from menhu.cases.policies import CaseRefused, may_see_sender


@recorded("look")
def reveal_sender(*, case: Case, by: User) -> Sender | None:
    """Who wrote, in the clear; None where the data were erased. The look is recorded before it is answered."""
    fresh = present(case.pk)
    if not may_see_sender(by, fresh):
        raise CaseRefused(_("您的岗位不能查看这位来信人。"))
    record("cases.look", fresh, by=by, data={"at": timezone.now().isoformat(timespec="seconds")})
    return Sender.objects.filter(case=fresh, erased_at__isnull=True).first()
