"""The people of these tests, and what is read from the letters they get."""

import re
from email.message import EmailMessage
from functools import cache

from flask.testing import FlaskClient

from coursehub.accounts import actions
from coursehub.foundation.database import writing
from coursehub.network.actions import load_network

PASSWORD = "four words on paper"


@cache
def password_hash(password: str) -> str:
    return actions.hash_password(password)


def person(email: str = "ana@example.org", password: str | None = PASSWORD, **given) -> int:
    """Someone with an account, who reads English."""
    given = {"name": "Ana Muñoz", "language": "en"} | given
    hashed = password_hash(password) if password else None
    with writing():
        load_network()
        return actions.create_person(email, password_hash=hashed, **given)


def link_in(letter: EmailMessage) -> str:
    """The path of the link that a letter carries."""
    links = re.findall(r"https?://[^/\s]+(/\S+)", letter.get_content())
    return links[0]


def in_english(browser: FlaskClient) -> FlaskClient:
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def try_password(browser: FlaskClient, password: str, email: str = "ana@example.org"):
    return browser.post("/sign-in", data={"email": email, "password": password})
