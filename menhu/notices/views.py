from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from menhu.accounts.requests import StaffRequest
from menhu.notices.actions import mark_all_read, mark_read, unread_count
from menhu.notices.models import Notice

PAGE = 30


@require_GET
def notice_list(request: StaffRequest) -> HttpResponse:
    """My notices, newest first."""
    before = request.GET.get("before", "")
    rows = Notice.objects.of(request.user).newest_first(int(before) if before.isdecimal() else None)
    notices = list(rows[: PAGE + 1])
    context = {
        "title": _("通知"),
        "notices": notices[:PAGE],
        "following": notices[PAGE - 1].pk if len(notices) > PAGE else None,
        "unread": unread_count(request.user),
    }
    return render(request, "notices/list.html", context)


@require_POST
def open_notice(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a notice of mine as read and go where it points."""
    notice = get_object_or_404(Notice.objects.of(request.user), pk=pk)
    mark_read(notice=notice, by=request.user)
    is_ours = url_has_allowed_host_and_scheme(notice.link, allowed_hosts={request.get_host()})
    return redirect(notice.link if is_ours else "notices:list")


@require_POST
def read_all(request: StaffRequest) -> HttpResponse:
    """Mark all notices of mine as read."""
    messages.success(request, _("已将 %(count)d 条通知标为已读。") % {"count": mark_all_read(by=request.user)})
    return redirect("notices:list")
