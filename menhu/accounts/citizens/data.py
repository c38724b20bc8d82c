"""What the platform holds of a citizen: taken along as a file, or erased. Every app answers for its own rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from menhu.accounts.models import Citizen, SignInCode
from menhu.audit.trail import record, without_address

Export = Callable[[Citizen], object]
"""What an app holds of the citizen, as JSON can write it (times may be datetimes); a bounded number of rows."""
Erase = Callable[[Citizen], None]
"""Takes it away, inside the transaction that ends the account; what law says must stay, stays without the person."""


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    export: Export
    erase: Erase


_providers: dict[str, Provider] = {}


def register_data(name: str, export: Export, erase: Erase) -> None:
    """Join export and erasure under a name that stands in the file; in `AppConfig.ready`."""
    _providers[name] = Provider(name, export, erase)


def export(citizen: Citizen, *, now: datetime) -> dict[str, object]:
    """Everything, by the names of the providers; that it was read is an event of the trail."""
    record("accounts.citizen_export", citizen, by=None)
    parts = {provider.name: provider.export(citizen) for provider in _providers.values()}
    return {"exported_at": now, "account": _account(citizen), **parts}


@transaction.atomic
def erase(*, citizen: Citizen, now: datetime) -> bool:
    """End the account and take away what belongs to it; all or nothing. False where it had ended already.

    The row stays as a number without a person, so that events which name it stay readable.
    """
    standing = Citizen.objects.filter(pk=citizen.pk, erased_at__isnull=True)
    if not standing.update(erased_at=now, is_active=False):
        return False
    for provider in _providers.values():
        provider.erase(citizen)
    SignInCode.objects.filter(digest__in=[contact.digest for contact in citizen.contacts]).delete()
    nothing = {"phone": "", "email": "", "name": "", "phone_digest": None, "email_digest": None}
    Citizen.objects.filter(pk=citizen.pk).update(**nothing)
    with without_address():
        record("accounts.citizen_erase", citizen, by=None)
    return True


def _account(citizen: Citizen) -> dict[str, object]:
    return {
        "phone": citizen.phone,
        "email": citizen.email,
        "name": citizen.name,
        "created_at": citizen.created_at,
        "last_seen_at": citizen.last_seen_at,
    }
