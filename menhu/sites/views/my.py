"""Pages of citizens below /my/: sign in by a code, one's own page, take the data along, end the account.

Never files and never kept by anybody on the way; everything works without JavaScript.
"""

import json
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from menhu.accounts import citizens, codes
from menhu.accounts.citizens.forms import ERASE_WORD, ContactForm, EraseForm, NameForm
from menhu.accounts.citizens.guarding import may_ask, may_try
from menhu.accounts.contacts import Contact
from menhu.accounts.forms import CodeForm
from menhu.accounts.models import Citizen, SignInCode
from menhu.core.frames import Fact
from menhu.core.jinja import PageContext, render_bytes
from menhu.core.proof import Outcome, proven, question
from menhu.delivery.hosts import canonical_host
from menhu.delivery.sources import Address
from menhu.sites import my_contexts as contexts
from menhu.sites.models import Site
from menhu.sites.my_page import sections
from menhu.sites.public.addresses import site_at
from menhu.sites.public.framing import crumbs, frame_for, plain_head

PATH: Final = "/my/"
PRIVATE: Final = {"Cache-Control": "private, no-store"}
NAMES: Final = ("page", "code", "out", "name", "data", "erase")
CODE: Final = "citizen_code"
"""Where the session keeps which code is waited for: the number of its row, never the address."""


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def my_page(request: HttpRequest) -> HttpResponse:
    """One's own page; who is not signed in is asked for an address, to which a code goes."""
    site = _site_of(request)
    citizen = citizens.citizen_of(request)
    if citizen is not None:
        return _private(_own(request, site, citizen))
    if request.method != "POST":
        return _private(_sign_in(request, site, notice=_done(request)))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _private(_sign_in(request, site, errors=_errors(form)), status=400)
    return _send_code(request, site, form.cleaned_data["contact"])


def _send_code(request: HttpRequest, site: Site, contact: Contact) -> HttpResponse:
    """The answer is the same whether or not the address has an account."""
    now = timezone.now()
    outcome = proven(request.POST.dict(), now=now)
    if outcome is not Outcome.OK:
        told = "" if outcome is Outcome.MISSING else _("防刷验证没有通过，请回答下面的算术题。")
        return _private(_sign_in(request, site, trouble=told, question=question(now)), status=400)
    if not may_ask(request, contact, now=now):
        told = _("验证码要得太频繁了，请过一段时间再试。急事请直接打电话。")
        return _private(_sign_in(request, site, trouble=told), status=429)
    request.session[CODE] = codes.ask(contact=contact, now=now).pk
    return _go("my:code")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    """The code that was sent; with the right one the citizen is signed in, for the first time or again."""
    site = _site_of(request)
    row = SignInCode.objects.filter(pk=request.session.get(CODE, 0)).first()
    if row is None:
        return _go("my:page")
    masked = row.contact.masked
    if request.method != "POST":
        return _private(_code(request, site, masked))
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _private(_code(request, site, masked, errors=_errors(form)), status=400)
    if not may_try(request, now=timezone.now()):
        return _private(_code(request, site, masked, trouble=_("试得太频繁了，请过一段时间再试。")), status=429)
    return _enter(request, site, row, form.cleaned_data["code"])


def _enter(request: HttpRequest, site: Site, row: SignInCode, typed: str) -> HttpResponse:
    now = timezone.now()
    contact = codes.redeem(key=row.pk, typed=typed, now=now)
    if contact is None:
        wrong = (("code", _("验证码不对，或者已经过期。请核对；不行就重新获取一个。")),)
        return _private(_code(request, site, row.contact.masked, errors=wrong), status=400)
    del request.session[CODE]
    try:
        citizen = citizens.sign_in(contact=contact, now=now)
    except PermissionDenied as refused:
        return _private(_sign_in(request, site, trouble=str(refused)), status=403)
    citizens.enter(request, citizen)
    return _go("my:page")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    _site_of(request)
    citizens.leave(request)
    return _go("my:page", "out")


@require_POST
def rename(request: HttpRequest) -> HttpResponse:
    """One's own name, as forms fill it in."""
    site, citizen = _site_of(request), citizens.citizen_of(request)
    if citizen is None:
        return _go("my:page")
    form = NameForm(request.POST)
    if not form.is_valid():
        return _private(_own(request, site, citizen, errors=_errors(form)), status=400)
    citizens.rename(citizen=citizen, name=form.cleaned_data["name"])
    return _go("my:page", "name")


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Everything that the platform holds of the citizen, as a file."""
    _site_of(request)
    citizen = citizens.citizen_of(request)
    if citizen is None:
        return _go("my:page")
    found = citizens.export(citizen, now=timezone.now())
    body = json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="my-data.json"'}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """End the account: says what goes and what stays, and wants a word typed."""
    site, citizen = _site_of(request), citizens.citizen_of(request)
    if citizen is None:
        return _go("my:page")
    if request.method != "POST":
        return _private(_erase(request, site))
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _private(_erase(request, site, errors=_errors(form)), status=400)
    citizens.erase(citizen=citizen, now=timezone.now())
    citizens.leave(request)
    return _go("my:page", "erased")


def _site_of(request: HttpRequest) -> Site:
    """The site at the root of this host, in whose frame the page stands; Http404 where there is none."""
    site = site_at(Address(canonical_host(request.get_host()), PATH))
    if site is None or site.prefix:
        raise Http404
    return site


def _base(request: HttpRequest, site: Site, title: str) -> dict[str, Any]:
    head = plain_head(site, title, PATH, is_indexed=False)
    return {
        "frame": frame_for(site),
        "head": replace(head, path=""),
        "crumbs": crumbs(site, last=title),
        "csrf_token": get_token(request),
        "at": {**{name: reverse(f"my:{name}") for name in NAMES}, "proof": reverse("proof")},
    }


def _sign_in(request: HttpRequest, site: Site, **more: Any) -> contexts.SignInPage:
    return contexts.SignInPage(**_base(request, site, _("登录")), contact=request.POST.get("contact", "")[:254], **more)


def _code(request: HttpRequest, site: Site, masked: str, **more: Any) -> contexts.CodePage:
    return contexts.CodePage(**_base(request, site, _("输入验证码")), masked=masked, **more)


def _own(request: HttpRequest, site: Site, citizen: Citizen, errors: contexts.Errors = ()) -> contexts.MyPage:
    facts = [Fact(name=str(contact.kind.label), value=contact.masked) for contact in citizen.contacts]
    joined = f"{timezone.localtime(citizen.created_at):%Y-%m-%d}"
    return contexts.MyPage(
        **_base(request, site, _("我的")),
        notice=_done(request),
        facts=(*facts, Fact(name=_("注册日期"), value=joined)),
        name=citizen.name,
        sections=tuple((section, section.show(citizen)) for section in sections()),
        errors=errors,
    )


def _erase(request: HttpRequest, site: Site, errors: contexts.Errors = ()) -> contexts.ErasePage:
    return contexts.ErasePage(**_base(request, site, _("注销账户")), word=ERASE_WORD, errors=errors)


def _done(request: HttpRequest) -> str:
    """What the page before has done, by a word in the address that says nothing about anybody."""
    told = {
        "out": _("您已退出登录。"),
        "name": _("姓名已保存。"),
        "erased": _("您的账户已注销，账户里的个人信息已删除。"),
    }
    return told.get(request.GET.get("done", ""), "")


def _errors(form: forms.Form) -> contexts.Errors:
    return tuple((name, str(messages[0])) for name, messages in form.errors.items())


def _private(page: PageContext, status: int = 200) -> HttpResponse:
    return HttpResponse(render_bytes(page), status=status, headers=PRIVATE)


def _go(name: str, done: str = "") -> HttpResponse:
    address = reverse(name) + (f"?done={done}" if done else "")
    return HttpResponseRedirect(address, headers=PRIVATE)
