"""A grade stays within its bounds, rises with what was earned, and says how it came about."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from coursehub.foundation.clock import now
from coursehub.gradebook.rules import (
    Decision,
    Missing,
    Standing,
    Work,
    grade,
    usual_scheme,
    why_not_scheme,
)

MOMENT = now()
DAY = timedelta(days=1)
SHARES = st.floats(0, 1, allow_nan=False)


def work(number: int, kind: str = "quiz", ends_in: timedelta = DAY) -> Work:
    slug = f"work-{number}"
    return Work(number, slug, slug, kind, slug, "en", 0.7, MOMENT + ends_in)


def decided(share: float | None) -> Decision:
    return Decision(share, "why", "Ana", MOMENT)


TWO = [work(1), work(2)]
MIXED = [work(1), work(2), work(3, "assignment")]


def graded(works, shares, scheme=None, waiting=(), decisions=None):
    return grade(scheme or usual_scheme(works), works, shares, waiting, decisions or {}, MOMENT)


@st.composite
def cases(draw):
    works = [
        work(n, draw(st.sampled_from(["quiz", "assignment"])), draw(st.sampled_from([DAY, -DAY])))
        for n in range(draw(st.integers(1, 6)))
    ]
    scheme = usual_scheme(works) | {"missing": draw(st.sampled_from(list(Missing))).value}
    for category in scheme["categories"]:
        category["weight"] = draw(st.floats(0.1, 100))
        category["drop"] = draw(st.integers(0, 2))
    known = draw(st.sets(st.sampled_from([one.item_id for one in works])))
    return works, scheme, {key: draw(SHARES) for key in known}


@given(cases())
def test_a_grade_stays_within_its_bounds(case):
    works, scheme, shares = case

    made = graded(works, shares, scheme)

    assert 0 <= made.final <= 1 + 1e-9
    assert made.now is None or 0 <= made.now <= 1 + 1e-9
    assert len(made.lines) == len(works)


@given(cases(), st.data())
def test_a_better_mark_never_lowers_a_grade(case, data):
    works, scheme, shares = case
    if not shares:
        return
    key = data.draw(st.sampled_from(sorted(shares)))
    better = data.draw(st.floats(shares[key], 1))

    before, after = graded(works, shares, scheme), graded(works, shares | {key: better}, scheme)

    assert after.final >= before.final - 1e-9
    assert after.now >= before.now - 1e-9


@given(cases())
def test_everything_right_is_the_whole_grade(case):
    works, scheme, _shares = case

    made = graded(works, {one.item_id: 1.0 for one in works}, scheme)

    assert abs(made.final - 1) < 1e-9
    assert made.is_passed


def test_weights_are_compared_with_each_other():
    scheme = usual_scheme(MIXED)
    for category, weight in zip(scheme["categories"], (30, 70), strict=True):
        category["weight"] = weight

    made = graded(MIXED, {1: 1.0, 2: 0.5, 3: 0.8}, scheme)

    assert abs(made.final - (0.3 * 0.75 + 0.7 * 0.8)) < 1e-9


def test_what_is_not_there_does_not_count_until_its_time_is_over():
    made = graded(TWO, {1: 0.8})

    assert (made.now, made.final) == (0.8, 0.4)
    assert [line.standing for line in made.lines] == [Standing.EARNED, Standing.AWAITED]


def test_afterwards_it_is_nothing_or_left_out_as_the_scheme_says():
    works = [work(1), work(2, ends_in=-DAY)]
    left_out = usual_scheme(works) | {"missing": Missing.LEFT_OUT.value}

    assert graded(works, {1: 0.8}).now == 0.4
    assert graded(works, {1: 0.8}, left_out).now == 0.8


def test_work_that_waits_to_be_marked_is_no_zero():
    made = graded([work(1), work(3, "assignment", -DAY)], {1: 0.8}, waiting=[3])

    assert made.now == 0.8
    assert made.lines[1].standing == Standing.WAITS


def test_the_lowest_are_left_out_and_one_is_always_kept():
    scheme = usual_scheme(TWO)
    scheme["categories"][0]["drop"] = 1

    assert graded(TWO, {1: 0.9, 2: 0.1}, scheme).final == 0.9
    assert graded(TWO, {1: 0.9}, scheme).now == 0.9


def test_a_decision_counts_in_place_of_what_was_earned_which_stays_to_be_seen():
    made = graded(TWO, {1: 0.2, 2: 1.0}, decisions={1: decided(0.9)})

    assert abs(made.final - 0.95) < 1e-9
    assert made.lines[0].earned == 0.2
    assert made.lines[0].standing == Standing.DECIDED


def test_an_excuse_takes_work_out_and_asks_for_it_no_more():
    made = graded(TWO, {2: 0.8}, decisions={1: decided(None)})

    assert made.final == 0.8
    assert made.is_passed


def test_required_work_withholds_a_pass_whatever_the_sum():
    scheme = usual_scheme(TWO) | {"pass_percent": 60}

    made = graded(TWO, {1: 0.5, 2: 1.0}, scheme)
    assert not made.is_passed
    assert [one.item_id for one in made.unmet] == [1]
    scheme["items"]["1"]["required"] = False
    assert graded(TWO, {1: 0.5, 2: 1.0}, scheme).is_passed


def test_a_decision_about_the_whole_is_the_grade():
    made = graded(TWO, {1: 0.1}, decisions={None: decided(0.75)})

    assert (made.now, made.final, made.is_passed) == (0.75, 0.75, True)


def test_a_scheme_that_cannot_be_used_is_refused_with_its_reason():
    usual = usual_scheme(MIXED)

    assert why_not_scheme(usual, MIXED) is None
    assert why_not_scheme(usual | {"categories": []}, MIXED)
    nothing = [one | {"weight": 0} for one in usual["categories"]]
    assert why_not_scheme(usual | {"categories": nothing}, MIXED)
    assert why_not_scheme(usual | {"items": {}}, MIXED)
    elsewhere = {key: one | {"category": "x"} for key, one in usual["items"].items()}
    assert why_not_scheme(usual | {"items": elsewhere}, MIXED)
    all_left_out = [one | {"drop": 2} for one in usual["categories"]]
    assert why_not_scheme(usual | {"categories": all_left_out}, MIXED)
