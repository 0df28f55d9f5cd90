"""What an answer earns, whatever the question: bounds, monotony, partial credit."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coursehub.questions.rules.arranging import arrange, keys_of_matches
from coursehub.questions.rules.grading import grade
from tests.questions.shapes import KNOWN, answers, ids, questions, right_answer

GARBAGE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(st.data(), questions())
def test_points_are_never_below_nothing_or_above_what_there_is(data, question):
    result = grade(question, data.draw(answers(question)))

    assert 0 <= result.points <= result.out_of
    assert all(0 <= share <= 1 for share in result.parts.values())


@given(questions(*sorted(KNOWN)))
def test_the_right_answer_earns_what_its_credit_says(question):
    credited = question.get("accepted", question.get("amounts", ()))
    best = max((one["credit"] for one in credited), default=1)

    assert grade(question, right_answer(question)).share >= Fraction(str(best))


@given(questions())
def test_nothing_answered_earns_nothing_and_needs_nobody(question):
    for nothing in (None, "", [], {}):
        result = grade(question, nothing)
        assert result.points == 0
        assert not result.needs_marking


@given(questions(), GARBAGE)
def test_what_is_no_answer_at_all_is_taken_without_complaint(question, garbage):
    result = grade(question, garbage)

    assert 0 <= result.points <= result.out_of


@given(questions("multiple_choice"))
def test_ticking_everything_earns_nothing_where_something_is_wrong(question):
    everything = ids(question["answers"])
    all_are_right = all(one["right"] for one in question["answers"])

    assert grade(question, everything).share == (1 if all_are_right else 0)


@given(st.data(), questions("multiple_choice"))
def test_a_right_tick_more_never_lowers_and_a_wrong_one_never_raises(data, question):
    ticked = data.draw(answers(question))
    rest = [one for one in question["answers"] if one["id"] not in ticked]
    assume(rest)
    more = data.draw(st.sampled_from(rest))
    before, after = grade(question, ticked).share, grade(question, [*ticked, more["id"]]).share

    assert after >= before if more["right"] else after <= before


@given(st.data(), questions("matching"))
def test_a_pair_put_right_never_lowers_a_matching_question(data, question):
    answer = data.draw(answers(question))
    keys = keys_of_matches(question)
    pair = data.draw(st.sampled_from(sorted(keys)))

    assert grade(question, answer | {pair: keys[pair]}).share >= grade(question, answer).share
    assert grade(question, keys).share == 1


@given(questions("ordering"))
def test_an_order_turned_round_earns_nothing(question):
    turned = {step["id"]: n for n, step in enumerate(reversed(question["steps"]), 1)}

    assert grade(question, turned).share == 0


@given(st.data(), questions("case"))
def test_a_case_earns_what_its_questions_earn(data, question):
    answer = data.draw(answers(question))
    inner = [grade(one, answer[one["id"]]) for one in question["questions"]]
    result = grade(question, answer)

    assert result.points == sum(one.points for one in inner)
    assert result.out_of == sum(one.out_of for one in inner)
    assert result.needs_marking == any(one.needs_marking for one in inner)


@given(questions(), st.text(max_size=8))
def test_an_arrangement_holds_everything_once_and_is_the_same_every_time(question, seed):
    order = arrange(question, seed)

    assert order == arrange(question, seed)
    if question["type"] in ("single_choice", "multiple_choice"):
        assert sorted(order[""]) == sorted(ids(question["answers"]))
    if question["type"] == "ordering":
        assert sorted(order[""]) == sorted(ids(question["steps"]))
        assert order[""] != ids(question["steps"]), "the right order is not given away"


NUMERIC = {
    "id": "q-n",
    "type": "numeric",
    "points": 2,
    "amounts": [{"value": 1500, "tolerance": 10, "credit": 1}],
    "units": [{"name": "m", "factor": 1}, {"name": "km", "factor": 1000}],
}


@pytest.mark.parametrize(
    ("value", "unit", "points"),
    [
        ("1500", "", 2),
        ("1.500", "", 0),  # one sign standing alone is the decimal sign
        ("1.500,0", "", 2),
        ("1,500.0", "", 2),
        ("1 500", "", 2),
        ("1,5", "km", 2),
        ("1.5 km", "", 2),
        ("1510", "m", 2),
        ("1511", "m", 0),
        ("1500", "kg", 0),
        ("1500 kg", "", 0),
        ("1e3", "", 0),
        ("1.5e3", "", 2),
        ("mil quinientos", "", 0),
        ("−1500", "", 0),
        ("1e999", "", 0),
    ],
)
def test_numbers_are_read_as_people_type_them(value, unit, points):
    assert grade(NUMERIC, {"value": value, "unit": unit}).points == points


def test_a_needed_unit_that_is_missing_earns_nothing():
    strict = NUMERIC | {"needs_unit": True}

    assert grade(strict, {"value": "1500", "unit": ""}).points == 0
    assert grade(strict, {"value": "1500", "unit": "m"}).points == 2


@pytest.mark.parametrize(
    ("typed", "settings", "is_right"),
    [
        ("raphael  LEMKIN", {}, True),
        ("Raphaël Lemkin", {}, True),
        ("Raphael Lemkin.", {}, False),
        ("raphael lemkin", {"forgives_case": False}, False),
        ("Raphaël Lemkin", {"forgives_accents": False}, False),
        ("El señor Lemkin", {}, True),
        ("Lemkin", {}, False),
    ],
)
def test_short_texts_forgive_what_they_are_set_to_forgive(typed, settings, is_right):
    accepted = [{"text": {"es": "Raphael Lemkin"}}, {"text": {"es": "el senor *in"}}]
    question = {"type": "short_text", "accepted": accepted} | settings

    assert grade(question, typed).share == is_right


def test_stars_in_an_accepted_text_cost_no_time():
    question = {"type": "short_text", "accepted": [{"text": {"es": "*a" * 200 + "b"}}]}

    assert grade(question, "a" * 1000).share == 0


def test_an_answer_in_any_language_of_the_question_counts():
    question = {"type": "short_text", "accepted": [{"text": {"es": "verdad", "pt": "verdade"}}]}

    assert grade(question, "Verdade").share == 1
