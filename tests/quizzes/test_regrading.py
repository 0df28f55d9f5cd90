"""A wrong key is put right: who it concerns is shown first, marks change, dates do not."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from coursehub.accounts.models import Role, Scope
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import waiting
from coursehub.learning.models import FactKind
from coursehub.quizzes.models import Correction, QuizAttempt, Regrade
from tests import make
from tests.learning.stage import facts, words
from tests.quizzes.stage import KEYS, QUIZ, change, kept_late, right, seated, wrong

DAY = timedelta(days=1)


@pytest.fixture
def edition(app):
    return make.taught(quiz=QUIZ)


@pytest.fixture
def teacher(edition, sign_in):
    person = make.person()
    make.grant(person, Role.INSTRUCTOR, Scope.EDITION, str(edition.id))
    return sign_in(person)


@pytest.fixture
def quiz_page(edition):
    return f"/studio/editions/{edition.slug}/quizzes/module-1-quiz"


def hands_in(sign_in, edition, *right_ones: int):
    """Someone who hands in an attempt in which these questions are right and the others wrong."""
    learner = seated(sign_in, edition=edition)
    learner.starts()
    answers = {key: right(n) if n in right_ones else wrong(n) for n, key in enumerate(KEYS, 1)}
    learner.sends(do="submit", **answers)
    return learner


def completions(learner) -> list:
    return [
        one.happened_at
        for one in facts()
        if one.kind == FactKind.COMPLETED and one.person_id == learner.person
    ]


NEW_KEY = {"remedy": "new_key", "right": wrong(1)}
REASON = {"reason": "The first answer had been marked by mistake."}


def corrects(teacher, quiz_page, run_jobs, **given):
    answer = teacher.post(f"{quiz_page}/questions/q-1", data=REASON | given)
    while waiting():
        run_jobs()
    writes_letters(run_jobs)
    return answer


def writes_letters(run_jobs) -> None:
    """Letters are written a moment after the marks."""
    with time_machine.travel(now() + timedelta(minutes=2)):
        run_jobs()
    db.session.rollback()


def test_done_4_a_wrong_key_is_corrected_and_no_date_moves(
    edition, teacher, quiz_page, sign_in, run_jobs, outbox
):
    """Preview of who changes and by how much; then marks, letters; completion dates unchanged."""
    with time_machine.travel(now() - DAY, tick=False):
        passed = hands_in(sign_in, edition, 1, 2, 3)  # 75 %: passes by the wrong key
        failed = hands_in(sign_in, edition, 2, 3)  # 50 %: would pass by the right one
        other = hands_in(sign_in, edition)  # 0 %
    handed_in = failed.attempt().submitted_at
    (before,) = completions(passed)

    preview = teacher.get(f"{quiz_page}/questions/q-1", query_string=NEW_KEY)

    assert "3 people’s results would change." in words(preview)
    assert "1 person would pass who does not now." in words(preview)
    shown = re.findall(r'text-end">([\d.]+) %</td>', preview.text)
    assert shown == ["75", "50", "50", "75", "0", "25"]
    assert db.session.scalar(select(Correction)) is None
    assert passed.attempt().points == 3

    corrects(teacher, quiz_page, run_jobs, **NEW_KEY)

    assert [one.attempt().points for one in (passed, failed, other)] == [2, 3, 1]
    assert completions(passed) == [before]
    assert completions(failed) == [handed_in]
    assert completions(other) == []
    letters = [one for one in outbox() if "has changed" in one["subject"]]
    assert len(letters) == 3
    body = next(one for one in letters if "50" in one.get_content().split("is now")[1])
    assert "was 75 % and is now 50 %" in body.get_content()
    assert REASON["reason"] in body.get_content()
    after = words(teacher.get(f"{quiz_page}/questions/q-1"))
    assert "Done: 3 results changed; 1 person passes now." in after
    assert "The key of this question was corrected." in words(failed.sees("/attempts/1/review"))


def test_who_passed_by_the_wrong_key_keeps_what_they_completed(
    edition, teacher, quiz_page, sign_in, run_jobs
):
    passed = hands_in(sign_in, edition, 1, 2, 3)

    corrects(teacher, quiz_page, run_jobs, **NEW_KEY)

    assert "1 of 5 parts completed." in words(passed.browser.get(f"/learn/{edition.slug}"))


@pytest.mark.parametrize(
    ("remedy", "points", "out_of"),
    [
        (NEW_KEY, 1, 4),
        (NEW_KEY | {"remedy": "accept_both"}, 2, 4),
        ({"remedy": "drop"}, 1, 3),
        ({"remedy": "full_marks"}, 2, 4),
        ({"remedy": "as_published"}, 2, 4),
    ],
)
def test_each_remedy_marks_as_it_says(
    edition, teacher, quiz_page, sign_in, run_jobs, remedy, points, out_of
):
    learner = hands_in(sign_in, edition, 1, 2)

    corrects(teacher, quiz_page, run_jobs, **remedy)

    attempt = learner.attempt()
    assert (attempt.points, attempt.out_of) == (points, out_of)


def test_attempts_to_come_are_marked_by_the_correction_at_once(
    edition, teacher, quiz_page, sign_in, run_jobs
):
    corrects(teacher, quiz_page, run_jobs, **NEW_KEY)

    assert hands_in(sign_in, edition, 1).attempt().points == 0
    assert hands_in(sign_in, edition).attempt().points == 1


def test_the_latest_correction_counts(edition, teacher, quiz_page, sign_in, run_jobs):
    learner = hands_in(sign_in, edition, 1)

    corrects(teacher, quiz_page, run_jobs, remedy="drop")
    corrects(teacher, quiz_page, run_jobs, remedy="as_published")

    assert (learner.attempt().points, learner.attempt().out_of) == (1, 4)


def test_the_same_correction_twice_is_one(edition, teacher, quiz_page, sign_in, run_jobs):
    corrects(teacher, quiz_page, run_jobs, remedy="drop")
    again = corrects(teacher, quiz_page, run_jobs, remedy="drop")

    assert again.status_code == 409
    assert len(db.session.scalars(select(Correction)).all()) == 1


def test_another_edition_is_not_touched(edition, teacher, quiz_page, sign_in, run_jobs):
    elsewhere = hands_in(sign_in, make.taught(quiz=QUIZ), 1)

    corrects(teacher, quiz_page, run_jobs, remedy="drop")

    assert elsewhere.attempt().out_of == 4


def test_who_handed_in_while_the_correction_was_made_is_found_a_moment_later(
    edition, teacher, quiz_page, sign_in, run_jobs
):
    corrects(teacher, quiz_page, run_jobs, **NEW_KEY)
    learner = hands_in(sign_in, edition, 1)
    attempt = learner.attempt()
    # As a unit of work leaves it that had read the corrections before there was one.
    attempt.points, attempt.corrected_to = 1, 0
    attempt.results = attempt.results | {"q-1": attempt.results["q-1"] | {"points": 1}}
    make.saved(attempt)

    with time_machine.travel(now() + timedelta(minutes=2)):
        run_jobs()

    assert learner.attempt().points == 0


def test_marks_of_someone_erased_stay_as_they_were(
    edition, teacher, quiz_page, sign_in, run_jobs, app
):
    learner = hands_in(sign_in, edition, 1, 2)
    answers = "DELETE FROM quiz_answers WHERE person_id = :person"
    db.session.execute(db.text(answers), {"person": learner.person})
    db.session.commit()

    corrects(teacher, quiz_page, run_jobs, **NEW_KEY)

    assert learner.attempt().points == 2
    assert db.session.scalars(select(Regrade)).one().changed == 0


def test_nothing_is_decided_without_a_reason_and_what_was_chosen_stays(edition, teacher, quiz_page):
    answer = teacher.post(f"{quiz_page}/questions/q-1", data=NEW_KEY)

    assert answer.status_code == 422
    assert "Write the reason." in words(answer)
    assert f'name="right" value="{wrong(1)}"' in answer.text
    assert db.session.scalar(select(Correction)) is None


def test_nonsense_is_answered_with_a_sentence(edition, teacher, quiz_page):
    for nonsense in (
        {"remedy": "magic"},
        {"remedy": "new_key"},
        {"remedy": "new_key", "right": "x"},
    ):
        answer = teacher.post(f"{quiz_page}/questions/q-1", data=REASON | nonsense)

        assert answer.status_code == 422
        assert "ch-error" in answer.text
    assert teacher.get(f"{quiz_page}/questions/nothing").status_code == 404


def test_the_only_question_left_cannot_be_dropped(edition, teacher, quiz_page, run_jobs):
    for key in KEYS[1:]:
        teacher.post(f"{quiz_page}/questions/{key}", data=REASON | {"remedy": "drop"})

    assert corrects(teacher, quiz_page, run_jobs, remedy="drop").status_code == 409


def test_learners_do_not_find_these_pages(edition, quiz_page, sign_in):
    learner = hands_in(sign_in, edition, 1)

    for path in ("", "/questions/q-1"):
        assert learner.browser.get(f"{quiz_page}{path}").status_code == 404
    assert learner.browser.post(f"{quiz_page}/questions/q-1", data=NEW_KEY).status_code == 404
    assert learner.browser.post(f"{quiz_page}/late/{learner.attempt().key}").status_code == 404


def test_late_answers_are_offered_and_count_once_somebody_says_so(
    edition, teacher, quiz_page, sign_in, run_jobs, outbox
):
    learner = hands_in(sign_in, edition, 2, 3)
    learner.saves(change("q-1", right(1)))
    assert kept_late() == {"q-1": [right(1)]}
    assert learner.attempt().points == 2
    assert "Let them count" in words(teacher.get(quiz_page))

    answer = teacher.post(f"{quiz_page}/late/{learner.attempt().key}", follow_redirects=True)
    writes_letters(run_jobs)

    assert "1 answer counts now." in words(answer)
    assert learner.attempt().points == 3
    assert len(completions(learner)) == 1
    assert "None waits for a decision." in words(teacher.get(quiz_page))
    (letter,) = [one for one in outbox() if "has changed" in one["subject"]]
    assert "was 50 % and is now 75 %" in letter.get_content()
    assert "after the attempt had been handed in" not in words(learner.sees("/attempts/1/review"))
    teacher.post(f"{quiz_page}/late/{learner.attempt().key}")
    assert learner.attempt().points == 3


def test_a_preview_and_what_comes_of_it_agree(edition, teacher, quiz_page, sign_in, run_jobs):
    learners = [hands_in(sign_in, edition, *chosen) for chosen in ((1,), (1, 2, 3), (2, 3, 4), ())]
    preview = teacher.get(
        f"{quiz_page}/questions/q-1", query_string=NEW_KEY | {"remedy": "drop"}
    ).text
    foretold = sorted(re.findall(r'text-end">([\d.]+) %</td>', preview)[1::2])

    corrects(teacher, quiz_page, run_jobs, remedy="drop")

    attempts = [learner.attempt() for learner in learners]
    assert foretold == sorted(f"{round(100 * a.points / a.out_of, 1):g}" for a in attempts[:3])


def test_the_pages_ask_as_often_however_many_there_are(
    edition, teacher, quiz_page, sign_in, statements, run_jobs
):
    hands_in(sign_in, edition, 1)
    asked = {}
    for round_ in ("few", "many"):
        for path in ("", "/questions/q-1", "/questions/q-1?remedy=drop"):
            with statements() as seen:
                teacher.get(f"{quiz_page}{path}")
            asked[round_, path] = len(seen)
        for n in range(12):
            hands_in(sign_in, edition, n % 4)
        with time_machine.travel(now() + timedelta(minutes=6)):
            run_jobs()

    assert asked["many", ""] <= asked["few", ""] <= 6
    for path in ("/questions/q-1", "/questions/q-1?remedy=drop"):
        assert asked["few", path] == asked["many", path] <= 11


def test_a_hand_in_waits_for_no_count(edition, sign_in):
    """Many who hand in within five minutes have one count queued between them."""
    hands_in(sign_in, edition, 1)
    hands_in(sign_in, edition, 2)

    rows = db.session.execute(db.text("SELECT key FROM jobs WHERE key LIKE 'count/%'")).all()
    assert 1 <= len(rows) <= 2  # two, if the five minutes ended in between
    assert db.session.scalars(select(QuizAttempt)).all()
