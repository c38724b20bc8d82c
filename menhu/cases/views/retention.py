"""How long cases are kept: rules, a dry run, a start that is confirmed, and reports. The webmaster's alone."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from menhu.accounts.requests import StaffRequest
from menhu.cases.actions import retaining
from menhu.cases.actions.planning import in_words, plan
from menhu.cases.forms import RetentionRuleForm, StartForm
from menhu.cases.models import RetentionRule, RetentionRun
from menhu.cases.retention import words_of
from menhu.core.cursors import row_number
from menhu.core.office import answers_refusals
from menhu.core.office_forms import form_page, posted
from menhu.units.scoping import fetch

PAGE = 20


@require_GET
def overview(request: StaffRequest) -> HttpResponse:
    """Rules with their sources, what those in force would do today, and past runs."""
    runs = RetentionRun.objects.newest_first()
    if (before := row_number(request.GET.get("before"))) is not None:
        runs = runs.filter(pk__lt=before)
    found = list(runs[: PAGE + 1])
    context = {
        "title": _("保存期限"),
        "lead": _("来信和申请办结后保存多久，到期后隐去个人信息还是删除。规则启用之前什么都不会做。"),
        "rules": RetentionRule.objects.in_order().prefetch_related("kinds"),
        "plans": plan(timezone.now()),
        "runs": found[:PAGE],
        "is_running": RetentionRun.objects.open().exists(),
        "next_page": f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
    }
    return render(request, "cases/retention.html", context)


@answers_refusals
@require_http_methods(["GET", "POST"])
def rule(request: StaffRequest, pk: int) -> HttpResponse:
    row = fetch(request, RetentionRule, pk, "change")
    (foreseen,) = plan(timezone.now(), rule=row)
    return _rule_page(request, row, title=row.name, plan=foreseen)


@answers_refusals
@require_http_methods(["GET", "POST"])
def add_rule(request: StaffRequest) -> HttpResponse:
    return _rule_page(request, RetentionRule(), title=_("新增规则"))


def _rule_page(request: StaffRequest, row: RetentionRule, *, title: str, **context: Any) -> HttpResponse:
    form = RetentionRuleForm(request.POST or None, instance=row, initial={"version": row.version})
    kept = posted(request, form, lambda: retaining.keep_rule(rule=row, by=request.user, **_given(form)))
    if kept is None:
        back = reverse("cases:retention")
        page: dict[str, Any] = {"title": title, "back": back, "crumbs": [(_("保存期限"), back)]}
        return form_page(request, form, submit=_("保存"), template="cases/retention_rule.html", **page, **context)
    messages.success(request, _("已保存：%(rule)s。") % {"rule": kept.name})
    return redirect("cases:retention")


def _given(form: RetentionRuleForm) -> dict[str, Any]:
    values = dict(form.cleaned_data)
    return {"version": values.pop("version"), "values": values}


@answers_refusals
@require_http_methods(["GET", "POST"])
def start(request: StaffRequest) -> HttpResponse:
    """What will be done, and the word that begins it."""
    plans = plan(timezone.now())
    seen = json.dumps({each.rule.pk: each.rule.version for each in plans})
    form = StartForm(request.POST or None, initial={"versions": seen})
    if not form.is_valid():
        back = reverse("cases:retention")
        page: dict[str, Any] = {"title": _("开始执行"), "back": back, "crumbs": [(_("保存期限"), back)]}
        return form_page(
            request, form, submit=_("开始执行"), plans=plans, template="cases/retention_start.html", **page
        )
    try:
        retaining.start(versions=form.cleaned_data["versions"], by=request.user)
    except ValidationError as error:  # back to a plan as it is now, not to the one that was seen
        messages.error(request, "".join(error.messages))
        return redirect("cases:retention_start")
    messages.success(request, _("已开始，由系统在后台分批执行，进度见“执行记录”。"))
    return redirect("cases:retention")


@answers_refusals
@require_GET
def run(request: StaffRequest, pk: int) -> HttpResponse:
    """The report of one run."""
    row = fetch(request, RetentionRun, pk, "view")
    context = {
        "title": row.name,
        "crumbs": [(_("保存期限"), reverse("cases:retention"))],
        "run": row,
        "reasons": in_words(row.skipped),
        "skipped": sum(row.skipped.values()),
        "held": [(number, words_of(why)) for number, why in row.held],
    }
    return render(request, "cases/retention_run.html", context)


@answers_refusals
@require_POST
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    """End a run where it is."""
    row = fetch(request, RetentionRun, pk, "change")
    if retaining.stop(run=row, by=request.user):
        messages.success(request, _("已停止。已经处理的不能恢复，没有处理的原样保留。"))
    else:
        messages.error(request, _("这次执行已经结束。"))
    return redirect("cases:retention_run", row.pk)
