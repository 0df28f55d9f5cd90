"""People: creating and listing accounts, giving and ending roles, and the demo accounts."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import click
from email_validator import EmailNotValidError, validate_email

from coursehub.accounts import actions as accounts
from coursehub.accounts.forms import NAME_LENGTH, PASSWORD_LENGTH
from coursehub.accounts.models import Account, Grant, Role, Scope
from coursehub.accounts.queries import accounts_listed, find_account
from coursehub.catalogue.models import Edition
from coursehub.catalogue.queries import find_edition
from coursehub.cli.opening import answer, as_json, opened
from coursehub.content.models import Course
from coursehub.content.queries import find_course
from coursehub.demo import actions as demo_data
from coursehub.foundation.database import db, writing
from coursehub.foundation.refusal import Refused
from coursehub.network.actions import load_network
from coursehub.network.queries import countries
from coursehub.settings import LANGUAGES

SCOPES = "site, country:PE, course:SLUG or edition:SLUG."
GRANTED = [role.value for role in Role if role != Role.LEARNER]
scope_option = click.option("--scope", default="site", show_default=True, help=SCOPES)


@click.group()
def users() -> None:
    """Accounts and roles, and what people may ask about their own data."""


@users.command("list")
@as_json
def list_users(wants_json: bool) -> None:
    """Print every account with its roles."""
    with opened():
        listed: list[dict[str, Any]] = [
            {
                "email": account.email,
                "name": account.name,
                "roles": [_role_as_json(grant) for grant in grants],
                "country": account.country_code,
            }
            for account, grants in accounts_listed()
        ]

    def lines() -> Iterator[str]:
        for one in listed:
            roles = ", ".join(f"{held['role']} ({held['scope']})" for held in one["roles"])
            yield f"{one['email']}: {one['name']}, {one['country'] or '–'}, {roles or 'learner'}"

    answer(wants_json, listed, lines)


@users.command()
@click.option("--email", required=True)
@click.option("--name", required=True, help="As it goes on certificates.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="learner")
@scope_option
@click.option("--language", type=click.Choice(LANGUAGES), default="es", show_default=True)
@click.option("--country", help="Two letters, such as PE.")
@click.option("--ask-password", is_flag=True, help="Ask for a password; else a link is mailed.")
@as_json
def create(
    email: str,
    name: str,
    role: str,
    scope: str,
    language: str,
    country: str | None,
    ask_password: bool,
    wants_json: bool,
) -> None:
    """Create an account; its owner is mailed a link to sign in with, or has the given password."""
    password = _asked_password() if ask_password else None
    with opened():
        email, name = _address(email), _name(name)
        with writing():
            load_network()
        grants = [] if role == Role.LEARNER else [Grant(Role(role), *_scope(scope))]
        password_hash = accounts.hash_password(password) if password else None
        with writing():
            person_id = accounts.create_person(
                email,
                name,
                language,
                country=_country(country),
                password_hash=password_hash,
                grants=grants,
            )
            if not password:
                accounts.ask_for_link(email, "/me")
    made = {"person": person_id, "email": email, "role": role, "scope": scope}
    then = "with the password given" if password else "a link to sign in with is on its way"
    answer(wants_json, made, lambda: iter([f"{email}: {role} ({scope}), {then}."]))


@users.command()
@click.argument("email")
@click.option("--role", type=click.Choice(GRANTED), required=True)
@scope_option
@as_json
def grant(email: str, role: str, scope: str, wants_json: bool) -> None:
    """Give a role to someone who has an account."""
    with opened():
        with writing():
            load_network()
        given = Grant(Role(role), *_scope(scope))
        with writing():
            person_id = account_at(email).person_id
            accounts.grant_role(person_id, given)
    made = {"person": person_id, "email": email, "role": role, "scope": scope}
    answer(wants_json, made, lambda: iter([f"{email}: {role} ({scope}) from now on."]))


@users.command()
@click.argument("email")
@click.option("--role", type=click.Choice(GRANTED), required=True)
@scope_option
@as_json
def revoke(email: str, role: str, scope: str, wants_json: bool) -> None:
    """Take a role away from someone; that it was held stays on record."""
    with opened():
        ended = Grant(Role(role), *_scope(scope))
        with writing():
            person_id = account_at(email).person_id
            accounts.end_grant(person_id, ended)
    made = {"person": person_id, "email": email, "role": role, "scope": scope}
    answer(wants_json, made, lambda: iter([f"{email}: {role} ({scope}) no longer."]))


def account_at(email: str) -> Account:
    """The account with this address; refused if there is none."""
    account = find_account(email)
    if account is None:
        raise Refused(f"there is no account with the address “{email}”")
    return account


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Refused(f"“{email}” is no email address") from error


def _name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise Refused(f"a name has 1 to {NAME_LENGTH} characters, all of them visible")
    return name


def _asked_password() -> str:
    least, most = PASSWORD_LENGTH
    password = str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    if not least <= len(password) <= most:
        raise Refused(f"a password has {least} to {most} characters")
    return password


def _scope(text: str) -> tuple[Scope, str]:
    kind, _, name = text.partition(":")
    if text == "site":
        return Scope.SITE, ""
    if kind == "course" and (course := find_course(name)):
        return Scope.COURSE, str(course.id)
    if kind == "edition" and (edition := find_edition(name)):
        return Scope.EDITION, str(edition.id)
    if kind == "country":
        return Scope.COUNTRY, _country(name) or ""
    raise Refused(f"“{text}” is no scope: use site, country:PE, course:SLUG or edition:SLUG")


def _role_as_json(grant: Grant) -> dict[str, str]:
    return {"role": grant.role, "scope": scope_named(grant.scope, grant.scope_id)}


def scope_named(scope: Scope, scope_id: str) -> str:
    """A scope as it is typed: site, country:PE, course:SLUG or edition:SLUG."""
    if scope == Scope.SITE:
        return "site"
    if scope == Scope.COURSE:
        return f"course:{db.session.get_one(Course, int(scope_id)).slug}"
    if scope == Scope.EDITION:
        return f"edition:{db.session.get_one(Edition, int(scope_id)).slug}"
    return f"{scope.value}:{scope_id}"


def _country(code: str | None) -> str | None:
    if code is not None and code not in dict(countries("en")):
        raise Refused(f"“{code}” is not the code of a State of the Network")
    return code


@click.group()
def demo() -> None:
    """Invented people and editions, for trying things out."""


@demo.command()
def load() -> None:
    """Create the demo people and an open edition; what exists already stays."""
    with opened():
        load_demo()


@demo.command("accounts")
@as_json
def list_accounts(wants_json: bool) -> None:
    """Print the demo sign-ins."""
    listed = demo_data.accounts_listed()

    def lines() -> Iterator[str]:
        for one in listed:
            who = f"{one['role']}, {one['country']}, {one['language']}"
            yield f"{one['email']:32} {one['password']}  {who}"

    keys = ("email", "password", "role", "country", "language")
    answer(wants_json, [{key: one[key] for key in keys} for one in listed], lines)


def load_demo() -> None:
    """What is missing of the demo people and editions; hashing a password holds no lock."""
    if demo_data.has_all_demo():
        return
    password_hash = accounts.hash_password(demo_data.PASSWORD)
    with writing():
        load_network()
        demo_data.load_demo(password_hash)
