"""Routing: learns what can be learned, says honestly how often it is right, and keeps no person and no code."""

import dataclasses
import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from menhu.letters import routing
from menhu.letters.routing import Model, ModelBroken, RoutingUnavailable, learning, load, save, train
from menhu.letters.routing.learning import FEATURES, readable

MATTERS = {
    3: ("自来水停水水压不足", "河道淤积水渠漏水", "水费单价和水表更换"),
    7: ("学校招生学区划分", "幼儿园收费教师资格", "营养餐质量校车接送"),
    11: ("公交线路站点调整", "乡村道路坑洼护栏损坏", "货车超载扬尘桥梁维修"),
    20: ("医保报销比例异地就医", "慢性病门诊药品目录", "居民医保缴费记录"),
}
PHRASES = ("您好，", "我想反映", "希望尽快解决。", "已经很久没有人管，", "请问怎么办理", "，谢谢")


def letters(count: int, seed: int = 1, units: Sequence[int] = tuple(MATTERS)) -> list[tuple[str, int]]:
    chance = Random(seed)  # noqa: S311 - seeded
    chosen = [chance.choice(units) for _ in range(count)]
    return [("".join((*chance.choices(PHRASES, k=3), chance.choice(MATTERS[unit]))), unit) for unit in chosen]


@pytest.fixture(scope="module")
def model() -> Model:
    trained = train(letters(400))
    assert trained is not None
    return trained


def test_letters_that_say_what_they_are_about_are_routed(model: Model) -> None:
    report = model.report
    assert (report.samples, report.units, report.held_back) == (400, 4, 400)
    assert (report.top1, report.top3) == (1.0, 1.0)
    assert 0.2 < report.majority < 0.35
    assert [model.guess(text)[0].unit_id for text, _ in letters(40, 2)] == [unit for _, unit in letters(40, 2)]


def test_guesses_are_ordered_shares_of_different_units(model: Model) -> None:
    guesses = model.guess("我家停水三天了", most=3)
    assert guesses[0].unit_id == 3
    assert len({guess.unit_id for guess in guesses}) == 3
    assert [guess.share for guess in guesses] == sorted((guess.share for guess in guesses), reverse=True)
    assert all(0 <= guess.share <= 1 for guess in guesses)
    assert len(model.guess("我家停水三天了", most=9)) == 4


@pytest.mark.parametrize("text", ["", "12345", "！？", "13800001234"])
def test_a_text_without_words_gets_no_guess(model: Model, text: str) -> None:
    assert model.guess(text) == []


def test_shares_tell_how_often_guesses_are_right() -> None:
    """A third of the letters went to a unit at random: no guess may promise more than it keeps."""
    chance = Random(5)  # noqa: S311 - seeded
    samples = [
        (text, chance.choice(tuple(MATTERS)) if chance.random() < 1 / 3 else unit) for text, unit in letters(3_000, 3)
    ]
    model = train(samples)
    assert model is not None
    first = [(model.guess(text)[0], unit) for text, unit in letters(500, 4)]
    promised = sum(guess.share for guess, _ in first) / len(first)
    assert promised == pytest.approx(0.75, abs=0.04)
    assert model.report.top1 == pytest.approx(0.75, abs=0.04)


def test_letters_without_a_clue_earn_no_more_than_the_majority() -> None:
    chance = Random(6)  # noqa: S311 - seeded
    model = train([("您好，希望尽快解决，谢谢", chance.choice((1, 2))) for _ in range(400)])
    assert model is not None
    assert model.report.top1 == pytest.approx(0.5, abs=0.07)
    assert model.guess("您好，希望尽快解决，谢谢")[0].share == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    "samples",
    [
        [],
        letters(199),
        letters(300, units=(3,)),
        [*letters(300, units=(3,)), *letters(4, units=(7,))],
    ],
)
def test_too_little_to_learn_from(samples: list[tuple[str, int]]) -> None:
    assert train(samples) is None


def test_a_unit_too_rare_is_never_named_but_counts_as_missed() -> None:
    model = train([*letters(396, units=(3, 7)), *letters(4, units=(11,))])
    assert model is not None
    assert list(model.unit_ids) == [3, 7]
    assert (model.report.units, model.report.held_back) == (2, 400)
    assert model.report.top1 == 0.99


def test_the_newest_letters_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_SAMPLES", 300)
    model = train([*letters(300, units=(11, 20)), *letters(300, units=(3, 7))])
    assert model is not None
    assert (model.report.samples, list(model.unit_ids)) == (300, [3, 7])


def test_equal_samples_and_seed_give_equal_models(model: Model) -> None:
    again = train(letters(400))
    assert again is not None
    assert numpy.array_equal(again.weights, model.weights)
    assert numpy.array_equal(again.shares, model.shares)
    assert again.report == model.report


def test_no_person_becomes_a_feature() -> None:
    private = "我叫叶知秋，电话13800001234，身份证990000198001011234，住和平路12号3栋501室，微信yezq1980，想问停水"
    assert readable(private) == "我叫 电话 身份证 住和平路 微信 想问停水"


@given(st.text())
def test_what_is_learned_from_holds_no_digit(text: str) -> None:
    assert not any(character in "0123456789" for character in readable(text))


def test_without_the_extra_everything_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert routing.is_available() is True
    monkeypatch.setattr(learning, "find_spec", lambda name: None)
    assert routing.is_available() is False
    with pytest.raises(RoutingUnavailable):
        train(letters(400))
    with pytest.raises(RoutingUnavailable):
        load(tmp_path / "routing.npz")


def test_a_model_is_the_same_after_it_was_kept(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "models" / "routing.npz"
    save(model, path)
    kept = load(path)
    assert kept is not None
    assert kept.report == model.report
    assert kept.guess("我家停水三天了") == model.guess("我家停水三天了")
    assert [file.name for file in path.parent.iterdir()] == ["routing.npz"]


def test_where_nothing_is_kept_there_is_no_model(tmp_path: Path) -> None:
    assert load(tmp_path / "routing.npz") is None


def test_a_failed_save_leaves_the_old_model(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "routing.npz"
    save(model, path)
    before = path.read_bytes()

    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(numpy, "savez_compressed", fail)
    with pytest.raises(OSError, match="disk full"):
        save(model, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["routing.npz"]


class Exploding:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("unpickled",))


def parts(model: Model, **changed: Any) -> dict[str, Any]:
    """What `save` writes, with some of it changed; None leaves a part out."""
    about = {"format": "menhu-routing-1", "report": dataclasses.asdict(model.report)}
    arrays = {name: getattr(model, name) for name in ("unit_ids", "weights", "edges", "shares")}
    whole = {"about": numpy.frombuffer(json.dumps(about).encode(), dtype=numpy.uint8), **arrays, **changed}
    return {name: part for name, part in whole.items() if part is not None}


def said(text: str) -> Any:
    return numpy.frombuffer(text.encode(), dtype=numpy.uint8)


@pytest.mark.parametrize(
    "changed",
    [
        {"about": None},
        {"about": said("no JSON")},
        {"about": said('{"format": "other", "report": {}}')},
        {"about": said('{"format": "menhu-routing-1", "report": {}}')},
        {"about": said("[]")},
        {"weights": None},
        {"weights": numpy.zeros((FEATURES, 3), dtype=numpy.float32)},
        {"weights": numpy.full((FEATURES, 4), numpy.nan, dtype=numpy.float32)},
        {"weights": numpy.zeros((FEATURES, 4))},
        {"unit_ids": numpy.array(3)},
        {"shares": numpy.array([2.0]), "edges": numpy.array([0.0])},
        {"shares": numpy.array([0.1, 0.2]), "edges": numpy.array([1.0, 0.0])},
        {"unit_ids": numpy.array([Exploding()], dtype=object)},
    ],
)
def test_what_does_not_fit_is_refused(model: Model, changed: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "routing.npz"
    numpy.savez_compressed(path, **parts(model, **changed))
    with pytest.raises(ModelBroken):
        load(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"foreign", pickle.dumps(Exploding())])
def test_a_foreign_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "routing.npz"
    path.write_bytes(content)
    with pytest.raises(ModelBroken):
        load(path)


def test_what_unpacks_too_large_is_refused(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(model, tmp_path / "routing.npz")
    monkeypatch.setattr("menhu.letters.routing.storing.MOST_BYTES", 1_000)
    with pytest.raises(ModelBroken, match="too large"):
        load(tmp_path / "routing.npz")


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_whole(
    model: Model, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "routing.npz"
    save(model, path)
    content = bytearray(path.read_bytes())
    content = content[: data.draw(st.integers(0, len(content) - 1))]
    path.write_bytes(content)
    with pytest.raises(ModelBroken):
        load(path)
