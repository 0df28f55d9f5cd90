"""Creating an account: the form, the letter, the confirmation."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from coursehub.accounts.models import Acceptance, Account, Person
from coursehub.foundation import limits
from coursehub.foundation.database import db, writing
from coursehub.foundation.jobs import Job
from coursehub.network.actions import load_network
from tests.accounts.cast import PASSWORD, in_english, link_in, person, try_password

TYPED = {
    "name": "Luz Ñandutí",
    "email": "luz@example.org",
    "country": "PY",
    "institution": "Defensoría del Pueblo",
    "position": "Asesora",
    "language": "en",
    "accepts": "y",
}


@pytest.fixture
def guest(visitor):
    with writing():
        load_network()
    return in_english(visitor)


def accounts() -> list[Account]:
    return list(db.session.scalars(select(Account)))


def test_someone_signs_up_confirms_and_is_in(guest, run_jobs, outbox):
    asked = guest.post("/sign-up?next=/me/sessions", data=TYPED)
    assert (asked.status_code, asked.location) == (303, "/letter-sent")
    assert accounts() == []
    run_jobs()
    link = link_in(outbox()[0])

    assert "Luz Ñandutí" in guest.get(link).text
    assert accounts() == []
    confirmed = guest.post(link, data={"password": PASSWORD})

    assert (confirmed.status_code, confirmed.location) == (303, "/me/sessions")
    assert guest.get("/me").status_code == 200
    [account] = accounts()
    assert (account.name, account.country_code) == ("Luz Ñandutí", "PY")
    assert account.time_zone == "America/Asuncion"
    accepted = db.session.scalars(select(Acceptance.document)).all()
    assert sorted(accepted) == ["condiciones", "privacidad"]


def test_a_second_press_on_a_slow_line_lets_into_the_account_that_the_first_made(
    app, guest, run_jobs, outbox
):
    guest.post("/sign-up", data=TYPED)
    run_jobs()
    link = link_in(outbox()[0])
    assert guest.post(link).status_code == 303

    again = app.test_client()  # the first answer, with its cookie, was lost
    assert again.post(link).status_code == 303
    assert again.get("/me").status_code == 200
    assert len(accounts()) == 1


def test_no_password_is_needed(guest, run_jobs, outbox):
    guest.post("/sign-up", data=TYPED)
    run_jobs()

    assert guest.post(link_in(outbox()[0]), data={"password": ""}).status_code == 303
    assert [account.password_hash for account in accounts()] == [None]


def test_a_short_password_is_refused_with_its_limit(guest, run_jobs, outbox):
    guest.post("/sign-up", data=TYPED)
    run_jobs()

    response = guest.post(link_in(outbox()[0]), data={"password": "short"})

    assert response.status_code == 422
    assert "Write at least 10 characters." in response.text
    assert accounts() == []


def test_a_known_address_gets_the_same_answer_and_another_letter(guest, run_jobs, outbox):
    person("luz@example.org", name="Luz")
    known = guest.post("/sign-up", data=TYPED)
    run_jobs()
    unknown = guest.post("/sign-up", data=TYPED | {"email": "new@example.org"})
    run_jobs()

    assert (known.status_code, known.location, known.text) == (
        unknown.status_code,
        unknown.location,
        unknown.text,
    )
    assert [letter["Subject"] for letter in outbox()] == [
        "You already have an account",
        "Confirm your email address",
    ]
    assert guest.post(link_in(outbox()[0])).status_code == 303
    assert len(accounts()) == 1


def test_both_answers_cost_the_database_the_same(guest, statements):
    person("luz@example.org")
    with statements() as known:
        guest.post("/sign-up", data=TYPED)
    with statements() as unknown:
        guest.post("/sign-up", data=TYPED | {"email": "new@example.org"})

    assert len(known) == len(unknown)


def test_of_two_confirmations_of_one_address_the_second_is_refused(guest, run_jobs, outbox):
    guest.post("/sign-up", data=TYPED)
    guest.post("/sign-up", data=TYPED)
    run_jobs()
    first, second = (link_in(letter) for letter in outbox())

    assert guest.post(first).status_code == 303
    refused = guest.post(second)

    assert refused.status_code == 409
    assert "already an account" in refused.text
    assert len(db.session.scalars(select(Person)).all()) == 1


def test_the_letter_carries_nothing_a_stranger_typed(guest, run_jobs, outbox):
    guest.post("/sign-up", data=TYPED | {"name": "Win at https://evil.example"})
    run_jobs()

    assert "evil" not in outbox()[0].get_content()


def test_links_and_addresses_do_not_stay_in_finished_jobs(guest, run_jobs):
    guest.post("/sign-up", data=TYPED)
    run_jobs()

    assert [job.arguments for job in db.session.scalars(select(Job))] == [{}, {}]


def test_the_letter_is_in_the_chosen_language(guest, run_jobs, outbox):
    guest.post("/sign-up", data=TYPED | {"language": "pt"})
    run_jobs()

    assert outbox()[0]["Content-Language"] == "pt"


@pytest.mark.parametrize(
    "name",
    [
        "Muñoz",
        "D'Ávila",
        "O’Neill 李",
        "Nguyễn Thị Ánh",
        "محمد",
        "Zoë 🕊️",
        "<script>alert(1)</script>",
        "A\u0301lvaro",
    ],
)
def test_every_name_is_kept_as_its_owner_writes_it(guest, run_jobs, outbox, name):
    guest.post("/sign-up", data=TYPED | {"name": f"  {name} "})
    run_jobs()
    guest.post(link_in(outbox()[0]))

    assert [account.name for account in accounts()] == [name.replace("A\u0301", "Á")]
    page = guest.get("/me").text
    assert "<script>alert" not in page
    assert ("Name in Latin letters" in page) == (name in ("O’Neill 李", "محمد"))


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "Write your name."),
        ("name", " \u200b ", "Write your name."),
        *(("name", blank, "Write your name.") for blank in "\u115f\u1160\u3164\uffa0\u2800\u0301"),
        ("name", "An\x00a", "control characters"),
        ("name", "Ana\u202egro", "invisible marks that turn its direction"),
        ("name", "x" * 121, "Write at most 120 characters; there are 121."),
        ("institution", "y" * 201, "Write at most 200 characters; there are 201."),
        ("position", "a\x07b", "control characters"),
        ("email", "luz", "Write an email address such as"),
        ("email", "luz@exa mple.org", "Write an email address such as"),
        ("email", "luz@\x00example.org", "control characters"),
        ("email", "luz\r\nBcc: all@example.org", "control characters"),
        ("email", "l" * 250 + "@example.org", "Write at most 254 characters; there are 262."),
        ("country", "XX", "Choose one of the options in the list."),
        ("country", "", "Choose your country."),
        ("language", "tlh", "Choose one of the options in the list."),
        ("accepts", "", "accept the privacy notice"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field_and_nothing_typed_is_lost(
    guest, field, typed, reason
):
    data = TYPED | {field: typed}
    if field == "accepts":
        del data["accepts"]

    response = guest.post("/sign-up", data=data)

    assert response.status_code == 422
    assert reason in response.text
    assert f'id="{field}-error"' in response.text or "ch-error" in response.text
    for other in {"name", "email", "institution", "position"} - {field}:
        assert f'value="{TYPED[other]}"' in response.text
    if field in ("name", "institution") and typed.strip(" \x00\u200b\u202e"):
        assert re.search(r'value="[^"]*' + re.escape(typed[-3:]), response.text)


@pytest.mark.parametrize("data", [{}, {"name": ["a", "b"], "email": ["x", "y"]}, {"unknown": "1"}])
def test_a_form_that_is_no_form_is_answered_calmly(guest, data):
    assert guest.post("/sign-up", data=data).status_code == 422


def test_where_accounts_are_by_invitation_the_page_says_so(guest, app, monkeypatch):
    settings = app.extensions["coursehub"]
    closed = type(settings)(**{**vars(settings), "sign_up": "invited"})
    monkeypatch.setitem(app.extensions, "coursehub", closed)

    assert "by invitation" in guest.get("/sign-up").text
    assert guest.post("/sign-up", data=TYPED).status_code == 409


def test_an_account_made_with_a_password_lets_in_by_it(guest, run_jobs, outbox):
    guest.post("/sign-up", data=TYPED)
    run_jobs()
    guest.post(link_in(outbox()[0]), data={"password": PASSWORD})
    guest.post("/sign-out")

    assert try_password(guest, PASSWORD, "LUZ@example.org").status_code == 303


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.fixed_dictionaries({field: st.text(max_size=300) for field in TYPED}))
def test_whatever_is_typed_is_answered_never_a_fault(guest, app, typed):
    limits.limiter.reset()

    assert guest.post("/sign-up", data=typed).status_code in (303, 422)
    assert guest.post("/sign-in", data=typed | {"password": typed["name"]}).status_code in (
        303,
        422,
    )


def test_what_is_wrong_is_listed_in_the_order_of_the_page(guest):
    response = guest.post("/sign-up", data={})

    summary, page = response.text.split('id="errors"')[1].split("</ul>", 1)
    listed = re.findall(r'href="#(\w+)"', summary)
    assert {"name", "email", "country", "accepts"} <= set(listed)
    assert listed == sorted(listed, key=lambda field: page.index(f'id="{field}"'))


@pytest.mark.parametrize("path", ["/sign-in", "/letter-sent"])
def test_whoever_cannot_get_in_finds_what_to_do(guest, path):
    assert re.search(r'href="/help/acceso">\s*I cannot get in<', guest.get(path).text)
