from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from menhu.accounts.models import User
from menhu.accounts.requests import StaffRequest
from menhu.core.cursors import row_number
from menhu.core.sealing import SealBroken
from menhu.files import storage
from menhu.files.actions import store_upload
from menhu.files.enums import ScanState
from menhu.files.forms import UploadForm
from menhu.files.models import FileKind, StoredFile
from menhu.files.policies import UPLOADERS, may_see
from menhu.files.rules import UploadRefused, size_text
from menhu.units.enums import Role, UnitKind
from menhu.units.models import Unit
from menhu.units.policies import PUBLISHING_ROLES, current_posts, scope_of

PAGE = 24
# Bytes that a browser shows must not be able to run anything, whatever slipped through.
INERT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

PublicView = Callable[..., HttpResponseBase]
Response = TypeVar("Response", bound=HttpResponseBase)

_LOST = gettext_lazy("文件内容已不在服务器上。")
_REASONS = {
    ScanState.WAITING: gettext_lazy("文件正在等待查毒，完成后即可查看。"),
    ScanState.INFECTED: gettext_lazy("文件含有病毒，内容已删除。"),
}


def draft_file(request: HttpRequest, path: str, pk: int, otherwise: PublicView) -> HttpResponseBase:
    """A file at its public address: staff in scope see the private bytes, everybody else what has been published."""
    file = StoredFile.objects.filter(pk=pk).first() if request.user.is_authenticated else None
    if file is None or file.public_path != f"/{path}" or not may_see(request.user, file):
        return otherwise(request, path=path)
    return _bytes_of(file, storage.open_stored)


@require_safe
def thumbnail(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The small copy of a picture in scope."""
    file = get_object_or_404(StoredFile, pk=pk, kind=FileKind.IMAGE)
    if not may_see(request.user, file):
        raise Http404
    return _bytes_of(file, storage.open_thumbnail)


def private_bytes(file: StoredFile) -> HttpResponse:
    """A case's file, for a view that has asked whether the person may see the case.

    Raises Http404 with the reason while a scanner has yet to judge it, once it found a virus, or when it is lost.
    """
    return _opened(file, file.private_name)


def private_thumbnail(file: StoredFile) -> HttpResponse:
    """The small copy of a picture of a case, under the same conditions."""
    return _opened(file, file.private_name + storage.THUMBNAIL_SUFFIX)


def _opened(file: StoredFile, name: str) -> HttpResponse:
    if not file.is_shown:
        raise Http404(_REASONS[ScanState(file.scan_state)])
    try:
        data = storage.read_sealed(name)
    except (FileNotFoundError, SealBroken) as error:
        raise Http404(_LOST) from error
    response = HttpResponse(data, content_type=file.content_type)
    is_attachment = file.kind != FileKind.IMAGE
    response.headers["Content-Disposition"] = content_disposition_header(is_attachment, file.name) or "attachment"
    return _inert(response)


def _bytes_of(file: StoredFile, opened: Callable[[StoredFile], BinaryIO]) -> HttpResponseBase:
    try:
        bytes_ = opened(file)
    except FileNotFoundError as error:
        raise Http404(_LOST) from error
    is_attachment = file.kind != FileKind.IMAGE
    return _inert(FileResponse(bytes_, as_attachment=is_attachment, filename=file.name, content_type=file.content_type))


def _inert(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = INERT
    return response


@require_GET
def file_list(request: StaffRequest) -> HttpResponse:
    """A unit's uploads, newest first, with the form for one more."""
    return _list_page(request, None)


@require_POST
def add(request: StaffRequest) -> HttpResponse:
    """Take an upload from the page; what was chosen stays and the reason stands beside it."""
    form = UploadForm(request.POST, request.FILES, units=_units(request.user, UPLOADERS))
    file = _stored(form, request.user)
    if file is None:
        return _list_page(request, form)
    messages.success(request, _("已上传“%(name)s”。") % {"name": file.name})
    return redirect(f"{reverse('files:list')}?unit={file.unit_id}")


@require_POST
def upload(request: StaffRequest) -> JsonResponse:
    """Take an upload from the editor: JSON of the file, or {"error": …} in Chinese with status 400."""
    form = UploadForm(request.POST, request.FILES, units=_units(request.user, UPLOADERS))
    file = _stored(form, request.user)
    if file is not None:
        return JsonResponse(_as_json(file), status=201)
    reasons = [str(reason) for reasons in form.errors.values() for reason in reasons]
    return JsonResponse({"error": " ".join(reasons)}, status=400)


@require_GET
def choose(request: StaffRequest) -> JsonResponse:
    """A page of a unit's uploads for the editor's chooser; `next` is the address of the following page."""
    unit, kind = _unit(request), request.GET.get("kind", "")
    files, following = _page(request, unit, kind if kind in FileKind.values else "")
    address = f"{reverse('files:choose')}?unit={unit.pk}&kind={kind}&before={following}" if following else ""
    return JsonResponse({"files": [_as_json(file) for file in files], "next": address})


def _stored(form: UploadForm, by: User) -> StoredFile | None:
    """Store what the form holds; a refusal becomes an error of the field."""
    if not form.is_valid():
        return None
    kind = FileKind(form.cleaned_data["kind"]) if form.cleaned_data["kind"] else None
    try:
        return store_upload(form.cleaned_data["file"], unit=form.cleaned_data["unit"], by=by, kind=kind)
    except UploadRefused as refused:
        form.add_error("file", str(refused))
        return None


def _list_page(request: StaffRequest, form: UploadForm | None) -> HttpResponse:
    unit = _unit(request)
    writable = _units(request.user, UPLOADERS)
    files, following = _page(request, unit, "")
    context = {
        "title": _("文件"),
        "unit": unit,
        "units": _units(request.user, PUBLISHING_ROLES),
        "files": [(file, size_text(file.size)) for file in files],
        "next_page": f"?unit={unit.pk}&before={following}" if following else "",
        "form": form or (UploadForm(units=writable, initial={"unit": unit.pk}) if writable.exists() else None),
    }
    return render(request, "files/list.html", context, status=400 if form and form.errors else 200)


def _page(request: HttpRequest, unit: Unit, kind: str) -> tuple[list[StoredFile], int | None]:
    rows = StoredFile.objects.of_unit(unit, kind).newest_first(row_number(request.GET.get("before")))
    files = list(rows.select_related("uploaded_by")[: PAGE + 1])
    return files[:PAGE], files[PAGE - 1].pk if len(files) > PAGE else None


def _units(user: User, roles: frozenset[Role]) -> QuerySet[Unit]:
    return Unit.objects.filter(scope_of(user, roles).condition("pk")).exclude(kind=UnitKind.GROUP).in_order()


def _unit(request: StaffRequest) -> Unit:
    """The unit asked for, else the one in which the person sits. A foreign one does not exist."""
    asked = row_number(request.POST.get("unit") or request.GET.get("unit"))
    if asked is None:
        posts = current_posts(request.user)
        if not posts:
            raise PermissionDenied
        return posts[0].unit
    return get_object_or_404(_units(request.user, PUBLISHING_ROLES), pk=asked)


def _as_json(file: StoredFile) -> dict[str, Any]:
    return {
        "id": file.pk,
        "name": file.name,
        "kind": file.kind,
        "url": file.public_path,
        "thumbnail": reverse("files:thumbnail", args=[file.pk]) if file.kind == FileKind.IMAGE else "",
        "extension": file.extension,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "pages": file.pages,
    }
