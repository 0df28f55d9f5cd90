"""What people who mean harm try with accounts, and how little comes of it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from coursehub.accounts.actions.tickets import LINK_LASTS
from coursehub.accounts.rules import LETTER_MINUTES
from coursehub.app import create_app
from coursehub.foundation.clock import now
from coursehub.foundation.database import writing
from coursehub.network.actions import load_network
from tests.accounts.cast import PASSWORD, in_english, link_in, person, try_password

TYPED = {"name": "A", "country": "other", "language": "en", "accepts": "y"}


@pytest.fixture
def guest(visitor):
    with writing():
        load_network()
    return in_english(visitor)


def test_a_mailbox_is_not_filled_by_writing_its_address_in_other_ways(guest, run_jobs, outbox):
    ways = ["luz", "Luz", "lUz", "luZ", "LUz", "LuZ", "lUZ", "LUZ", "\uff4cuz"]  # the last: wide l

    for way in ways:
        asked = guest.post("/sign-up", data=TYPED | {"email": f"{way}@example.org"})
        assert asked.status_code == 303
    run_jobs()

    assert len(outbox()) == 5


def test_whoever_uses_up_anothers_letters_shuts_them_out_of_nothing(
    guest, visitor, run_jobs, outbox, clock
):
    """Ten wrong passwords and five letters: the owner has no password, but a link that works."""
    journey = clock(now())
    person()
    for _ in range(10):
        try_password(visitor, "wrong")
    for _ in range(5):
        visitor.post("/password", data={"email": "ana@example.org"})
    run_jobs()
    journey.shift(timedelta(minutes=29))
    asks_for_link(visitor)
    run_jobs()
    assert len(outbox()) == 5
    assert all(guest.get(link_in(letter)).status_code == 200 for letter in outbox())

    journey.shift(timedelta(minutes=1))
    asks_for_link(guest)
    run_jobs()
    assert guest.post(link_in(outbox()[5])).status_code == 303


def asks_for_link(browser) -> None:
    browser.post("/sign-in", data={"email": "ana@example.org", "by": "link"})


def test_no_link_dies_while_its_letter_counts():
    assert min(LINK_LASTS.values()) >= timedelta(minutes=LETTER_MINUTES)


def test_who_has_signed_out_everywhere_may_ask_for_a_link_at_once(sign_in, run_jobs, outbox):
    browser = sign_in(person())
    for _ in range(5):
        asks_for_link(browser)
    run_jobs()
    browser.post("/me/sessions/end")

    asks_for_link(browser)
    run_jobs()

    assert browser.post(link_in(outbox()[0])).status_code == 410
    assert browser.post(link_in(outbox()[5])).status_code == 303


def test_signing_out_everywhere_opens_no_strangers_mailbox_anew(sign_in, run_jobs, outbox):
    """Letters to an address that someone says is theirs count, even when their links are void."""
    person_id = person()
    for _ in range(2):
        browser = sign_in(person_id)
        for _ in range(5):
            wish = {"email": "eva@example.org", "current": PASSWORD}
            browser.post("/me/email", data=wish)
        run_jobs()
        browser.post("/me/sessions/end")

    assert len(outbox()) == 5


@pytest.mark.parametrize("address", ["/sign-out", "/me/sessions/end"])
def test_signing_out_has_the_browser_forget_the_pages_it_kept(sign_in, address):
    """On a machine others use, Back must not show the pages of whoever was there before."""
    browser = sign_in(person())

    assert browser.post(address).headers["Clear-Site-Data"] == '"cache"'


def test_where_the_site_is_secure_no_neighbouring_site_can_plant_its_cookie(app, database):
    """A cookie named __Host-… is taken by browsers from this very host only."""
    secure = create_app(replace(database, public_url="https://courses.example.org"))

    answer = secure.test_client().get("/sign-in", base_url="https://courses.example.org")

    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-coursehub=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_who_sends_no_referer_can_use_the_forms_of_a_secure_site(app, database):
    secure = create_app(replace(database, public_url="https://courses.example.org"))
    browser, at = secure.test_client(), {"base_url": "https://courses.example.org"}
    token = re.search(r'name="csrf_token" value="([^"]*)"', browser.get("/sign-in", **at).text)[1]

    answer = browser.post("/language", data={"csrf_token": token, "language": "pt"}, **at)
    forged = browser.post("/language", data={"csrf_token": "no", "language": "pt"}, **at)

    assert (answer.status_code, forged.status_code) == (303, 400)


def test_no_name_is_taken_for_the_weight_of_the_page(sign_in):
    assert 'value="@@KB@@"' in sign_in(person(name="@@KB@@")).get("/me").text
