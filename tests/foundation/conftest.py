"""The application with addresses that fail, once per database."""

from collections.abc import Iterator

import pytest
from flask import Flask

from coursehub.foundation.database import db
from coursehub.settings import Settings
from tests.foundation import works
from tests.foundation.broken import broken_app


@pytest.fixture(autouse=True)
def nothing_ran():
    works.ran.clear()


@pytest.fixture(scope="session")
def broken(database: Settings) -> Iterator[Flask]:
    app = broken_app(database)
    yield app
    with app.app_context():
        db.engine.dispose()
