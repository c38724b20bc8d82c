"""People and their accounts, for the webmaster."""

from collections.abc import Iterable

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from menhu.accounts import actions
from menhu.accounts.models import User
from menhu.accounts.requests import StaffRequest
from menhu.core.office import answers_refusals
from menhu.core.office_forms import attempt, form_page, posted
from menhu.core.paging import BoundedPaginator
from menhu.units.forms import DisableForm, PersonChangeForm, PersonForm
from menhu.units.models import Post
from menhu.units.policies import today
from menhu.units.scoping import find
from menhu.units.views.tree import GET_OR_POST

PAGE = 50


@require_GET
def people(request: StaffRequest) -> HttpResponse:
    """All accounts by user name, with the posts that their holders have today."""
    wanted, show = request.GET.get("q", "").strip(), request.GET.get("show", "")
    page = BoundedPaginator(_narrowed(wanted, show), PAGE).get_page(request.GET.get("p"))
    rows = list(page.object_list)
    context = {
        "title": _("人员与账号"),
        "page": page,
        "rows": rows,
        "locked": locked_names(rows),
        "chosen": request.GET,
    }
    return render(request, "units/people.html", context)


def _narrowed(wanted: str, show: str) -> QuerySet[User]:
    posts = Post.objects.current(today()).select_related("unit").order_by("pk")
    users = User.objects.order_by("username").prefetch_related(Prefetch("posts", posts, to_attr="posts_now"))
    if show == "disabled":
        users = users.filter(is_active=False)
    elif show != "all":
        users = users.filter(is_active=True)
    return users.filter(Q(username__icontains=wanted) | Q(name__icontains=wanted)) if wanted else users


def locked_names(users: Iterable[User]) -> set[str]:
    """Those of the people whom the sign-in lock holds just now."""
    attempts = AccessAttempt.objects.filter(
        username__in=[user.username for user in users], failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    return set(attempts.values_list("username", flat=True))


@answers_refusals
@GET_OR_POST
@sensitive_variables()
def add(request: StaffRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    made = posted(request, form, lambda: actions.create_account(by=request.user, **form.cleaned_data))
    if made is not None:
        return _one_time(request, *made)
    crumbs = [(_("人员与账号"), reverse("units:people"))]
    lead = _("保存后显示一次性口令，请当面或电话告知本人；首次登录必须修改。")
    back = reverse("units:people")
    return form_page(request, form, title=_("新增账号"), submit=_("保存"), back=back, crumbs=crumbs, lead=lead)


@answers_refusals
@GET_OR_POST
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One person: name and contact, posts past and present, and what may be done to the account."""
    user = find(User, pk)
    form = PersonChangeForm(request.POST or None, instance=user)
    saved = posted(request, form, lambda: actions.change_account(user=user, by=request.user, **form.cleaned_data))
    if saved is not None:
        messages.success(request, _("已保存。"))
        return redirect("units:person", user.pk)
    return _person_page(request, user, form, DisableForm())


def _person_page(request: StaffRequest, user: User, form: PersonChangeForm, disable: DisableForm) -> HttpResponse:
    posts = user.posts.select_related("unit", "scope", "deputy_for__user").order_by("-starts_on", "-pk")
    context = {
        "title": user.name,
        "crumbs": [(_("人员与账号"), reverse("units:people"))],
        "person": user,
        "form": form,
        "disable": disable,
        "posts": posts[:PAGE],
        "today": today(),
        "is_locked": bool(locked_names([user])),
        "has_device": TOTPDevice.objects.filter(user=user, confirmed=True).exists(),
    }
    return render(request, "units/person.html", context)


@answers_refusals
@require_POST
@sensitive_variables()
def reset(request: StaffRequest, pk: int) -> HttpResponse:
    """A new one-time password, shown once."""
    user = find(User, pk)
    return _one_time(request, user, actions.reset_password(user=user, by=request.user))


@answers_refusals
@require_POST
def disable(request: StaffRequest, pk: int) -> HttpResponse:
    user = find(User, pk)
    form = DisableForm(request.POST)
    attempt(form, lambda: actions.disable_account(user=user, by=request.user, **form.cleaned_data))
    if form.errors:
        return _person_page(request, user, PersonChangeForm(instance=user), form)
    messages.success(request, _("已停用%(person)s的账号，所有登录随即失效。") % {"person": user})
    return redirect("units:person", user.pk)


@answers_refusals
@require_POST
def enable(request: StaffRequest, pk: int) -> HttpResponse:
    user = find(User, pk)
    try:
        actions.enable_account(user=user, by=request.user)
        messages.success(request, _("已启用%(person)s的账号。") % {"person": user})
    except ValidationError as refused:
        messages.error(request, refused.message)
    return redirect("units:person", user.pk)


@answers_refusals
@require_POST
def unlock(request: StaffRequest, pk: int) -> HttpResponse:
    user = find(User, pk)
    actions.unlock_account(user=user, by=request.user)
    messages.success(request, _("已解除登录锁定，%(person)s可以再次登录。") % {"person": user})
    return redirect("units:person", user.pk)


@answers_refusals
@require_POST
def drop_device(request: StaffRequest, pk: int) -> HttpResponse:
    """For a lost telephone."""
    user = find(User, pk)
    actions.remove_second_factor(user=user, by=request.user)
    messages.success(request, _("已停用%(person)s的手机验证码。") % {"person": user})
    return redirect("units:person", user.pk)


def _one_time(request: StaffRequest, user: User, password: str) -> HttpResponse:
    crumbs = [(_("人员与账号"), reverse("units:people"))]
    context = {"title": _("一次性口令"), "crumbs": crumbs, "person": user, "password": password}
    return render(request, "units/one_time.html", context)
