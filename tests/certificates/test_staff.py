"""Those who issue: everyone at once, the chosen, approvals, corrections, revocations."""

import re

import pytest

from coursehub.accounts.models import Role, Scope
from coursehub.certificates.actions.issuing import issue_by_rule
from coursehub.certificates.models import IssuedBy
from coursehub.foundation.database import writing
from tests import make
from tests.certificates.stage import (
    asking,
    certified,
    finish,
    holder,
    issued,
    seated,
    secretariat,
)
from tests.learning.stage import words


def roll(edition) -> str:
    return f"/studio/editions/{edition.slug}/certificates"


def ready(sign_in, edition, count: int):
    """People who have everything and whose certificates wait for approval or the button."""
    learners = [seated(sign_in, edition) for _ in range(count)]
    for number, learner in enumerate(learners):
        learner.confirms(f"Ana {'ABCDEFGHIJ'[number % 10]}")
        finish(learner.person, edition)
    return learners


def test_the_list_says_what_everyone_has_and_lacks(sign_in):
    edition = asking()
    seated(sign_in, edition, name="Zoila").finishes()
    seated(sign_in, edition, name="Bruno")

    page = words(secretariat(sign_in).get(roll(edition)))

    assert "Missing: Module 1" in page
    assert "The name has not been confirmed yet." in page


def test_everyone_who_has_everything_is_issued_one_and_progress_is_shown(sign_in, run_jobs):
    edition, staff = asking(), secretariat(sign_in)
    ready(sign_in, edition, 3)
    seated(sign_in, edition)

    answer = staff.post(roll(edition), data={"do": "issue_all"}, follow_redirects=True)

    assert "3 certificates issued." in words(answer)
    assert "Certificates are being made: 0 of 3." in words(answer)
    assert answer.headers["Refresh"] == "3"
    run_jobs()
    page = staff.get(roll(edition))
    assert "The last time, 3 certificates were made." in words(page)
    assert "Refresh" not in page.headers
    assert len({one.code for one in issued()}) == 3


def test_only_the_chosen_are_issued_one(sign_in):
    edition, staff = asking(), secretariat(sign_in)
    chosen, _other = ready(sign_in, edition, 2)

    staff.post(roll(edition), data={"do": "issue", "person": [chosen.person]})

    assert [one.person_id for one in issued()] == [chosen.person]


def test_nothing_to_issue_is_refused_with_the_reason(sign_in):
    edition, staff = asking(), secretariat(sign_in)
    seated(sign_in, edition)

    answer = staff.post(roll(edition), data={"do": "issue_all"})

    assert answer.status_code == 409
    assert "lacks only the certificate" in answer.text


def test_where_approval_is_asked_for_nothing_is_issued_without_it(sign_in):
    edition, staff = asking(by=IssuedBy.APPROVAL), secretariat(sign_in)
    first, _second = ready(sign_in, edition, 2)
    assert staff.post(roll(edition), data={"do": "issue_all"}).status_code == 409

    staff.post(roll(edition), data={"do": "approve", "person": [first.person]})
    staff.post(roll(edition), data={"do": "issue_all"})

    assert [one.person_id for one in issued()] == [first.person]


def test_nobody_is_approved_where_it_is_not_asked_for(sign_in):
    edition = asking()

    answer = secretariat(sign_in).post(roll(edition), data={"do": "approve", "person": ["1"]})

    assert answer.status_code == 409


def test_those_who_lack_only_the_name_are_asked_for_it_by_letter(sign_in, run_jobs, outbox):
    edition = asking()
    seated(sign_in, edition).finishes()
    seated(sign_in, edition)

    secretariat(sign_in).post(roll(edition), data={"do": "ask"})
    run_jobs()

    (letter,) = outbox()
    assert f"/learn/{edition.slug}/certificate" in letter.get_content()


def test_instructors_see_the_list_and_issue_nothing(sign_in, run_jobs):
    _learner, certificate = certified(sign_in, run_jobs)
    teacher = make.person(Role.INSTRUCTOR)
    browser, page = sign_in(teacher), f"/studio/editions/{certificate.edition}/certificates"

    shown = browser.get(page)

    assert shown.status_code == 200
    assert "checkbox" not in shown.text
    assert browser.post(page, data={"do": "issue_all"}).status_code == 403
    assert browser.get(f"{page}/{certificate.code}").status_code == 403
    assert browser.post(f"{page}/{certificate.code}/revocation").status_code == 403


def test_learners_do_not_learn_that_the_list_is_there(sign_in, run_jobs):
    learner, certificate = certified(sign_in, run_jobs)
    page = f"/studio/editions/{certificate.edition}/certificates"

    assert learner.browser.get(page).status_code == 404
    assert learner.browser.post(page, data={"do": "issue_all"}).status_code == 404


def test_the_secretariat_of_another_edition_is_told_nothing(sign_in, run_jobs):
    _learner, certificate = certified(sign_in, run_jobs)
    stranger = make.person()
    make.grant(stranger, Role.SECRETARIAT, Scope.EDITION, "999")

    page = f"/studio/editions/{certificate.edition}/certificates/{certificate.code}"

    assert sign_in(stranger).get(page).status_code == 404


def test_a_wrong_name_is_corrected_by_another_certificate(sign_in, run_jobs, outbox):
    learner, old = certified(sign_in, run_jobs, name="Ana Munoz")
    page = f"/studio/editions/{old.edition}/certificates/{old.code}"
    staff = secretariat(sign_in)

    answer = staff.post(f"{page}/correction", data={"name": "Ana Muñoz"})
    run_jobs()

    first, second = issued()
    assert answer.location.endswith(second.code)
    assert (first.holds, second.holds, second.replaces_id) == (False, True, first.id)
    assert holder(second).name == "Ana Muñoz"
    assert second.modules == first.modules
    assert second.pdf_sha256 not in (None, first.pdf_sha256)
    assert "issued again, corrected" in " ".join(outbox()[-1].get_content().split())
    assert "Replaced" in words(learner.browser.get("/me/certificates"))
    assert staff.post(f"{page}/correction", data={"name": "Ana"}).status_code == 409


def test_a_correction_that_cannot_be_printed_is_shown_again(sign_in, run_jobs):
    _learner, certificate = certified(sign_in, run_jobs)
    page = f"/studio/editions/{certificate.edition}/certificates/{certificate.code}"

    answer = secretariat(sign_in).post(f"{page}/correction", data={"name": "Ana 李"})

    assert answer.status_code == 422
    assert "Ana 李" in answer.text


def test_a_certificate_is_revoked_with_a_reason_and_its_holder_told(sign_in, run_jobs, outbox):
    _learner, certificate = certified(sign_in, run_jobs)
    page = f"/studio/editions/{certificate.edition}/certificates/{certificate.code}"
    staff = secretariat(sign_in)
    assert staff.post(f"{page}/revocation", data={"reason": ""}).status_code == 422

    staff.post(f"{page}/revocation", data={"reason": "It was issued by mistake."})
    run_jobs()

    assert issued()[0].reason == "It was issued by mistake."
    assert "It was issued by mistake." in outbox()[-1].get_content()
    assert "holds no more" in words(staff.get(page))


def test_after_a_revocation_another_can_be_issued(sign_in, run_jobs):
    learner, certificate = certified(sign_in, run_jobs)
    page = f"/studio/editions/{certificate.edition}/certificates"
    staff = secretariat(sign_in)
    reason = {"reason": "It was issued by mistake."}
    staff.post(f"{page}/{certificate.code}/revocation", data=reason)

    staff.post(page, data={"do": "issue", "person": [learner.person]})

    assert [one.holds for one in issued()] == [False, True]


def test_what_was_revoked_comes_back_neither_by_itself_nor_with_everyone(sign_in, run_jobs):
    learner, certificate = certified(sign_in, run_jobs)
    page = f"/studio/editions/{certificate.edition}/certificates"
    staff = secretariat(sign_in)
    reason = {"reason": "It was issued by mistake."}
    staff.post(f"{page}/{certificate.code}/revocation", data=reason)

    learner.confirms("Ana Muñoz")
    with writing():
        issue_by_rule()()
    refused = staff.post(page, data={"do": "issue_all"})

    assert refused.status_code == 409
    assert len(issued()) == 1
    assert "by the Secretariat alone" in words(learner.browser.get(learner.page))


@pytest.mark.parametrize("count", [2, 12])
def test_the_list_asks_the_database_as_often_however_many_take_part(sign_in, statements, count):
    edition, staff = asking(), secretariat(sign_in)
    page = roll(edition)
    for _ in range(count):
        person = make.person()
        make.enrolment(person_id=person, edition_id=edition.id)
        finish(person, edition)

    with statements() as seen:
        shown = staff.get(page).text

    assert len(re.findall('type="checkbox"', shown)) == count
    assert len(seen) == 7
