"""An address that tries too often is asked to wait; whoever gets in is never counted."""

from dataclasses import replace

import pytest

from tests.accounts.cast import PASSWORD, in_english, person, try_password


@pytest.fixture
def guest(app, visitor, monkeypatch):
    """A browser of a site that lets an address try three times."""
    strict = replace(
        app.extensions["coursehub"], sign_in_limit="3 per day", sign_up_limit="3 per day"
    )
    monkeypatch.setitem(app.extensions, "coursehub", strict)
    return in_english(visitor)


def test_the_fourth_failed_sign_in_is_answered_with_a_page_that_says_to_wait(guest):
    tried = [try_password(guest, "wrong", f"person{n}@example.org") for n in range(4)]

    assert [response.status_code for response in tried] == [422, 422, 422, 429]
    assert "Too many attempts from this connection" in tried[-1].text
    assert 'lang="en"' in tried[-1].text


def test_the_page_to_sign_in_can_still_be_read(guest):
    for _ in range(5):
        try_password(guest, "wrong")

    assert guest.get("/sign-in").status_code == 200


def test_sign_ins_that_succeed_never_count(app, guest):
    person()

    answers = [try_password(app.test_client(), PASSWORD).status_code for _ in range(8)]

    assert answers == [303] * 8
    assert try_password(guest, "wrong").status_code == 422


def test_asking_for_a_link_counts(guest):
    asked = [
        guest.post("/sign-in", data={"email": "ana@example.org", "by": "link"}).status_code
        for _ in range(4)
    ]

    assert asked == [303, 303, 303, 429]


def test_sign_up_is_limited(guest):
    tried = [guest.post("/sign-up", data={"email": "x"}).status_code for _ in range(4)]

    assert tried == [422, 422, 422, 429]


def test_an_address_that_a_browser_claims_for_itself_is_not_believed(guest):
    for n in range(4):
        claim = {"X-Forwarded-For": f"10.0.0.{n}", "X-Real-IP": f"10.0.1.{n}"}
        answer = guest.post("/sign-in", data={"email": "a@b.org", "password": "x"}, headers=claim)

    assert answer.status_code == 429


def test_another_address_is_not_kept_waiting(app, guest):
    for _ in range(4):
        try_password(guest, "wrong")
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "10.1.2.3"

    assert try_password(elsewhere, "wrong").status_code == 422
