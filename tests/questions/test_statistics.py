"""What tallies say: within bounds, whatever was counted, and the same in any order or pieces."""

from hypothesis import given
from hypothesis import strategies as st

from coursehub.questions.rules.statistics import Tally, harder_in, warnings

SHARES = st.floats(0, 1, allow_nan=False)
COUNTED = st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=40)
QUESTION = {
    "type": "single_choice",
    "answers": [{"id": "a", "right": True}, {"id": "b"}],
}


def tally(counted) -> Tally:
    made = Tally()
    for share, rest in counted:
        made.add(share, rest, is_answered=True, chosen=["a" if share == 1 else "b"])
    return made


@given(COUNTED)
def test_facility_and_discrimination_stay_within_their_bounds(counted):
    made = tally(counted)

    assert 0 <= made.facility <= 1 + 1e-9
    assert made.discrimination is None or -1 <= made.discrimination <= 1


@given(COUNTED, COUNTED)
def test_pieces_that_are_joined_say_what_the_whole_says(first, second):
    joined = tally(first)
    joined.join(tally(second))

    whole = tally([*first, *second])
    assert joined.n == whole.n
    assert abs(joined.facility - whole.facility) < 1e-9
    assert joined.chosen == whole.chosen


@given(COUNTED)
def test_a_question_that_follows_the_rest_tells_people_apart(counted):
    made = tally([(rest, rest) for _share, rest in counted])

    assert made.discrimination is None or made.discrimination > 0.99


def test_without_attempts_nothing_is_said():
    assert Tally().facility is None
    assert Tally().discrimination is None
    assert list(warnings(QUESTION, Tally())) == []


def test_a_wrong_answer_that_most_choose_is_pointed_at():
    liked = tally([(0.0, 0.5)] * 7 + [(1.0, 0.5)] * 5)

    assert any("A wrong answer was chosen more often" in one for one in warnings(QUESTION, liked))


def test_languages_are_compared_only_in_groups_that_are_large_enough():
    good, bad = [(1.0, 0.5)] * 10, [(0.0, 0.5)] * 10

    assert harder_in({"es": tally(good), "pt": tally(bad)}, 10) == ["pt"]
    assert harder_in({"es": tally(good), "pt": tally(bad[:9])}, 10) == []
    assert harder_in({"es": tally(good)}, 10) == []
