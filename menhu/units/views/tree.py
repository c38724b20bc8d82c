from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from menhu.accounts.requests import StaffRequest
from menhu.core.office import answers_refusals
from menhu.core.office_forms import form_page, posted
from menhu.core.paging import BoundedPaginator
from menhu.units import actions
from menhu.units.forms import EndForm, FilingForm, UnitForm
from menhu.units.models import Unit
from menhu.units.policies import UNITS, today
from menhu.units.scoping import fetch

PAGE = 50
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def tree(request: StaffRequest) -> HttpResponse:
    """All units in the order of the tree, for the webmaster."""
    wanted, shows_closed = request.GET.get("q", "").strip(), request.GET.get("closed") == "1"
    units = Unit.objects.in_order()
    units = units if shows_closed else units.active()
    units = units.filter(name__icontains=wanted) if wanted else units
    page = BoundedPaginator(units, PAGE).get_page(request.GET.get("p"))
    context = {"title": _("单位"), "page": page, "wanted": wanted, "shows_closed": shows_closed}
    return render(request, "units/tree.html", context)


@answers_refusals
@GET_OR_POST
def add(request: StaffRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    unit = posted(request, form, lambda: actions.add_unit(by=request.user, **form.cleaned_data))
    if unit is None:
        return _unit_page(request, form, _("新增单位"))
    messages.success(request, _("已新增“%(unit)s”。") % {"unit": unit})
    return redirect("units:edit", unit.pk)


@answers_refusals
@GET_OR_POST
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """All of a unit; another parent moves it with everything below it."""
    unit = fetch(request, Unit, pk, "change")
    form = UnitForm(request.POST or None, instance=unit)
    saved = posted(request, form, lambda: actions.change_unit(unit=unit, by=request.user, **form.cleaned_data))
    if saved is None:
        return _unit_page(request, form, str(Unit.objects.get(pk=pk)), unit)
    messages.success(request, _("已保存“%(unit)s”。") % {"unit": unit})
    return redirect("units:tree")


@answers_refusals
@GET_OR_POST
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close a unit that has nothing below it; its posts end with it."""
    unit = fetch(request, Unit, pk, "change")
    form = EndForm(request.POST or None, initial={"ends_on": today()})
    del form.fields["reason"]
    closed = posted(request, form, lambda: actions.deactivate_unit(unit=unit, by=request.user, **form.cleaned_data))
    if closed is not None:
        messages.success(request, _("已撤销“%(unit)s”，它的岗位同日结束。") % {"unit": unit})
        return redirect("units:tree")
    lead = _("撤销后单位不再出现在可选项里，已发布的内容不变；单位的全部岗位同日结束。")
    return _sub_page(request, form, unit, _("撤销单位"), lead)


@answers_refusals
@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    unit = fetch(request, Unit, pk, "change")
    actions.reactivate_unit(unit=unit, by=request.user)
    messages.success(request, _("已恢复“%(unit)s”。") % {"unit": unit})
    return redirect("units:edit", unit.pk)


@require_GET
def my_units(request: StaffRequest) -> HttpResponse:
    """The units whose file the person keeps; with a single one, its form at once."""
    mine = UNITS.instances_user_has_any_permission_for(request.user, ["file"])
    rows = mine.filter(is_active=True).order_by("path")
    page = BoundedPaginator(rows, PAGE).get_page(request.GET.get("p"))
    if page.paginator.count == 1:
        return redirect("units:filing", page.object_list[0].pk)
    return render(request, "units/my_units.html", {"title": _("单位备案"), "page": page})


@answers_refusals
@GET_OR_POST
def filing(request: StaffRequest, pk: int) -> HttpResponse:
    """What a unit keeps current by itself: leader in charge, editor, team, plan, contact (S28)."""
    unit = fetch(request, Unit, pk, "file")
    form = FilingForm(request.POST or None, instance=unit)
    filed = posted(request, form, lambda: actions.file_unit(unit=unit, by=request.user, **form.cleaned_data))
    if filed is not None:
        messages.success(request, _("备案已更新。"))
        return redirect("units:filing", unit.pk)
    since = _("%(day)s 备案。") % {"day": unit.filed_on} if unit.filed_on else _("还没有备案。")
    lead = since + _("有变动随时更新，网站管理员随即看到。")
    title = _("%(unit)s备案") % {"unit": unit.short_name}
    back = reverse("wagtailadmin_home")
    return form_page(request, form, title=title, submit=_("保存备案"), back=back, lead=lead)


def _unit_page(request: StaffRequest, form: UnitForm, title: str, unit: Unit | None = None) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        submit=_("保存"),
        back=reverse("units:tree"),
        crumbs=[(_("单位"), reverse("units:tree"))],
        template="units/unit.html",
        unit=unit,
    )


def _sub_page(request: StaffRequest, form: EndForm, unit: Unit, title: str, lead: str) -> HttpResponse:
    address = reverse("units:edit", args=[unit.pk])
    crumbs = [(_("单位"), reverse("units:tree")), (unit.name, address)]
    return form_page(request, form, title=title, submit=title, back=address, crumbs=crumbs, lead=lead)
