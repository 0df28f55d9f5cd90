"""Grades for those who teach and for each learner: the same numbers, explained and decided."""

import io
import re

import pytest
from sqlalchemy import select

from coursehub.accounts.models import Role, Scope
from coursehub.assignments.models import Mark
from coursehub.assignments.rules import out_of_all
from coursehub.foundation.database import db
from coursehub.foundation.tables import rows_in
from coursehub.gradebook.models import GradeDecision, GradingScheme
from coursehub.learning.models import FactKind
from tests import make
from tests.assignments.stage import ASSIGNMENT
from tests.learning.stage import facts, words
from tests.quizzes.stage import KEYS, Learner, right, wrong


@pytest.fixture
def edition(app):
    return make.taught(quiz=make.QUIZ, assignment=ASSIGNMENT)


@pytest.fixture
def teacher(edition, sign_in):
    person = make.person()
    make.grant(person, Role.INSTRUCTOR, Scope.EDITION, str(edition.id))
    return sign_in(person)


@pytest.fixture
def grades(edition):
    return f"/studio/editions/{edition.slug}/grades"


def learns(sign_in, edition, *right_ones: int, name: str = "Ana") -> Learner:
    """Someone who hands in the quiz with these questions right."""
    person = make.person(name=name)
    make.enrolment(person_id=person, edition_id=edition.id)
    learner = Learner(person, sign_in(person), edition)
    learner.starts()
    answers = {key: right(n) if n in right_ones else wrong(n) for n, key in enumerate(KEYS, 1)}
    learner.sends(do="submit", **answers)
    return learner


def numbers(page) -> list[str]:
    """So far, and if nothing more comes."""
    return re.findall(r"<dd>([\d.–]+) <small>of 100", page.text)[:2]


def decides(teacher, grades, learner, **given):
    usual = {"work": "module-1-quiz", "what": "set", "percent": "90", "reason": "An oral exam."}
    return teacher.post(f"{grades}/people/{learner.person}", data=usual | given)


def test_learner_and_teacher_read_the_same_numbers(edition, teacher, grades, sign_in):
    learner = learns(sign_in, edition, 1, 2, 3)

    own = learner.browser.get(f"/learn/{edition.slug}/grades")
    seen = teacher.get(f"{grades}/people/{learner.person}")

    assert numbers(own) == numbers(seen) == ["75", "37.5"]
    assert "Does not count yet" in words(own)
    assert "Still required to pass:" in words(own)
    assert "75" in words(teacher.get(grades))


def test_a_released_mark_counts_and_work_without_one_waits(edition, teacher, grades, sign_in):
    learner = learns(sign_in, edition, 1, 2, 3, 4)
    handed_in = make.submission(learner.person, edition)
    assert "To be marked" in words(learner.browser.get(f"/learn/{edition.slug}/grades"))

    most = out_of_all(ASSIGNMENT)
    make.mark(handed_in, make.person(), earned=most / 2)

    assert db.session.scalars(select(Mark)).one().earned == most / 2
    assert numbers(learner.browser.get(f"/learn/{edition.slug}/grades")) == ["75", "75"]


def test_a_decision_replaces_a_mark_with_its_reason_and_completes_the_work(
    edition, teacher, grades, sign_in
):
    learner = learns(sign_in, edition, 1)

    assert decides(teacher, grades, learner).status_code == 303

    own = learner.browser.get(f"/learn/{edition.slug}/grades")
    assert numbers(own)[0] == "90"
    assert "An oral exam." in words(own)
    assert "earned: 25" in words(own)
    assert FactKind.COMPLETED in {one.kind for one in facts() if one.person_id == learner.person}


def test_a_decision_is_withdrawn_and_the_record_keeps_both(edition, teacher, grades, sign_in):
    learner = learns(sign_in, edition, 1)
    decides(teacher, grades, learner)

    decides(teacher, grades, learner, what="withdraw", reason="The wrong person.")

    page = teacher.get(f"{grades}/people/{learner.person}")
    assert numbers(page)[0] == "25"
    assert "The wrong person." in words(page)
    assert "An oral exam." in words(page)


def test_someone_excused_is_not_asked_for_the_work(edition, teacher, grades, sign_in):
    learner = learns(sign_in, edition)
    decides(teacher, grades, learner, what="excuse")
    decides(teacher, grades, learner, work="module-2-plan", percent="80")

    page = words(learner.browser.get(f"/learn/{edition.slug}/grades"))

    assert "Excused" in page
    assert "Still required to pass:" not in page
    assert "Passed" in page


def test_a_decision_about_the_whole_grade_holds(edition, teacher, grades, sign_in):
    learner = learns(sign_in, edition)

    decides(teacher, grades, learner, work="whole", percent="71")

    assert numbers(learner.browser.get(f"/learn/{edition.slug}/grades")) == ["71", "71"]


@pytest.mark.parametrize(
    "nonsense",
    [{"percent": "110"}, {"percent": "much"}, {"percent": ""}, {"reason": " "}, {"what": "x"}],
)
def test_nonsense_changes_nothing_and_stays_typed(edition, teacher, grades, sign_in, nonsense):
    learner = learns(sign_in, edition)

    answer = decides(teacher, grades, learner, **nonsense)

    assert answer.status_code == 422
    assert "ch-error" in answer.text
    assert db.session.scalar(select(GradeDecision)) is None


def test_learners_see_their_own_grades_and_no_others(edition, grades, sign_in):
    learner, other = learns(sign_in, edition), learns(sign_in, edition, name="Bruno")

    assert learner.browser.get(grades).status_code == 404
    assert learner.browser.get(f"{grades}/people/{other.person}").status_code == 404
    assert learner.browser.get(f"{grades}/grades.csv").status_code == 404
    assert decides(learner.browser, grades, learner).status_code == 404
    assert "Bruno" not in learner.browser.get(f"/learn/{edition.slug}/grades").text


def test_people_of_other_editions_have_no_grades_here(edition, teacher, grades, sign_in):
    stranger = learns(sign_in, make.taught(quiz=make.QUIZ))

    assert teacher.get(f"{grades}/people/{stranger.person}").status_code == 404
    assert decides(teacher, grades, stranger).status_code == 404


def scheme_typed(page, **given) -> dict:
    fields = dict(re.findall(r'name="((?:key|name|weight|drop)\.\d+)" value="([^"]*)"', page.text))
    chosen = re.findall(r'name="(category\.\d+)".*?value="([^"]+)" selected', page.text)
    asked = dict.fromkeys(re.findall(r'name="(required\.\d+)" checked', page.text), "on")
    return fields | dict(chosen) | asked | {"missing": "zero", "pass_percent": "60"} | given


def test_weights_are_changed_and_hold_at_once(edition, teacher, grades, sign_in):
    learner = learns(sign_in, edition, 1, 2, 3, 4)
    page = teacher.get(f"{grades}/scheme")

    answer = teacher.post(
        f"{grades}/scheme", data=scheme_typed(page, **{"weight.0": "3", "weight.1": "1"})
    )

    assert answer.status_code == 303
    assert numbers(learner.browser.get(f"/learn/{edition.slug}/grades")) == ["100", "75"]
    assert db.session.scalars(select(GradingScheme)).one().scheme["pass_percent"] == 60


def test_a_scheme_that_cannot_be_used_is_refused_and_stays_typed(edition, teacher, grades):
    page = teacher.get(f"{grades}/scheme")

    answer = teacher.post(f"{grades}/scheme", data=scheme_typed(page, **{"weight.0": "heavy"}))

    assert answer.status_code == 422
    assert 'value="heavy"' in answer.text
    nothing = scheme_typed(page, **{"weight.0": "0", "weight.1": "0"})
    assert teacher.post(f"{grades}/scheme", data=nothing).status_code == 409
    assert db.session.scalar(select(GradingScheme)) is None


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_taken_away_and_brought_back_changes_nothing(
    edition, teacher, grades, sign_in, form
):
    learns(sign_in, edition, 1, 2, name="=cmd()")
    file = teacher.get(f"{grades}/grades.{form}")
    assert file.headers["Content-Disposition"].startswith("attachment")

    back = teacher.post(f"{grades}/import", data={"file": (io.BytesIO(file.data), f"g.{form}")})

    assert "Nothing would change" in words(back)
    (row,) = [cells for _line, cells in rows_in(file.data, {"id"})]
    assert row["name"].lstrip("'") == "=cmd()"


def test_changed_marks_are_shown_first_and_then_taken_over(edition, teacher, grades, sign_in):
    learner = learns(sign_in, edition, 1, 2)
    file = f'id,x [module-1-quiz]\n{learner.person},"87,5"\n999999,5\n{learner.person},lots\n'

    shown = teacher.post(f"{grades}/import", data={"file": (io.BytesIO(file.encode()), "g.csv")})

    page = words(shown)
    assert "1 mark would change." in page
    assert "2 lines could not be read" in page
    assert "Line 3" in page
    assert db.session.scalar(select(GradeDecision)) is None
    marks = re.findall(r'name="mark" value="([^"]+)"', shown.text)
    without = teacher.post(f"{grades}/import/decisions", data={"mark": marks})
    assert without.status_code == 422
    teacher.post(f"{grades}/import/decisions", data={"mark": marks, "reason": "Marked on paper."})
    assert numbers(learner.browser.get(f"/learn/{edition.slug}/grades"))[0] == "87.5"
    again = teacher.post(f"{grades}/import/decisions", data={"mark": marks, "reason": "Twice."})
    assert again.status_code == 303
    assert len(db.session.scalars(select(GradeDecision)).all()) == 1


NO_TABLES = [b"", b"PK\x03\x04nonsense", b"name,mark\nAna,5\n", b"\xff" * 99]


@pytest.mark.parametrize("nonsense", NO_TABLES)
def test_a_file_that_is_no_table_is_told_so(edition, teacher, grades, sign_in, nonsense):
    answer = teacher.post(f"{grades}/import", data={"file": (io.BytesIO(nonsense), "g.xlsx")})

    assert answer.status_code == 422
    assert "ch-error" in answer.text


def test_the_table_asks_as_often_for_many_as_for_few(edition, teacher, grades, sign_in, statements):
    learns(sign_in, edition, 1)
    with statements() as few:
        teacher.get(grades)
    for n in range(8):
        learns(sign_in, edition, 2, name=f"Person {n}")
    with statements() as many:
        teacher.get(grades)

    assert len(few) == len(many)
