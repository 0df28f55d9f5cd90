"""Taking a quiz from its first page to its review, as a learner does."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from coursehub.accounts.models import Role
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.learning.models import Fact, FactKind
from coursehub.quizzes.actions import give_allowance
from coursehub.quizzes.models import QuizAttempt
from coursehub.quizzes.rules import Allowance
from tests import make
from tests.learning.stage import facts, words
from tests.quizzes.stage import KEYS, QUIZ, right, seated, started, wrong

SOON = now().date() + timedelta(days=1)


def everything_right() -> dict[str, str]:
    return {key: right(n) for n, key in enumerate(KEYS, 1)}


def test_a_quiz_taken_and_passed_completes_it(sign_in):
    learner = seated(sign_in)
    assert "0 of 3 used" in words(learner.sees())
    learner.starts()

    answer = learner.sends(do="submit", **everything_right())

    assert answer.location.endswith("/attempts/1/review")
    attempt = learner.attempt()
    assert (attempt.points, attempt.out_of, attempt.state) == (4, 4, "submitted")
    review = words(learner.sees("/attempts/1/review"))
    assert "100 %" in review
    assert "Passed" in review
    assert [one.kind for one in facts()] == [
        FactKind.STARTED,
        FactKind.SUBMITTED,
        FactKind.COMPLETED,
    ]
    course = words(learner.browser.get(f"/learn/{learner.edition.slug}"))
    assert "1 of 5 parts completed." in course


def test_below_the_mark_it_is_not_complete_and_can_be_tried_again(sign_in):
    learner = started(sign_in)

    learner.sends(do="submit", **(everything_right() | {KEYS[0]: wrong(1), KEYS[1]: wrong(2)}))

    assert learner.attempt().points == 2
    page = words(learner.sees())
    assert "Not passed yet" in page
    assert "Start attempt 2" in page
    assert FactKind.COMPLETED not in {one.kind for one in facts()}


def test_the_page_of_an_attempt_tells_nothing_of_the_key(sign_in):
    questions = []
    for n, question in enumerate(QUIZ["questions"]):
        answers = [one | {"id": f"a-{n}-{m}"} for m, one in enumerate(question["answers"])]
        questions.append(question | {"answers": answers})
    learner = started(sign_in, {"questions": questions})

    for page in ("/attempts/1", "/attempts/1?page=1"):
        said = learner.sees(page).text
        assert "Question 1" in said
        assert "right" not in said
        assert "Comentario" not in said


def test_starting_twice_is_one_attempt(sign_in):
    learner = started(sign_in)

    learner.starts()

    assert db.session.scalar(select(func.count()).select_from(QuizAttempt)) == 1
    assert "Go on with attempt 1" in words(learner.sees())


def test_handing_in_twice_is_one_submission(sign_in):
    learner = started(sign_in)
    learner.sends(do="submit", **everything_right())

    form = {"do": "submit", "key": learner.attempt().key}
    again = learner.browser.post(f"{learner.quiz}/attempts/1", data=form)

    assert again.status_code == 303
    count = select(func.count()).where(Fact.kind == FactKind.SUBMITTED)
    assert db.session.scalar(count) == 1


def test_attempts_run_out_and_the_page_says_so(sign_in):
    learner = seated(sign_in, {"attempts": 1})
    learner.starts()
    learner.sends(do="submit")

    assert learner.starts().status_code == 409
    assert "You have used all your attempts." in words(learner.sees())


def test_between_attempts_there_is_a_pause(sign_in, clock):
    journey = clock(now())
    learner = started(sign_in, {"wait_hours": 2})
    learner.sends(do="submit")

    assert learner.starts().status_code == 409
    journey.shift(2 * 60 * 60 + 1)
    assert learner.starts().status_code == 303


def test_questions_are_drawn_once_and_unseen_ones_come_first(sign_in):
    tagged = [question | {"tags": ["x"]} for question in QUIZ["questions"]]
    learner = started(sign_in, {"questions": tagged, "draw": [{"tag": "x", "count": 2}]})
    first = [one["id"] for one in learner.attempt().plan]
    assert [one["id"] for one in learner.attempt().plan] == first
    learner.sends(do="submit")

    learner.starts()

    second = [one["id"] for one in learner.attempt(2).plan]
    assert len(first) == len(second) == 2
    assert not set(first) & set(second)


def test_a_published_change_does_not_touch_an_attempt_that_runs(sign_in):
    learner = started(sign_in)
    changed = make.taught(quiz=QUIZ | {"questions": QUIZ["questions"][:1]})
    with writing():
        edition = db.session.merge(learner.edition)
        edition.course_id, edition.version_id = changed.course_id, changed.version_id

    attempt = learner.attempt()

    assert len(attempt.plan) == 4
    assert attempt.version_id != changed.version_id


def test_more_time_and_attempts_hold_in_every_quiz_and_are_shown(sign_in):
    learner = seated(sign_in, {"minutes": 30, "attempts": 1})
    with writing():
        give_allowance(learner.person, Allowance(100, 2), "letter of 3 May")

    page = words(learner.sees())

    assert "60 minutes: 30 + 30 of extra time" in page
    assert "0 of 3 used" in page
    assert "letter of 3 May" not in page
    learner.starts()
    attempt = learner.attempt()
    assert attempt.due_at - attempt.started_at == timedelta(minutes=60)


def test_whoever_starts_late_is_told_beforehand_how_long_there_is(sign_in, clock):
    learner = seated(sign_in, {"minutes": 120}, ends_on=SOON)
    clock(learner.edition.ends_at - timedelta(minutes=45))

    assert "The edition ends before the usual time is over" in words(learner.sees())
    learner.starts()

    assert learner.attempt().due_at == learner.edition.ends_at


def test_after_the_edition_nothing_starts(sign_in, clock):
    learner = seated(sign_in, ends_on=SOON)
    clock(learner.edition.ends_at + timedelta(seconds=1))

    assert learner.starts().status_code == 409
    assert "This edition is over" in words(learner.sees())


def test_when_the_time_is_over_what_is_there_is_handed_in(sign_in, clock, run_jobs):
    journey = clock(now())
    learner = started(sign_in, {"minutes": 30})
    learner.sends(**{KEYS[0]: right(1)})
    journey.shift(30 * 60 + 61)

    run_jobs()

    attempt = learner.attempt()
    assert (attempt.state, attempt.submitted_by, attempt.points) == ("submitted", "time", 1)
    assert attempt.submitted_at == attempt.due_at


def test_whoever_comes_back_after_the_end_finds_it_handed_in(sign_in, clock):
    journey = clock(now())
    learner = started(sign_in, {"minutes": 30})
    learner.sends(**{KEYS[0]: right(1)})
    journey.shift(30 * 60 + 1)

    answer = learner.sees("/attempts/1")

    assert answer.location.endswith("/review")
    assert learner.attempt().points == 1
    assert "The time was over" in words(learner.sees("/attempts/1/review"))


@pytest.mark.parametrize(("counts", "percent"), [("best", "75"), ("last", "25"), ("average", "50")])
def test_best_last_or_mean_counts(sign_in, counts, percent):
    learner = seated(sign_in, {"counts": counts})
    for points in (3, 1):
        learner.starts()
        given = {key: right(n) for n, key in enumerate(KEYS[:points], 1)}
        number = db.session.scalar(select(func.max(QuizAttempt.number)))
        learner.sends(number, do="submit", **given)

    assert f"What counts: {percent} %" in words(learner.sees())


@pytest.mark.parametrize(
    ("review", "sees"),
    [
        ("full", {"marks", "feedback", "key"}),
        ("hints", {"marks", "feedback"}),
        ("marks", {"marks"}),
        ("later", set()),
    ],
)
def test_a_review_shows_what_its_preset_says(sign_in, clock, review, sees):
    learner = started(sign_in, {"review": review}, ends_on=SOON)
    learner.sends(do="submit", **{KEYS[0]: wrong(1)})

    page = words(learner.sees("/attempts/1/review"))

    assert ("Points: 0 of 1" in page) == ("marks" in sees)
    assert ("Comentario 1" in page) == ("feedback" in sees)
    assert ("This would have been right" in page) == ("key" in sees)
    assert "Your answer" in page
    clock(learner.edition.ends_at + timedelta(seconds=1))
    after = words(learner.sees("/attempts/1/review"))
    assert ("This would have been right" in after) == (review != "marks")


def test_the_last_attempt_shows_the_key_that_hints_keep_back(sign_in):
    learner = started(sign_in, {"review": "hints", "attempts": 1})
    learner.sends(do="submit", **{KEYS[0]: wrong(1)})

    assert "This would have been right" in words(learner.sees("/attempts/1/review"))


def test_an_attempt_is_nobody_elses(sign_in):
    learner = started(sign_in)
    other = seated(sign_in, edition=learner.edition)

    for page in ("/attempts/1", "/attempts/1/review"):
        assert other.sees(page).status_code == 404
    key = learner.attempt().key
    for form in ({}, {"key": key}):
        assert other.browser.post(f"{other.quiz}/attempts/1", data=form).status_code == 404
    sent = other.browser.post(f"/attempts/{key}/answers", json={"device": key, "changes": []})
    assert sent.status_code == 404


def test_staff_look_at_a_quiz_and_start_nothing(sign_in):
    edition = make.taught(quiz=QUIZ)
    staff = sign_in(make.person(Role.SECRETARIAT))
    page = f"/learn/{edition.slug}/quizzes/module-1-quiz"

    assert "so nothing is recorded" in words(staff.get(page))
    assert staff.post(f"{page}/attempts").status_code == 409


def test_a_quiz_cannot_be_marked_as_read(sign_in):
    learner = seated(sign_in)

    answer = learner.browser.post(f"/learn/{learner.edition.slug}/module-1-quiz/completion")

    assert answer.status_code == 409
    assert facts() == []


def test_unknown_quizzes_and_attempts_are_not_found(sign_in):
    learner = seated(sign_in)

    assert learner.sees("/attempts/1").status_code == 404
    assert learner.sees("/attempts/99999999999999999999").status_code == 404
    assert learner.browser.get(f"/learn/{learner.edition.slug}/quizzes/1-1").status_code == 404
    assert learner.browser.get(f"/learn/{learner.edition.slug}/module-1-quiz").status_code == 404
