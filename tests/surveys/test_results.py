"""What those who teach see of a survey: nothing below ten, steps of ten, and what changed."""

import csv
import io

import pytest

from coursehub.accounts.models import Role
from coursehub.learning.rules import SMALLEST_GROUP
from coursehub.surveys.queries import results_of
from tests import make
from tests.learning.stage import words
from tests.surveys.stage import (
    PAIR,
    answer,
    answered,
    edition_with,
    reading_of,
    results,
    seated,
    teacher,
)


def said(n: int) -> dict:
    """One answer in three is the best; everybody writes something of their own."""
    point = "p-5" if n % 3 == 0 else "p-1"
    return {"q-like.s-1": point, "q-like.s-2": "p-2", "q-rate.s-3": n % 11, "q-text": f"Word {n}"}


def table(response) -> list[list[str]]:
    text = response.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_below_ten_nothing_is_shown_and_nothing_leaves(sign_in):
    edition, staff = edition_with(), teacher(sign_in)
    answered(edition, SMALLEST_GROUP - 1, said)

    page = words(results(staff, edition))

    assert "9 people have answered." in page
    assert "No results yet" in page
    assert "Point" not in page
    assert "Word" not in page
    assert "Results as a table" not in page
    assert len(table(results(staff, edition, page="/results.csv"))) == 1


def test_from_ten_on_the_figures_are_shown_as_text_and_the_texts_in_no_order(sign_in):
    edition, staff = edition_with(), teacher(sign_in)
    answered(edition, SMALLEST_GROUP, said)

    page = words(results(staff, edition))

    assert "10 people have answered." in page
    assert "It was clear 10 answers" in page
    assert "Point 1 60 % 6" in page
    assert "Point 5 40 % 4" in page
    assert "mean 4.5" in page
    assert all(f"Word {n}" in page for n in range(10))
    assert "Fewer than 10 people answered this" in page, "nobody answered what they used"


def test_texts_do_not_stand_in_the_order_of_their_arrival(sign_in):
    orders = set()
    for _ in range(3):
        edition = edition_with()
        answered(edition, SMALLEST_GROUP, said)
        person = make.person()
        make.enrolment(person_id=person, edition_id=edition.id)
        reading = reading_of(edition, person)
        _module, item = reading.find_item("module-1-survey")
        orders.add(tuple(results_of(reading, item, make.SURVEY).figures["q-text"]["texts"]))

    assert orders - {tuple(f"Word {n}" for n in range(10))} == orders


def test_the_figures_grow_in_steps_of_ten(sign_in):
    edition, staff = edition_with(), teacher(sign_in)
    answered(edition, SMALLEST_GROUP, said)
    before = table(results(staff, edition, page="/results.csv"))
    answered(edition, SMALLEST_GROUP - 1, lambda _n: said(1))

    waiting = words(results(staff, edition))

    assert "10 of 19 answers are counted here" in waiting
    assert table(results(staff, edition, page="/results.csv")) == before
    answered(edition, 1, said)
    assert "20 answers" in words(results(staff, edition))
    assert table(results(staff, edition, page="/results.csv")) != before


def test_a_question_that_few_answered_is_hidden(sign_in):
    edition, staff = edition_with(), teacher(sign_in)
    answered(edition, SMALLEST_GROUP, lambda n: said(n) if n else {"q-like.s-1": "p-1"})

    page = words(results(staff, edition))

    assert "It was clear 10 answers" in page
    assert "It was useful Fewer than 10 people answered this" in page
    assert "Word" not in page


def test_the_table_says_what_the_page_says_and_runs_nothing(sign_in):
    edition, staff = edition_with(), teacher(sign_in)
    formula = "=HYPERLINK(1)"
    answered(edition, SMALLEST_GROUP, lambda n: said(n) | {"q-text": formula})

    file = results(staff, edition, page="/results.csv")

    assert file.mimetype == "text/csv"
    assert "module-1-survey.csv" in file.headers["Content-Disposition"]
    rows = table(file)
    assert rows[0][:4] == ["Question", "Statement", "Answer", "How often"]
    assert ["How was it?", "It was clear", "Point 1", "6", "10", "60.0", "", ""] in rows
    assert {row[2] for row in rows if row[0] == "What would you change?"} == {f"'{formula}"}


def test_the_list_tells_how_many_of_how_many_and_never_who(sign_in):
    edition, staff = edition_with(), teacher(sign_in)
    answered(edition, 2, said)
    silent = make.person(name="Silent person")
    make.enrolment(person_id=silent, edition_id=edition.id)

    page = words(staff.get(f"/studio/editions/{edition.slug}/surveys?lang=en"))

    assert "2 of 3" in page
    assert "Anonymous" in page
    assert "Silent person" not in page


def test_only_those_who_teach_the_edition_see_results(sign_in):
    learner = seated(sign_in)
    other = make.person()
    make.grant(other, Role.INSTRUCTOR, make.Scope.EDITION, "999999")

    for browser in (learner.browser, sign_in(other)):
        assert results(browser, learner.edition).status_code == 404
        assert results(browser, learner.edition, page="/results.csv").status_code == 404
        listed = browser.get(f"/studio/editions/{learner.edition.slug}/surveys")
        assert listed.status_code == 404
    assert results(teacher(sign_in), learner.edition, "other").status_code == 404


def test_answers_with_names_are_shown_with_them_and_figures_from_ten_on(sign_in):
    edition, staff = edition_with({"keeping": "identified"}), teacher(sign_in)
    learner = seated(sign_in, edition, name="survey")
    learner.sends(**{"q-like.s-1": "p-5", "q-like.s-2": "p-1", "q-text": "From me"})

    page = words(results(staff, edition))

    assert "1 person has answered." in page
    assert "What each person answered" in page
    assert "It was clear Point 5" in page
    assert "From me" in page
    assert "No results yet" in page
    assert len(table(results(staff, edition, page="/results.csv"))) == 1
    answered(edition, SMALLEST_GROUP - 1, said)
    assert "It was clear 10 answers" in words(results(staff, edition))


def before(n: int) -> dict:
    return {"before-know": ["o-1"] if n < 4 else ["o-2"], "before-rate.s-3": 5}


def after(n: int) -> dict:
    return {"after-know": ["o-1"] if n < 8 else ["o-2"], "after-rate.s-3": 8 if n < 5 else 5}


def pairs(edition, people: int, first: int = 0) -> None:
    """So many people who answer both surveys of a pair."""
    for n in range(people):
        (person,) = answered(edition, 1, lambda _m, n=n: before(n), "before", _code(first + n))
        answer(edition, person, after(n), "after", f"code-{first + n}")


def _code(n: int):
    return lambda _m: f"code-{n}"


@pytest.fixture
def pair(app):
    return make.taught(surveys=PAIR)


def test_before_and_after_are_compared_by_their_codes(sign_in, pair):
    staff = teacher(sign_in)
    pairs(pair, SMALLEST_GROUP)

    for name in PAIR:
        page = words(results(staff, pair, name))
        assert "10 pairs of answers whose codes match." in page
        # Four of ten knew it before, eight afterwards: two thirds of what was still to be gained.
        assert "Knowledge 40 % 80 % +40 67 % 40 %" in page
        # Five of ten went from 5 to 8 of 10.
        assert "What people say of themselves 50 % 65 % +15 30 % 50 %" in page
        assert f"What is it? {name} 40 % 80 %" in page


def test_what_is_compared_is_told_nowhere_else(sign_in, pair):
    """Its figures among all would tell, by difference, of the few whose codes do not match."""
    staff = teacher(sign_in)
    pairs(pair, SMALLEST_GROUP)
    answered(pair, SMALLEST_GROUP, before, "before", lambda n: f"alone-{n}")

    page = words(results(staff, pair, "before"))

    assert "20 people have answered." in page
    assert "10 pairs" in page
    assert page.count("What is it? before") == 1
    rows = table(results(staff, pair, "before", "/results.csv"))
    assert [row[4:] for row in rows if row[0].startswith("What is it?")] == [
        ["10", "", "40.0", "80.0"]
    ]


def test_below_ten_pairs_and_between_steps_nothing_is_compared(sign_in, pair):
    staff = teacher(sign_in)
    pairs(pair, SMALLEST_GROUP - 1)
    answered(pair, SMALLEST_GROUP, before, "before", lambda n: f"alone-{n}")
    assert "when the codes of 10 people match" in words(results(staff, pair, "after"))

    pairs(pair, SMALLEST_GROUP, first=100)

    assert "10 pairs" in words(results(staff, pair, "after"))


def test_a_code_that_two_people_chose_tells_of_neither(sign_in, pair):
    staff = teacher(sign_in)
    answered(pair, 1, before, "before", _code(0))
    pairs(pair, SMALLEST_GROUP)
    assert "when the codes of 10 people match" in words(results(staff, pair, "after"))

    pairs(pair, 1, first=100)

    assert "10 pairs" in words(results(staff, pair, "after"))


def test_what_was_rated_only_once_is_not_compared(sign_in, pair):
    staff = teacher(sign_in)
    for n in range(SMALLEST_GROUP):
        (person,) = answered(pair, 1, before, "before", _code(n))
        answer(pair, person, {"after-know": ["o-1"]}, "after", f"code-{n}")

    page = words(results(staff, pair, "after"))

    assert "Knowledge" in page
    assert "What people say of themselves" not in page
