"""Which language a page speaks: the person's, else the cookie's, else the browser's."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from coursehub.foundation import language
from tests import make


def spoken(response) -> str:
    return re.search(r'<html[^>]*\slang="([^"]+)"', response.text)[1][:2]


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("pt-BR,pt;q=0.9", "pt"),
        ("en-US,en;q=0.8,es;q=0.5", "en"),
        ("es-AR", "es"),
        ("fr,de;q=0.8", "es"),
        ("*", "es"),
        ("", "es"),
        ("xx;q=ñ,,;;", "es"),
    ],
)
def test_the_browser_is_believed(visitor, accepted, code):
    response = visitor.get(
        "/courses", headers={"Accept-Language": accepted.encode().decode("latin-1")}
    )

    assert spoken(response) == code


def test_a_browser_that_speaks_none_of_ours_is_answered_in_the_sites_language(
    app, visitor, monkeypatch
):
    settings = replace(app.extensions["coursehub"], default_language="pt")
    monkeypatch.setitem(app.extensions, "coursehub", settings)

    assert spoken(visitor.get("/courses", headers={"Accept-Language": "fr"})) == "pt"


def test_the_cookie_is_stronger_than_the_browser(visitor):
    chosen = visitor.post("/language", data={"language": "pt", "next": "/courses"})

    assert (chosen.status_code, chosen.location) == (303, "/courses")
    assert spoken(visitor.get("/courses", headers={"Accept-Language": "en"})) == "pt"


@pytest.mark.parametrize("nonsense", ["fr", "", "<script>", "es\0", "ES"])
def test_a_cookie_that_names_no_language_of_ours_is_not_believed(visitor, nonsense):
    visitor.set_cookie(language.COOKIE, nonsense)

    assert spoken(visitor.get("/courses", headers={"Accept-Language": "en"})) == "en"


def test_the_person_is_stronger_than_the_cookie(sign_in):
    browser = sign_in(make.person(language="pt"))
    browser.set_cookie(language.COOKIE, "en")

    assert spoken(browser.get("/courses", headers={"Accept-Language": "es"})) == "pt"


def test_an_address_can_ask_for_a_language_once(sign_in):
    browser = sign_in(make.person(language="pt"))

    assert spoken(browser.get("/courses?lang=en")) == "en"
    assert spoken(browser.get("/courses?lang=fr")) == "pt"
    assert spoken(browser.get("/courses")) == "pt"


def test_what_someone_chooses_is_kept_with_the_person(sign_in):
    number = make.person(language="pt")

    sign_in(number).post("/language", data={"language": "en"})

    assert spoken(sign_in(number).get("/courses")) == "en"


def test_work_outside_a_request_speaks_what_it_is_told(app):
    with app.app_context():
        assert language.language() == "es"
        with language.speaking("pt"):
            assert language.language() == "pt"
        assert language.language() == "es"


@pytest.mark.parametrize(
    ("code", "zone", "expected"),
    [
        ("es", "America/Asuncion", "7 de junio de 2026, 16:00 (hora de Paraguay)"),
        ("pt", "America/Sao_Paulo", "7 de junho de 2026, 16h00 (horário de Brasília)"),
        ("en", "UTC", "7 June 2026, 19:00 (UTC)"),
        ("es", "America/Argentina/Buenos_Aires", "7 de junio de 2026, 16:00 (hora de Argentina)"),
    ],
)
def test_a_moment_is_written_with_the_name_of_its_zone(app, code, zone, expected):
    with language.speaking(code):
        assert language.day_and_time(datetime(2026, 6, 7, 19, tzinfo=UTC), zone) == expected


@pytest.mark.parametrize(
    ("code", "expected"), [("es", "portugués"), ("pt", "português"), ("en", "Portuguese")]
)
def test_a_language_is_named_as_the_reader_calls_it(app, code, expected):
    with language.speaking(code):
        assert language.language_name("pt") == expected


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("es", "Elija una de las opciones de la lista."),
        ("pt", "Escolha uma das opções da lista."),
        ("en", "Choose one of the options in the list."),
    ],
)
def test_a_forms_mistakes_are_said_in_the_readers_language(visitor, code, reason):
    answer = visitor.post(f"/sign-up?lang={code}", data={"country": "nowhere"})

    assert answer.status_code == 422
    assert reason in answer.text


@pytest.mark.parametrize(
    ("code", "expected"),
    [("es", "7 de junio de 2026"), ("pt", "7 de junho de 2026"), ("en", "7 June 2026")],
)
def test_a_day_is_written_as_the_language_does(app, code, expected):
    with language.speaking(code):
        assert language.day(date(2026, 6, 7)) == expected


@pytest.mark.parametrize(
    ("code", "in_bytes", "expected"),
    [
        ("es", 400, "1 KB"),
        ("es", 12_300, "12 KB"),
        ("pt", 4_200_000, "4,2 MB"),
        ("en", 4_200_000, "4.2 MB"),
    ],
)
def test_a_size_is_written_as_the_language_does(app, code, in_bytes, expected):
    assert language.size(in_bytes, code) == expected
