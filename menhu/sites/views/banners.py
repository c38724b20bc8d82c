from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from menhu.accounts.requests import StaffRequest
from menhu.core.office_forms import attempt
from menhu.sites import actions
from menhu.sites.forms import BannerForm, MourningForm
from menhu.sites.models import Banner, Site
from menhu.units.scoping import answers_refusals, fetch

PAGE = 30


@require_GET
def banner_page(request: StaffRequest) -> HttpResponse:
    """Emergency notices and the mourning-grey switch."""
    return _page(request, BannerForm())


@answers_refusals
@require_POST
def show_banner(request: StaffRequest) -> HttpResponse:
    """Put a notice up."""
    form = BannerForm(request.POST)
    if attempt(form, lambda: actions.show_banner(by=request.user, **form.cleaned_data)) is None:
        return _page(request, form)
    messages.success(request, _("应急提示已上线，首页随即更新，其他页面随后更新。"))
    return redirect("sites:banners")


@answers_refusals
@require_POST
def switch_banner(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a notice down or put it up again: one click."""
    banner = fetch(request, Banner, pk, "change")
    is_shown = request.POST.get("to") == "show"
    if actions.switch_banner(banner=banner, by=request.user, is_shown=is_shown):
        messages.success(request, _("应急提示已上线。") if is_shown else _("应急提示已撤下。"))
    return redirect("sites:banners")


@answers_refusals
@require_POST
def set_mourning(request: StaffRequest) -> HttpResponse:
    """Grey on or off, for one site or for all."""
    form = MourningForm(request.POST)
    is_mourning = request.POST.get("to") == "on"
    if form.is_valid():
        site = form.cleaned_data["site"]
        count = actions.set_mourning(by=request.user, is_mourning=is_mourning, site=site)
        text = _("已将 %(count)d 个网站变为灰色。") if is_mourning else _("已将 %(count)d 个网站恢复彩色。")
        messages.success(request, text % {"count": count})
    else:
        messages.error(request, _("请选择网站。"))
    return redirect("sites:banners")


def _page(request: StaffRequest, form: BannerForm) -> HttpResponse:
    context = {
        "title": _("应急提示与哀悼"),
        "form": form,
        "mourning": MourningForm(prefix=""),
        "grey": Site.objects.open().filter(is_mourning=True).count(),
        "banners": Banner.objects.select_related("site").order_by("-is_shown", "-pk")[:PAGE],
    }
    return render(request, "sites/office/banners.html", context)
