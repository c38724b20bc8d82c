"""Words that visitors miss: counted without a trace of who asked, bounded, shown to the webmaster."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from menhu.search import missing
from menhu.search.engines import Entry, engine
from menhu.search.models import MissedWord, Synonym, WrongWord
from tests.conftest import SignedIn
from tests.factories import World


@pytest.fixture(autouse=True)
def each_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    missing.waiting.take(is_due=True)
    monkeypatch.setattr(missing, "EACH", 0.0)
    yield
    missing.waiting.take(is_due=True)


def ask(text: str, times: int = 1, **given: str) -> None:
    for _ in range(times):
        answer = Client(SERVER_NAME=settings.PUBLIC_HOST).get("/search/", {"q": text, **given})
        assert answer.status_code == 200


def counts() -> dict[str, int]:
    return dict(MissedWord.objects.values_list("word", "times"))


def test_only_words_that_nothing_holds_are_counted(world: World) -> None:
    engine().put([Entry(1, "供水补贴", "", ("s1",))])
    ask("新农合报销政策", 2)
    ask("新农合 供水", where="site")
    ask("供水")
    ask("供水 补贴", type="news")
    assert counts() == {"新农合": 3, "报销": 2, "政策": 2}


@pytest.mark.parametrize("text", ["13800000000", "53010219900101001X", "zhang.san@example.cn", "张", "😀", "", '"'])
def test_numbers_letters_and_single_characters_are_not_kept(world: World, text: str) -> None:
    ask(text)
    assert counts() == {}


def test_long_parts_are_not_kept(world: World) -> None:
    ask('"我的邻居张某某欠我两万元钱不还怎么办"')
    assert counts() == {}


def test_it_is_bounded_and_forgets(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "MOST", 3)
    MissedWord.objects.create(word="旧词", times=9, last_on=localdate() - timedelta(days=91))
    missing.keep({"常问": 5})
    missing.keep({"甲乙": 1, "丙丁": 1, "戊己": 1})
    assert len(counts()) == 3
    assert counts()["常问"] == 5
    for number in range(5):
        missing.waiting.add({f"词{number}"})
    assert len(missing.waiting.take(is_due=True)) == 3


def test_a_process_writes_once_a_minute(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missing, "EACH", 60.0)
    missing.waiting.take(is_due=True)
    ask("新农合", 3)
    assert counts() == {}
    missing.keep(missing.waiting.take(is_due=True))
    assert counts() == {"新农合": 3}


def test_a_database_that_cannot_write_is_no_matter_to_visitors(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_counts: dict[str, int]) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(missing, "keep", locked)
    ask("新农合")
    assert counts() == {}


def test_the_webmaster_sees_what_is_asked_often_until_it_has_a_synonym(world: World) -> None:
    engine().put([Entry(1, "城乡居民医疗保险", "", ("s1",))])
    ask("新农合", 3)
    ask("王小明", 2)
    browser = SignedIn(world.people["webmaster"])
    shown = browser.get(reverse("search_office:words")).content.decode()
    assert "新农合" in shown
    assert "3 次" in shown
    assert "王小明" not in shown
    wrong = WrongWord.objects.create(wrong="新农合", right="医疗保险")
    assert "没有搜到的词" not in browser.get(reverse("search_office:words")).content.decode()
    wrong.delete()
    Synonym.objects.create(words="新农合 医疗保险")
    assert "没有搜到的词" not in browser.get(reverse("search_office:words")).content.decode()
