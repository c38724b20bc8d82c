from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from menhu.accounts.requests import StaffRequest
from menhu.core.office_forms import form_page, posted
from menhu.sites import actions, blocks
from menhu.sites.blocks import BlockForm, BlockKind
from menhu.sites.models import HomeBlock, Site
from menhu.sites.views.cluster import GET_OR_POST, site_context
from menhu.units.scoping import answers_refusals, fetch


@answers_refusals
@require_GET
def arrange(request: StaffRequest, pk: int) -> HttpResponse:
    """The blocks of a site's home page in order: move, hide, set, add."""
    site = fetch(request, Site, pk, "arrange")
    rows = list(HomeBlock.objects.filter(site=site).order_by("position", "pk"))
    present = {row.kind for row in rows}
    widths = dict(blocks.WIDTHS)
    context = {
        "title": _("首页版块"),
        "rows": [(row, blocks.kind_of(row.kind), widths.get(blocks.width_of(row), _("通栏"))) for row in rows],
        "kinds": [kind for kind in blocks.kinds() if not (kind.is_single and kind.name in present)],
        "tab": "home",
        **site_context(request, site),
    }
    return render(request, "sites/office/home.html", context)


@answers_refusals
@GET_OR_POST
def add_block(request: StaffRequest, pk: int) -> HttpResponse:
    """Settings of a new block, then the block."""
    site, kind = fetch(request, Site, pk, "arrange"), _kind(request.GET.get("kind", ""))
    form = kind.form(request.POST or None, site=site, initial={"width": kind.width})
    if posted(request, form, lambda: _add(request, site, kind, form)) is not None:
        messages.success(request, _("已加上版块，排在最后。"))
        return redirect("sites:home", site.pk)
    return _block_page(request, site, form, kind)


@answers_refusals
@GET_OR_POST
def edit_block(request: StaffRequest, pk: int) -> HttpResponse:
    """Title, width and settings of a block."""
    block = fetch(request, HomeBlock, pk, "arrange")
    kind = _kind(block.kind)
    form = kind.form(request.POST or None, site=block.site, initial=blocks.initial_of(block))
    if posted(request, form, lambda: _change(request, block, form)) is not None:
        messages.success(request, _("已保存版块。"))
        return redirect("sites:home", block.site_id)
    return _block_page(request, block.site, form, kind)


@answers_refusals
@require_POST
def act_on_block(request: StaffRequest, pk: int) -> HttpResponse:
    """One click on a block: up, down, show, hide, remove."""
    block = fetch(request, HomeBlock, pk, "arrange")
    deed = request.POST.get("do", "")
    try:
        _act(request, block, deed)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('sites:home', args=[block.site_id])}#block-{pk}")


def _act(request: StaffRequest, block: HomeBlock, deed: str) -> None:
    if deed in {"up", "down"}:
        actions.move_block(block=block, by=request.user, up=deed == "up")
    elif deed in {"show", "hide"}:
        actions.change_block(block=block, by=request.user, is_shown=deed == "show")
    elif deed == "remove":
        actions.remove_block(block=block, by=request.user)
        messages.success(request, _("已删除版块。"))
    else:
        raise Http404


def _kind(name: str) -> BlockKind:
    kind = blocks.kind_of(name)
    if kind is None:
        raise Http404
    return kind


def _add(request: StaffRequest, site: Site, kind: BlockKind, form: BlockForm) -> HomeBlock:
    title = form.cleaned_data.get("title", "")
    return actions.add_block(site=site, by=request.user, kind=kind.name, title=title, settings=form.as_settings())


def _change(request: StaffRequest, block: HomeBlock, form: BlockForm) -> HomeBlock:
    """What the form does not know (from a template, say) stays."""
    kept = {**block.settings, **form.as_settings()}
    title = form.cleaned_data.get("title", "")
    return actions.change_block(block=block, by=request.user, title=title, settings=kept)


def _block_page(request: StaffRequest, site: Site, form: BlockForm, kind: BlockKind) -> HttpResponse:
    return form_page(
        request,
        form,
        title=_("版块：%(kind)s") % {"kind": kind.label},
        submit=_("保存"),
        back=reverse("sites:home", args=[site.pk]),
        lead=kind.hint,
        **site_context(request, site),
    )
