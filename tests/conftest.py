"""The stage every test stands on: the application on each database, browsers, letters, time."""

import io
import json
import logging
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
import time_machine
from alembic import command
from alembic.config import Config
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from sqlalchemy import create_engine, event, text
from werkzeug.test import TestResponse

from coursehub.accounts import actions as accounts
from coursehub.app import create_app
from coursehub.foundation import jobs
from coursehub.foundation.catalogues import compile_catalogues
from coursehub.foundation.database import db, metadata, writing
from coursehub.foundation.limits import limiter
from coursehub.settings import PROJECT, Settings
from tests.program import LONG_SECONDS

DATABASES = ("sqlite", "postgresql")
SERVER = os.environ.get("COURSEHUB_TEST_POSTGRES", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=[*DATABASES, "both"], default="both")


def pytest_configure() -> None:
    compile_catalogues()
    busy = [HealthCheck.too_slow]  # a busy machine is no mistake
    hypothesis.register_profile("ours", deadline=None, suppress_health_check=busy)
    hypothesis.load_profile("ours")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        names = DATABASES if chosen == "both" else (chosen,)
        metafunc.parametrize("database", names, indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One live server, one browser: what uses it runs in one place."""
    for item in items:
        if "live" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("live"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where nothing may be skipped, a skip is a failure."""
    report = yield
    if os.environ.get("COURSEHUB_NO_SKIPS") and report.skipped:
        why = f"skipped, and nothing may be: {report.longrepr}"
        report.outcome, report.longrepr = "failed", why
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    chosen = terminalreporter.config.getoption("--database")
    names = [name for name in DATABASES if chosen in (name, "both")]
    if not SERVER and "postgresql" in names:
        names[names.index("postgresql")] = "no postgresql (none found: its tests were skipped)"
    browser = os.environ.get("COURSEHUB_CHROMIUM") or "Playwright's own"
    terminalreporter.write_line(f"Databases: {', '.join(names)}. Browser: {browser}.")


def migrate(url: str) -> None:
    """Bring an empty database up to date, as `coursehub migrate` does."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


@contextmanager
def postgres_database() -> Iterator[str]:
    """An empty database of our own, dropped at the end."""
    if not SERVER:
        pytest.skip("no PostgreSQL: set COURSEHUB_TEST_POSTGRES")
    name = f"coursehub_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{SERVER.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Settings for a migrated, empty database of this worker's own."""
    settings = Settings(
        secret_key="a key for tests that nobody has to guess",
        data_dir=tmp_path_factory.mktemp("data"),
        work_in_server=False,
        testing=True,
        log_level="ERROR",
    )
    if request.param == "sqlite":
        migrate(settings.database)
        yield settings
        return
    with postgres_database() as url:
        settings = replace(settings, database_url=url)
        migrate(settings.database)
        yield settings


class Browser(FlaskClient):
    """Each request gets its own context and session, as it would from a real server.

    Without that, `g` outlives the request and one client is served as the person of another.
    """

    def open(self, *args, **kwargs) -> TestResponse:
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.rollback()  # so the test reads what the request wrote
        return response


@pytest.fixture(scope="session")
def built(database: Settings) -> Iterator[Flask]:
    app = create_app(database)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    with app.app_context():
        event.listen(db.engine, "connect", wait_longer)
    yield app
    with app.app_context():
        db.engine.dispose()


def wait_longer(connection, _) -> None:
    """Let SQLite wait for its lock: it is not fair, and ten who write at once may be many."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA busy_timeout=60000")


@pytest.fixture
def app(built: Flask, database: Settings) -> Iterator[Flask]:
    """The application on an empty database. Real commits, so nothing is mocked."""
    with built.app_context():
        yield built
        db.session.remove()
        empty()
    limiter.reset()
    shutil.rmtree(database.data_dir / "outbox", ignore_errors=True)


def empty() -> None:
    """Empty every table, append-only ones too: their triggers are put aside meanwhile."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            names = ", ".join(table.name for table in metadata.sorted_tables)
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            connection.commit()
            return
        guards = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%refuse%'"
        )
        triggers = connection.execute(text(guards)).all()
        for trigger in triggers:
            connection.execute(text(f"DROP TRIGGER {trigger.name}"))
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        # The index keeps its own copy of the words, which no deletion of rows reaches.
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        for trigger in triggers:
            connection.exec_driver_sql(trigger.sql)
        connection.commit()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[int], FlaskClient]:
    """Makes a browser in which this person is signed in."""

    def browser(person_id: int) -> FlaskClient:
        with writing():
            token = accounts.sign_in(person_id)
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return client

    return browser


@pytest.fixture
def outbox(app: Flask, database: Settings) -> Callable[[], list[EmailMessage]]:
    """Every letter sent so far, oldest first."""

    def letters() -> list[EmailMessage]:
        files = sorted((database.data_dir / "outbox").glob("[!.]*.eml"))
        return [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]

    return letters


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Does the background work that is due, in a context of its own."""

    def run() -> int:
        db.session.rollback()
        with app.app_context():
            return jobs.run_due()

    return run


@pytest.fixture
def log_lines(app: Flask) -> Iterator[Callable[[], list[dict]]]:
    """Every line of the log since the test began, as the program writes it."""
    root, written = logging.getLogger("coursehub"), io.StringIO()
    handler = root.handlers[0]  # ours; the others, if any, are the test runner's
    before = handler.setStream(written)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.setLevel(logging.ERROR)
    handler.setStream(before)


@pytest.fixture
def statements(app: Flask):
    """Counts SQL: `with statements() as seen:` leaves the statements in `seen`."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_others) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counted


@pytest.fixture
def clock() -> Iterator[Callable[..., time_machine.Traveller]]:
    """Sets the time: `clock(moment)` stands still there, and `.shift(seconds)` moves on."""
    journeys: list[time_machine.travel] = []

    def travel(moment) -> time_machine.Traveller:
        journeys.append(time_machine.travel(moment, tick=False))
        return journeys[-1].start()

    yield travel
    for journey in reversed(journeys):
        journey.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """The Chromium that was found; root may only start it without its sandbox."""
    found = os.environ.get("COURSEHUB_CHROMIUM") or shutil.which("chromium")
    own = {"executable_path": found} if found else {}
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, **own, "args": arguments}


@pytest.fixture(scope="session")
def live_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the live program: its letters are in outbox/."""
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="session")
def live(live_folder: Path) -> Iterator[str]:
    """The address of the real program on its own SQLite file, with content and demo data."""
    folder = live_folder
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"COURSEHUB_DATA_DIR": str(folder), "HOST": "127.0.0.1", "PORT": str(port)}
    own |= dict.fromkeys(("COURSEHUB_DATABASE_URL", "COURSEHUB_SMTP_URL"), "")
    program = [str(Path(sys.executable).parent / "coursehub"), "run"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(program, env={**os.environ, **own}, stdout=log, stderr=log)
        try:
            wait_for(port, server, folder / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=LONG_SECONDS)


def wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + LONG_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60):
            return
        time.sleep(0.2)
    pytest.fail(f"the program did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture
def another_writes(database: Settings) -> Callable[[], AbstractContextManager[bool]]:
    """Another process writes for as long as `with another_writes() as alone:` lasts.

    `alone` says whether others must wait for it: on PostgreSQL many write at once.
    """

    @contextmanager
    def writes() -> Iterator[bool]:
        if not database.database.startswith("sqlite"):
            yield False
            return
        file = database.database.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file, isolation_level=None)) as another:
            another.execute("BEGIN IMMEDIATE")
            yield True
            another.execute("ROLLBACK")

    return writes


@pytest.fixture
def axe() -> Callable[..., None]:
    """Asserts that a page has nothing that shuts anybody out, as far as a machine can tell."""

    def check(page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return check


@pytest.fixture
def shot() -> Callable[..., Path]:
    """Keeps a picture of a page in var/screenshots/."""

    def take(page, name: str) -> Path:
        picture = PROJECT / "var" / "screenshots" / f"{name}.png"
        page.screenshot(path=picture, full_page=True)
        return picture

    return take
