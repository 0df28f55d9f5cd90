"""Creating people, their roles, and what they say about themselves."""

from collections.abc import Iterable, Mapping

from sqlalchemy import update

from coursehub.accounts.formats import email_key
from coursehub.accounts.models import Acceptance, Account, Grant, Person, RoleGrant
from coursehub.accounts.queries import (
    SITE_ADMINISTRATOR,
    account_of,
    holds_role,
    is_grant_held,
    is_last_administrator,
    taken_keys,
)
from coursehub.accounts.rules import why_not_create_account, why_not_end_grant, why_not_grant
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, not_before
from coursehub.foundation.refusal import flush_or_refuse, refuse_if
from coursehub.network.queries import time_zone_of


def create_person(
    email: str,
    name: str,
    language: str,
    *,
    country: str | None = None,
    institution: str = "",
    position: str = "",
    time_zone: str | None = None,
    latin_name: str = "",
    password_hash: str | None = None,
    is_demo: bool = False,
    accepted: Iterable[tuple[str, str]] = (),
    grants: Iterable[Grant] = (),
) -> int:
    """A person with account, roles and what they accepted; refused if the address is taken."""

    def add() -> None:
        db.session.add(person)
        db.session.flush()
        account.person_id = person.id
        db.session.add(account)

    def why_not() -> str | None:
        return why_not_create_account(taken_keys(email), email_key(email))

    refuse_if(why_not())
    person = Person(created_at=now())
    account = Account(
        email=email,
        email_key=email_key(email),
        password_hash=password_hash,
        name=name,
        latin_name=latin_name,
        country_code=country,
        institution=institution,
        position=position,
        language=language,
        time_zone=time_zone or time_zone_of(country),
        is_demo=is_demo,
    )
    flush_or_refuse(add, why_not)
    for document, version in accepted:
        accept(person.id, document, version, language)
    for grant in grants:
        grant_role(person.id, grant)
    return person.id


def accept(person_id: int, document: str, version: str, language: str) -> None:
    """Record that someone agreed to a version of a document."""
    db.session.add(
        Acceptance(
            person_id=person_id,
            document=document,
            version=version,
            language=language,
            accepted_at=now(),
        )
    )


def grant_role(person_id: int, grant: Grant, granted_by: int | None = None) -> None:
    """Give someone a role; refused if they hold it already."""

    def why_not() -> str | None:
        return why_not_grant(is_held=holds_role(person_id, grant))

    row = RoleGrant(
        person_id=person_id,
        role=grant.role,
        scope=grant.scope,
        scope_id=grant.scope_id,
        granted_at=now(),
        granted_by=granted_by,
    )
    refuse_if(why_not())
    flush_or_refuse(lambda: db.session.add(row), why_not)


def end_grant(person_id: int, grant: Grant) -> None:
    """Take a role away, but not from the last administrator; that it was held stays on record."""
    is_administrator = grant == SITE_ADMINISTRATOR
    refuse_if(
        why_not_end_grant(
            is_held=holds_role(person_id, grant),
            is_last_administrator=is_administrator and is_last_administrator([person_id]),
        )
    )
    held = update(RoleGrant).where(*is_grant_held(person_id, grant))
    db.session.execute(held.values(ended_at=not_before(RoleGrant.granted_at, now())))


def save_profile(person_id: int, profile: Mapping[str, str | None]) -> None:
    """Keep what someone says about themselves."""
    account = db.session.get_one(Account, person_id)
    for field, value in profile.items():
        setattr(account, field, value)


def choose_language(person_id: int, code: str) -> None:
    """Speak to someone in this language from now on, on pages and in letters."""
    account = account_of(person_id)
    if account is not None:
        account.language = code
