"""How an edition stands, what can be asked of the catalogue, when an edition can be made."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from coursehub.catalogue.models import Edition, Format
from coursehub.foundation.language import _
from coursehub.settings import LANGUAGES

TOPICS = ("foundations", "memory", "protection", "equality", "tools")
CHOICES = {
    "language": LANGUAGES,
    "topic": TOPICS,
    "format": tuple(Format),
    "open": ("now",),
}

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
# Far from where calendars end: moments are worked out of these years in every zone.
YEARS = range(2000, 2201)


class State(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    OVER = "over"


def state_of(edition: Edition, moment: datetime) -> State:
    """What an edition is at a moment; its last day ends when it ends in the edition's zone."""
    if moment.astimezone(ZoneInfo(edition.zone)).date() > edition.ends_on:
        return State.OVER
    if moment < edition.opens_at:
        return State.UPCOMING
    if moment >= edition.closes_at:
        return State.CLOSED
    return State.FULL if edition.is_full else State.OPEN


def known_filters(asked: Mapping[str, str]) -> dict[str, str]:
    """The filters that mean something; whatever else stands in an address is left out."""
    return {name: asked[name] for name, values in CHOICES.items() if asked.get(name) in values}


def why_not_create_edition(
    *,
    slug: str,
    has_version: bool,
    is_slug_taken: bool,
    zone: str,
    days: tuple[date, date],
    enrolment: tuple[datetime, datetime],
    seats: int | None,
) -> str | None:
    """The first reason there cannot be such an edition, or None."""
    if not has_version:
        return _("There is no such version of this course.")
    if not SLUG.fullmatch(slug):
        return _(
            "The address of an edition has at most 60 small letters, digits and hyphens, "
            "and begins with no hyphen."
        )
    if is_slug_taken:
        return _("There is already an edition with this address.")
    if zone not in available_timezones():
        return _("There is no time zone “%(zone)s”.", zone=zone)
    if seats is not None and seats < 1:
        return _("An edition needs at least one place.")
    return _why_not_at_these_times(days, enrolment)


def _why_not_at_these_times(
    days: tuple[date, date], enrolment: tuple[datetime, datetime]
) -> str | None:
    if not all(day.year in YEARS for day in (*days, *enrolment)):
        return _("The dates of an edition lie between the years 2000 and 2200.")
    if days[1] < days[0]:
        return _("The edition ends before it starts.")
    if enrolment[1] <= enrolment[0]:
        return _("Enrolment closes before it opens.")
    return None
