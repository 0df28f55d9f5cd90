"""What every answer carries: guards, compression, a request id and a line in the log."""

import gzip
import re
from dataclasses import replace

import brotli
import pytest

from coursehub.foundation.pages import guards_for
from tests import make

ADDRESSES = ("/", "/courses", "/sign-in", "/me", "/there-is-nothing-here", "/healthz")


@pytest.mark.parametrize("address", [*ADDRESSES, "/courses/feed.atom", "/static/manifest.json"])
def test_every_answer_is_guarded(visitor, database, address):
    with visitor.get(address) as response:
        response.get_data()

    for name, value in guards_for(database).items():
        assert response.headers[name] == value


def test_a_fault_is_guarded_too(app, broken):
    response = broken.test_client().get("/fault")

    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_policy_lets_nothing_run_that_stands_in_a_page(database):
    policy = guards_for(database)["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert {"script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(
        policy.split("; ")
    )


def test_only_a_site_with_a_certificate_asks_for_one(database):
    secure = replace(database, public_url="https://cursos.example.org")

    assert "Strict-Transport-Security" in guards_for(secure)
    assert "Strict-Transport-Security" not in guards_for(database)


@pytest.mark.parametrize("address", ["/", "/sign-in", "/there-is-nothing-here"])
def test_no_page_brings_style_or_script_that_the_policy_forbids(visitor, address):
    page = visitor.get(address).text

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize(
    ("accepted", "encoding", "open_"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("br;q=0, gzip;q=0", None, bytes),
        ("", None, bytes),
    ],
)
def test_a_page_is_compressed_as_the_browser_can_read_it(visitor, accepted, encoding, open_):
    response = visitor.get("/courses", headers={"Accept-Encoding": accepted})

    assert response.content_encoding == encoding
    assert b"</html>" in open_(response.data)
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(response.vary.as_set(True))


def test_head_sends_the_headers_alone(visitor):
    response = visitor.head("/courses", headers={"Accept-Encoding": "br"})

    assert (response.status_code, response.data) == (200, b"")


def test_a_page_says_how_much_it_weighed(visitor):
    visitor.get("/courses", headers={"Accept-Encoding": "br"})

    page = visitor.get("/courses", headers={"Accept-Encoding": "identity"}).text

    assert "@@" not in page


def test_pages_are_not_kept_by_caches_in_between(sign_in):
    response = sign_in(make.person()).get("/me")

    assert response.headers["Cache-Control"] == "private, no-cache"


def test_an_answer_and_its_line_in_the_log_carry_the_same_request_id(visitor, log_lines):
    response = visitor.get("/courses?secret=1", headers={"X-Request-ID": "abcdef12-3456"})

    (line,) = [line for line in log_lines() if line["event"] == "answered"]
    assert response.headers["X-Request-ID"] == line["request"] == "abcdef12-3456"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["ms"] >= 0
    assert "secret" not in str(line)


@pytest.mark.parametrize("given", ["", "short", "x" * 65, 'a"b\\c{d}efgh', "línea-nueva-ñ"])
def test_a_request_id_that_could_spoil_the_log_is_replaced(visitor, given):
    response = visitor.get("/healthz", headers={"X-Request-ID": given.encode().decode("latin-1")})

    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_nobody_is_named_in_the_log(sign_in, log_lines):
    number = make.person(name="Ana Muñoz", email="ana@example.org")

    sign_in(number).get("/me", headers={"User-Agent": "Telefono"})

    written = str(log_lines())
    assert "answered" in written
    assert not [word for word in ("Ana", "example.org", "127.0.0.1", "Telefono") if word in written]
