"""What goes with a letter whose time of keeping is over (ADR 21): boxes and figures stay, words do not."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from menhu.cases.retention import HIDDEN, Hold, Portion, Provider, register
from menhu.delivery.models import Lane
from menhu.delivery.outbox import announce
from menhu.letters import tags
from menhu.letters.actions.copying import page_tags
from menhu.letters.enums import CopyState
from menhu.letters.finding import KIND
from menhu.letters.models import InformationRequest, Letter, PetitionCase, PublicCopy
from menhu.notices.actions import drop_notices, empty_notices
from menhu.search import actions as search

UNSAID = {"credit_code": "", "document_number": "", "description": "", "purpose": "", "organisation": ""}


def anonymise(portion: Portion) -> None:
    """Copies that the public reads are masked and stay; drafts and what was taken down may not be masked yet."""
    ids = portion.ids
    InformationRequest.objects.filter(case_id__in=ids).update(**UNSAID, third_party="", information=str(HIDDEN))
    Letter.objects.filter(case_id__in=ids).update(page_url="")
    PetitionCase.objects.filter(case_id__in=ids).update(measures="", outcome="")
    private = PublicCopy.objects.filter(letter_id__in=ids).exclude(state=CopyState.PUBLISHED)
    private.update(title=str(HIDDEN), question="", answer="")
    empty_notices(_petition_links(portion))


def delete(portion: Portion) -> None:
    """Public copies are retracted from files and search before their rows go."""
    drop_notices(_petition_links(portion))
    rows = PublicCopy.objects.select_for_update().filter(letter_id__in=portion.ids).published().order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        return
    PublicCopy.objects.filter(pk__in=keys).update(state=CopyState.WITHDRAWN)
    announce([tags.newest(), *(tags.copy(pk) for pk in keys), *sorted(page_tags(keys))], lane=Lane.RETRACTION)
    search.renew(KIND, keys)


def _petition_links(portion: Portion) -> list[str]:
    """Where notices about a petition lead: they repeat the letter's title."""
    return [reverse("letters_office:petition", args=[pk]) for pk in portion.ids]


def _with_open_petition() -> QuerySet[Any, Any]:
    return PetitionCase.objects.filter(ended_on__isnull=True).values("case_id")


def join_retention() -> None:
    """Called in `AppConfig.ready`."""
    register(Provider("letters", anonymise, delete, (Hold("petition", _("信访包案还没有化解"), _with_open_petition),)))
