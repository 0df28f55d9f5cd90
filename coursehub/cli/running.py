"""Starting the program: for trying it out, for production, and the worker beside it."""

import os
import secrets
import signal
import socket
import sys
import threading
from functools import partial
from pathlib import Path
from typing import NoReturn

import click
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine

from coursehub.app import create_served_app, is_migrated
from coursehub.cli.content import sync_all
from coursehub.cli.opening import opened, settings_at_hand
from coursehub.cli.people import load_demo
from coursehub.demo.actions import PASSWORD, PEOPLE
from coursehub.foundation import jobs
from coursehub.foundation.catalogues import compile_catalogues
from coursehub.settings import PREFIX, PROJECT, THREADS, BadSetting, Settings, is_loopback

COURSES = PROJECT / "course_content"
host_option = partial(click.option, "--host", default="127.0.0.1", show_default=True)
port_option = partial(
    click.option, "--port", default=8000, show_default=True, type=click.IntRange(1, 65535)
)


@click.command()
@host_option(envvar="HOST")
@port_option(envvar="PORT")
def run(host: str, port: int) -> None:
    """Try CourseHub: migrate, load the courses and the demo people, and serve."""
    if not is_loopback(host):
        raise BadSetting(
            f"{host} can be reached from other machines, and the demo accounts have known "
            "passwords. Use HOST=127.0.0.1, or `coursehub serve` for production."
        )
    _refuse_taken_port(host, port)
    named = f"[{host}]" if ":" in host else host
    os.environ.setdefault(f"{PREFIX}PUBLIC_URL", f"http://{named}:{port}")
    os.environ.setdefault(f"{PREFIX}LOG_LEVEL", "WARNING")
    settings = settings_at_hand()
    _make_folder(settings)
    os.environ.setdefault(f"{PREFIX}SECRET_KEY", _own_key(settings.data_dir / "secret-key"))
    bring_up_to_date(settings)
    with opened(settings):
        sync_all(COURSES, say=lambda line: click.echo(line, err=True))
        load_demo()
    _greet(settings)
    _become_server(server_command(host, port, 1, "coursehub.cli.run_app:app"))


@click.command()
@host_option()
@port_option()
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve in production; the database must be migrated, and no demo account may exist."""
    compile_catalogues()
    create_served_app(settings_at_hand())
    _refuse_taken_port(host, port)
    _become_server(server_command(host, port, workers))


@click.command()
def migrate() -> None:
    """Bring the database up to date with this version of the program."""
    settings = settings_at_hand()
    _make_folder(settings)
    bring_up_to_date(settings)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def work(once: bool) -> None:
    """Run background jobs, where the server does not (COURSEHUB_WORK_IN_SERVER=no)."""
    with opened() as app:
        if once:
            jobs.queue_daily()
            click.echo(f"{jobs.run_due()} done, {jobs.waiting()} waiting")
            return
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        jobs.start_thread(app)
        click.echo("Working.")
        ended.wait()


def bring_up_to_date(settings: Settings) -> None:
    """Migrate the database, unless it is of this version already."""
    if is_migrated(settings):
        return
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        scripts = _scripts()
        scripts.attributes["connection"] = connection
        try:
            command.upgrade(scripts, "head")
        except CommandError as error:
            raise BadSetting(
                f"the database was made by another version of this program ({error}). "
                "Use that version, or another database."
            ) from error
    engine.dispose()


def _scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    return config


def _make_folder(settings: Settings) -> None:
    try:
        settings.make_data_dir()
    except OSError as error:
        raise BadSetting(
            f"cannot make the folder {settings.data_dir} ({error.strerror}). "
            f"Choose another with {PREFIX}DATA_DIR."
        ) from error


def _own_key(file: Path) -> str:
    """The key of this data folder, made once, so that people stay signed in over a restart."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text()


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSetting(
                f"cannot listen on {host}:{port} ({error.strerror}). "
                f"Another program may be using it; try PORT={port + 1}."
            ) from error


def _greet(settings: Settings) -> None:
    width = max(len(person.email) for person in PEOPLE)
    lines = [
        f"CourseHub is ready: {settings.public_url}",
        f"Letters go to {settings.data_dir / 'outbox'}",
        f"Demo sign-ins, password for all: {PASSWORD}",
        *(f"  {p.email:{width}}  {p.role}, {p.language}" for p in PEOPLE),
        "Ctrl-C stops it.",
    ]
    click.echo("\n".join(lines))
    sys.stdout.flush()


def server_command(host: str, port: int, workers: int, target: str = "wsgi:app") -> list[str]:
    """The web server as a command of its own."""
    options = {
        "interface": "wsgi",
        "host": host,
        "port": str(port),
        "workers": str(workers),
        "blocking-threads": str(THREADS),
        "workers-kill-timeout": "10",
        "log-level": "error",
        "working-dir": str(PROJECT),
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [sys.executable, "-m", "granian", *arguments, "--respawn-failed-workers", target]


def _become_server(words: list[str]) -> NoReturn:
    # This process is replaced: what was needed to get ready does not stay in its memory.
    os.execv(sys.executable, words)  # noqa: S606 - no shell, our own
