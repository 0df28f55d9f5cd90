"""What people say about themselves, and who they are told can see it."""

import pytest
from sqlalchemy import select

from coursehub.accounts.models import Account
from coursehub.foundation.database import db
from tests.accounts.cast import in_english, person

TYPED = {
    "name": "Ana María D'Ávila",
    "country": "UY",
    "institution": "Ministerio",
    "position": "",
    "language": "en",
    "time_zone": "America/Montevideo",
}


@pytest.fixture
def ana(sign_in):
    return in_english(sign_in(person()))


def account() -> Account:
    return db.session.scalars(select(Account)).one()


def test_a_profile_is_saved_and_shown(ana):
    assert ana.post("/me", data=TYPED).status_code == 303

    assert (account().name, account().country_code) == ("Ana María D'Ávila", "UY")
    page = ana.get("/me").text
    assert "Ana María D&#39;Ávila" in page
    assert '<option selected value="America/Montevideo">' in page


def test_beside_each_field_stands_who_can_see_it(ana):
    assert ana.get("/me").text.count("Seen by") >= 7


def test_another_country_is_kept_as_no_country(ana):
    ana.post("/me", data=TYPED | {"country": "other"})

    assert account().country_code is None
    assert '<option selected value="other">' in ana.get("/me").text


def test_a_name_that_certificates_cannot_print_may_be_spelt_in_latin_letters(ana):
    ana.post("/me", data=TYPED | {"name": "李"})
    assert "Name in Latin letters" in ana.get("/me").text

    wrong = ana.post("/me", data=TYPED | {"name": "李", "latin_name": "李"})
    assert wrong.status_code == 422
    assert "letters of the Latin alphabet only" in wrong.text

    ana.post("/me", data=TYPED | {"name": "李", "latin_name": "Lǐ Wěi"})
    assert account().latin_name == "Lǐ Wěi"


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "Write your name."),
        ("name", "An\x00a", "control characters"),
        ("name", "n" * 121, "Write at most 120 characters; there are 121."),
        ("institution", "Min\u2066isterio", "invisible marks"),
        ("country", "ZZ", "Choose one of the options"),
        ("time_zone", "Mars/Base", "Choose one of the options"),
        ("language", "", "Choose one of the options"),
    ],
)
def test_mistakes_are_named_and_nothing_typed_is_lost(ana, field, typed, reason):
    response = ana.post("/me", data=TYPED | {field: typed})

    assert response.status_code == 422
    assert reason in response.text
    assert account().name == "Ana Muñoz"
    if field != "institution":
        assert 'value="Ministerio"' in response.text


def test_the_page_speaks_the_language_just_chosen(ana):
    ana.post("/me", data=TYPED | {"language": "pt"})

    assert '<html lang="pt' in ana.get("/me").text


@pytest.mark.parametrize("path", ["/me", "/me/password", "/me/email", "/me/sessions"])
def test_visitors_are_asked_to_sign_in_first(visitor, path):
    response = visitor.get(path)

    assert response.status_code == 303
    assert response.location == f"/sign-in?next={path}".replace("=/", "=%2F").replace(
        "/me/", "/me%2F"
    ) or ("/sign-in?next=" in response.location)
