"""What is done to a citizen's account besides ending it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.accounts.contacts import Contact
from menhu.accounts.models import Citizen
from menhu.audit.trail import record


@transaction.atomic
def sign_in(*, contact: Contact, now: datetime) -> Citizen:
    """The account of an address that was just proven, made where there was none. PermissionDenied if it is shut."""
    kept = {contact.kind.value: contact.value, "last_seen_at": now}
    citizen, is_new = Citizen.objects.get_or_create(**{f"{contact.kind.value}_digest": contact.digest}, defaults=kept)
    if not citizen.is_active:
        raise PermissionDenied(_("这个账户已停用。如有疑问，请拨打网站联系电话。"))
    Citizen.objects.filter(pk=citizen.pk).update(last_seen_at=now)
    # Not `by` the citizen: numbers of citizens and of staff are not of one series.
    record("accounts.citizen_sign_up" if is_new else "accounts.citizen_sign_in", citizen, by=None)
    return citizen


@transaction.atomic
def rename(*, citizen: Citizen, name: str) -> None:
    """The citizen's own name for forms; an empty one takes it away."""
    if not Citizen.objects.filter(pk=citizen.pk, erased_at__isnull=True).update(name=name):
        return
    citizen.name = name
    record("accounts.citizen_rename", citizen, by=None)
