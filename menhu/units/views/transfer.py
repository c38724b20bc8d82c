"""Units and posts in and out by spreadsheet, for the webmaster."""

import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from menhu.accounts.requests import StaffRequest
from menhu.audit.models import Event
from menhu.audit.trail import record
from menhu.core.office import answers_refusals
from menhu.core.spreadsheets import CONTENT_TYPE, SpreadsheetRefused
from menhu.units import actions, exports
from menhu.units.forms import ImportForm
from menhu.units.imports import Plan, plan_import
from menhu.units.views.tree import GET_OR_POST

SHOWN_FINDINGS = 200
SHOWN_IMPORTS = 10


@answers_refusals
@GET_OR_POST
def transfer(request: StaffRequest) -> HttpResponse:
    """Check a file without writing, or check and import it; the report says what happened row by row."""
    form = ImportForm(request.POST or None, request.FILES or None)
    plan, is_done = None, False
    if request.method == "POST" and form.is_valid():
        plan = _planned(form, form.cleaned_data["file"])
        if plan is not None and not plan.findings and request.POST.get("step") == "import":
            is_done = _is_imported(form, plan, request)
    context = {
        "title": _("导入导出"),
        "form": form,
        "plan": plan,
        "is_done": is_done,
        "findings": plan.findings[:SHOWN_FINDINGS] if plan else [],
        "more": max(0, len(plan.findings) - SHOWN_FINDINGS) if plan else 0,
        "imports": Event.objects.filter(verb="units.import").newest_first()[:SHOWN_IMPORTS],
    }
    return render(request, "units/transfer.html", context)


def _planned(form: ImportForm, file: UploadedFile) -> Plan | None:
    try:
        return plan_import(file, str(file.name))
    except SpreadsheetRefused as refused:
        form.add_error("file", str(refused))
        return None


def _is_imported(form: ImportForm, plan: Plan, request: StaffRequest) -> bool:
    file: UploadedFile = form.cleaned_data["file"]
    file.seek(0)
    digest = hashlib.sha256(file.read()).hexdigest()
    try:
        actions.import_plan(plan=plan, by=request.user, source=f"{file.name} sha256:{digest}")
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


@require_GET
def template(request: StaffRequest) -> HttpResponse:
    return _download(exports.template(), "units-template")


@require_GET
def export(request: StaffRequest) -> HttpResponse:
    """All active units and all posts; that somebody took them out is an event."""
    record("units.export", None, by=request.user)
    return _download(exports.export(), f"units-{_stamp(timezone.now())}")


def _stamp(now: datetime) -> str:
    return timezone.localtime(now).strftime("%Y%m%d-%H%M")


def _download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)
