"""Letter boxes for the webmaster; reply templates for those who answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from menhu.accounts.requests import StaffRequest
from menhu.core.office import answers_refusals
from menhu.core.office_forms import form_page, posted
from menhu.letters.actions.keeping import keep_mailbox, keep_template
from menhu.letters.models import Mailbox, ReplyTemplate
from menhu.letters.office_forms import MailboxForm, TemplateForm
from menhu.letters.policies import template_units
from menhu.units.policies import current_posts

MOST = 200


@require_GET
def mailboxes(request: StaffRequest) -> HttpResponse:
    """All boxes, open or not."""
    rows = Mailbox.objects.select_related("unit", "desk", "addressee").in_order()[:MOST]
    lead = _("网站上“写一封信”里能选的信箱。受理单位的受理员先看信，再交给承办单位。")
    return render(request, "letters/mailboxes.html", {"title": _("信箱"), "mailboxes": rows, "lead": lead})


@answers_refusals
@require_http_methods(["GET", "POST"])
def mailbox(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Open a box, or change one."""
    row = Mailbox() if pk is None else get_object_or_404(Mailbox, pk=pk)
    form = MailboxForm(request.POST or None, instance=row)
    kept = posted(request, form, lambda: keep_mailbox(mailbox=row, values=dict(form.cleaned_data), by=request.user))
    if kept is None:
        back = reverse("letters_office:mailboxes")
        title = row.name or _("开设信箱")
        return form_page(request, form, title=title, submit=_("保存"), back=back, crumbs=[(_("信箱"), back)])
    messages.success(request, _("已保存：%(name)s。") % {"name": kept.name})
    return redirect("letters_office:mailboxes")


@answers_refusals
@require_GET
def templates(request: StaffRequest) -> HttpResponse:
    """Those for all, and those of one's own units."""
    units = template_units(request.user)
    if not units:
        raise PermissionDenied(_("答复模板由承办单位和受理单位维护。"))
    rows = ReplyTemplate.objects.filter(Q(unit__isnull=True) | units.condition("unit_id")).select_related(
        "unit", "kind"
    )
    context = {
        "title": _("答复模板"),
        "templates": rows.order_by("unit_id", "position", "pk")[:MOST],
        "units": units,
        "lead": _("起草答复时可以从模板开始，再按实情改写。"),
    }
    return render(request, "letters/templates.html", context)


@answers_refusals
@require_http_methods(["GET", "POST"])
def template(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Write a template or change one of one's own unit."""
    units = template_units(request.user)
    row = ReplyTemplate() if pk is None else get_object_or_404(ReplyTemplate, pk=pk)
    is_own = units.everywhere or (pk is None and bool(units)) or units.covers(row.unit_id)
    if not is_own:
        raise Http404
    form = TemplateForm(request.POST or None, instance=row)
    kept = posted(request, form, lambda: _kept(request, row, form))
    if kept is None:
        back = reverse("letters_office:templates")
        title = row.title or _("新写模板")
        return form_page(request, form, title=title, submit=_("保存"), back=back, crumbs=[(_("答复模板"), back)])
    messages.success(request, _("已保存：%(name)s。") % {"name": kept.title})
    return redirect("letters_office:templates")


def _kept(request: StaffRequest, row: ReplyTemplate, form: Any) -> ReplyTemplate:
    """A new template belongs to the unit in which the person sits, or to all where they serve all."""
    units, posts = template_units(request.user), current_posts(request.user)
    unit = None if units.everywhere else next((post.unit for post in posts if units.covers(post.unit_id)), None)
    return keep_template(template=row, unit=unit, values=dict(form.cleaned_data), by=request.user)
