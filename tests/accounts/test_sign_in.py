"""Signing in and out: by password, by a mailed link, and not at all."""

import re
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select
from werkzeug.http import parse_date

from coursehub.accounts import actions
from coursehub.accounts.actions.sessions import SESSION_LASTS
from coursehub.accounts.models import Session, SignInFailure
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from tests.accounts.cast import PASSWORD, in_english, link_in, person, try_password


@pytest.fixture
def guest(visitor):
    return in_english(visitor)


def signed_in_as(guest) -> bool:
    return guest.get("/me").status_code == 200


def test_the_form_has_one_email_one_password_and_the_password_button_first(guest):
    page = guest.get("/sign-in").text
    form = page[page.index('name="email"') :]

    assert len(re.findall(r'name="email"', page)) == len(re.findall(r'name="password"', page)) == 1
    assert form.index("Sign in</button>") < form.index('name="by" value="link"')


def test_a_password_lets_in_and_leads_where_the_person_wanted_to_go(guest):
    person()

    response = guest.post(
        "/sign-in?next=/me/sessions", data={"email": "ana@example.org", "password": PASSWORD}
    )

    assert (response.status_code, response.location) == (303, "/me/sessions")
    assert signed_in_as(guest)


@pytest.mark.parametrize("next_", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_signing_in_never_leads_to_another_site(guest, next_):
    person()

    response = guest.post(
        "/sign-in",
        query_string={"next": next_},
        data={"email": "ana@example.org", "password": PASSWORD},
    )

    assert response.location == "/"


def test_an_address_is_the_same_however_it_is_written(guest):
    person("ÁNA@example.org")

    assert try_password(guest, PASSWORD, "ána@EXAMPLE.org").status_code == 303


def test_a_password_is_the_same_however_its_letters_are_composed(guest):
    person(password="contrasen\u0303a larga")

    assert try_password(guest, "contraseña larga").status_code == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(guest):
    person()

    wrong = try_password(guest, "wrong")
    unknown = try_password(guest, "wrong", "eva@example.org")

    assert wrong.status_code == unknown.status_code == 422
    assert "do not match" in wrong.text
    token = r'name="csrf_token" value="[^"]*"'
    assert re.sub(token, "", wrong.text) == re.sub(token, "", unknown.text).replace("eva@", "ana@")


@pytest.mark.parametrize("email", ["ana@example.org", "eva@example.org"])
def test_an_unknown_address_costs_one_hash_as_a_known_one_does(guest, monkeypatch, email):
    person()
    hashed, verify = [], PasswordHasher.verify

    def counted(hasher, *given):
        hashed.append(given)
        return verify(hasher, *given)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    try_password(guest, "wrong", email)

    assert len(hashed) == 1


def test_after_ten_failures_not_even_the_right_password_is_tried_but_a_link_works(
    guest, run_jobs, outbox
):
    person()
    for _ in range(10):
        assert "do not match" in try_password(guest, "wrong").text

    refused = try_password(guest, PASSWORD)
    assert refused.status_code == 422
    assert "Wait 15 minutes" in refused.text
    assert "ask for a link by email" in refused.text

    guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    run_jobs()
    assert guest.post(link_in(outbox()[-1])).status_code == 303
    assert signed_in_as(guest)


def test_failures_are_forgotten_after_a_quarter_of_an_hour(guest):
    person()
    for _ in range(10):
        try_password(guest, "wrong")

    with time_machine.travel(now() + timedelta(minutes=16)):
        assert try_password(guest, PASSWORD).status_code == 303


def test_a_success_never_counts_and_clears_the_count(guest):
    person()
    for _ in range(9):
        try_password(guest, "wrong")

    assert try_password(guest, PASSWORD).status_code == 303
    assert db.session.scalars(select(SignInFailure)).all() == []


def test_the_failures_of_one_address_do_not_stop_another(guest):
    person()
    for _ in range(11):
        try_password(guest, "wrong", "eva@example.org")

    assert try_password(guest, PASSWORD).status_code == 303


def test_without_a_password_the_form_says_what_to_do_and_keeps_the_address(guest):
    response = try_password(guest, "")

    assert response.status_code == 422
    assert "ask for a link by email" in response.text
    assert 'value="ana@example.org"' in response.text


def test_asking_for_a_link_gets_the_same_answer_whether_the_address_is_known(
    guest, run_jobs, outbox
):
    person()
    known = guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    unknown = guest.post("/sign-in", data={"email": "eva@example.org", "by": "link"})
    run_jobs()

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert [letter["To"] for letter in outbox()] == ["ana@example.org"]


def test_opening_a_link_uses_nothing_up_and_pressing_its_button_does(guest, run_jobs, outbox):
    person()
    guest.post("/sign-in?next=/me/email", data={"email": "ana@example.org", "by": "link"})
    run_jobs()
    link = link_in(outbox()[0])

    assert guest.get(link).status_code == guest.get(link).status_code == 200
    assert not signed_in_as(guest)
    assert guest.post(link).location == "/me/email"
    assert signed_in_as(guest)
    guest.post("/sign-out")
    assert guest.get(link).status_code == guest.post(link).status_code == 410


def test_a_second_press_on_a_slow_line_lets_in_too_but_not_for_long(
    app, guest, run_jobs, outbox, clock
):
    person()
    guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    run_jobs()
    link = link_in(outbox()[0])
    journey = clock(now())
    assert guest.post(link).status_code == 303

    # The first answer, with its cookie, was lost: the second press comes as from a new browser.
    again, late = app.test_client(), app.test_client()
    journey.shift(59)
    assert again.post(link).status_code == 303
    assert signed_in_as(again)
    journey.shift(2)
    assert late.get(link).status_code == late.post(link).status_code == 410


def test_who_is_in_already_is_not_sent_away_by_an_old_link(guest, run_jobs, outbox, clock):
    person()
    guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    run_jobs()
    link = link_in(outbox()[0])
    journey = clock(now())
    guest.post(link)
    journey.shift(3600)

    assert (guest.get(link).status_code, guest.get(link).location) == (303, "/learn")


def test_a_link_whose_session_could_not_begin_is_not_used_up(guest, run_jobs, outbox, monkeypatch):
    person()
    guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    run_jobs()
    link = link_in(outbox()[0])
    with monkeypatch.context() as broken:
        broken.setattr("coursehub.accounts.actions.sessions.SESSION_LASTS", timedelta(days=-1))
        assert guest.post(link).status_code == 500  # the database refuses such a session

    assert guest.post(link).status_code == 303
    assert signed_in_as(guest)


def test_a_form_open_in_another_tab_still_works_after_signing_in(app, guest, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    person()
    token = re.search(r'name="csrf_token" value="([^"]*)"', guest.get("/sign-in").text)[1]
    form = {"csrf_token": token, "email": "ana@example.org", "password": PASSWORD}
    assert guest.post("/sign-in", data=form).status_code == 303

    answer = guest.post("/language", data={"csrf_token": token, "language": "pt"})
    forged = guest.post("/language", data={"csrf_token": "no", "language": "pt"})

    assert (answer.status_code, forged.status_code) == (303, 400)


def test_what_is_sent_after_the_session_ended_is_said_not_to_be_saved(guest):
    person()
    try_password(guest, PASSWORD)
    with writing():
        db.session.query(Session).update({"ended_at": now()})

    answer = guest.post("/me", data={"name": "Ana"}, follow_redirects=True)

    assert "Nothing was saved" in answer.text


def test_a_link_expires_after_half_an_hour(guest, run_jobs, outbox):
    person()
    guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    run_jobs()

    with time_machine.travel(now() + timedelta(minutes=31)):
        assert guest.post(link_in(outbox()[0])).status_code == 410


def test_a_mailbox_is_not_filled_with_links(guest, run_jobs, outbox):
    person()
    for _ in range(8):
        guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    run_jobs()

    assert len(outbox()) == 5


def test_what_a_visitors_session_held_does_not_go_on_into_the_persons(guest):
    person()
    with guest.session_transaction() as session:
        session["_user_id"] = session["planted"] = "planted"
    try_password(guest, PASSWORD)

    with guest.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "planted"


def test_the_database_holds_no_token_that_could_be_used(guest):
    person()
    try_password(guest, PASSWORD)

    with guest.session_transaction() as session:
        token = session["_user_id"]
    assert token not in db.session.scalars(select(Session.token_hash)).all()


def test_signing_in_again_ends_the_session_this_browser_had(guest):
    person()
    try_password(guest, PASSWORD)
    try_password(guest, PASSWORD)

    ended = db.session.scalars(select(Session.ended_at).order_by(Session.id)).all()
    assert [moment is None for moment in ended] == [False, True]


def test_signing_out_ends_the_session_not_just_the_cookie(guest, app):
    person()
    try_password(guest, PASSWORD)
    copy = app.test_client()
    with guest.session_transaction() as session, copy.session_transaction() as stolen:
        stolen.update(session)
    assert signed_in_as(copy)

    assert guest.post("/sign-out").status_code == 303
    assert not signed_in_as(guest)
    assert not signed_in_as(copy)


def test_a_session_ends_by_itself_after_thirty_days(sign_in):
    guest = sign_in(person())

    with time_machine.travel(now() + timedelta(days=31)):
        assert not signed_in_as(guest)


def test_the_cookie_is_sent_once_and_lasts_as_long_as_the_session(guest):
    person()
    [cookie] = try_password(guest, PASSWORD).headers.getlist("Set-Cookie")
    guest.get("/me")  # its first form brings the token that forms need

    with time_machine.travel(now() + timedelta(days=29)):
        answer = guest.get("/me")
        assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
    with time_machine.travel(now() + timedelta(days=31)):
        assert not signed_in_as(guest)
    ends = parse_date(re.search("Expires=([^;]+)", cookie)[1])
    assert abs(ends - now() - SESSION_LASTS) < timedelta(minutes=1)


def test_too_many_requests_from_one_connection_are_answered_429(guest, app, monkeypatch):
    person()
    limited = type(app.extensions["coursehub"])
    few = limited(**{**vars(app.extensions["coursehub"]), "sign_in_limit": "3 per day"})
    monkeypatch.setitem(app.extensions, "coursehub", few)
    for _ in range(5):
        assert try_password(guest, PASSWORD).status_code == 303  # successes never count
        guest.post("/sign-out")

    statuses = [try_password(guest, "wrong", f"{n}@example.org").status_code for n in range(5)]

    assert statuses == [422, 422, 422, 429, 429]


def test_forgetting_deletes_what_can_do_nothing_any_more(guest, run_jobs):
    person()
    try_password(guest, "wrong")
    guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"})
    run_jobs()

    with time_machine.travel(now() + timedelta(days=2)):
        with writing():
            actions.forget_expired()()
        for table in ("tickets", "sign_in_failures"):
            assert db.session.connection().exec_driver_sql(f"SELECT 1 FROM {table}").all() == []
