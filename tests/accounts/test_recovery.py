"""Passwords and addresses that are forgotten, changed, or changed by someone else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coursehub.accounts.models import Account
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from tests.accounts.cast import PASSWORD, in_english, link_in, person, try_password

NEW = "another four words there"


@pytest.fixture
def guest(visitor):
    return in_english(visitor)


def is_in(browser) -> bool:
    return browser.get("/me").status_code == 200


def test_a_forgotten_password_is_replaced_by_a_mailed_link(guest, run_jobs, outbox):
    person()
    guest.post("/password", data={"email": "ana@example.org"})
    run_jobs()
    link = link_in(outbox()[0])

    assert guest.get(link).status_code == 200
    assert guest.post(link, data={"password": "short"}).status_code == 422
    assert guest.post(link, data={"password": NEW}).status_code == 303
    assert is_in(guest)
    assert guest.post(link, data={"password": NEW}).status_code == 303  # pressed twice
    run_jobs()
    assert len(outbox()) == 2
    guest.post("/sign-out")
    assert guest.post(link, data={"password": NEW}).status_code == 410
    assert outbox()[-1]["Subject"] == "Your password was changed"


def test_asking_for_a_reset_does_not_tell_who_has_an_account(guest, run_jobs, outbox):
    person()
    known = guest.post("/password", data={"email": "ana@example.org"})
    unknown = guest.post("/password", data={"email": "eva@example.org"})
    run_jobs()

    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert len(outbox()) == 1


def test_a_reset_signs_out_every_browser_and_voids_every_other_link(
    guest, sign_in, run_jobs, outbox
):
    elsewhere = sign_in(person())
    guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    guest.post("/password", data={"email": "ana@example.org"})
    run_jobs()
    sign_in_link, reset_link = (link_in(letter) for letter in outbox())

    guest.post(reset_link, data={"password": NEW})

    assert not is_in(elsewhere)
    assert elsewhere.post(sign_in_link).status_code == 410


def test_a_reset_link_lasts_an_hour(guest, run_jobs, outbox, clock):
    journey = clock(now())
    person()
    guest.post("/password", data={"email": "ana@example.org"})
    run_jobs()
    link = link_in(outbox()[0])

    journey.shift(timedelta(minutes=59))
    assert guest.get(link).status_code == 200
    journey.shift(timedelta(minutes=2))
    assert guest.get(link).status_code == 410


def test_a_link_for_one_purpose_serves_no_other(guest, run_jobs, outbox):
    person()
    guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    run_jobs()
    token = link_in(outbox()[0]).rpartition("/")[2]

    for path in ("/password", "/sign-up", "/me/email"):
        assert guest.post(f"{path}/{token}", data={"password": NEW}).status_code == 410


def test_changing_the_password_needs_the_old_one_and_signs_out_the_other_browsers(sign_in):
    person_id = person()
    here, there = in_english(sign_in(person_id)), sign_in(person_id)

    wrong = here.post("/me/password", data={"current": "wrong", "password": NEW})
    assert wrong.status_code == 422
    assert "do not match" in wrong.text
    assert here.post("/me/password", data={"current": PASSWORD, "password": NEW}).status_code == 303

    assert is_in(here)
    assert not is_in(there)
    here.post("/sign-out")
    assert try_password(here, PASSWORD).status_code == 422
    assert try_password(here, NEW).status_code == 303


def test_the_old_password_cannot_be_guessed_in_an_open_browser(sign_in):
    here = in_english(sign_in(person()))
    for _ in range(10):
        here.post("/me/password", data={"current": "wrong", "password": NEW})

    refused = here.post("/me/password", data={"current": PASSWORD, "password": NEW})

    assert refused.status_code == 422
    assert "Wait 15 minutes" in refused.text


def test_someone_without_a_password_can_set_one(sign_in):
    here = sign_in(person(password=None))

    assert here.post("/me/password", data={"password": NEW}).status_code == 303
    here.post("/sign-out")
    assert try_password(here, NEW).status_code == 303


def test_an_address_changes_when_the_new_one_confirms_and_the_old_one_is_told(
    sign_in, run_jobs, outbox
):
    here = sign_in(person())
    here.post("/me/email", data={"email": "ana@new.example.org", "current": PASSWORD})
    run_jobs()
    assert [letter["To"] for letter in outbox()] == ["ana@new.example.org"]
    link = link_in(outbox()[0])
    here.get(link)
    assert db.session.scalar(select(Account.email)) == "ana@example.org"

    assert here.post(link).status_code == 303
    run_jobs()

    assert db.session.scalar(select(Account.email_key)) == "ana@new.example.org"
    assert outbox()[-1]["To"] == "ana@example.org"
    assert outbox()[-1]["Subject"] == "Your email address was changed"


def test_asking_for_anothers_address_gets_the_same_answer_and_changes_nothing(
    sign_in, run_jobs, outbox
):
    person("eva@example.org")
    here = sign_in(person())

    taken = here.post("/me/email", data={"email": "eva@example.org", "current": PASSWORD})
    free = here.post("/me/email", data={"email": "new@example.org", "current": PASSWORD})
    run_jobs()

    assert (taken.status_code, taken.text) == (free.status_code, free.text)
    assert outbox()[0]["Subject"] == "You already have an account"


def test_an_address_taken_meanwhile_is_refused_with_the_reason(sign_in, run_jobs, outbox):
    here = in_english(sign_in(person()))
    here.post("/me/email", data={"email": "new@example.org", "current": PASSWORD})
    run_jobs()
    person("new@example.org")

    refused = here.post(link_in(outbox()[0]))

    assert refused.status_code == 409
    assert "already an account" in refused.text


def test_someone_sees_and_ends_their_sessions_and_nobody_elses(sign_in):
    person_id = person()
    here, there = sign_in(person_id), sign_in(person_id)
    other = sign_in(person("eva@example.org"))
    page = here.get("/me/sessions").text
    [path] = [
        part.split('"')[0]
        for part in page.split('action="')
        if part.startswith("/me/sessions/") and part[13].isdigit()
    ]

    assert other.post(path).status_code == 404
    assert is_in(there)
    assert here.post(path).status_code == 303
    assert not is_in(there)
    assert is_in(here)


def test_signing_out_everywhere_ends_every_session_and_voids_every_link(sign_in, run_jobs, outbox):
    person_id = person()
    here, there = sign_in(person_id), sign_in(person_id)
    here.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    here.post("/password", data={"email": "ana@example.org"})
    here.post("/me/email", data={"email": "new@example.org", "current": PASSWORD})
    run_jobs()

    assert here.post("/me/sessions/end").status_code == 303
    assert not is_in(here)
    assert not is_in(there)
    links = [link_in(letter) for letter in outbox()]
    assert [here.post(link, data={"password": NEW}).status_code for link in links] == [410] * 3


def test_every_letter_says_what_it_is_and_when_its_link_ends(guest, run_jobs, outbox):
    person()
    for path, data in (("/sign-in", {"by": "link"}), ("/password", {}), ("/sign-up", {})):
        about = {"name": "Ana", "country": "PY", "language": "en", "accepts": "y"}
        guest.post(
            path, data={"email": "ana@example.org"} | data | (about if path == "/sign-up" else {})
        )
    run_jobs()

    for letter in outbox():
        text = letter.get_content()
        assert "Hello Ana Muñoz," in text
        assert "CourseHub" in text
        assert "works once, until" in text
        assert "If you did not ask for this" in text
    assert len(outbox()) == 3


def test_opening_a_page_writes_nothing(sign_in, run_jobs, outbox, statements):
    here = sign_in(person())
    here.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    here.post("/password", data={"email": "ana@example.org"})
    here.post("/me/email", data={"email": "new@example.org", "current": PASSWORD})
    run_jobs()
    pages = ["/sign-in", "/sign-up", "/password", "/letter-sent", "/me", "/me/password"]
    pages += ["/me/email", "/me/sessions", *(link_in(letter) for letter in outbox())]

    with statements() as asked:
        for page in pages:
            assert here.get(page).status_code == here.head(page).status_code == 200

    assert {words.split()[0] for words in asked} <= {"SELECT", "BEGIN"}
