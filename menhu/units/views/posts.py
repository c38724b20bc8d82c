from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from menhu.accounts.requests import StaffRequest
from menhu.core.office import answers_refusals
from menhu.core.office_forms import form_page, posted
from menhu.core.paging import BoundedPaginator
from menhu.units import actions
from menhu.units.enums import Role
from menhu.units.forms import AppointForm, DeputiseForm, EndForm
from menhu.units.models import Post
from menhu.units.policies import POSTS, may_deputise, today
from menhu.units.scoping import fetch
from menhu.units.views.tree import GET_OR_POST

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A post in the list, with where it stands in its term and what may be done to it."""

    post: Post
    standing: str
    may_end: bool
    may_deputise: bool


@require_GET
def post_list(request: StaffRequest) -> HttpResponse:
    """Posts in scope and one's own, newest first."""
    in_scope = POSTS.instances_user_has_any_permission_for(request.user, ["view"])
    posts = _narrowed(
        in_scope, request.GET.get("q", "").strip(), request.GET.get("role", ""), request.GET.get("show", "")
    )
    posts = posts.select_related("user", "unit", "scope", "deputy_for__user").order_by("-starts_on", "-pk")
    page = BoundedPaginator(posts, PAGE).get_page(request.GET.get("p"))
    context = {
        "title": _("岗位"),
        "page": page,
        "lines": list(_lines(request, page)),
        "roles": Role.choices,
        "chosen": request.GET,
        "may_appoint": POSTS.user_has_permission(request.user, "add"),
    }
    return render(request, "units/posts.html", context)


def _narrowed(posts: QuerySet[Post], wanted: str, role: str, show: str) -> QuerySet[Post]:
    day = today()
    if role in Role.values:
        posts = posts.filter(role=role)
    if show == "ended":
        posts = posts.filter(ends_on__lt=day)
    elif show != "all":
        posts = posts.filter(Q(ends_on=None) | Q(ends_on__gte=day))
    if wanted:
        named = Q(user__name__icontains=wanted) | Q(user__username__icontains=wanted)
        posts = posts.filter(named | Q(unit__name__icontains=wanted))
    return posts


def _lines(request: StaffRequest, posts: Iterable[Post]) -> Iterator[Line]:
    day = today()
    for post in posts:
        may_end = not post.has_ended(day) and POSTS.user_has_permission_for_instance(request.user, "end", post)
        yield Line(post, _standing(post, day), may_end, may_deputise(request.user, post))


def _standing(post: Post, day: date) -> str:
    if post.has_ended(day):
        return _("已结束")
    return _("在任") if post.stands_on(day) else _("未到任")


@answers_refusals
@GET_OR_POST
def appoint(request: StaffRequest) -> HttpResponse:
    initial = {"starts_on": today(), "user": request.GET.get("user"), "unit": request.GET.get("unit")}
    form = AppointForm(request.POST or None, initial=initial)
    post = posted(request, form, lambda: actions.appoint(by=request.user, **form.cleaned_data))
    if post is None:
        return _page(request, form, _("任用"), _("任用"))
    messages.success(request, _("已任用%(person)s：%(post)s。") % {"person": post.user, "post": post})
    return redirect("units:posts")


@answers_refusals
@GET_OR_POST
def deputise(request: StaffRequest, pk: int) -> HttpResponse:
    """A head or reviewer (or the webmaster for them) names who acts, between two days."""
    post = fetch(request, Post, pk, "deputise")
    form = DeputiseForm(request.POST or None, initial={"starts_on": today()})
    acting = posted(request, form, lambda: actions.deputise(post=post, by=request.user, **form.cleaned_data))
    if acting is None:
        lead = _("%(person)s的岗位：%(post)s。代理人在期限内有同样的权限，到期自动收回。")
        return _page(request, form, _("委托代理"), _("委托代理"), lead % {"person": post.user, "post": post})
    messages.success(request, _("%(person)s将在期限内代理。") % {"person": acting.user})
    return redirect("units:posts")


@answers_refusals
@GET_OR_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """A post ends on a day; it is never deleted."""
    post = fetch(request, Post, pk, "end")
    form = EndForm(request.POST or None, initial={"ends_on": today()})
    ended = posted(request, form, lambda: actions.end_post(post=post, by=request.user, **form.cleaned_data))
    if ended is None:
        lead = _("%(person)s的岗位：%(post)s。结束后保留记录，代理它的岗位同时失效。")
        return _page(request, form, _("结束岗位"), _("结束岗位"), lead % {"person": post.user, "post": post})
    messages.success(request, _("%(person)s的岗位将于 %(day)s 结束。") % {"person": post.user, "day": post.ends_on})
    return redirect("units:posts")


def _page(
    request: StaffRequest, form: AppointForm | DeputiseForm | EndForm, title: str, submit: str, lead: str = ""
) -> HttpResponse:
    address = reverse("units:posts")
    crumbs = [(_("岗位"), address)]
    return form_page(request, form, title=title, submit=submit, back=address, crumbs=crumbs, lead=lead)
