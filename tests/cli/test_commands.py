"""Every command: its help, its exit status, its settings and addresses, one JSON document."""

import json
import re
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest
from click import Group

from coursehub.cli import coursehub
from coursehub.foundation.access import routes_of
from tests.cli.answers import misused, refused
from tests.program import PROGRAM, Program

READY = {
    "COURSEHUB_SECRET_KEY": "x" * 32,
    "COURSEHUB_PUBLIC_URL": "https://courses.example.org",
}


def every_command(command=coursehub, words=()):
    """The words of every command and group, as they are typed."""
    yield words
    if isinstance(command, Group):
        for name, inner in command.commands.items():
            yield from every_command(inner, (*words, name))


def test_every_command_says_what_it_does(migrated):
    for words in every_command():
        done = migrated(*words, "--help")
        assert (done.returncode, done.stderr) == (0, ""), words
        assert done.stdout.startswith(f"Usage: {' '.join(('coursehub', *words))}")
        assert re.search(r"(?s)\n\n  \S.*\.\n", done.stdout), f"{words} is not explained"


def test_the_commands_of_the_contract_are_there():
    there = {" ".join(words) for words in every_command()}

    assert there >= {
        "run",
        "serve",
        "work",
        "migrate",
        "settings",
        "routes",
        "users create",
        "users list",
        "users grant",
        "users revoke",
        "users export",
        "users erase",
        "demo accounts",
        "content check",
        "content ids",
        "content sync",
        "content export",
        "editions create",
        "editions announce",
        "editions list",
        "editions move",
    }


@pytest.mark.parametrize(
    "words",
    [
        ("nothing",),
        ("run", "--port", "none"),
        ("run", "--port", "70000"),
        ("serve", "--workers", "0"),
        ("content", "check"),
        ("content", "check", "/there/is/nothing"),
        ("editions", "move", "x"),
        ("editions", "move", "x", "--version", "0"),
        ("users", "create", "--name", "A"),
        ("users", "create", "--name", "A", "--email", "a@example.org", "--role", "king"),
        ("users", "create", "--name", "A", "--email", "a@example.org", "--language", "fr"),
        ("users", "grant", "a@example.org"),
        ("users", "grant", "a@example.org", "--role", "learner"),
        ("users", "revoke", "--role", "secretariat"),
    ],
)
def test_wrong_usage_is_status_2(migrated, words):
    misused(migrated(*words))


@pytest.mark.parametrize(
    "words",
    [("settings",), ("routes",), ("demo", "accounts"), ("editions", "list"), ("users", "list")],
)
def test_json_is_one_document_and_nothing_else(migrated, words):
    done = migrated(*words, "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert isinstance(json.loads(done.stdout), list)


def test_settings_are_listed_with_secrets_masked(migrated):
    secrets = READY | {
        "COURSEHUB_SECRET_KEY": "nobody-may-read-this-key-" * 2,
        "COURSEHUB_DATABASE_URL": "postgresql://someone:hidden-word@db/x",
        "COURSEHUB_SMTP_URL": "smtp://someone:hidden-word@post",
    }
    for words in (("settings",), ("settings", "--json")):
        done = migrated(*words, **secrets)
        assert done.returncode == 0
        assert "nobody-may-read" not in done.stdout
        assert "hidden-word" not in done.stdout
        assert "https://courses.example.org" in done.stdout
    listed = json.loads(done.stdout)
    assert {tuple(one) for one in listed} == {("name", "value", "default", "says")}
    assert all(one["says"] for one in listed)


def test_a_setting_that_cannot_be_used_is_named(migrated):
    said = refused(migrated("routes", COURSEHUB_PUBLIC_URL="courses"))
    assert "COURSEHUB_PUBLIC_URL" in said


def test_routes_are_those_of_the_application(migrated, app):
    listed = json.loads(migrated.did("routes", "--json"))

    assert listed == json.loads(json.dumps(routes_of(app)))
    assert {tuple(one) for one in listed} == {("endpoint", "rule", "methods", "access")}


def test_the_demo_sign_ins_name_every_role(migrated):
    listed = json.loads(migrated.did("demo", "accounts", "--json"))

    assert {tuple(one) for one in listed} == {("email", "password", "role", "country", "language")}
    roles = {one["role"] for one in listed}
    assert roles == {"learner", "instructor", "secretariat", "administrator"}
    assert {one["language"] for one in listed} == {"es", "pt", "en"}


def test_serving_needs_a_key(migrated):
    own = READY | {"COURSEHUB_SECRET_KEY": ""}
    assert "COURSEHUB_SECRET_KEY" in refused(migrated("serve", **own))


def test_serving_needs_a_key_that_nobody_guesses(migrated):
    own = READY | {"COURSEHUB_SECRET_KEY": "short"}
    assert "32 characters" in refused(migrated("serve", **own))


def test_serving_needs_the_address_of_the_site(migrated):
    own = READY | {"COURSEHUB_PUBLIC_URL": ""}
    assert "COURSEHUB_PUBLIC_URL" in refused(migrated("serve", **own))


def test_serving_needs_a_migrated_database(tmp_path):
    (tmp_path / "data").mkdir()
    assert "coursehub migrate" in refused(Program(tmp_path / "data")("serve", **READY))


def test_a_database_of_another_version_of_the_program_is_left_alone_and_said_so(tmp_path):
    program = Program(tmp_path / "data")
    program.did("migrate")
    with closing(sqlite3.connect(tmp_path / "data" / "coursehub.sqlite")) as database:
        database.execute("UPDATE alembic_version SET version_num = 'unknown'")
        database.commit()

    assert "another version of this program" in refused(program("migrate"))


def test_what_is_refused_is_one_json_document_where_that_was_asked_for(migrated):
    answer = migrated("users", "grant", "nobody@example.org", "--role", "instructor", "--json")

    assert answer.returncode == 1
    [error] = json.loads(answer.stdout)["errors"]
    assert error["message"] in answer.stderr


def test_a_file_that_is_no_database_is_said_in_one_line(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "coursehub.sqlite").write_bytes(b"garbage" * 1000)

    assert "the database cannot be used" in refused(Program(tmp_path / "data")("editions", "list"))


def test_a_data_folder_that_is_a_file_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")

    refused(Program(tmp_path / "file")("editions", "list"))


def test_serving_takes_its_address_from_its_own_options_alone(migrated):
    program = migrated
    said = program("serve", "--port", "1", "--host", "203.0.113.9", **READY, HOST="x", PORT="9")
    assert "203.0.113.9:1" in refused(said)


def test_serving_from_a_folder_that_is_not_there_is_said_in_one_line(tmp_path):
    refused(Program(tmp_path / "nothing")("serve", **READY))


@pytest.mark.parametrize("command", ["migrate", "routes"])
def test_whichever_command_makes_the_data_folder_nobody_else_looks_into_it(tmp_path, command):
    program = Program(tmp_path / "data")
    program.did(command)

    assert oct(program.folder.stat().st_mode & 0o777) == "0o700"


def test_serving_refuses_a_database_with_demo_accounts(loaded):
    # A course of another name has no demo edition; the people alone are enough to refuse.
    loaded.did("users", "create", "--email", "real@example.org", "--name", "Real")
    program = Program(loaded.folder.with_name("demo"))
    program.did("migrate")
    course = "course_content/introduccion-prevencion-genocidio"
    program.did("content", "sync", course)
    program.did("demo", "load")

    assert "demo accounts" in refused(program("serve", **READY))
    program.did("demo", "load")  # what exists already stays
    editions = json.loads(program.did("editions", "list", "--json"))
    assert len([one for one in editions if one["is_announced"]]) == 2


def test_what_can_be_served_is_served_and_the_worker_does_its_work(migrated):
    served = Program(migrated.folder, **READY, COURSEHUB_WORK_IN_SERVER="no")
    served.start("serve")
    try:
        assert "Traceback" not in served.log.read_text()
        assert re.fullmatch(r"\d+ done, 0 waiting\n", served.did("work", "--once"))
    finally:
        assert served.stop() == 0
    assert served.processes() == []


def test_a_worker_of_its_own_ends_when_it_is_told_to(migrated):
    pipe = subprocess.PIPE
    command, own = [PROGRAM, "work"], migrated.environment
    with subprocess.Popen(command, env=own, stdout=pipe, stderr=pipe, text=True) as worker:
        try:
            assert worker.stdout.readline() == "Working.\n"
            assert worker.poll() is None
            worker.send_signal(signal.SIGTERM)
            rest, said = worker.communicate()
        finally:
            worker.kill()
    assert worker.returncode == 0
    assert rest == ""
    assert "Traceback" not in said
