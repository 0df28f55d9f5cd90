"""The letter that welcomes someone to an edition."""

from datetime import UTC, date, datetime

import pytest

from coursehub.accounts.models import Account
from coursehub.foundation.database import db, writing
from tests import make
from tests.enrolment.stage import an_edition

ENROL = "/editions/an-edition/enrolment"


@pytest.mark.parametrize(
    ("language", "zone", "begins", "zone_words"),
    [
        ("es", "America/Asuncion", "1 de marzo de 2027, 00:00", "(hora de Paraguay)"),
        ("pt", "America/Sao_Paulo", "1 de março de 2027, 00h00", "(horário de Brasília)"),
        ("en", "UTC", "1 March 2027, 03:00", "(UTC)"),
    ],
)
def test_the_letter_is_in_the_persons_language_and_zone(
    sign_in, run_jobs, outbox, clock, language, zone, begins, zone_words
):
    clock(datetime(2027, 2, 10, 12, tzinfo=UTC))
    an_edition(zone="America/Asuncion", starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 30))
    someone = make.person(
        language=language, time_zone=zone, email="ana@example.org", name="Ana D’Ávila 李"
    )
    sign_in(someone).post(f"{ENROL}?lang=en")

    run_jobs()

    (letter,) = outbox()
    body = letter.get_content()
    assert letter["To"] == "ana@example.org"
    assert letter["Content-Language"] == language
    assert f"({language})" in letter["Subject"]
    assert "Ana D’Ávila 李" in body
    assert begins in body
    assert zone_words.casefold() in body.casefold()
    assert "/learn/an-edition\n" in body
    assert "/editions/an-edition/enrolment/end\n" in body


def test_no_letter_goes_to_an_account_that_is_gone(sign_in, run_jobs, outbox):
    an_edition()
    someone = make.person()
    browser = sign_in(someone)
    browser.post(ENROL)
    with writing():
        from_now_on_nobody(someone)

    assert run_jobs() == 1
    assert outbox() == []


def test_no_letter_speaks_of_a_place_given_up_meanwhile(sign_in, run_jobs, outbox):
    an_edition()
    browser = sign_in(make.person())
    browser.post(ENROL)
    browser.post(f"{ENROL}/end")

    run_jobs()

    assert outbox() == []


def from_now_on_nobody(person_id: int) -> None:
    db.session.delete(db.session.get_one(Account, person_id))
