from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.notices.actions import notify
from menhu.sites import rules
from menhu.sites.actions.changes import save_new
from menhu.sites.actions.checking import check_column, demand
from menhu.sites.actions.columns import check_removable, write_column, write_new_column, write_removal
from menhu.sites.enums import ColumnForm, RequestKind, RequestState
from menhu.sites.models import Column, ColumnKind, ColumnRequest, Site
from menhu.sites.policies import KEEPERS, may_keep, may_request
from menhu.units.models import Unit
from menhu.units.policies import holders


@transaction.atomic
def request_column(
    *,
    site: Site,
    unit: Unit,
    kind: RequestKind,
    by: User,
    reason: str,
    column: Column | None = None,
    parent: Column | None = None,
    name: str = "",
    slug: str = "",
    column_kind: ColumnKind | None = None,
    form: ColumnForm = ColumnForm.LIST,
) -> ColumnRequest:
    """Ask the webmaster to add, rename or remove a column (S2). Whatever would be refused anyway is refused now.

    Raises ValidationError by field; one waiting request a column.
    """
    demand(may_request(by, site, column or parent))
    request = ColumnRequest(
        site=site,
        unit=unit,
        kind=kind,
        column=None if kind == RequestKind.ADD else column,
        parent=parent if kind == RequestKind.ADD else None,
        name="" if kind == RequestKind.REMOVE else name.strip(),
        slug=slug if kind == RequestKind.ADD else "",
        column_kind=column_kind if kind == RequestKind.ADD else None,
        form=form,
        reason=reason.strip(),
        requested_by=by,
    )
    _CHECKS[kind](request)
    request.full_clean()
    save_new(request, _("这个栏目已有一份待批准的申请。"))
    record("sites.request_column", request, by=by, unit_id=unit.pk, data={"kind": kind, "path": request.path})
    _tell_keepers(request)
    return request


@transaction.atomic
def approve_request(*, request: ColumnRequest, by: User, decision: str = "") -> ColumnRequest:
    """Grant the request and do what it asks, all or nothing. Raises ValidationError where it can no longer be done."""
    demand(may_keep(by, request.site.unit))
    _decide(request, RequestState.APPROVED, by, decision)
    _DEEDS[RequestKind(request.kind)](request, by)
    _tell_requester(request, _("已批准：%(request)s") % {"request": request})
    return request


@transaction.atomic
def refuse_request(*, request: ColumnRequest, by: User, decision: str) -> ColumnRequest:
    """Refuse the request with a reason that the unit can read."""
    demand(may_keep(by, request.site.unit))
    if not decision.strip():
        raise ValidationError({"decision": _("不批准要写明理由。")})
    _decide(request, RequestState.REFUSED, by, decision)
    _tell_requester(request, _("未批准：%(request)s") % {"request": request})
    return request


def _decide(request: ColumnRequest, state: RequestState, by: User, decision: str) -> None:
    """Compare-and-set: of two who decide at once, one is told that it is done already."""
    now, words = timezone.now(), decision.strip()
    waiting = ColumnRequest.objects.filter(pk=request.pk, state=RequestState.WAITING)
    if not waiting.update(state=state, decided_by=by, decided_at=now, decision=words):
        raise ValidationError(_("这份申请已经办理过了。"))
    request.state, request.decided_by, request.decided_at, request.decision = state, by, now, words
    record(
        f"sites.request_{state}", request, by=by, unit_id=request.unit_id, data={"path": request.path, "words": words}
    )


def _check_add(request: ColumnRequest) -> None:
    if not request.name:
        raise ValidationError({"name": _("请填写栏目名称。")})
    if request.column_kind is None:
        raise ValidationError({"column_kind": _("请选择栏目类别。")})
    if request.form == ColumnForm.LINK:
        raise ValidationError({"form": _("链接栏目由网站管理员直接设置。")})
    request.path = rules.column_path(request.parent.path if request.parent else "", request.slug)
    check_column(Column(site=request.site, parent=request.parent, slug=request.slug, path=request.path))


def _check_rename(request: ColumnRequest) -> None:
    column = _standing(request)
    if not request.name or request.name == column.name:
        raise ValidationError({"name": _("请填写新的栏目名称。")})


def _check_remove(request: ColumnRequest) -> None:
    check_removable(_standing(request))


def _standing(request: ColumnRequest) -> Column:
    column = request.column
    if column is None or column.removed_at is not None or column.site_id != request.site_id:
        raise ValidationError({"column": _("请选择这个网站现有的栏目。")})
    request.path = column.path
    return column


def _do_add(request: ColumnRequest, by: User) -> None:
    request.column = write_new_column(
        site=request.site,
        by=by,
        name=request.name,
        slug=request.slug,
        parent=request.parent,
        kind=request.column_kind,
        form=request.form,
        owner=request.unit,
    )
    request.save(update_fields=["column"])


def _do_rename(request: ColumnRequest, by: User) -> None:
    write_column(column=_standing(request), by=by, verb="sites.rename_column", name=request.name)


def _do_remove(request: ColumnRequest, by: User) -> None:
    write_removal(column=_standing(request), by=by)


_CHECKS = {RequestKind.ADD: _check_add, RequestKind.RENAME: _check_rename, RequestKind.REMOVE: _check_remove}
_DEEDS = {RequestKind.ADD: _do_add, RequestKind.RENAME: _do_rename, RequestKind.REMOVE: _do_remove}


def _tell_keepers(request: ColumnRequest) -> None:
    notify(
        holders(KEEPERS, request.site.unit),
        title=_("%(unit)s申请%(request)s") % {"unit": request.unit, "request": request},
        body=request.reason,
        link=reverse("sites:request", args=[request.pk]),
    )


def _tell_requester(request: ColumnRequest, title: str) -> None:
    if request.requested_by is not None:
        link = reverse("sites:request", args=[request.pk])
        notify([request.requested_by], title=title, body=request.decision, link=link)
