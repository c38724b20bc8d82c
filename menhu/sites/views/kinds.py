from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from menhu.accounts.requests import StaffRequest
from menhu.core.office_forms import form_page, posted
from menhu.sites import actions, blocks
from menhu.sites.forms import KindForm, TemplateColumns, TemplateForm
from menhu.sites.models import ColumnKind, SiteTemplate, TemplateColumn
from menhu.sites.views.cluster import GET_OR_POST
from menhu.units.scoping import answers_refusals, fetch


@require_GET
def kind_list(request: StaffRequest) -> HttpResponse:
    """Kinds of column: the META norm's value, the window, and how well each figure is witnessed."""
    kinds = ColumnKind.objects.order_by("position", "pk")
    return render(request, "sites/office/kinds.html", {"title": _("栏目类别"), "kinds": kinds})


@answers_refusals
@GET_OR_POST
def edit_kind(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Change a kind, or add one."""
    kind = ColumnKind() if pk is None else fetch(request, ColumnKind, pk, "change")
    form = KindForm(request.POST or None, instance=kind)
    if posted(request, form, lambda: actions.change_kind(kind=kind, by=request.user, **form.cleaned_data)) is not None:
        messages.success(request, _("已保存栏目类别“%(kind)s”。") % {"kind": kind})
        return redirect("sites:kinds")
    return form_page(
        request,
        form,
        title=_("栏目类别：%(kind)s") % {"kind": kind.name} if pk else _("新增栏目类别"),
        submit=_("保存"),
        back=reverse("sites:kinds"),
        crumbs=[(_("栏目类别"), reverse("sites:kinds"))],
    )


@require_GET
def template_list(request: StaffRequest) -> HttpResponse:
    """What new sites start with."""
    columns = Prefetch("columns", TemplateColumn.objects.order_by("position", "pk"))
    templates = SiteTemplate.objects.order_by("pk").prefetch_related(columns)
    return render(request, "sites/office/templates.html", {"title": _("网站模板"), "templates": templates})


@answers_refusals
@GET_OR_POST
def edit_template(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A template's look, required columns and home blocks; sites that stand are not touched."""
    template = SiteTemplate() if pk is None else fetch(request, SiteTemplate, pk, "change")
    form = TemplateForm(request.POST or None, instance=template)
    rows = TemplateColumn.objects.order_by("position", "pk")
    columns = TemplateColumns(request.POST or None, instance=template, prefix="columns", queryset=rows)
    if columns.is_valid() and posted(request, form, lambda: _save(request, form, columns)) is not None:
        messages.success(request, _("已保存模板“%(template)s”。") % {"template": template})
        return redirect("sites:templates")
    return form_page(
        request,
        form,
        title=_("网站模板：%(name)s") % {"name": template.name} if pk else _("新增网站模板"),
        submit=_("保存"),
        back=reverse("sites:templates"),
        template="sites/office/template.html",
        columns=columns,
        labels=[kind.label for block in template.blocks if (kind := blocks.kind_of(block["kind"]))],
        crumbs=[(_("网站模板"), reverse("sites:templates"))],
    )


def _save(request: StaffRequest, form: TemplateForm, columns: TemplateColumns) -> SiteTemplate:  # type: ignore[valid-type]
    kept = columns.save(commit=False)  # type: ignore[attr-defined]
    return actions.save_template(
        template=form.instance,
        by=request.user,
        columns=kept,
        gone=columns.deleted_objects,  # type: ignore[attr-defined]
        **form.cleaned_data,
    )
