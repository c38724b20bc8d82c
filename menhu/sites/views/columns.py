from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from menhu.accounts.requests import StaffRequest
from menhu.core.office_forms import form_page, posted
from menhu.sites import actions
from menhu.sites.forms import ColumnAddForm, ColumnEditForm
from menhu.sites.models import Column, Site
from menhu.sites.policies import may_request
from menhu.sites.rules import depth_of
from menhu.sites.views.cluster import GET_OR_POST, site_context
from menhu.units.scoping import answers_refusals, fetch


@dataclass(frozen=True, slots=True)
class Branch:
    """A column in the tree, with what may be done to it."""

    column: Column
    depth: int
    is_first: bool
    is_last: bool
    may_ask: bool

    @property
    def window(self) -> int | None:
        """Within how many days it must be updated: its own rule, else that of its kind."""
        return self.column.window_days or self.column.kind.window_days


@answers_refusals
@require_GET
def column_tree(request: StaffRequest, pk: int) -> HttpResponse:
    """The tree of columns of a site: owner, responsible person, update rule of each."""
    site = fetch(request, Site, pk, "view")
    rows = Column.objects.standing().filter(site=site).select_related("kind", "owner").in_order()
    tree = list(_branches(request, site, list(rows), None))
    context = {"title": _("栏目"), "tree": tree, "tab": "columns", **site_context(request, site)}
    return render(request, "sites/office/columns.html", context)


@answers_refusals
@GET_OR_POST
def add_column(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a column at once; units ask for one instead."""
    site = fetch(request, Site, pk, "change")
    initial = {"owner": site.unit_id, "parent": request.GET.get("parent")}
    form = ColumnAddForm(request.POST or None, site=site, initial=initial)
    column = posted(request, form, lambda: actions.add_column(site=site, by=request.user, **form.cleaned_data))
    if column is not None:
        messages.success(request, _("已设立栏目“%(column)s”。") % {"column": column})
        return redirect("sites:columns", site.pk)
    return _column_page(request, site, form, _("新设栏目"))


@answers_refusals
@GET_OR_POST
def edit_column(request: StaffRequest, pk: int) -> HttpResponse:
    """Change what a column says, who owns it and how often it must be updated."""
    column = fetch(request, Column, pk, "change")
    form = ColumnEditForm(request.POST or None, instance=column)
    if (
        posted(request, form, lambda: actions.change_column(column=column, by=request.user, **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("已保存栏目“%(column)s”。") % {"column": column})
        return redirect("sites:columns", column.site_id)
    return _column_page(request, column.site, form, _("栏目：%(name)s") % {"name": column.name}, column)


@answers_refusals
@require_POST
def move_column(request: StaffRequest, pk: int) -> HttpResponse:
    """One place up or down among the siblings."""
    column = fetch(request, Column, pk, "change")
    actions.move_column(column=column, by=request.user, up=request.POST.get("to") == "up")
    return redirect(f"{reverse('sites:columns', args=[column.site_id])}#column-{column.pk}")


@answers_refusals
@require_POST
def remove_column(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a column off the site, unless something still stands in it."""
    column = fetch(request, Column, pk, "change")
    try:
        actions.remove_column(column=column, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("sites:edit_column", column.pk)
    messages.success(request, _("已撤销栏目“%(column)s”，原网址转到上一级。") % {"column": column})
    return redirect("sites:columns", column.site_id)


def _column_page(
    request: StaffRequest, site: Site, form: ColumnEditForm, title: str, column: Column | None = None
) -> HttpResponse:
    return form_page(
        request,
        form,
        title=title,
        submit=_("保存"),
        back=reverse("sites:columns", args=[site.pk]),
        template="sites/office/column.html",
        column=column,
        tab="columns",
        **site_context(request, site),
    )


def _branches(request: StaffRequest, site: Site, rows: Sequence[Column], parent_id: int | None) -> "list[Branch]":
    siblings = [row for row in rows if row.parent_id == parent_id]
    found: list[Branch] = []
    for place, column in enumerate(siblings):
        found.append(
            Branch(
                column=column,
                depth=depth_of(column.path),
                is_first=place == 0,
                is_last=place == len(siblings) - 1,
                may_ask=may_request(request.user, site, column),
            )
        )
        found += _branches(request, site, rows, column.pk)
    return found
