"""The knowledge base in the back office: model answers by words, unit and kind, newest first."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from menhu.accounts.requests import StaffRequest
from menhu.cases.policies import CASE_PEOPLE, visible_cases
from menhu.core.cursors import read_moment, write_place
from menhu.core.office import answers_refusals
from menhu.letters.knowing import model_answers, with_words
from menhu.letters.models import Letter, PublicCopy
from menhu.letters.office_forms import KnowledgeFilter
from menhu.letters.public.addresses import copy_path
from menhu.letters.querysets import PublicCopyQuerySet
from menhu.search.engines import EngineAwayError
from menhu.units.policies import holds

PAGE: Final = 20
FILTERS: Final = ("q", "unit", "kind")


@answers_refusals
@require_GET
def knowledge(request: StaffRequest) -> HttpResponse:
    """What everybody who works on letters may look up: the public reads it too."""
    if not holds(request.user, *CASE_PEOPLE):
        raise PermissionDenied(_("知识库供办理来信的岗位查用。"))
    form, is_away, rows = KnowledgeFilter(request.GET), False, PublicCopy.objects.none()
    try:
        rows = _after(_asked(form), request.GET.get("after", ""))
        found = list(rows.newest_first().select_related("unit", "kind")[: PAGE + 1])
    except EngineAwayError:
        found, is_away = [], True
    context = {
        "title": _("知识库"),
        "lead": _("答得好的公开来信。起草答复时可以参考、引用；网站“常见问题”里也能看到。"),
        "form": form,
        "rows": _rows(request, found[:PAGE]),
        "is_away": is_away,
        "is_narrowed": any(request.GET.get(name) for name in FILTERS),
        "next_page": _address(request.GET, after=_cursor(found[PAGE - 1])) if len(found) > PAGE else "",
        "first_page": _address(request.GET) if request.GET.get("after") else "",
    }
    return render(request, "letters/knowledge.html", context)


def _asked(form: KnowledgeFilter) -> PublicCopyQuerySet:
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data
    rows = model_answers(given.get("unit"), given.get("kind"))
    words = given.get("q", "")
    return with_words(words, rows) if words else rows


def _rows(request: StaffRequest, copies: list[PublicCopy]) -> list[tuple[PublicCopy, str, bool]]:
    """Each with its public address, and whether the person may open its letter."""
    letters = Letter.objects.filter(pk__in=[copy.letter_id for copy in copies])
    own = set(letters.filter(case__in=visible_cases(request.user)).values_list("pk", flat=True))
    return [(copy, copy_path(copy), copy.letter_id in own) for copy in copies]


def _address(given: QueryDict, **more: str) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(given[name]) for name in FILTERS if given.get(name)} | more)
    return f"?{query.urlencode()}"


def _cursor(copy: PublicCopy) -> str:
    return write_place(copy.published_at, copy.pk) if copy.published_at else ""


def _after(rows: PublicCopyQuerySet, cursor: str) -> PublicCopyQuerySet:
    """What comes after the cursor; nonsense shows the first page."""
    place = read_moment(cursor)
    return rows.after(*place) if place else rows
