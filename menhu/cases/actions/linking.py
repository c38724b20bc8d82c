"""Several letters about one matter, and several matters in one letter. Whatever is joined can be undone."""

from collections.abc import Sequence
from secrets import token_urlsafe

from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.cases.actions.moving import move, present, recorded, refuse, set_columns, write_event
from menhu.cases.actions.receiving import Matter, SenderData, receive
from menhu.cases.enums import CaseState, CaseVerb, Channel, EventKind, LinkKind, Party
from menhu.cases.models import Assignment, Case, CaseLink, Sender
from menhu.cases.policies import By, CaseRefused, parties_of
from menhu.cases.rules import MERGEABLE
from menhu.units.models import Unit


@recorded("merge")
def merge(*, case: Case, by: By, master: Case) -> Case:
    """Let the case follow another about the same matter: it gets the same answer, and its sender is told."""
    main = _require_master(case, master)
    moved = move(
        case,
        CaseVerb.MERGE,
        by,
        master=main,
        public_text=_("与 %(number)s 反映同一事项，一并办理、一并答复。") % {"number": main.number},
        changes=lambda _case: {"lead": None, "handler": None},
    )
    Assignment.objects.filter(case=moved, is_current=True).update(is_current=False)
    now = timezone.now()
    CaseLink.objects.create(case=moved, master=main, kind=LinkKind.DUPLICATE, linked_at=now)
    write_event(main, EventKind.LINK, by, now, note=moved.number, public=False)
    return moved


@recorded("unmerge")
def unmerge(*, case: Case, by: By, reason: str) -> Case:
    """Take a case out again: it stands before the desk as it did, its own clock never having stopped."""
    told = _("经核对不是同一事项，改为单独办理。")
    moved = move(case, CaseVerb.UNMERGE, by, reason=reason, note=reason, public_text=told)
    open_links = CaseLink.objects.filter(case=moved, kind=LinkKind.DUPLICATE, ended_at__isnull=True)
    open_links.update(ended_at=timezone.now())
    return moved


@recorded("split")
def split(*, case: Case, by: User, parts: Sequence[tuple[str, str]]) -> list[Case]:
    """Cut further matters, each (title, text), out of a letter: cases of their own with its sender and its clock."""
    fresh = present(case.pk)
    if not parties_of(by, fresh) & {Party.OPERATOR, Party.SUPERVISOR}:
        raise CaseRefused(_("拆分由受理单位办理。"))
    if CaseState(fresh.state) is not CaseState.SCREENED or not parts:
        raise CaseRefused(_("受理之后、交办之前才能拆分，并至少写明一个另外的事项。"))
    made = [_part(fresh, by, title, text) for title, text in parts]
    numbers = "、".join(part.number for part in made)
    told = _("信中另外的事项分别办理，编号 %(numbers)s。") % {"numbers": numbers}
    write_event(fresh, EventKind.SPLIT, by, timezone.now(), text=told)
    return made


def _part(whole: Case, by: User, title: str, text: str) -> Case:
    """A part is accepted already, since the day of the whole."""
    matter = Matter(
        kind=whole.kind,
        desk=whole.desk,
        title=title,
        text=text,
        place=whole.place,
        channel=Channel(whole.channel),
        is_confidential=whole.is_confidential,
    )
    part = receive(matter=matter, sender=_sender_of(whole), key=token_urlsafe(), by=by).case
    accepted = move(part, CaseVerb.ACCEPT, by, changes=lambda _case: {"accepted_at": whole.accepted_at})
    now = timezone.now()
    since = {"received_at": whole.received_at, "started_at": whole.started_at, "step_at": whole.step_at}
    dated = set_columns(accepted, since, now)
    CaseLink.objects.create(case=dated, master=whole, kind=LinkKind.PART, linked_at=now)
    return dated


def _sender_of(case: Case) -> SenderData:
    row = Sender.objects.filter(case=case).first()
    if row is None:
        return SenderData()
    return SenderData(row.name, row.phone, row.email, row.identity_number, row.address, row.citizen_id)


def _require_master(case: Case, master: Case) -> Case:
    """A master stands open, is not the case itself and follows no other; a case that others follow follows none."""
    main = present(master.pk)
    if main.pk == case.pk or not _may_lead(main):
        raise CaseRefused(_("主件应当是另一件正在办理的来信，且本身没有并入别的来信。"))
    if CaseLink.objects.filter(master=case, kind=LinkKind.DUPLICATE, ended_at__isnull=True).exists():
        raise CaseRefused(_("已有来信并入这一件，请把它作为主件。"))
    if main.kind.family != case.kind.family or main.desk_id != case.desk_id:
        refuse("master")
    return main


def _may_lead(case: Case) -> bool:
    return CaseState(case.state) in {*MERGEABLE, CaseState.ASKED, CaseState.DRAFTED}


def followers(case: Case) -> list[Case]:
    """The cases that get this one's answer."""
    links = CaseLink.objects.filter(master=case, kind=LinkKind.DUPLICATE, ended_at__isnull=True)
    return [link.case for link in links.select_related("case").order_by("pk")]


def parts(case: Case) -> list[Case]:
    """The cases that were cut out of this one."""
    links = CaseLink.objects.filter(master=case, kind=LinkKind.PART, ended_at__isnull=True)
    return [link.case for link in links.select_related("case__lead").order_by("pk")]


def lead_unit(case: Case) -> Unit | None:
    """Who answers: the unit in charge, or that of the master which the case follows."""
    link = CaseLink.objects.filter(case=case, kind=LinkKind.DUPLICATE, ended_at__isnull=True)
    found = link.select_related("master__lead").first()
    return case.lead or (found.master.lead if found else None)
