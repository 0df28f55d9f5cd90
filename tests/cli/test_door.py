"""A web server that is started by itself gets the same answer as `coursehub serve`."""

import os
import subprocess
import sys

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from coursehub.app import newest_revision
from coursehub.settings import PROJECT
from tests.cli.answers import refused

READY = {
    "COURSEHUB_SECRET_KEY": "x" * 32,
    "COURSEHUB_PUBLIC_URL": "https://courses.example.org",
}


def opened(folder, **settings: str) -> subprocess.CompletedProcess:
    """What a web server does first: it imports the door."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("COURSEHUB_")}
    own |= {"COURSEHUB_DATA_DIR": str(folder), "COURSEHUB_WORK_IN_SERVER": "no"} | settings
    code = "import wsgi; print(wsgi.app.name)"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=own, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "COURSEHUB_SECRET_KEY"),
        ({"COURSEHUB_SECRET_KEY": "x" * 32}, "COURSEHUB_PUBLIC_URL"),
        (READY | {"COURSEHUB_SECRET_KEY": "short"}, "COURSEHUB_SECRET_KEY"),
        (READY | {"COURSEHUB_PROXIES": "many"}, "COURSEHUB_PROXIES"),
        (READY | {"COURSEHUB_PUBLIC_URL": "http://courses.example.org"}, "https://"),
    ],
)
def test_without_what_production_needs_it_refuses_in_one_line(tmp_path, settings, named):
    assert named in refused(opened(tmp_path, **settings))
    assert list(tmp_path.iterdir()) == []


def test_an_unmigrated_database_keeps_the_door_shut(tmp_path):
    assert "coursehub migrate" in refused(opened(tmp_path, **READY))


def test_a_database_that_cannot_be_reached_keeps_the_door_shut_in_one_line(tmp_path):
    refused(opened(tmp_path / "nothing", **READY))


def test_demo_accounts_keep_the_door_shut(with_demo):
    assert "demo accounts" in refused(opened(with_demo.folder, **READY))


def test_with_all_that_production_needs_the_door_opens(migrated):
    done = opened(migrated.folder, **READY)

    assert (done.returncode, done.stdout) == (0, "coursehub\n"), done.stderr


def test_the_newest_migration_is_the_one_that_alembic_runs_last():
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))

    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()
