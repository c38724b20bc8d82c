"""我也有同样问题: a visitor of a public letter says so; no account, no trace, a number."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from menhu.core.cursors import row_number
from menhu.letters import contexts
from menhu.letters.actions.sharing import count_same
from menhu.letters.guarding import may_say_same
from menhu.letters.models import PublicCopy, SameMatter
from menhu.letters.public.addresses import SAME, SAME_CONFIRM, copy_path
from menhu.letters.public.pages import WRITE
from menhu.letters.views.framing import base_of, portal_of, private


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def same_page(request: HttpRequest) -> HttpResponse:
    """What the form on a public letter sends: a file, so it has no token; the browser says where it stood.

    From elsewhere, or where the browser does not say, the visitor is asked to confirm on a page that has a token.
    """
    if request.method == "POST" and urlsplit(request.headers.get("Origin", "")).netloc == request.get_host():
        return _counted(request)
    given = request.POST if request.method == "POST" else request.GET
    return private(_page(request, _copy(request, given.get("letter", "")), is_asked=True))


@require_POST
def confirm_page(request: HttpRequest) -> HttpResponse:
    """The same from our own page, which has a token."""
    return _counted(request)


def _counted(request: HttpRequest) -> HttpResponse:
    copy = _copy(request, request.POST.get("letter", ""))
    if not may_say_same(request, copy.pk):
        told = _("今天已经记过了。同一台设备、同一个网络一天只能点有限几次。")
        return private(_page(request, copy, notice=told, is_counted=False), status=429)
    count_same(copy=copy)
    return private(_page(request, copy, notice=_("已记下，谢谢您。"), is_counted=True))


def _copy(request: HttpRequest, key: str) -> PublicCopy:
    """The public letter; Http404 for what the public may not read."""
    portal_of(request)
    copy = PublicCopy.objects.published().filter(pk=row_number(key) or 0).first()
    if copy is None:
        raise Http404
    return copy


def _page(
    request: HttpRequest, copy: PublicCopy, *, notice: str = "", is_counted: bool = False, is_asked: bool = False
) -> contexts.SamePage:
    count = SameMatter.objects.filter(pk=copy.pk).values_list("count", flat=True).first() or 0
    return contexts.SamePage(
        **base_of(portal_of(request), _("我也有同样问题"), SAME),
        title=copy.title,
        letter_url=copy_path(copy),
        write_url=WRITE,
        count=count,
        notice=notice,
        is_counted=is_counted,
        action=SAME_CONFIRM if is_asked else "",
        csrf_token=get_token(request) if is_asked else "",
        letter=copy.pk,
    )
