"""Accounts made from the command line: roles, scopes, the mailed link."""

import json

import pytest

from tests.cli.answers import misused, refused
from tests.cli.conftest import COURSE
from tests.program import Program, Visitor, link_in


def create(program: Program, email: str, *more: str, typed: str = ""):
    return program("users", "create", "--email", email, "--name", "Ana Muñoz", *more, typed=typed)


def test_an_account_is_created_and_its_owner_is_mailed_a_link(migrated):
    done = create(migrated, "ana@example.org", "--role", "secretariat", "--json")

    made = json.loads(done.stdout)
    expected = {"email": "ana@example.org", "role": "secretariat", "scope": "site"}
    assert {**made, "person": None} == expected | {"person": None}
    migrated.did("work", "--once")
    (letter,) = migrated.letters("ana@example.org")
    assert "/sign-in/" in link_in(letter)


def test_the_mailed_link_lets_its_owner_in(loaded):
    program = Program(loaded.folder, COURSEHUB_SECRET_KEY="x" * 32, COURSEHUB_WORK_IN_SERVER="no")
    program.environment["COURSEHUB_PUBLIC_URL"] = program.url.replace("127.0.0.1", "localhost")
    assert create(program, "link@example.org").returncode == 0
    program.did("work", "--once")
    program.start("serve")
    try:
        visitor = Visitor(program.url)
        path = "/" + link_in(program.letters("link@example.org")[-1]).split("/", 3)[3]
        assert visitor.get(path).status == 200
        assert visitor.post(path).status == 303
        assert "Ana Muñoz" in visitor.get("/me").text
    finally:
        program.stop()


@pytest.mark.parametrize("scope", ["site", f"course:{COURSE}", "country:PE"])
def test_roles_reach_as_far_as_their_scope(loaded, scope):
    email = scope.replace(":", ".") + "@example.org"
    done = create(loaded, email, "--role", "instructor", "--scope", scope, "--json")
    assert json.loads(done.stdout)["scope"] == scope


def roles_of(program: Program, email: str) -> list[dict]:
    listed = json.loads(program.did("users", "list", "--json"))
    return next(one["roles"] for one in listed if one["email"] == email)


@pytest.mark.parametrize("scope", ["site", f"course:{COURSE}", "country:PE"])
def test_a_role_is_given_to_an_account_and_taken_away_again(loaded, scope):
    email = scope.replace(":", "-") + ".role@example.org"
    assert create(loaded, email).returncode == 0
    words = (email.upper(), "--role", "instructor", "--scope", scope)

    given = json.loads(loaded.did("users", "grant", *words, "--json"))
    assert {**given, "person": None} == {
        "person": None,
        "email": email.upper(),
        "role": "instructor",
        "scope": scope,
    }
    assert roles_of(loaded, email) == [{"role": "instructor", "scope": scope}]
    assert "holds this role already" in refused(loaded("users", "grant", *words))

    assert json.loads(loaded.did("users", "revoke", *words, "--json")) == given
    assert roles_of(loaded, email) == []
    assert "does not hold" in refused(loaded("users", "revoke", *words))


@pytest.mark.parametrize("command", ["grant", "revoke"])
def test_roles_are_given_and_ended_only_where_there_is_an_account(migrated, command):
    done = migrated("users", command, "nobody@example.org", "--role", "secretariat")
    assert "no account with the address" in refused(done)


def test_the_last_administrator_of_a_site_cannot_be_ended(tmp_path):
    program = Program(tmp_path / "data")
    program.did("migrate")
    create(program, "one@example.org", "--role", "administrator")

    done = program("users", "revoke", "one@example.org", "--role", "administrator")

    assert "last administrator" in refused(done)


def test_accounts_are_listed_for_people_too(migrated):
    create(migrated, "listed@example.org", "--role", "secretariat", "--country", "PE")
    said = migrated.did("users", "list")
    assert "listed@example.org: Ana Muñoz, PE, secretariat (site)\n" in said


@pytest.mark.parametrize("scope", ["", "planet", "course:none", "edition:none", "country:ZZ"])
def test_a_scope_that_is_not_there_is_refused(loaded, scope):
    refused(create(loaded, "nobody@example.org", "--role", "instructor", "--scope", scope))


@pytest.mark.parametrize(
    "email", ["", "ana", "ana@", "a b@example.org", "x" * 300 + "@example.org"]
)
def test_an_address_that_is_none_is_refused(migrated, email):
    refused(create(migrated, email))


def test_an_address_has_one_account(migrated):
    assert create(migrated, "twice@example.org").returncode == 0
    assert "already an account" in refused(create(migrated, "Twice@Example.org"))


def test_a_country_outside_the_network_is_refused(migrated):
    refused(create(migrated, "far@example.org", "--country", "ZZ"))


def test_a_password_can_be_given(migrated):
    done = create(
        migrated, "word@example.org", "--ask-password", typed="diez caracteres\ndiez caracteres\n"
    )
    assert done.returncode == 0
    assert "diez caracteres" not in done.stdout + done.stderr
    migrated.did("work", "--once")
    assert migrated.letters("word@example.org") == []


def test_a_short_password_is_refused(migrated):
    done = create(migrated, "short@example.org", "--ask-password", typed="short\nshort\n")
    assert done.returncode == 1
    assert "10 to 200 characters" in done.stderr


def test_an_unknown_role_is_wrong_usage(migrated):
    misused(create(migrated, "king@example.org", "--role", "king"))


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "Ana\u202eMuñoz"])
def test_a_name_that_no_page_could_show_is_refused_in_one_line(migrated, name):
    refused(migrated("users", "create", "--email", "name@example.org", "--name", name))
