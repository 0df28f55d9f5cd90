"""Editions: making, announcing and listing them, and moving one to another version."""

import sys
from collections.abc import Iterator
from datetime import datetime

import click
from sqlalchemy import select

from coursehub.accounts.queries import accounts_of
from coursehub.catalogue.actions import announce_edition, create_edition
from coursehub.catalogue.models import Edition, Format
from coursehub.catalogue.queries import course_slug_of, find_edition
from coursehub.certificates.actions import ask_for
from coursehub.certificates.models import IssuedBy
from coursehub.cli.opening import answer, as_json, opened
from coursehub.content.queries import find_version, latest_version
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.foundation.refusal import Refused
from coursehub.learning.actions import Move, plan_move
from coursehub.learning.actions import move as move_edition

NUMBER = click.IntRange(1, 2**31 - 1)  # what a column of whole numbers takes
DAY = click.DateTime(["%Y-%m-%d"])
MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])


@click.group()
def editions() -> None:
    """Courses with dates, places and people."""


@editions.command("list")
@as_json
def list_editions(wants_json: bool) -> None:
    """Print every edition."""
    with opened():
        rows = db.session.scalars(select(Edition).order_by(Edition.starts_on, Edition.id)).all()
        listed = [
            {
                "edition": one.slug,
                "course": course_slug_of(one),
                "starts_on": one.starts_on.isoformat(),
                "ends_on": one.ends_on.isoformat(),
                "seats": one.seats,
                "seats_taken": one.seats_taken,
                "is_announced": one.is_announced_at(now()),
            }
            for one in rows
        ]

    def lines() -> Iterator[str]:
        for one in listed:
            seats = one["seats"] or "no limit"
            when = f"{one['starts_on']} to {one['ends_on']}"
            yield f"{one['edition']}: {when}, {one['seats_taken']} of {seats}"

    answer(wants_json, listed, lines)


@editions.command()
@click.argument("course")
@click.argument("edition")
@click.option("--version", "number", type=NUMBER, help="Default: the newest.")
@click.option(
    "--format", "format_", type=click.Choice([one.value for one in Format]), required=True
)
@click.option("--starts-on", type=DAY, required=True)
@click.option("--ends-on", type=DAY, required=True)
@click.option("--opens", type=MOMENT, required=True, help="Enrolment opens, local time.")
@click.option("--closes", type=MOMENT, required=True, help="Enrolment closes, local time.")
@click.option("--zone", required=True, help="Such as America/Asuncion.")
@click.option("--seats", type=NUMBER, help="Default: no limit.")
@click.option("--announce/--no-announce", default=False, help="Show it in the catalogue at once.")
@as_json
def create(
    course: str,
    edition: str,
    number: int | None,
    format_: str,
    starts_on: datetime,
    ends_on: datetime,
    opens: datetime,
    closes: datetime,
    zone: str,
    seats: int | None,
    announce: bool,
    wants_json: bool,
) -> None:
    """Make an edition of a course; EDITION is its address, such as introduccion-2027-03."""
    with opened():
        newest = latest_version(course)
        if newest is None:
            raise Refused(f"there is no course “{course}”")
        version = number or newest.number
        with writing():
            made = create_edition(
                course,
                edition,
                version=version,
                format=Format(format_),
                starts_on=starts_on.date(),
                ends_on=ends_on.date(),
                zone=zone,
                opens_local=opens,
                closes_local=closes,
                seats=seats,
            )
            if announce:
                announce_edition(made)
    document = {"edition": edition, "course": course, "version": version, "is_announced": announce}
    shown = "announced" if announce else "not announced yet"
    answer(
        wants_json, document, lambda: iter([f"{edition}: version {version} of {course}, {shown}."])
    )


@editions.command()
@click.argument("edition")
def announce(edition: str) -> None:
    """Show an edition in the catalogue and the feed from now on."""
    with opened(), writing():
        announce_edition(_found(edition))
    click.echo(f"{edition}: announced.")


@editions.command()
@click.argument("edition")
@click.option("--version", "number", type=NUMBER, required=True)
@click.option("--dry-run", is_flag=True, help="Show who is affected and how; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
@as_json
def move(edition: str, number: int, dry_run: bool, yes: bool, wants_json: bool) -> None:
    """Bring a running edition to another version; shows first who is affected and how.

    At a terminal it then asks whether to go on.
    """
    with opened():
        found = _found(edition)
        version = find_version(course_slug_of(found), number)
        if version is None:
            raise Refused(f"the course has no version {number}")
        shown = plan_move(found, version)
        if not wants_json:
            _say(_told(shown))
        if dry_run:
            answer(wants_json, _as_json(shown) | {"is_done": False}, _nothing_changed)
            return
        if not (yes or wants_json) and sys.stdin.isatty():
            click.confirm("Go on?", abort=True)
        with writing():
            done = move_edition(found, version)
        if done.effects != shown.effects and not wants_json:  # somebody went on meanwhile
            _say(_told(done))
        answer(wants_json, _as_json(done) | {"is_done": True}, _all_done)


def _say(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


def _nothing_changed() -> Iterator[str]:
    yield "Nothing was changed."


def _all_done() -> Iterator[str]:
    yield "Done. Completions and their dates stay recorded."


def _found(slug: str) -> Edition:
    edition = find_edition(slug)
    if edition is None:
        raise Refused(f"there is no edition “{slug}”")
    return edition


def _as_json(planned: Move) -> dict[str, object]:
    known = accounts_of(planned.effects)
    return {
        "edition": planned.edition,
        "from": planned.from_version,
        "to": planned.to_version,
        "changes": [change.as_json() for change in planned.changes],
        "people": [
            {
                "person": person,
                "name": known[person].name if person in known else None,
                "email": known[person].email if person in known else None,
                "before": {"done": effect.before.done, "total": effect.before.total},
                "after": {"done": effect.after.done, "total": effect.after.total},
                "lost": effect.lost,
            }
            for person, effect in planned.effects.items()
        ],
        "affected": len(planned.felt),
    }


def _told(planned: Move) -> Iterator[str]:
    known = accounts_of(planned.felt)
    yield f"{planned.edition}: version {planned.from_version} → {planned.to_version}"
    for change in planned.changes:
        language = "" if change.language == "*" else f" ({change.language})"
        yield f"  {change.change:8} {change.what:7} {change.title}{language}"
    yield (
        f"{len(planned.effects)} people have a place; "
        f"progress is counted differently for {len(planned.felt)}:"
    )
    for person, effect in planned.felt.items():
        before, after = effect.before, effect.after
        lost = f"; no longer counted: {', '.join(effect.lost)}" if effect.lost else ""
        counted = f"{before.done} of {before.total} → {after.done} of {after.total}"
        account = known.get(person)
        who = f"{account.name} <{account.email}>" if account else f"person {person}, erased"
        yield f"  {who}: {counted}{lost}"


def slugs(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    return [one.strip() for one in typed.split(",") if one.strip()]


@editions.command()
@click.argument("edition")
@click.option("--modules", default="", callback=slugs, help="Addresses, with commas between them.")
@click.option("--items", default="", callback=slugs, help="Quizzes and other activities, likewise.")
@click.option(
    "--hours", type=click.FloatRange(0, 1000, min_open=True), help="Default: the modules'."
)
@click.option("--approval", is_flag=True, help="Somebody has to approve each one.")
@as_json
def certificate(
    edition: str,
    modules: list[str],
    items: list[str],
    hours: float | None,
    approval: bool,
    wants_json: bool,
) -> None:
    """Say what an edition's certificate asks for; what was issued stays as it is."""
    how = IssuedBy.APPROVAL if approval else IssuedBy.RULE
    with opened(), writing():
        ask_for(_found(edition), modules, items, how, hours)
    made = {"edition": edition, "modules": modules, "items": items, "hours": hours, "by": how.value}
    told = f"{edition}: the certificate asks for {', '.join([*modules, *items])}, by {how.value}."
    answer(wants_json, made, lambda: iter([told]))
