"""What a certificate asks for, told before and while it is earned; the name confirmed."""

import pytest

from coursehub.accounts.models import Role
from coursehub.certificates.actions import ask_for
from coursehub.certificates.actions.issuing import issue_by_rule
from coursehub.certificates.models import IssuedBy
from coursehub.foundation.database import writing
from coursehub.foundation.language import speaking
from coursehub.foundation.refusal import Refused
from tests import make
from tests.certificates.stage import asking, certified, holder, issued, seated
from tests.learning.stage import words


def test_the_page_says_what_is_asked_for_what_is_done_and_what_is_missing(sign_in):
    learner = seated(sign_in, asking(activities=["module-1-quiz"])).finishes("1-1", "1-2")

    page = words(learner.browser.get(learner.page))

    assert "Module 1" in page
    assert "2 of 3" in page
    assert "Cuestionario" in page
    assert "Not completed yet" in page
    assert "states 4 h and carries no grade" in page


def test_an_edition_without_a_certificate_says_so(sign_in):
    learner = seated(sign_in, make.taught())

    assert "This edition issues no certificates." in words(learner.browser.get(learner.page))


def test_whoever_has_everything_confirms_the_name_and_has_the_certificate(sign_in, run_jobs):
    learner, certificate = certified(sign_in, run_jobs)

    assert (certificate.kind, certificate.hours) == ("approval", 4)
    assert certificate.modules == ["Module 1. Module 1"]
    assert certificate.activities == []
    assert holder(certificate).name == "Ana Muñoz"
    assert "has been issued" in words(learner.browser.get(learner.page))
    own = words(learner.browser.get(f"/certificates/{certificate.code}"))
    assert "Ana Muñoz" in own


def test_a_certificate_without_anything_marked_is_one_of_completion(sign_in, run_jobs):
    _learner, certificate = certified(sign_in, run_jobs, asking(quiz=None))

    assert certificate.kind == "completion"


def test_a_name_confirmed_early_is_kept_and_used_when_everything_is_done(sign_in, run_jobs):
    learner = seated(sign_in)
    learner.confirms("  Ana   Muñoz ")
    assert issued() == []
    assert "Ana Muñoz" in words(learner.browser.get(learner.page))

    learner.finishes()
    with writing():
        issue_by_rule()()

    assert [holder(one).name for one in issued()] == ["Ana Muñoz"]


@pytest.mark.parametrize("name", ["Muñoz", "Wołkowysk", "María-José Ñandú", "O’Neill"])
def test_names_with_the_letters_of_our_typefaces_are_taken_as_they_are(sign_in, name):
    learner = seated(sign_in, name=name)

    assert f'value="{name}"' in learner.browser.get(learner.page).text
    assert learner.confirms(name).status_code == 303


def test_a_name_that_cannot_be_printed_is_asked_about_beforehand(sign_in):
    learner = seated(sign_in, name="O’Neill 李")

    page = words(learner.browser.get(learner.page))
    answer = learner.confirms("O’Neill 李")

    assert "cannot print these characters: 李" in page
    assert answer.status_code == 422
    assert 'value="O’Neill 李"' in answer.text
    assert learner.confirms("O’Neill Li").status_code == 303


def test_the_latin_spelling_of_the_account_is_proposed(sign_in):
    learner = seated(sign_in, name="李", latin_name="Li")

    assert 'value="Li"' in learner.browser.get(learner.page).text


def test_nothing_is_issued_while_something_is_missing(sign_in):
    learner = seated(sign_in).finishes("1-1", "1-2")

    learner.confirms("Ana")

    assert issued() == []


def test_confirming_twice_issues_once(sign_in):
    learner = seated(sign_in).finishes()

    learner.confirms("Ana")
    learner.confirms("Ana Muñoz")

    assert len(issued()) == 1


@pytest.mark.parametrize(
    ("modules", "activities", "hours", "says"),
    [
        ([], [], None, "one module or activity"),
        ([], ["module-1-quiz"], None, "how many hours"),
        (["nothing"], [], None, "There is no “nothing” here"),
        ([], ["1-1"], 3, "There is no “1-1” here"),
    ],
)
def test_what_makes_no_certificate_is_refused(app, modules, activities, hours, says):
    edition = make.taught(quiz=make.QUIZ)

    with pytest.raises(Refused, match=says), speaking("en"), writing():
        ask_for(edition, modules, activities, IssuedBy.RULE, hours)


def test_staff_without_a_place_confirm_nothing(sign_in):
    edition = asking()
    browser = sign_in(make.person(Role.INSTRUCTOR))

    answer = browser.post(f"/learn/{edition.slug}/certificate", data={"name": "Ana"})

    assert answer.status_code == 409


def test_a_certificate_names_the_project_beside_a_module_and_the_hours_of_that(sign_in):
    edition = make.taught(quiz=make.QUIZ, assignment=make.ASSIGNMENT)
    with writing():
        ask_for(edition, ["module-1"], ["module-2-plan"], IssuedBy.RULE, None)
    learner = seated(sign_in, edition).finishes()
    learner.confirms("Ana Muñoz")
    assert issued() == []

    learner.finishes("module-2-plan")
    learner.confirms("Ana Muñoz")

    (certificate,) = issued()
    assert certificate.modules == ["Module 1. Module 1"]
    assert certificate.activities == [make.ASSIGNMENT["title"]["es"]]
    assert (certificate.kind, certificate.hours) == ("approval", 4)
