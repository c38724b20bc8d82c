"""What a person may do about publishing."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.delivery.models import Page
from menhu.delivery.policies import may_watch
from menhu.delivery.publishing.turns import turn

AT_ONCE = 500


def retry_failed(*, by: User) -> int:
    """Let pages that rest after a failure be rendered now, the latest few hundred; returns how many."""
    if not may_watch(by):
        raise PermissionDenied(_("只有网站管理员可以重试发布。"))
    with turn():
        failed = list(Page.objects.failed().values_list("pk", flat=True)[:AT_ONCE])
        count = Page.objects.filter(pk__in=failed).update(due_at=timezone.now(), attempts=0)
        record("delivery.retry", None, by=by, data={"count": count})
    return count
