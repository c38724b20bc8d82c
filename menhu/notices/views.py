from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from menhu.accounts.requests import StaffRequest
from menhu.core.cursors import row_number
from menhu.notices.actions import mark_all_read, mark_read, unread_count
from menhu.notices.messages import try_again, try_all_again
from menhu.notices.models import Message, Notice
from menhu.notices.standing import SHOWN, standing

PAGE = 30


@require_GET
def notice_list(request: StaffRequest) -> HttpResponse:
    """My notices, newest first."""
    rows = Notice.objects.of(request.user).newest_first(row_number(request.GET.get("before")))
    notices = list(rows[: PAGE + 1])
    context = {
        "title": _("通知"),
        "notices": notices[:PAGE],
        "next_page": f"?before={notices[PAGE - 1].pk}" if len(notices) > PAGE else "",
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


@require_GET
def message_standing(request: StaffRequest) -> HttpResponse:
    """How messages to citizens go out, and the latest failures."""
    context = {
        "title": _("外发消息"),
        "lead": _("发给群众的短信和电子邮件。短信只在 8:00 至 22:00 发送，登录验证码除外。"),
        "standing": standing(),
        "shown": SHOWN,
    }
    return render(request, "notices/messages.html", context)


@require_POST
def send_again(request: StaffRequest) -> HttpResponse:
    """Send one that was given up once more, or all of them."""
    wanted = request.POST.get("message", "")
    if not wanted:
        messages.success(request, _("已安排重新发送 %(count)d 条。") % {"count": try_all_again(by=request.user)})
        return redirect("notices:messages")
    row = get_object_or_404(Message, pk=row_number(wanted))
    if try_again(message=row, by=request.user):
        messages.success(request, _("已安排重新发送。"))
    else:
        messages.error(request, _("这条消息不能重新发送：已经在发送，或内容已清除。"))
    return redirect("notices:messages")
