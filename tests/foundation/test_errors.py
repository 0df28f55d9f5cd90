"""What went wrong is said in the reader's language, and nothing of the code is."""

import re

import pytest

from coursehub.foundation.errors import words_for
from coursehub.foundation.language import speaking
from tests import make
from tests.foundation.broken import SECRET, app_without_database

CODES = (400, 403, 404, 405, 413, 429, 500, 503)
TRACES = ("Traceback", "File &#34;", 'File "', ".py", "sqlalchemy", "werkzeug", SECRET)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", page)


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("code", CODES)
def test_an_error_has_its_status_and_is_explained_in_the_language(app, broken, code, language):
    response = broken.test_client().get(f"/fail/{code}", headers={"Accept-Language": language})

    with broken.test_request_context(), speaking(language):
        title, explanation = words_for(code)
    assert response.status_code == code
    assert f'lang="{language}"' in response.text
    assert title in response.text
    assert explanation in text_of(response.text)
    assert response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/fault", "/query"])
def test_a_fault_is_a_plain_page_without_a_trace_and_stands_in_the_log(
    app, broken, address, log_lines
):
    response = broken.test_client().get(address, headers={"X-Request-ID": "asked-here-1"})

    assert response.status_code == 500
    assert not [trace for trace in TRACES if trace in response.text]
    logged = [line for line in log_lines() if line.get("exception")]
    assert logged[0]["request"] == "asked-here-1"
    assert "Traceback" in logged[0]["exception"]


def test_a_page_is_answered_while_the_database_is_away(app, database):
    away = app_without_database(database).test_client()

    response = away.get("/courses")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert not [trace for trace in TRACES if trace in response.text]


def test_someone_signed_in_gets_the_page_too_while_the_database_is_away(app, database, sign_in):
    person = sign_in(make.person())
    cookie = person.get_cookie("coursehub").value
    away = app_without_database(database).test_client()
    away.set_cookie("coursehub", cookie)

    for address in ("/me", "/", "/there-is-nothing-here"):
        response = away.get(address)
        assert response.status_code in (404, 503), address
        assert not [trace for trace in TRACES if trace in response.text]


def test_who_waits_too_long_for_others_that_write_is_asked_to_send_it_again(
    app, broken, another_writes
):
    with another_writes() as alone:
        response = broken.test_client().post("/hurry", headers={"Accept-Language": "en"})

    assert response.status_code == (503 if alone else 200)
    assert ("what you typed is still on the page" in text_of(response.text)) is alone


def test_a_refusal_gives_its_reason_and_a_way_back_within_the_site(app, broken):
    browser = broken.test_client()

    refused = browser.get("/refuse", headers={"Referer": "http://localhost/courses?x=1"})
    elsewhere = browser.get("/refuse", headers={"Referer": "https://evil.example/"})

    assert refused.status_code == elsewhere.status_code == 409
    assert "This edition is full." in refused.text
    assert "/courses?x=1" in refused.text
    assert "evil.example" not in elsewhere.text


def test_what_is_not_permitted_is_403(app, broken):
    assert broken.test_client().get("/forbidden").status_code == 403


def test_a_method_that_an_address_does_not_know_is_named(app, visitor):
    response = visitor.put("/courses")

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert response.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_that_is_too_large_is_refused_with_its_page(app, broken, database, kind):
    body = b"a=" + b"x" * database.most_upload_bytes

    response = broken.test_client().post("/take", data=body, content_type=kind)

    assert response.status_code == 413
    assert "<h1" in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/courses/%FF%FE",
        "/learn/%2e%2e/%2e%2e/etc/passwd",
        "/courses?" + "a=1&" * 2000,
        "/courses?language=%00&after=%FF&topic=%F0%9F%98%80",
        "/" + "x" * 4000,
    ],
)
def test_nonsense_in_an_address_is_never_a_fault(visitor, address):
    assert visitor.get(address).status_code in (200, 303, 308, 400, 404)


@pytest.mark.parametrize("host", ["evil.example", "localhost:99999", "[::1", "a b"])
def test_another_host_in_the_request_makes_no_other_addresses(visitor, host):
    response = visitor.get("/there-is-nothing-here", headers={"Host": host})

    assert response.status_code in (400, 404)
    assert "evil.example" not in response.text
