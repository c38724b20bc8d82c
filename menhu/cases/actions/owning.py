"""Cases in a citizen's own account: put there by whoever knows the code, taken out when the account ends."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from menhu.audit.trail import record
from menhu.cases.models import Case, Sender
from menhu.cases.policies import CaseRefused


def in_no_account(case: Case) -> QuerySet[Sender]:
    """The sender's row, where the case may still be put into an account."""
    return Sender.objects.filter(case=case, citizen_id__isnull=True, erased_at__isnull=True)


@transaction.atomic
def claim(*, case: Case, citizen_id: int) -> None:
    """Put a case into an account, for somebody who has just shown its number and code; again changes nothing.

    Raises CaseRefused where it lies in another account.
    """
    if in_no_account(case).update(citizen_id=citizen_id):
        record("cases.claim", case, by=None)
    elif not Sender.objects.filter(case=case, citizen_id=citizen_id).exists():
        raise CaseRefused(_("这封信已经在另一个账户里，仍可凭编号和查询码查询。"))


def let_go(citizen_id: int) -> int:
    """Take all cases out of an account that ends, inside its transaction; they stay, to be read by number and code."""
    return Sender.objects.filter(citizen_id=citizen_id).update(citizen_id=None)
