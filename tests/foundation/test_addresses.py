"""Which addresses a form may lead to, and how letters write them."""

import pytest

from coursehub.foundation.addresses import path_on_this_site, whole_address


@pytest.mark.parametrize(
    "path", ["/", "/learn", "/courses/intro?lang=pt#m2", "/ñandú", "/[x", "/".ljust(2000, "a")]
)
def test_a_path_of_this_site_is_kept(path):
    assert path_on_this_site(path) == path


@pytest.mark.parametrize(
    "address",
    [
        "",
        "learn",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/learn\r\nSet-Cookie: a=b",
        " /learn",
        "//[",
        "/".ljust(2001, "a"),
    ],
)
def test_anything_else_becomes_the_front_page(address):
    assert path_on_this_site(address) == "/"


def test_a_letter_writes_addresses_on_the_sites_own_name(app):
    with app.app_context():
        address = whole_address("accounts.use_link", token="abc")

    assert address == app.extensions["coursehub"].public_url.rstrip("/") + "/sign-in/abc"
