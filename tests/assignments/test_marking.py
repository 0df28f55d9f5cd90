"""Marking: by rubric, provisional then released; nothing that changes a mark is lost."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from coursehub.assignments.models import SavedComment
from coursehub.assignments.rules import Given, judged, summed, why_not_points
from coursehub.foundation.clock import instant, now
from coursehub.foundation.database import db, writing
from coursehub.learning.queries import said_by
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

CRITERION = ASSIGNMENT["rubric"][0]


@pytest.fixture
def handed_in(sign_in):
    """A learner who has handed something in, and somebody who marks it."""
    learner = seated(sign_in)
    learner.hands_in(files=[("Ana.pdf", PDF)])
    return learner, teaching(sign_in, learner.edition), submissions()[0].id


def completed(learner) -> list[datetime]:
    db.session.rollback()
    return list(said_by(learner.person, learner.edition.id).done.values())


def test_a_mark_is_seen_by_the_learner_once_it_is_released(handed_in, run_jobs, outbox):
    learner, teacher, work = handed_in
    assert teacher.marks(work, 8, 6, **{"comment.c-3": "Clear."}).status_code == 303
    assert "Clear." not in learner.sees("/versions/1").text
    assert completed(learner) == []

    assert teacher.marks(work, 8, 6, do="release", **{"comment.c-3": "Clear."}).status_code == 303
    page = learner.sees("/versions/1").text
    assert "Clear." in page
    assert "14" in page
    assert "Passed" in page
    run_jobs()
    assert any("has been marked" in letter["Subject"] for letter in outbox())


def test_what_is_passed_counts_from_the_moment_it_was_handed_in(sign_in, clock):
    learner = seated(sign_in)
    moment = now().replace(microsecond=0)
    clock(moment)
    learner.hands_in()
    clock(moment + timedelta(days=3))
    teaching(sign_in, learner.edition).marks(submissions()[0].id, 8, 6, do="release")
    assert completed(learner) == [moment]


def test_a_corrected_mark_is_added_and_takes_no_completion_back(handed_in):
    learner, teacher, work = handed_in
    teacher.marks(work, 8, 6, do="release")
    assert len(completed(learner)) == 1
    teacher.marks(work, 5, 6, do="release")
    assert len(completed(learner)) == 1
    assert [(one.total, one.state.value) for one in marks()] == [
        (14.0, "provisional"),
        (14.0, "released"),
        (11.0, "provisional"),
        (11.0, "released"),
    ]
    assert "Everything that was marked" in teacher.sees(f"/{work}").text


def test_the_marks_cannot_be_changed_in_the_database(handed_in):
    _learner, teacher, work = handed_in
    teacher.marks(work, 8, 6)
    for change in ("UPDATE assignment_marks SET earned = 0", "DELETE FROM assignment_marks"):
        with pytest.raises(DatabaseError, match="append-only"), writing():
            db.session.execute(text(change))


def test_a_mark_with_a_criterion_missing_is_saved_and_not_released(handed_in):
    learner, teacher, work = handed_in
    assert teacher.marks(work, 8).status_code == 303
    answer = teacher.marks(work, 8, do="release", **{"comment.": "Nearly"})
    assert answer.status_code == 422
    assert "Not every criterion is marked yet" in answer.text
    assert "Nearly</textarea>" in answer.text
    assert [one.is_complete for one in marks()] == [False]
    assert completed(learner) == []


@pytest.mark.parametrize("points", ["11", "-1", "many", "1e9", "nan"])
def test_points_outside_the_rubric_are_said_and_kept(handed_in, points):
    _learner, teacher, work = handed_in
    answer = teacher.marks(work, points, 6)
    assert answer.status_code == 422
    assert f'value="{points}"' in answer.text
    assert marks() == []


def test_points_that_belong_to_another_level_are_said(handed_in):
    _learner, teacher, work = handed_in
    answer = teacher.marks(work, 9, 6, **{"level.c-1": "1"})
    assert answer.status_code == 422
    assert "This level goes from 0 to 5 points." in answer.text


def test_a_level_alone_gives_its_highest_points(handed_in):
    _learner, teacher, work = handed_in
    teacher.marks(work, **{"level.c-1": "0", "level.c-2": "1"})
    assert marks()[0].points == {
        "c-1": {"level": 0, "points": 10.0},
        "c-2": {"level": 1, "points": 5.0},
    }


def test_what_being_late_takes_off_is_a_line_of_its_own(sign_in, clock):
    learner = seated(sign_in)
    day = learner.edition.ends_on - timedelta(days=7)
    clock(instant(datetime.combine(day, time.max), "UTC") + timedelta(hours=25))
    learner.hands_in()
    teaching(sign_in, learner.edition).marks(submissions()[0].id, 9, 6, do="release")
    (mark, _released) = marks()
    assert (mark.earned, mark.deducted, mark.total, mark.has_passed) == (15.0, 3.0, 12.0, True)
    page = learner.sees("/versions/1").text
    assert "−3" in page
    assert "2 days late, 10 % of the points for each day begun" in page


def test_names_are_shown_when_the_mark_is_released(handed_in):
    learner, teacher, work = handed_in
    (account,) = db.session.execute(
        text("SELECT name FROM accounts WHERE person_id = :id"), {"id": learner.person}
    ).one()
    key = files()[0].key
    for page in ("", f"/{work}"):
        shown = teacher.sees(page).text
        assert account not in shown
        assert "Ana.pdf" not in shown
        assert f"Work {work}" in shown
    kept = teacher.sees(f"/{work}/files/{key}")
    assert (kept.data, f"{work}-1.pdf" in kept.headers["Content-Disposition"]) == (PDF, True)

    teacher.marks(work, 8, 6, do="release")
    assert account in teacher.sees().text
    assert "Ana.pdf" in teacher.sees(f"/{work}").text


def test_two_who_mark_at_once_hear_of_each_other(handed_in, sign_in):
    learner, teacher, work = handed_in
    other = teaching(sign_in, learner.edition)
    form = {"seen": "0", "do": "save", "points.c-1": "3"}
    assert teacher.browser.post(f"{teacher.queue}/{work}", data=form).status_code == 303
    assert other.browser.post(f"{other.queue}/{work}", data=form).status_code == 409
    assert len(marks()) == 1


def test_only_the_newest_version_is_marked(handed_in):
    learner, teacher, work = handed_in
    learner.hands_in("Better")
    form = {"seen": "0", "do": "save", "points.c-1": "3"}
    assert teacher.browser.post(f"{teacher.queue}/{work}", data=form).status_code == 409
    assert "This is not the newest version" in teacher.sees(f"/{work}").text


def test_whoever_did_not_pass_can_hand_in_again(handed_in):
    learner, teacher, work = handed_in
    teacher.marks(work, 1, 1, do="release")
    assert learner.hands_in("Better").location.endswith("/versions/2")
    teacher.marks(submissions()[-1].id, 8, 6, do="release")
    assert len(completed(learner)) == 1
    assert "There is nothing more to hand in" in learner.sees().text


def test_all_complete_marks_are_released_at_once(sign_in):
    learner = seated(sign_in)
    teacher = teaching(sign_in, learner.edition)
    for points in ((8, 6), (1, 1), (5,)):
        one = seated(sign_in, edition=learner.edition)
        one.hands_in()
        teacher.marks(submissions()[-1].id, *points)
    assert teacher.browser.post(f"{teacher.queue}/releases").status_code == 303
    assert sorted(one.total for one in marks() if one.is_released) == [2.0, 14.0]
    assert teacher.browser.post(f"{teacher.queue}/releases").status_code == 303
    assert len([one for one in marks() if one.is_released]) == 2


def test_a_comment_is_kept_and_said_again(handed_in, sign_in):
    learner, teacher, work = handed_in
    other = seated(sign_in, edition=learner.edition)
    other.hands_in()
    teacher.marks(work, 8, 6, **{"comment.c-1": "Name a source.", "keep.c-1": "1"})
    (kept,) = all_of(SavedComment)
    second = submissions()[-1].id
    again = {"comment.c-2": "Good.", "add.c-2": str(kept.id)}
    teacher.marks(second, 8, 6, do="release", **again)
    assert "Good.\n\nName a source." in other.sees("/versions/1").text
    colleague = teaching(sign_in, learner.edition)
    assert "Add one you keep" not in colleague.sees(f"/{second}").text
    colleague.browser.post(f"{teacher.queue}/comments/{kept.id}/end")
    assert len(all_of(SavedComment)) == 1
    teacher.browser.post(f"{teacher.queue}/comments/{kept.id}/end")
    assert all_of(SavedComment) == []


def test_participants_and_strangers_find_no_queue(handed_in, sign_in):
    learner, teacher, work = handed_in
    key = files()[0].key
    others = (learner.browser, sign_in(make.person()))
    for browser in others:
        for page in ("", f"/{work}", f"/{work}/files/{key}"):
            assert browser.get(f"{teacher.queue}{page}").status_code == 404
        assert browser.get(teacher.list).status_code == 404
        assert browser.post(f"{teacher.queue}/{work}", data={"do": "save"}).status_code == 404
        assert browser.post(f"{teacher.queue}/releases").status_code == 404
    assert teacher.sees("/999999").status_code == 404


def test_the_list_says_what_waits(handed_in):
    _learner, teacher, work = handed_in
    assert "1 to be marked" in teacher.browser.get(teacher.list).text
    teacher.marks(work, 8, 6, do="release")
    assert "Nothing waits" in teacher.browser.get(teacher.list).text
    assert f"/{work}" not in teacher.sees("?state=waiting").text


@given(
    st.floats(0, 10, allow_nan=False),
    st.floats(0, 10, allow_nan=False),
    st.integers(0, 30),
)
def test_being_later_never_earns_more_and_no_sum_leaves_its_bounds(one, other, days):
    points = {
        "c-1": judged(CRITERION, Given(None, one)),
        "c-2": judged(CRITERION, Given(None, other)),
    }
    assume_marked = {key: value for key, value in points.items() if value}
    today, tomorrow = (summed(ASSIGNMENT, assume_marked, n) for n in (days, days + 1))
    assert 0 <= today.deducted <= today.earned <= 20
    assert today.deducted <= tomorrow.deducted
    assert today.has_passed or not tomorrow.has_passed


@given(st.integers(0, 1), st.floats(-5, 15, allow_nan=False))
def test_points_are_taken_exactly_within_their_level(level, points):
    bounds = CRITERION["levels"][level]
    fits = bounds["least"] <= points <= bounds["most"]
    assert (why_not_points(CRITERION, Given(level, points)) is None) == fits
