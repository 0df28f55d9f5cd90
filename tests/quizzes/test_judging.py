"""Answers that a person marks: nothing shows before it is released, and what is released stays."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from coursehub.accounts.models import Account, Role, Scope
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import waiting
from coursehub.learning.models import FactKind
from coursehub.quizzes.models import AnswerMark
from tests import make
from tests.learning.stage import facts, words
from tests.quizzes.stage import QUIZ, right, seated, wrong

ESSAYS = QUIZ | {"questions": [QUIZ["questions"][0], make.ESSAY], "anonymous": True}
ADDRESS = "/marking/q-essay"
GOOD = {"level.c-clear": "1", "comment": "Well argued.", "seen": "0"}


@pytest.fixture
def edition(app):
    return make.taught(quiz=ESSAYS)


@pytest.fixture
def teacher(edition, sign_in):
    person = make.person()
    make.grant(person, Role.INSTRUCTOR, Scope.EDITION, str(edition.id))
    return sign_in(person)


@pytest.fixture
def page(edition):
    return f"/studio/editions/{edition.slug}/quizzes/module-1-quiz"


def hands_in(sign_in, edition, text="Because of Lemkin.", first="a-1-right"):
    learner = seated(sign_in, edition=edition)
    learner.starts()
    learner.sends(do="submit", **{"q-1": first, "q-essay": text, "was.q-essay": "new"})
    return learner


def judges(teacher, page, learner, **given):
    return teacher.post(f"{page}{ADDRESS}/{learner.attempt().id}", data=GOOD | given)


def name_of(learner) -> str:
    return db.session.get_one(Account, learner.person).name


def test_an_answer_waits_with_guidance_and_rubric_and_without_a_name(
    edition, teacher, page, sign_in
):
    learner = hands_in(sign_in, edition)

    overview = words(teacher.get(f"{page}/marking"))
    shown = words(teacher.get(f"{page}{ADDRESS}"))

    assert "To be marked: 1." in overview
    assert "Because of Lemkin." in shown
    assert "Look for a source." in shown
    assert "Quite clear" in shown
    assert name_of(learner) not in shown


def test_a_provisional_mark_is_shown_to_nobody_but_those_who_teach(edition, teacher, page, sign_in):
    learner = hands_in(sign_in, edition)
    other = hands_in(sign_in, edition)

    answer = judges(teacher, page, learner)

    assert answer.location.endswith(f"{ADDRESS}?answer={other.attempt().id}")
    review = words(learner.sees("/attempts/1/review"))
    assert "To be marked by a person" in review
    assert "Well argued." not in review
    assert learner.attempt().points == 1
    assert "Marked, not released: 1." in words(teacher.get(f"{page}/marking"))


def test_what_is_released_counts_from_the_day_it_was_handed_in(
    edition, teacher, page, sign_in, run_jobs, outbox
):
    with time_machine.travel(now() - timedelta(days=2), tick=False):
        learner = hands_in(sign_in, edition)
    judges(teacher, page, learner)

    answer = teacher.post(f"{page}/marking", data={"question": "q-essay"})
    again = teacher.post(f"{page}/marking")
    while waiting() and run_jobs():
        pass

    assert (answer.status_code, again.status_code) == (303, 303)
    attempt = learner.attempt()
    assert (attempt.points, attempt.out_of, attempt.needs_marking) == (5, 5, False)
    (completed,) = [one for one in facts() if one.kind == FactKind.COMPLETED]
    assert completed.happened_at == attempt.submitted_at
    review = words(learner.sees("/attempts/1/review"))
    assert "Well argued." in review
    assert "Quite clear" in review
    assert name_of(learner) in words(teacher.get(f"{page}{ADDRESS}"))
    letters = [one for one in outbox() if "are marked" in one["subject"]]
    assert len(letters) == 1


def test_another_mark_in_between_is_not_written_over(edition, teacher, page, sign_in):
    learner = hands_in(sign_in, edition)
    judges(teacher, page, learner)

    again = judges(teacher, page, learner)

    assert again.status_code == 409
    assert "Somebody else has marked this meanwhile." in words(again)
    assert len(db.session.scalars(select(AnswerMark)).all()) == 1


def test_without_a_level_nothing_is_saved_and_the_comment_stays(edition, teacher, page, sign_in):
    learner = hands_in(sign_in, edition)

    answer = judges(teacher, page, learner, **{"level.c-clear": "7"})

    assert answer.status_code == 422
    assert "Choose a level for each criterion." in words(answer)
    assert "Well argued." in answer.text
    assert db.session.scalar(select(AnswerMark)) is None


@pytest.mark.parametrize(
    ("question", "remedy", "points", "out_of"),
    [
        ("q-1", "full_marks", 5, 5),
        ("q-essay", "drop", 0, 1),
        ("q-essay", "full_marks", 4, 5),
    ],
)
def test_a_correction_keeps_what_people_gave_unless_it_is_about_that(
    edition, teacher, page, sign_in, run_jobs, question, remedy, points, out_of
):
    learner = hands_in(sign_in, edition, first=wrong(1))
    judges(teacher, page, learner, do="release")
    assert learner.attempt().points == 4

    given = {"remedy": remedy, "reason": "It was unclear."}
    preview = teacher.get(f"{page}/questions/{question}", query_string=given)
    teacher.post(f"{page}/questions/{question}", data=given)
    for _ in range(3):
        run_jobs()

    assert preview.status_code == 200
    assert (learner.attempt().points, learner.attempt().out_of) == (points, out_of)


def test_an_essay_inside_a_case_is_marked_by_itself(sign_in):
    inner = {key: value for key, value in make.ESSAY.items() if key != "rubric"}
    case = {"id": "q-case", "type": "case", "text": {"es": "Caso"}}
    quiz = QUIZ | {"questions": [case | {"questions": [QUIZ["questions"][1], inner]}]}
    edition = make.taught(quiz=quiz)
    teacher = sign_in(make.person(Role.INSTRUCTOR))
    page = f"/studio/editions/{edition.slug}/quizzes/module-1-quiz"
    learner = seated(sign_in, edition=edition)
    learner.starts()
    answers = {"q-case.q-2": right(2), "q-case.q-essay": "Because.", "was.q-case": "new"}
    learner.sends(do="submit", **answers)

    asked = teacher.get(f"{page}{ADDRESS}")
    judges(teacher, page, learner, do="release", points="2,5")

    assert "Because." in words(asked)
    assert re.search(r'name="points"', asked.text)
    assert (learner.attempt().points, learner.attempt().needs_marking) == (3.5, False)


@pytest.mark.parametrize("path", ["/marking", ADDRESS])
def test_strangers_see_nothing(edition, page, sign_in, path):
    learner = hands_in(sign_in, edition)

    assert learner.browser.get(f"{page}{path}").status_code == 404
    assert judges(learner.browser, page, learner).status_code == 404
    assert learner.browser.post(f"{page}/marking").status_code == 404


def test_what_is_not_there_is_not_found(edition, teacher, page, sign_in):
    assert teacher.get(f"{page}/marking/q-1").status_code == 404
    assert teacher.post(f"{page}{ADDRESS}/999", data=GOOD).status_code == 404
    assert "Nobody has answered this yet" in words(teacher.get(f"{page}{ADDRESS}"))
