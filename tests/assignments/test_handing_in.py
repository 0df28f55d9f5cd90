"""Writing a draft and handing it in: nothing is lost, nothing is handed in twice."""

import hashlib
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from coursehub.assignments.models import SubmissionContent
from coursehub.foundation.clock import instant
from coursehub.foundation.database import db, writing
from tests import make
from tests.assignments.stage import (
    PDF,
    all_of,
    drafts,
    files,
    seated,
    submissions,
    teaching,
)


def due_of(learner):
    day = learner.edition.ends_on - timedelta(days=7)
    return instant(datetime.combine(day, time.max), "UTC")


def test_the_task_the_rubric_and_the_due_date_are_seen_beforehand(sign_in):
    learner = seated(sign_in)
    page = learner.sees().text

    assert "Write a plan." in page
    assert "Criterion 2" in page
    assert "(UTC)" in page
    assert "loses 10 % of its points for each day begun" in page
    assert "Up to 1 hour after the due date" in page
    assert drafts() == []


def test_a_draft_is_kept_and_shown_again(sign_in):
    learner = seated(sign_in)

    assert learner.sends(text="Half a plan", link=["https://example.org/plan"]).status_code == 303
    page = learner.sees().text
    assert "Half a plan</textarea>" in page
    assert 'value="https://example.org/plan"' in page
    assert submissions() == []


def test_what_is_handed_in_stays_as_it_was(sign_in, run_jobs, outbox):
    learner = seated(sign_in)
    answer = learner.hands_in("My plan.\r\nWith care.", files=[("plan.pdf", PDF)])

    assert answer.status_code == 303
    assert answer.location.endswith("/versions/1")
    (one,) = submissions()
    (content,) = all_of(SubmissionContent)
    assert content.text == "My plan.\nWith care."
    digests = [hashlib.sha256(b"My plan.\nWith care.").hexdigest(), hashlib.sha256(PDF).hexdigest()]
    receipt = learner.sees("/versions/1").text
    run_jobs()
    (letter,) = outbox()
    for digest in digests:
        assert digest in receipt
        assert digest in letter.get_content()
    assert (one.number, one.words, one.days_late) == (1, 4, 0)
    assert "1 of 2 handed in" in learner.sees().text


def test_handing_in_twice_is_one_version(sign_in):
    learner = seated(sign_in)
    hidden = learner.hidden()

    first = learner.hands_in(hidden=hidden)
    again = learner.hands_in(hidden=hidden)
    assert first.location == again.location
    assert len(submissions()) == 1


def test_a_second_tab_that_says_otherwise_takes_nothing_away(sign_in):
    learner = seated(sign_in)
    one, other = learner.hidden(), learner.hidden()

    assert learner.sends(text="Written here", hidden=one).status_code == 303
    answer = learner.sends(text="Written there", hidden=other)
    assert answer.status_code == 422
    assert "Written there</textarea>" in answer.text
    assert "Written here" in answer.text
    assert [draft.text for draft in drafts()] == ["Written here"]

    kept = other | {"seen": "1"}
    assert learner.sends(text="Both", hidden=kept).status_code == 303
    assert [draft.text for draft in drafts()] == ["Both"]


def test_a_page_may_save_as_often_as_it_likes(sign_in):
    learner = seated(sign_in)
    hidden = learner.hidden()
    for words in ("one", "one two", "one two", "one two three"):
        # An answer that got lost: the page still says the revision it began from.
        assert learner.sends(text=words, to="/draft", hidden=hidden).status_code == 200
    (draft,) = drafts()
    assert (draft.text, draft.revision) == ("one two three", 3)


def test_the_script_hears_that_another_tab_was_faster(sign_in):
    learner = seated(sign_in)
    one, other = learner.hidden(), learner.hidden()
    learner.sends(text="first", to="/draft", hidden=one)

    answer = learner.sends(text="second", to="/draft", hidden=other)
    assert (answer.status_code, answer.json) == (409, {"revision": 1})


def test_too_many_words_are_said_and_kept_as_a_draft(sign_in):
    learner = seated(sign_in)
    answer = learner.hands_in("word " * 51)

    assert answer.status_code == 422
    assert "Write at most 50 words; there are 51." in answer.text
    assert submissions() == []
    assert len(drafts()) == 1


def test_nothing_at_all_is_not_handed_in(sign_in):
    answer = seated(sign_in).hands_in("  ")
    assert answer.status_code == 422
    assert "There is nothing to hand in yet." in answer.text
    assert submissions() == []


def test_a_link_has_to_be_an_address(sign_in):
    learner = seated(sign_in)
    answer = learner.hands_in("Plan", link=["javascript:alert(1)"])
    assert answer.status_code == 422
    assert "javascript:alert(1)" in answer.text
    assert submissions() == []


def test_late_work_says_by_how_many_days(sign_in, clock):
    learner = seated(sign_in)
    clock(due_of(learner) + timedelta(hours=25))
    learner.hands_in()
    assert submissions()[0].days_late == 2


def test_within_the_grace_nothing_is_late(sign_in, clock):
    learner = seated(sign_in)
    clock(due_of(learner) + timedelta(minutes=59))
    learner.hands_in()
    assert submissions()[0].days_late == 0


def test_what_is_refused_late_is_refused_and_the_draft_stays(sign_in, clock):
    learner = seated(sign_in, {"late": "refused"})
    hidden = learner.hidden()
    clock(due_of(learner) + timedelta(hours=2))
    answer = learner.hands_in(hidden=hidden)
    assert answer.status_code == 409
    assert submissions() == []
    assert len(drafts()) == 1
    assert "not taken any more" in learner.sees().text


def test_a_new_version_can_follow_until_the_work_is_being_marked(sign_in):
    learner = seated(sign_in)
    learner.hands_in("First")
    assert "First</textarea>" in learner.sees().text
    assert learner.hands_in("Second").location.endswith("/versions/2")
    assert learner.hands_in("Third", hidden={"page": "p", "seen": "9", "version": "3"}).status_code
    assert [one.number for one in submissions()] == [1, 2]

    other = seated(sign_in, edition=learner.edition)
    other.hands_in("First")
    teaching(sign_in, other.edition).marks(submissions()[-1].id, 8)
    assert "is being marked" in other.sees().text


def test_people_without_a_place_hand_in_nothing(sign_in):
    learner = seated(sign_in)
    teacher = teaching(sign_in, learner.edition)
    assert "without a place" in teacher.browser.get(learner.page).text
    hidden = {"page": "p", "seen": "0", "version": "1"}
    answer = teacher.browser.post(learner.page, data=hidden | {"text": "x", "do": "submit"})
    assert answer.status_code == 409
    assert drafts() == []


def test_a_stranger_finds_nothing(sign_in):
    learner = seated(sign_in)
    learner.hands_in(files=[("plan.pdf", PDF)])
    key = files()[0].key
    stranger = sign_in(make.person())
    for page in ("", "/versions/1", f"/versions/1/files/{key}"):
        assert stranger.get(f"{learner.page}{page}").status_code == 404
    neighbour = seated(sign_in, edition=learner.edition)
    assert neighbour.sees(f"/versions/1/files/{key}").status_code == 404
    assert neighbour.sees("/versions/1").status_code == 404
    assert neighbour.browser.get(f"/uploads/{key}").status_code == 404
    assert neighbour.sends(to=f"/files/{key}/end").status_code == 404


def test_a_file_is_given_out_to_be_saved_and_to_run_nothing(sign_in):
    learner = seated(sign_in)
    learner.hands_in(files=[("plan.pdf", PDF)])
    answer = learner.sees(f"/versions/1/files/{files()[0].key}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_what_was_handed_in_cannot_be_changed_in_the_database(sign_in):
    seated(sign_in).hands_in()
    for table in ("assignment_submissions", "assignment_contents"):
        with pytest.raises(DatabaseError, match="append-only"), writing():
            db.session.execute(text(f"UPDATE {table} SET person_id = person_id"))
