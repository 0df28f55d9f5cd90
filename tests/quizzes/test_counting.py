"""How questions did: counted from first attempts, told in plain words, grey for few people."""

from datetime import timedelta

import pytest
import time_machine

from coursehub.accounts.models import Role
from coursehub.foundation.clock import now
from tests import make
from tests.learning.stage import words
from tests.quizzes.stage import KEYS, QUIZ, right, seated, wrong


@pytest.fixture
def edition(app):
    return make.taught(quiz=QUIZ)


@pytest.fixture
def teacher(edition, sign_in):
    return sign_in(make.person(Role.INSTRUCTOR))


def cohort(sign_in, edition, number: int, *, language: str = "es", good=lambda n: n % 2):
    """So many people, of whom the good ones get everything but question 1 right."""
    for n in range(number):
        learner = seated(sign_in, edition=edition)
        learner.browser.post("/language", data={"language": language})
        learner.starts()
        is_good = bool(good(n))
        answers = {
            key: right(k) if is_good == (k != 1) else wrong(k) for k, key in enumerate(KEYS, 1)
        }
        learner.sends(do="submit", **answers)


def counted(teacher, edition, run_jobs, path: str = "") -> str:
    with time_machine.travel(now() + timedelta(minutes=6)):
        run_jobs()
    return words(teacher.get(f"/studio/editions/{edition.slug}/quizzes/module-1-quiz{path}"))


def test_a_question_that_discriminates_backwards_is_pointed_at(edition, teacher, sign_in, run_jobs):
    cohort(sign_in, edition, 12)

    page = counted(teacher, edition, run_jobs)

    assert "Handed in by 12 people, 12 attempts in all." in page
    assert "Those who did well elsewhere got this wrong more often: check the key." in page
    assert page.count("Good") == 3
    assert "-1" in page.replace("−", "-")


def test_under_ten_people_there_is_no_verdict(edition, teacher, sign_in, run_jobs):
    cohort(sign_in, edition, 9)

    page = counted(teacher, edition, run_jobs)

    assert page.count("Too few people to tell") == 4
    assert "check the key" not in page
    question = counted(teacher, edition, run_jobs, "/questions/q-1")
    assert "Too few people to tell" in question
    assert "%)" not in question


def test_only_first_attempts_are_counted(edition, teacher, sign_in, run_jobs):
    learner = seated(sign_in, edition=edition)
    for number in (1, 2):
        learner.starts()
        learner.sends(number=number, do="submit", **{KEYS[0]: right(1)})

    assert "Handed in by 1 person, 2 attempts in all." in counted(teacher, edition, run_jobs)
    assert "First attempts 1" in counted(teacher, edition, run_jobs, "/questions/q-1")


def test_a_bad_translation_shows(edition, teacher, sign_in, run_jobs):
    cohort(sign_in, edition, 12, good=lambda n: True)
    cohort(sign_in, edition, 12, language="pt", good=lambda n: False)

    page = counted(teacher, edition, run_jobs, "/questions/q-2")

    assert "It is harder in Português than in the other languages: check the translation." in page
    assert "100 % right, 12 people" in page
    assert "0 % right, 12 people" in page


def test_a_question_left_out_is_counted_no_more(edition, teacher, sign_in, run_jobs):
    cohort(sign_in, edition, 10)
    page = f"/studio/editions/{edition.slug}/quizzes/module-1-quiz/questions/q-1"
    teacher.post(page, data={"remedy": "drop", "reason": "Two answers are right."})
    run_jobs()

    assert "Corrected" in counted(teacher, edition, run_jobs)
    assert "First attempts" not in counted(teacher, edition, run_jobs, "/questions/q-1")


def test_before_anyone_hands_in_the_page_says_so(edition, teacher):
    page = words(teacher.get(f"/studio/editions/{edition.slug}/quizzes/module-1-quiz"))

    assert "Nobody has handed it in yet." in page
    listed = words(teacher.get(f"/studio/editions/{edition.slug}/quizzes"))
    assert "nobody has begun it" in listed
