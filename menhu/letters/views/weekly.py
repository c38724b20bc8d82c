"""The weekly report on letters: look at a week's figures, draft them as an article."""

from datetime import date, timedelta
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from menhu.accounts.requests import StaffRequest
from menhu.cases.policies import CaseRefused
from menhu.core.office import answers_refusals
from menhu.letters.actions.reporting import columns_for, last_monday, report_week, title_of, week_of
from menhu.letters.office_forms import WeeklyForm
from menhu.letters.policies import reports_weekly
from menhu.review.policies import Refused

WEEKS: Final = 12


@answers_refusals
@require_http_methods(["GET", "POST"])
def weekly(request: StaffRequest) -> HttpResponse:
    """The figures of a week that is over; with the editor's right in a column, a button that drafts them."""
    if not reports_weekly(request.user):
        raise PermissionDenied(_("来信周报由受理员或督办员起草。"))
    monday = _monday(request)
    form = WeeklyForm(request.POST or None, by=request.user)
    if request.method != "POST" or not form.is_valid():
        return _page(request, monday, form, 400 if form.errors else 200)
    try:
        article = report_week(monday=monday, column=form.cleaned_data["column"], by=request.user)
    except (CaseRefused, Refused, ValidationError) as refused:
        for text in refused.messages if isinstance(refused, ValidationError) else [str(refused)]:
            form.add_error(None, text)
        return _page(request, monday, form, 409)
    messages.success(request, _("已起草“%(title)s”，请补充文字后送审。") % {"title": article.title})
    return redirect("articles:edit", article.pk)


def _weeks() -> list[date]:
    newest = last_monday(timezone.localdate())
    return [newest - timedelta(days=7 * back) for back in range(WEEKS)]


def _monday(request: StaffRequest) -> date:
    asked = request.POST.get("week") or request.GET.get("week") or ""
    return next((monday for monday in _weeks() if monday.isoformat() == asked), _weeks()[0])


def _page(request: StaffRequest, monday: date, form: WeeklyForm, status: int) -> HttpResponse:
    may_draft = columns_for(request.user).exists()
    context = {
        "title": _("来信周报"),
        "lead": _("按周统计来信办理情况，起草成一篇普通文稿，改好后照常送审；不会自动发布。"),
        "weeks": [(week, week + timedelta(days=6)) for week in _weeks()],
        "monday": monday,
        "article_title": title_of(monday),
        "form": form if may_draft else None,
        **week_of(monday),
    }
    return render(request, "letters/weekly.html", context, status=status)
