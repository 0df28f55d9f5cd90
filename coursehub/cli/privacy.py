"""What the privacy notice promises: a copy of what is stored about someone, and its erasure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from coursehub.accounts import actions as accounts
from coursehub.accounts.formats import email_key
from coursehub.accounts.models import Account, Scope
from coursehub.accounts.queries import copy_of
from coursehub.assignments import actions as assignments
from coursehub.catalogue.models import Edition
from coursehub.certificates import actions as certificates
from coursehub.cli.opening import answer, as_json, opened
from coursehub.cli.people import account_at, scope_named
from coursehub.content.models import VersionPage
from coursehub.enrolment.actions import end_places
from coursehub.foundation import jobs
from coursehub.foundation.database import db, writing
from coursehub.foundation.refusal import Refused
from coursehub.learning.rules import items_of

Row = dict[str, Any]


@click.command()
@click.argument("email")
@as_json
def export(email: str, wants_json: bool) -> None:
    """Print a copy of all that is stored about someone, without secrets."""
    with opened():
        account = account_at(email)
        titles = _Titles(account)
        copied = {
            table: [_readable(row, titles) for row in rows]
            for table, rows in copy_of(account.person_id).items()
        }

    def lines() -> Iterator[str]:
        for table, rows in copied.items():
            yield f"{table}: {len(rows)}"
            for row in rows:
                yield "  " + ", ".join(f"{name} {value}" for name, value in row.items())

    answer(wants_json, copied, lines)


class _Titles:
    """The titles of a version's lessons, in the language of an account."""

    def __init__(self, account: Account) -> None:
        self.language = account.language
        self.known: dict[int, dict[int, str]] = {}

    def of(self, version_id: int, item_id: int | None) -> str | None:
        if version_id not in self.known:
            page = db.session.get_one(VersionPage, (version_id, self.language))
            items = [item for _, item in items_of(page.outline) if "id" in item]
            self.known[version_id] = {item["id"]: item["title"] for item in items}
        return self.known[version_id].get(item_id or 0)


def _readable(row: Row, titles: _Titles) -> Row:
    """The row with names beside the numbers that only this database knows."""
    named = dict(row)
    if "edition_id" in row:
        edition = db.session.get_one(Edition, row["edition_id"])
        named["edition"] = edition.slug
        if "item_id" in row:
            named["lesson"] = titles.of(row.get("version_id", edition.version_id), row["item_id"])
    if "scope_id" in row:
        named["scope"] = scope_named(Scope(row["scope"]), row["scope_id"])
    return {name: _as_text(value) for name, value in named.items()}


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


@click.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask for the address again.")
@as_json
def erase(email: str, yes: bool, wants_json: bool) -> None:
    """Erase someone's account and all that identifies them; asks for the address once more.

    Places end and roles end. What was completed and accepted stays recorded, and names nobody; so
    do certificates: whoever has a code sees that one was issued, and no longer to whom.
    """
    with opened():
        account_at(email)
        if not yes:
            _confirm(email)
        with writing():
            person_id = account_at(email).person_id
            places = end_places(person_id)
            files = certificates.forget(person_id)
            erased = accounts.erase_person(person_id)
            jobs.later(assignments.forget_unnamed)
    done = {"person": person_id, "erased": erased, "places_ended": places, "files": files}

    def lines() -> Iterator[str]:
        counted = ", ".join(f"{table} {rows}" for table, rows in erased.items() if rows)
        yield f"Erased: {counted}. Places ended: {places}. PDFs of certificates: {files}."
        yield f"What stays names nobody; it points to person {person_id}."

    answer(wants_json, done, lines)


def _confirm(email: str) -> None:
    typed = click.prompt("This cannot be undone. Type the address to erase it", err=True)
    if email_key(typed) != email_key(email):
        raise Refused("another address was typed; nothing was erased")
