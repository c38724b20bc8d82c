import pytest
from hypothesis import given
from hypothesis import strategies as st

from menhu.review.comparing import Change, Piece, compare, plain_text
from menhu.review.enums import Step, Verb
from menhu.review.rules import ORDER, TRANSITIONS, is_complete, next_step, readers_of, role_for, roles_for, steps_of
from menhu.units.enums import Role, Side


@pytest.mark.parametrize(
    ("step", "side", "role"),
    [
        (Step.HEAD, Side.PARTY, Role.HEAD),
        (Step.HEAD, Side.GOVERNMENT, Role.HEAD),
        (Step.OFFICE, Side.PARTY, Role.COMMITTEE_REVIEWER),
        (Step.OFFICE, Side.GOVERNMENT, Role.GOVERNMENT_REVIEWER),
        (Step.SECRECY, Side.PARTY, Role.SECRECY_REVIEWER),
        (Step.SECRECY, Side.GOVERNMENT, Role.SECRECY_REVIEWER),
    ],
)
def test_each_step_has_one_role_by_side(step: Step, side: Side, role: Role) -> None:
    assert role_for(step, side) is role
    assert step in steps_of(role)


def test_a_side_has_three_reviewers_and_the_other_sides_office_reads_nothing() -> None:
    assert roles_for(Side.PARTY) == {Role.HEAD, Role.COMMITTEE_REVIEWER, Role.SECRECY_REVIEWER}
    assert Role.GOVERNMENT_REVIEWER not in readers_of(Side.PARTY)
    assert Role.COMMITTEE_REVIEWER not in readers_of(Side.GOVERNMENT)


def test_three_approvals_lead_from_submission_to_the_end_and_nothing_skips_a_step() -> None:
    assert TRANSITIONS[(None, Verb.SUBMIT)][0] is Step.HEAD
    assert [next_step(step) for step in ORDER] == [Step.OFFICE, Step.SECRECY, None]
    assert {verb for step, verb in TRANSITIONS if step is None} == {Verb.SUBMIT}
    assert len(TRANSITIONS) == 1 + 3 * 5


@given(st.lists(st.tuples(st.sampled_from(list(Step)), st.integers(1, 5)), max_size=5), st.sets(st.integers(1, 5)))
def test_only_three_steps_by_three_people_none_an_author_are_complete(
    approvals: list[tuple[str, int]], authors: set[int]
) -> None:
    people = [person for _step, person in approvals]
    expected = (
        len(approvals) == 3
        and {step for step, _person in approvals} == set(Step)
        and len(set(people)) == 3
        and not set(people) & authors
    )
    assert is_complete(approvals, authors) is expected


def test_characters_that_changed_are_marked_and_paragraphs_that_stayed_are_left_out() -> None:
    old = "第一段不变。\n定于3月1日开学。"
    new = "第一段不变。\n定于3月2日开学。"
    assert compare(old, new) == (
        (
            Piece(Change.SAME, "定于3月"),
            Piece(Change.GONE, "1"),
            Piece(Change.COME, "2"),
            Piece(Change.SAME, "日开学。"),
        ),
    )


def test_paragraphs_with_nothing_in_common_are_one_gone_and_one_come() -> None:
    assert compare("甲乙丙丁", "天地玄黄") == ((Piece(Change.GONE, "甲乙丙丁"),), (Piece(Change.COME, "天地玄黄"),))


@given(st.text("甲乙丙。\n", max_size=60), st.text("甲乙丙。\n", max_size=60))
def test_the_pieces_of_a_comparison_hold_every_changed_character(old: str, new: str) -> None:
    lines = compare(old, new)
    shown = {change: "".join(p.text for line in lines for p in line if p.change is change) for change in Change}
    gone = len(old.replace("\n", "")) - len(shown[Change.GONE])
    come = len(new.replace("\n", "")) - len(shown[Change.COME])
    assert gone == come >= len(shown[Change.SAME])


def test_a_link_that_leads_elsewhere_is_a_difference_though_its_words_are_the_same() -> None:
    old, new = (plain_text(f'<p>详见<a href="{address}">附件</a></p>') for address in ("/a/", "/b/"))
    assert old == "详见［链接：/a/］附件"
    assert compare(old, new) != ()


def test_plain_text_keeps_paragraphs_cells_and_pictures() -> None:
    html = '<p>甲 <b>乙</b></p><table><tr><td>丙</td><td>丁</td></tr></table><img src="/x.jpg" alt="校门">'
    assert plain_text(html) == "甲 乙\n｜丙｜丁\n［图片：校门 /x.jpg］"
