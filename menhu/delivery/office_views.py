"""Back office: where publishing stands."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from menhu.accounts.requests import StaffRequest
from menhu.delivery.actions import retry_failed
from menhu.delivery.standing import standing


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """Queue by lane and the latest failures."""
    context = {
        "title": _("发布状态"),
        "lead": _("变更提交后自动生成页面：撤稿最先，签发其次，批量最后。"),
        "standing": standing(),
    }
    return render(request, "delivery/status.html", context)


@require_POST
def retry(request: StaffRequest) -> HttpResponse:
    """Try failed pages again now."""
    messages.success(request, _("已安排重试 %(count)s 页。") % {"count": retry_failed(by=request.user)})
    return redirect("delivery:status")
