"""The webmaster's lists of words."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from menhu.audit.models import Event
from menhu.search.actions import keep_words
from menhu.search.asking import hot_words, meant, synonyms
from menhu.search.forms import WordsForm
from menhu.search.models import HotWord, Synonym, WrongWord
from tests.conftest import SignedIn
from tests.factories import World

GIVEN = {
    "hot": "供水补贴\n招生政策\n供水补贴",
    "synonyms": "医保 医疗保险\n\n 低保  最低生活保障 ",
    "wrong": "恭水 供水",
}


def test_lists_are_kept_shown_again_and_used_at_once(world: World) -> None:
    browser = SignedIn(world.people["webmaster"])
    assert browser.post(reverse("search_office:words"), GIVEN).status_code == 302
    assert hot_words() == ["供水补贴", "招生政策"]
    assert synonyms()["低保"] == ("最低生活保障",)
    assert meant("恭水管理") == "供水管理"
    shown = browser.get(reverse("search_office:words")).content.decode()
    assert "低保 最低生活保障" in shown
    assert Event.objects.filter(verb="search.words").count() == 1


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("synonyms", "医保", "至少要两个"),
        ("wrong", "恭水", "不是一对"),
        ("wrong", "供水 供水", "不是一对"),
        ("wrong", "恭水 供水\n恭水 公水", "写了两次"),
        ("hot", "长" * 41, "太长"),
        ("hot", "\n".join(f"词{n}" for n in range(2_001)), "最多 2000 行"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_typed_is_lost(
    world: World, name: str, text: str, complaint: str
) -> None:
    HotWord.objects.create(word="原有")
    answer = SignedIn(world.people["webmaster"]).post(reverse("search_office:words"), {**GIVEN, name: text})
    shown = answer.content.decode()
    assert complaint in shown
    assert text.splitlines()[0] in shown
    assert list(HotWord.objects.values_list("word", flat=True)) == ["原有"]
    assert not Synonym.objects.exists()
    assert not WrongWord.objects.exists()


def test_nobody_else_may(world: World) -> None:
    for persona in ("editor", "head", "duty_officer"):
        with pytest.raises(PermissionDenied):
            keep_words(by=world.people[persona], hot=["x"], synonyms=[], wrong={})
        assert SignedIn(world.people[persona]).get(reverse("search_office:words")).status_code in {403, 404}
    assert not HotWord.objects.exists()


@pytest.mark.django_db
def test_an_empty_form_is_valid() -> None:
    assert WordsForm({}).is_valid()
