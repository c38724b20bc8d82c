"""Back office: the words that the search knows besides those of the texts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from menhu.accounts.requests import StaffRequest
from menhu.search.actions import keep_words
from menhu.search.engines import EngineAwayError
from menhu.search.forms import WordsForm
from menhu.search.missing import missed_words
from menhu.search.models import Document, MissedWord


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: StaffRequest) -> HttpResponse:
    """Show the lists, or keep them as they were typed."""
    form = WordsForm(request.POST) if request.method == "POST" else WordsForm.of_rows()
    if form.is_valid():
        keep_words(by=request.user, **form.cleaned_data)
        messages.success(request, _("已保存，搜索随即按新的词表进行。"))
        return redirect("search_office:words")
    context = {
        "title": _("搜索词表"),
        "lead": _("公众搜索时用到的热词、同义词和错别字。"),
        "form": form,
        "documents": Document.objects.count(),
        "missed": _missed(),
    }
    return render(request, "search/words.html", context)


def _missed() -> list[MissedWord]:
    """None while nobody can tell whether anything holds them now."""
    try:
        return missed_words()
    except EngineAwayError:
        return []
