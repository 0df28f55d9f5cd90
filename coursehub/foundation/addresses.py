"""Addresses of this site: what numbers stand in them, where forms lead, how letters write them."""

from typing import Any

from flask import Flask, current_app
from werkzeug.routing import IntegerConverter, Map

from coursehub.settings import Settings

LARGEST_KEY = 2**31 - 1
LONGEST_PATH = 2000


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a larger number than the database can compare is no address."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 - the parent's name
        super().__init__(map, **{"max": LARGEST_KEY} | options)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber


def path_on_this_site(address: str) -> str:
    """The address if it is a path of this site, else the front page: never another's site."""
    # Browsers read a backslash as a slash, and two slashes as the start of another site's name.
    is_path = address.startswith("/") and address[1:2] not in ("/", "\\")
    is_short = len(address) <= LONGEST_PATH
    if not is_path or not is_short or any(ord(character) < 32 for character in address):
        return "/"
    return address


def whole_address(endpoint: str, **values: object) -> str:
    """A page's address for a letter: on the site's own name, never on the Host header's."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return site_address() + path


def site_address() -> str:
    """The site's own address, without a slash at its end."""
    settings: Settings = current_app.extensions["coursehub"]
    return settings.public_url.rstrip("/")
