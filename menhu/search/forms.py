"""Three lists of words, each typed or pasted as lines."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from menhu.core.office_forms import OfficeFormMixin
from menhu.search.models import HotWord, Synonym, WrongWord

LONGEST_WORD = 40
LONGEST_GROUP = 200
MOST_LINES = 2_000


class WordsForm(OfficeFormMixin, forms.Form):
    """Cleaned: synonyms as groups of words, mistyped words as (wrong, right), hot words in order."""

    hot = forms.CharField(
        label=_("热词"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("每行一个，按顺序显示，页面上最多六个。"),
    )
    synonyms = forms.CharField(
        label=_("同义词"),
        required=False,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("每行一组，意思相同的词用空格分开，如：医保 医疗保险"),
    )
    wrong = forms.CharField(
        label=_("错别字"),
        required=False,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("每行一对，先写错的，再写对的，用空格分开，如：恭水 供水"),
    )

    @classmethod
    def of_rows(cls) -> "WordsForm":
        """The lists as they are."""
        pairs = WrongWord.objects.order_by("pk").values_list("wrong", "right")
        return cls(
            initial={
                "hot": "\n".join(HotWord.objects.values_list("word", flat=True)),
                "synonyms": "\n".join(Synonym.objects.order_by("pk").values_list("words", flat=True)),
                "wrong": "\n".join(f"{wrong} {right}" for wrong, right in pairs),
            }
        )

    def clean_hot(self) -> list[str]:
        words = [" ".join(line) for line in self._lines("hot")]
        self._check_length(words, LONGEST_WORD)
        return list(dict.fromkeys(words))

    def clean_synonyms(self) -> list[str]:
        lines = self._lines("synonyms")
        for line in lines:
            if len(line) == 1:
                raise ValidationError(_("“%s”只有一个词，同义词至少要两个。") % line[0])
        groups = [" ".join(line) for line in lines]
        self._check_length(groups, LONGEST_GROUP)
        return groups

    def clean_wrong(self) -> dict[str, str]:
        pairs: dict[str, str] = {}
        for line in self._lines("wrong"):
            if len(line) != 2 or line[0] == line[1]:
                raise ValidationError(_("“%s”不是一对错字和正字。") % " ".join(line))
            self._check_length(line, LONGEST_WORD)
            if line[0] in pairs:
                raise ValidationError(_("“%s”写了两次。") % line[0])
            pairs[line[0]] = line[1]
        return pairs

    def _lines(self, name: str) -> list[list[str]]:
        text: Any = self.cleaned_data[name]
        lines = [line.split() for line in str(text).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("最多 %s 行。") % MOST_LINES)
        return lines

    def _check_length(self, texts: list[str], longest: int) -> None:
        for text in texts:
            if len(text) > longest:
                raise ValidationError(
                    _("“%(text)s…”太长，最多 %(longest)s 个字。") % {"text": text[:20], "longest": longest}
                )
