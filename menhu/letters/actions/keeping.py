"""Letter boxes and reply templates: who keeps them, and that pages follow."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.delivery.outbox import announce
from menhu.letters import tags
from menhu.letters.models import Mailbox, ReplyTemplate
from menhu.letters.policies import keeps_mailboxes, template_units
from menhu.units.models import Unit


@transaction.atomic
def keep_mailbox(*, mailbox: Mailbox, values: dict[str, Any], by: User) -> Mailbox:
    """Open a box or change one. Raises ValidationError, PermissionDenied."""
    if not keeps_mailboxes(by):
        raise PermissionDenied(_("信箱由网站管理员设置。"))
    kinds = values.pop("case_kinds", None)
    for name, value in values.items():
        setattr(mailbox, name, value)
    mailbox.full_clean()
    mailbox.save()
    if kinds is not None:
        mailbox.case_kinds.set(kinds)
    announce([tags.mailboxes()])
    record("letters.keep_mailbox", mailbox, by=by, unit_id=mailbox.unit_id, data={"is_open": mailbox.is_open})
    return mailbox


@transaction.atomic
def keep_template(*, template: ReplyTemplate, unit: Unit | None, values: dict[str, Any], by: User) -> ReplyTemplate:
    """Write or change words to begin answers with: a unit's own by its people, those for all by the desk."""
    units = template_units(by)
    owner = unit if template.pk is None else template.unit
    is_allowed = units.everywhere if owner is None else units.covers(owner.pk)
    if not is_allowed:
        raise PermissionDenied(_("您不能修改这个单位的答复模板。"))
    for name, value in values.items():
        setattr(template, name, value)
    template.unit = owner
    template.full_clean()
    template.save()
    record("letters.keep_template", template, by=by, unit_id=owner.pk if owner else None)
    return template
