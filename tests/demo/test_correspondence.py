"""Letters and requests for information: the same for the same seed, in their shares, private where they must be."""

import re
from collections import Counter
from dataclasses import fields
from datetime import date, timedelta
from typing import get_args

import pytest

from menhu.demo.correspondence.letters import letters
from menhu.demo.correspondence.matters import matters, refused_matters
from menhu.demo.correspondence.requests import kinds_of_information, requests
from menhu.demo.correspondence.senders import check_digit
from menhu.demo.correspondence.texts import Channel, Kind, LetterText, RequestText
from menhu.demo.correspondence.timing import add_workdays
from menhu.demo.county.units import units_by_slug
from menhu.demo.writing.days import ZONE

SEED = 612
START, END = date(2024, 9, 1), date(2026, 11, 20)
LETTERS, REQUESTS = 800, 40
FATES = {
    *("received", "screened", "assigned", "returned", "handling", "asked"),
    *("drafted", "answered", "rated", "closed", "refused", "merged"),
}
ANSWER_TYPES = {
    *("already_public", "granted", "partly", "refused", "not_held", "not_ours", "repeated"),
    *("other_law", "petition", "published_material", "needs_processing"),
}
WRITTEN_DATE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
REAL_PLACES = (
    *("北京", "上海", "天津", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西"),
    *("山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古"),
    *("广西", "西藏", "宁夏", "新疆", "香港", "澳门", "广州", "深圳", "杭州", "南京", "成都", "武汉", "西安"),
)
REAL_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}|400-\d{3}-\d{4}")
FICTIONAL_PHONE = re.compile(r"1380000\d{4}|0000-\d+")
ARTICLES = {"三十", "三十六", "三十七", "三十八", "三十九"}
FINISHED = {"answered", "rated", "closed"}


@pytest.fixture(scope="module")
def written() -> list[LetterText]:
    return list(letters(SEED, LETTERS, START, END))


@pytest.fixture(scope="module")
def asked() -> list[RequestText]:
    return list(requests(SEED, REQUESTS, START, END))


def all_texts(letter: LetterText) -> str:
    return "\n".join(
        (
            *(letter.title, letter.text, letter.answer, letter.supplement_question, letter.supplement),
            *(letter.return_reason, letter.refuse_reason, letter.right_place, letter.comment),
            *(letter.reopen_reason, letter.second_answer, letter.instruction),
            *(str(getattr(letter.course, field.name)) for field in fields(letter.course)),
        )
    )


def test_the_same_seed_writes_the_same(written: list[LetterText], asked: list[RequestText]) -> None:
    assert list(letters(SEED, LETTERS, START, END)) == written
    assert list(requests(SEED, REQUESTS, START, END)) == asked
    assert list(letters(SEED + 1, 20, START, END)) != list(letters(SEED, 20, START, END))


def test_letters_come_in_order_of_time_within_the_span(written: list[LetterText]) -> None:
    assert [letter.at for letter in written] == sorted(letter.at for letter in written)
    assert {letter.at.tzinfo for letter in written} == {ZONE}
    assert written[0].at.date() >= START
    assert written[-1].at.date() <= END


def test_texts_differ_and_keep_to_their_lengths(written: list[LetterText]) -> None:
    assert len({letter.text for letter in written}) == LETTERS
    second = [letter.course.second_title for letter in written if letter.course.second_title]
    assert len({*second, *(letter.title for letter in written)}) == LETTERS + len(second)
    assert [one.title for one in written if not 8 <= len(one.title) <= 40] == []
    assert [one.text for one in written if not 40 <= len(one.text) <= 900] == []
    assert [one.answer for one in written if one.answer and not 180 <= len(one.answer) <= 700] == []


def test_no_slot_stays_open_and_no_sentence_is_worn_out(written: list[LetterText]) -> None:
    assert [one.title for one in written if re.search(r"[{}|#]", all_texts(one))] == []
    sentences = Counter(
        sentence
        for one in written
        for sentence in set(re.split(r"[。！？]", re.sub(r"\d+", "", one.text)))
        if len(sentence) > 4
    )
    assert sentences.most_common(1)[0][1] <= LETTERS * 0.04


def test_few_letters_begin_with_the_same_sentence(written: list[LetterText]) -> None:
    first = Counter(re.split(r"[。！？]", re.sub(r"\d+", "", one.text))[0] for one in written)
    assert first.most_common(1)[0][1] <= LETTERS * 0.05


def dates_in(text: str, year: int) -> list[date]:
    """Every date that a text names; without a year it is of the year in which it was written."""
    return [date(int(y or year), int(month), int(day)) for y, month, day in WRITTEN_DATE.findall(text)]


def test_dates_agree_with_the_day_on_which_a_text_was_written(written: list[LetterText]) -> None:
    named = 0
    for one in written:
        sent = one.at.date()
        for day in dates_in(one.title + one.text, sent.year):
            named += 1
            assert sent - timedelta(days=370) <= day <= sent, one.title
        answered = add_workdays(sent, one.days_taken)
        for day in dates_in(one.answer, answered.year):
            assert abs(day - answered) < timedelta(days=500), one.title
    assert named > LETTERS / 10


def test_only_the_fictional_county_is_named(written: list[LetterText], asked: list[RequestText]) -> None:
    everything = "\n".join((*map(all_texts, written), *(f"{one.information}{one.answer}" for one in asked)))
    assert [name for name in REAL_PLACES if name in everything] == []


def test_everything_that_may_happen_on_the_way_happens(written: list[LetterText]) -> None:
    courses = [one.course for one in written]
    assert {course.extension for course in courses} == {"", "granted", "denied", "open"}
    assert {course.copy for course in courses} >= {"published", "withdrawn", "model"}
    for name in ("complex_reason", "progress", "opinion", "sent_back", "supervision", "report", "measures", "outcome"):
        assert sum(bool(getattr(course, name)) for course in courses) >= 5, name
    assert sum(bool(course.second_title) for course in courses) >= 5
    assert sum(bool(course.files) for course in courses) >= 5
    with_account = [one.sender for one in written if one.course.has_account]
    assert len(set(with_account)) < len(with_account)
    assert {one.channel for one in written} == set(get_args(Channel))
    assert {one.kind for one in written} == set(get_args(Kind))


def test_the_small_county_has_every_kind_and_state_too() -> None:
    few = list(letters(SEED, 60, START, END))
    assert {one.kind for one in few} == set(get_args(Kind))
    assert {one.fate for one in few} == FATES
    assert any(one.fate not in {*FINISHED, "refused"} and (END - one.at.date()).days >= 26 for one in few)


def test_every_unit_and_place_exists(written: list[LetterText], asked: list[RequestText]) -> None:
    slugs = set(units_by_slug())
    named = {slug for one in written for slug in (one.unit, one.wrong_unit, *one.partners, one.place) if slug}
    named |= {one.course.second_unit for one in written if one.course.second_unit}
    assert named | {one.unit for one in asked} <= slugs
    for one in written:
        assert len({one.unit, one.wrong_unit, *one.partners}) == 2 + len(one.partners)


def test_every_matter_is_complete() -> None:
    for matter in (*matters(), *refused_matters()):
        answer = ("reason", "right") if matter in refused_matters() else ("found", "done")
        for what in matter.lines["what"]:
            empty = [key for key in ("title", "more", "ask", *answer) if not matter.fitting(key, what.label)]
            assert (matter.slug, what.label, empty) == (matter.slug, what.label, [])


def test_every_answer_type_has_its_lines() -> None:
    for wanted in kinds_of_information():
        for answer_type in wanted.types:
            assert wanted.matter.fitting("info", answer_type), (wanted.matter.slug, answer_type)
            assert wanted.matter.fitting("detail", answer_type), (wanted.matter.slug, answer_type)


def test_states_are_all_found_and_old_letters_are_finished(written: list[LetterText]) -> None:
    counts = Counter(letter.fate for letter in written)
    assert set(counts) == FATES
    assert min(counts.values()) >= 3
    old = {letter.fate for letter in written if (END - letter.at.date()).days > 50}
    assert old == {"rated", "closed", "refused"}
    late = [one for one in written if (END - one.at.date()).days >= 26 and one.fate not in {*FINISHED, "refused"}]
    assert 3 <= len(late) <= 6


def test_shares_are_as_agreed(written: list[LetterText]) -> None:
    def share(count: int) -> float:
        return count / LETTERS

    assert share(sum(bool(one.wrong_unit) for one in written)) == pytest.approx(0.06, abs=0.015)
    assert share(sum(bool(one.partners) for one in written)) == pytest.approx(0.12, abs=0.01)
    assert share(sum(bool(one.supplement_question) for one in written)) == pytest.approx(0.08, abs=0.015)
    assert share(sum(bool(one.refuse_reason) for one in written)) == pytest.approx(0.04, abs=0.01)
    assert share(sum(bool(one.second_answer) for one in written)) == pytest.approx(0.05, abs=0.01)
    assert share(sum(bool(one.instruction) for one in written)) == pytest.approx(0.05, abs=0.01)
    assert share(sum(one.urge for one in written)) == pytest.approx(0.06, abs=0.01)
    assert share(sum(one.duplicate_of is not None for one in written)) == pytest.approx(0.05, abs=0.01)


def test_ratings_are_spread_as_agreed(written: list[LetterText]) -> None:
    finished = [one for one in written if one.fate in FINISHED]
    stars = Counter(one.rating for one in finished if one.rating)
    rated = sum(stars.values())
    assert rated / len(finished) == pytest.approx(0.62, abs=0.01)
    for star, share in ((5, 0.38), (4, 0.27), (3, 0.2), (2, 0.09), (1, 0.06)):
        assert stars[star] / rated == pytest.approx(share, abs=0.01)
    assert [one.fate for one in written if one.rating and one.fate != "rated"] == []
    assert [one.title for one in written if one.comment and not one.rating] == []


def test_what_goes_together_is_there_together(written: list[LetterText]) -> None:
    for one in written:
        assert bool(one.answer) == (one.fate in {*FINISHED, "drafted"})
        assert bool(one.wrong_unit) == bool(one.return_reason)
        assert bool(one.refuse_reason) == bool(one.right_place) == (one.fate == "refused")
        assert bool(one.reopen_reason) == bool(one.second_answer)
        assert bool(one.supplement_question) >= bool(one.supplement)


def test_a_duplicate_speaks_of_the_same_by_another_sender(written: list[LetterText]) -> None:
    for index, one in enumerate(written):
        if one.duplicate_of is None:
            continue
        first = written[one.duplicate_of]
        assert one.duplicate_of < index
        assert (one.unit, one.place) == (first.unit, first.place)
        assert one.sender.name != first.sender.name
        assert one.text != first.text


def test_public_copies_name_nobody(written: list[LetterText]) -> None:
    public = [one for one in written if one.public_question]
    assert len(public) > LETTERS / 2
    assert any(one.sender.name in one.text for one in public)
    for one in public:
        private = (one.sender.name, one.sender.phone, one.sender.address, one.sender.id_number, one.sender.email)
        assert [word for word in private if word and word in one.public_question] == []


def test_no_telephone_could_be_real(written: list[LetterText], asked: list[RequestText]) -> None:
    for text in (*map(all_texts, written), *(one.answer for one in asked)):
        assert REAL_PHONE.findall(FICTIONAL_PHONE.sub("", text)) == []
    phones = [*(one.sender.phone for one in written), *(one.phone for one in asked)]
    assert [phone for phone in phones if not re.fullmatch(r"1380000\d{4}", phone)] == []


def test_identity_numbers_are_well_formed_and_of_no_region(written: list[LetterText]) -> None:
    numbers = [one.sender.id_number for one in written if one.sender.id_number]
    assert 10 < len(numbers) < LETTERS * 0.08
    for number in numbers:
        assert number.startswith("990000")
        assert number[17] == check_digit(number[:17])


def test_a_few_names_have_rare_characters(written: list[LetterText]) -> None:
    rare = [one for one in written if re.search("[㐀-䶿\U00020000-\U000323af]", one.sender.name)]
    assert 4 <= len(rare) <= 40


def test_requests_have_every_answer_type_and_state(asked: list[RequestText]) -> None:
    assert {one.answer_type for one in asked} == ANSWER_TYPES
    assert {one.fate for one in asked} >= {"received", "handling", "answered"}
    assert sum(one.applicant_type == "natural" for one in asked) == 28
    assert len({one.information for one in asked}) >= 36


def test_answers_to_requests_rest_on_known_articles(asked: list[RequestText]) -> None:
    for one in asked:
        assert bool(one.answer) == (one.fate == "answered")
        assert set(re.findall(r"第([一二三四五六七八九十]+)条", one.answer + one.supplement_notice)) <= ARTICLES


def test_third_parties_are_heard_where_their_secrets_are(asked: list[RequestText]) -> None:
    for one in asked:
        assert bool(one.third_party_name) == one.third_party
        assert bool(one.third_party_opinion) == (one.third_party and one.fate == "answered")
        assert one.days <= (35 if one.third_party else 20)
        assert one.third_party_name != one.applicant or not one.third_party
