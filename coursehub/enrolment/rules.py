"""Who may take a place, when there is none to be had, and what an edition's page shows first."""

from collections.abc import Sequence
from datetime import datetime

from coursehub.accounts.models import Viewer
from coursehub.catalogue.models import Edition
from coursehub.catalogue.rules import State, state_of
from coursehub.foundation.language import _, _n, day_and_time


def may_enrol(viewer: Viewer, edition: Edition, moment: datetime) -> bool:
    """Everyone with an account may ask for a place in an edition that is announced."""
    return viewer.is_signed_in and edition.is_announced_at(moment)


def why_not_enrol(
    edition: Edition, moment: datetime, *, has_place: bool, zone: str | None = None
) -> str | None:
    """Why there is no place for this person now, and what they can do; or None."""
    if has_place:
        return _("You already have a place in this edition.")
    zone = zone or edition.zone
    state = state_of(edition, moment)
    if state == State.UPCOMING:
        opens = day_and_time(edition.opens_at, zone)
        return _("Enrolment opens on %(moment)s. Come back then to take a place.", moment=opens)
    if state == State.CLOSED:
        closed = day_and_time(edition.closes_at, zone)
        return _(
            "Enrolment closed on %(moment)s. A new edition is announced on this page.",
            moment=closed,
        )
    if state == State.OVER:
        ended = day_and_time(edition.ends_at, zone)
        return _(
            "This edition ended on %(moment)s. A new edition is announced on this page.",
            moment=ended,
        )
    return _why_full(edition, zone) if state == State.FULL else None


def why_not_leave(edition: Edition, moment: datetime) -> str | None:
    """Why a place cannot be given up, or None."""
    if state_of(edition, moment) != State.OVER:
        return None
    return _(
        "This edition is over, so a place in it can no longer be given up."
        " What you completed stays recorded."
    )


def edition_to_show(held: Sequence[Edition], moment: datetime) -> Edition | None:
    """Of the editions someone has a place in, the one that their course page is about."""
    return next((one for one in held if state_of(one, moment) != State.OVER), None)


def _why_full(edition: Edition, zone: str) -> str:
    return _n(
        "This edition is full: its only place is taken. "
        "If it is given up before %(moment)s, it can be taken here.",
        "This edition is full: all %(num)s places are taken. "
        "A place that is given up before %(moment)s can be taken here.",
        edition.seats or 0,
        moment=day_and_time(edition.closes_at, zone),
    )
