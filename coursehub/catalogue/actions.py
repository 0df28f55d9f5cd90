"""Making editions, announcing them, and keeping their instants true to their local times."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import update

from coursehub.catalogue.models import Edition, Format
from coursehub.catalogue.queries import editions_to_come, find_edition
from coursehub.catalogue.rules import why_not_create_edition
from coursehub.content.queries import find_version
from coursehub.foundation.clock import instant, now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import daily
from coursehub.foundation.refusal import refuse_if


def create_edition(
    course_slug: str,
    slug: str,
    *,
    version: int,
    format: Format,  # noqa: A002 - the column's name
    starts_on: date,
    ends_on: date,
    zone: str,
    opens_local: datetime,
    closes_local: datetime,
    seats: int | None = None,
) -> Edition:
    """An edition of a course's version, not announced yet; local times are naive, of `zone`."""
    pinned = find_version(course_slug, version)
    refuse_if(
        why_not_create_edition(
            slug=slug,
            has_version=pinned is not None,
            is_slug_taken=find_edition(slug) is not None,
            zone=zone,
            days=(starts_on, ends_on),
            enrolment=(opens_local, closes_local),
            seats=seats,
        )
    )
    assert pinned is not None  # noqa: S101 - the rule has just said so
    edition = Edition(
        course_id=pinned.course_id,
        version_id=pinned.id,
        slug=slug,
        format=format,
        starts_on=starts_on,
        ends_on=ends_on,
        zone=zone,
        opens_local=opens_local,
        closes_local=closes_local,
        seats=seats,
    )
    derive_instants(edition)
    db.session.add(edition)
    db.session.flush()
    return edition


def announce_edition(edition: Edition) -> None:
    """Show an edition in the catalogue and the feed from now on; once announced it stays so."""
    if edition.announced_at is None:
        edition.announced_at = now()


def take_seat(edition: Edition) -> None:
    """Count one more seat as taken; the database refuses more than there are."""
    _count_seats(edition, 1)


def give_seat_back(edition: Edition) -> None:
    """Count one seat less as taken."""
    _count_seats(edition, -1)


def derive_instants(edition: Edition) -> None:
    """Work out the moments at which enrolment opens and closes from what was agreed locally."""
    edition.opens_at, edition.closes_at = _instants_of(edition)


@daily
def follow_zone_rules() -> Callable[[], None] | None:
    """Derive instants again where a country has changed its clocks since they were derived."""
    stale = [e.id for e in editions_to_come() if (e.opens_at, e.closes_at) != _instants_of(e)]

    def derive() -> None:
        for edition_id in stale:
            derive_instants(db.session.get_one(Edition, edition_id))

    return derive if stale else None


def _count_seats(edition: Edition, by: int) -> None:
    # Counted by the database: two people who read the same number would both write the next one.
    counted = update(Edition).where(Edition.id == edition.id)
    db.session.execute(counted.values(seats_taken=Edition.seats_taken + by))
    db.session.expire(edition, ["seats_taken"])


def _instants_of(edition: Edition) -> tuple[datetime, datetime]:
    local = (edition.opens_local, edition.closes_local)
    opens_at, closes_at = (instant(moment, edition.zone) for moment in local)
    return opens_at, closes_at
