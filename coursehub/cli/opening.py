"""What the commands share: the application at hand, and how an answer is printed."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask

from coursehub.app import create_app
from coursehub.foundation.catalogues import compile_catalogues
from coursehub.foundation.language import speaking
from coursehub.settings import Settings

as_json = click.option("--json", "wants_json", is_flag=True, help="Print one JSON document.")


def settings_at_hand() -> Settings:
    return Settings.from_environment(os.environ)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Flask]:
    """The application without a request; commands speak English."""
    compile_catalogues()
    app = create_app(settings or settings_at_hand())
    with app.app_context(), speaking("en"):
        yield app


def answer(wants_json: bool, document: Any, lines: Callable[[], Iterator[str]]) -> None:
    """Print the document, or what it says as lines for people."""
    if wants_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    for line in lines():
        click.echo(line)
