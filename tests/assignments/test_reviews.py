"""Peers review each other; a small group, or one that reviews nothing, blocks nobody."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from coursehub.accounts.actions import erase_person
from coursehub.assignments.models import PeerComments, PeerReview
from coursehub.assignments.rules import Candidate, chosen, do_differ
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from tests import make
from tests.assignments.stage import (
    ASSIGNMENT,
    PDF,
    all_of,
    files,
    marks,
    seated,
    submissions,
    teaching,
)

PEERS = {"peers": {"give": 2, "get": 1, "days": 7}}
GOOD = {"level.c-1": "0", "level.c-2": "0"}
BAD = {"points.c-1": "0", "points.c-2": "0"}


def group(sign_in, number: int) -> list:
    """People who have all handed something in."""
    first = seated(sign_in, PEERS)
    everyone = [first, *(seated(sign_in, edition=first.edition) for _ in range(number - 1))]
    for n, one in enumerate(everyone):
        one.hands_in(f"Plan {n}", files=[(f"Ana {n}.pdf", PDF + bytes(n))])
    return everyone


def gets(learner):
    return learner.browser.post(f"{learner.page}/reviews")


def says(learner, number: int = 1, **fields):
    return learner.browser.post(f"{learner.page}/reviews/{number}", data=fields)


def reviews() -> list[PeerReview]:
    return all_of(PeerReview)


def test_the_work_of_another_is_reviewed_without_a_name(sign_in):
    one, other = group(sign_in, 2)
    assert gets(one).location.endswith("/reviews/1")
    page = one.sees("/reviews/1").text
    assert "Plan 1" in page
    assert "Ana" not in page
    key = files()[1].key
    kept = one.sees(f"/reviews/1/files/{key}")
    assert "1-1.pdf" in kept.headers["Content-Disposition"]
    assert says(one, **GOOD, **{"comment.": "Clear."}).status_code == 303

    assert "Clear." not in other.sees("/versions/1").text
    gets(other)
    says(other, **BAD)
    assert "Clear." not in other.sees("/versions/1").text  # one more is to be given
    assert (
        "There is no other work"
        in other.browser.post(f"{other.page}/reviews", follow_redirects=True).text
    )


def test_what_others_said_is_seen_when_the_time_is_over(sign_in, clock):
    one, other = group(sign_in, 2)
    gets(one)
    says(one, **GOOD, **{"comment.c-3": "Clear."})
    clock(now() + timedelta(days=15))
    page = other.sees("/versions/1").text
    assert "Clear." in page
    assert "20 of 20 points" in page
    assert "The time for reviews is over." in other.sees("/reviews").text
    assert gets(other).status_code == 409


def test_what_others_said_is_seen_when_ones_own_reviews_are_given(sign_in):
    one, other, third = group(sign_in, 3)
    gets(one)
    says(one, **GOOD, **{"comment.": "Clear."})
    reviewed = next(each for each in (other, third) if each.person == _author(reviews()[0]))
    for number in (1, 2):
        gets(reviewed)
        says(reviewed, number, **GOOD)
    assert gets(reviewed).status_code == 409
    assert "Clear." in reviewed.sees("/versions/1").text


def _author(review: PeerReview) -> int:
    return next(one.person_id for one in submissions() if one.id == review.submission_id)


def test_a_mark_waits_for_nobodys_review(sign_in):
    one, other = group(sign_in, 2)
    teacher = teaching(sign_in, one.edition)
    assert "Reviews: 0 of 1" in teacher.sees().text
    teacher.marks(submissions()[0].id, 8, 6, do="release")
    assert marks()[-1].is_released
    assert other


def test_reviews_that_differ_widely_are_pointed_out_to_whoever_marks(sign_in):
    everyone = group(sign_in, 3)
    for one in everyone:
        for number in (1, 2):
            gets(one)
            says(one, number, **(GOOD if one is everyone[0] else BAD))
    teacher = teaching(sign_in, everyone[0].edition)
    work = next(one.id for one in submissions() if one.person_id == everyone[1].person)
    page = teacher.sees(f"/{work}").text
    assert "What 2 others said" in page
    assert "They differ widely" in page


def test_the_same_work_is_given_until_it_is_reviewed(sign_in):
    one, _other = group(sign_in, 2)
    assert gets(one).location == gets(one).location
    assert len(reviews()) == 1
    answer = says(one, **{"level.c-1": "0"})
    assert answer.status_code == 422
    assert "Choose a level for every criterion." in answer.text
    says(one, **GOOD)
    says(one, **BAD)
    assert [row.earned for row in reviews()] == [20.0]


def test_reviews_are_given_by_those_who_handed_in(sign_in):
    one, other = group(sign_in, 2)
    late = seated(sign_in, edition=one.edition)
    assert "Hand in your own work first" in late.sees("/reviews").text
    assert gets(late).status_code == 409
    assert late.sees("/reviews/1").status_code == 404
    gets(one)
    assert other.sees("/reviews/1").status_code == 404
    assert sign_in(make.person()).get(f"{one.page}/reviews").status_code == 404


def test_without_peers_there_is_no_such_page(sign_in):
    learner = seated(sign_in)
    assert learner.sees("/reviews").status_code == 404
    assert gets(learner).status_code == 404


def test_a_work_in_ones_own_language_comes_first(sign_in):
    one, other, third = group(sign_in, 3)
    with writing():
        written = text("UPDATE accounts SET language = 'pt' WHERE person_id = :id")
        for each in (one, third):
            db.session.execute(written, {"id": each.person})
    gets(one)
    assert _author(reviews()[0]) == third.person
    assert other


def test_who_is_erased_leaves_no_words_of_others_about_them(sign_in):
    one, other = group(sign_in, 2)
    gets(one)
    says(one, **GOOD, **{"comment.": "Clear."})
    with writing():
        erase_person(other.person)
    assert all_of(PeerComments) == []
    assert "was erased" in one.sees("/reviews/1").text
    assert gets(one).status_code == 303
    assert len(reviews()) == 1


@given(st.integers(2, 12), st.integers(1, 4))
def test_everyone_is_reviewed_about_as_often_as_everyone_else(people, give):
    counts: Counter = Counter()
    given: dict[int, set[int]] = {reviewer: {reviewer} for reviewer in range(people)}
    for _turn in range(min(give, people - 1)):
        for seen in given.values():
            works = [Candidate(n, "es", counts[n]) for n in range(people) if n not in seen]
            work = chosen(works, "es", give)
            counts[work.submission_id] += 1
            seen.add(work.submission_id)
    assert max(counts.values()) - min(counts[n] for n in range(people)) <= 2


def test_a_work_without_reviews_comes_before_one_that_has_enough():
    works = [Candidate(1, "es", 2), Candidate(2, "pt", 0)]
    assert chosen(works, "es", 2) == works[1]
    assert chosen(works, "es", 3) == works[0]
    assert chosen([], "es", 2) is None


def test_one_review_differs_from_nothing():
    assert not do_differ(ASSIGNMENT, [0.0])
    assert not do_differ(ASSIGNMENT, [10.0, 15.0])
    assert do_differ(ASSIGNMENT, [10.0, 15.1])
