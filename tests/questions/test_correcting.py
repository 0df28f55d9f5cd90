"""A corrected question is marked as was decided, and never outside its bounds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursehub.content.formats.questions import QUESTION, as_data
from coursehub.questions.rules.correcting import (
    Remedy,
    as_marked,
    grade_corrected,
    why_not_correct,
    with_key,
)
from coursehub.questions.rules.grading import grade, out_of
from tests.questions.shapes import answers, questions


def choice(right: str, *ids: str) -> dict:
    answers = [{"id": one, "right": one == right, "text": {"es": one}} for one in ids]
    data = {"type": "single_choice", "id": "q-1", "text": {"es": "?"}, "answers": answers}
    return as_data(QUESTION.validate_python(data))


FIRST, SECOND = choice("aaa", "aaa", "bbb"), choice("bbb", "aaa", "bbb")


@pytest.mark.parametrize(
    ("remedy", "marks"),
    [
        (Remedy.NEW_KEY, {"aaa": 0, "bbb": 1, None: 0}),
        (Remedy.ACCEPT_BOTH, {"aaa": 1, "bbb": 1, None: 0}),
        (Remedy.FULL_MARKS, {"aaa": 1, "bbb": 1, None: 1}),
        (Remedy.DROP, {"aaa": 0, "bbb": 0, None: 0}),
        (Remedy.AS_PUBLISHED, {"aaa": 1, "bbb": 0, None: 0}),
    ],
)
def test_each_remedy_marks_each_answer(remedy, marks):
    correction = {"remedy": remedy, "question": SECOND}

    for answer, points in marks.items():
        result = grade_corrected(FIRST, correction, answer)
        assert result.points == points
        assert result.out_of == (0 if remedy is Remedy.DROP else 1)


@given(st.data(), questions(), st.sampled_from(list(Remedy)))
def test_marks_stay_within_what_there_is(data, question, remedy):
    correction = {"remedy": remedy, "question": question}
    answer = data.draw(answers(question))

    result = grade_corrected(question, correction, answer)

    assert 0 <= result.points <= result.out_of <= out_of(question)
    if remedy is Remedy.ACCEPT_BOTH:
        assert result.points >= grade(question, answer).points


def test_a_key_is_changed_for_each_type_that_a_form_asks_for():
    yes = {"type": "true_false", "id": "q-1", "text": {"es": "?"}, "is_true": True}
    number = {"type": "numeric", "id": "q-1", "text": {"es": "?"}, "amounts": [{"value": 1}]}
    text = {
        "type": "short_text",
        "id": "q-1",
        "text": {"es": "?"},
        "accepted": [{"text": {"es": "uno"}}],
    }

    assert with_key(FIRST, {"right": ["bbb"]}) == SECOND
    assert grade(with_key(yes, {"is_true": False}), False).points == 1
    changed = with_key(number, {"value": 3.0, "tolerance": 0.5})
    assert grade(changed, {"value": "3,4", "unit": ""}).points == 1
    assert grade(with_key(text, {"texts": ["dos", "tres"]}), "Tres").points == 1


def test_a_key_without_a_right_answer_is_no_key():
    with pytest.raises(ValueError, match="right"):
        with_key(FIRST, {"right": []})
    with pytest.raises(ValueError, match="right"):
        with_key(FIRST, {"right": ["aaa", "bbb"]})


def test_what_cannot_be_is_refused_with_its_reason():
    new_key = {"remedy": Remedy.NEW_KEY}

    assert why_not_correct(FIRST, new_key | {"question": SECOND}, others=1) is None
    assert why_not_correct(FIRST, new_key | {"question": FIRST}, others=1)
    assert why_not_correct(FIRST, new_key, others=1)
    assert why_not_correct(FIRST, new_key | {"question": choice("ccc", "ccc", "bbb")}, others=1)
    assert why_not_correct(FIRST, {"remedy": Remedy.DROP}, others=1) is None
    assert why_not_correct(FIRST, {"remedy": Remedy.DROP}, others=0)


def test_where_both_count_a_review_shows_both_as_right():
    shown = as_marked(FIRST, {"remedy": Remedy.ACCEPT_BOTH, "question": SECOND})

    assert [one["right"] for one in shown["answers"]] == [True, True]
    assert as_marked(FIRST, None) is FIRST
    assert Fraction(1) == grade(FIRST, "aaa").points
