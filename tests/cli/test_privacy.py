"""What the privacy notice promises is done by commands: a copy of one's data, and erasure."""

import json

import pytest

from tests.cli.answers import refused
from tests.cli.test_people import create
from tests.program import Program

EMAIL = "gone@example.org"


@pytest.fixture
def program(tmp_path) -> Program:
    """A site with an administrator and someone who has an account."""
    program = Program(tmp_path / "data")
    program.did("migrate")
    create(program, "admin@example.org", "--role", "administrator")
    create(program, EMAIL, "--role", "secretariat", "--scope", "country:PE")
    return program


def addresses(program: Program) -> list[str]:
    return [one["email"] for one in json.loads(program.did("users", "list", "--json"))]


def test_a_copy_of_what_is_stored_about_someone_is_one_document(program):
    program.did("work", "--once")

    copied = json.loads(program.did("users", "export", EMAIL, "--json"))

    assert copied["accounts"][0]["email"] == EMAIL
    assert copied["role_grants"][0]["scope"] == "country:PE"
    assert copied["tickets"][0]["purpose"] == "sign_in"
    assert "token" not in str(copied)
    assert f"email {EMAIL}" in program.did("users", "export", EMAIL)


def test_a_copy_names_editions_and_lessons_as_their_reader_knows_them(with_demo):
    copied = json.loads(with_demo.did("users", "export", "participante.br@example.org", "--json"))

    (place,) = copied["enrolments"]
    assert place["edition"].startswith("introduccion-")
    assert [fact["edition"] for fact in copied["facts"]] == [place["edition"]] * 2
    assert all(fact["lesson"] for fact in [*copied["facts"], *copied["bookmarks"]])
    assert {row["document"] for row in copied["acceptances"]} == {"privacidad", "condiciones"}


def test_someone_is_erased_once_their_address_was_typed_again(program):
    done = program("users", "erase", EMAIL, "--json", typed=f"{EMAIL.upper()}\n")

    said = json.loads(done.stdout)
    assert said["erased"]["accounts"] == 1
    assert said["erased"]["jobs"] == 1  # the link that was to be mailed
    assert addresses(program) == ["admin@example.org"]
    program.did("work", "--once")
    assert program.letters(EMAIL) == []
    assert "no account with the address" in refused(program("users", "erase", EMAIL, "--yes"))
    assert create(program, EMAIL).returncode == 0


@pytest.mark.parametrize("typed", ["admin@example.org\n", ""])
def test_nobody_is_erased_by_a_slip(program, typed):
    done = program("users", "erase", EMAIL, typed=typed)

    assert (done.returncode, done.stdout) == (1, "")
    assert EMAIL in addresses(program)


def test_the_last_administrator_is_not_erased(program):
    done = program("users", "erase", "admin@example.org", "--yes")

    assert "last administrator" in refused(done)
    assert "admin@example.org" in addresses(program)
    program.did("users", "grant", EMAIL, "--role", "administrator")
    said = program.did("users", "erase", "admin@example.org", "--yes")
    assert said.startswith("Erased: jobs 1, accounts 1. Places ended: 0. ")


def test_only_someone_with_an_account_has_a_copy(program):
    assert "no account with the address" in refused(program("users", "export", "no@example.org"))
