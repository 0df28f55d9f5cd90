"""Taking a place in an edition, and giving it up."""

from sqlalchemy import update

from coursehub.accounts.queries import numbers_of
from coursehub.catalogue.actions import give_seat_back, take_seat
from coursehub.catalogue.models import Edition
from coursehub.enrolment.mail import send_welcome
from coursehub.enrolment.models import Enrolment
from coursehub.enrolment.queries import find_place
from coursehub.enrolment.rules import why_not_enrol, why_not_leave
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, not_before
from coursehub.foundation.jobs import later
from coursehub.foundation.refusal import Refused, flush_or_refuse, refuse_if


def enrol(person_id: int, edition: Edition) -> bool:
    """Take a place. False if the person has one already; refused if there is none to be had."""

    def has_place() -> bool:
        return find_place(person_id, edition.id) is not None

    def why_not() -> str | None:
        db.session.refresh(edition)
        return why_not_enrol(edition, now(), has_place=has_place())

    def take() -> None:
        db.session.add(place)
        take_seat(edition)

    place = Enrolment(person_id=person_id, edition_id=edition.id, began_at=now())
    try:
        refuse_if(why_not())
        flush_or_refuse(take, why_not)
    except Refused:
        if has_place():  # the button was pressed twice
            return False
        raise
    later(send_welcome, enrolment_id=place.id)
    return True


def leave(person_id: int, edition: Edition) -> bool:
    """Give up a place, so that someone else can take it. False if the person has none.

    What they completed stays recorded.
    """
    refuse_if(why_not_leave(edition, now()))
    ended = update(Enrolment).where(
        Enrolment.person_id == person_id,
        Enrolment.edition_id == edition.id,
        Enrolment.ended_at.is_(None),
    )
    ended_at = not_before(Enrolment.began_at, now())
    # Of two requests at once only one ends the place, so its seat is given back once.
    if not db.session.scalars(ended.values(ended_at=ended_at).returning(Enrolment.id)).all():
        return False
    give_seat_back(edition)
    return True


def end_places(person_id: int) -> int:
    """End every place of someone who is erased, and give the seats back; gives how many.

    Places in editions that are over end too, though nobody can give those up: a place that is open
    says that somebody may come in by it, and there is nobody any more. That it was held stays.
    """
    open_ones = update(Enrolment).where(
        Enrolment.person_id.in_(numbers_of(person_id)), Enrolment.ended_at.is_(None)
    )
    ended = open_ones.values(ended_at=not_before(Enrolment.began_at, now()))
    editions = sorted(db.session.scalars(ended.returning(Enrolment.edition_id)))
    for edition_id in editions:
        give_seat_back(db.session.get_one(Edition, edition_id))
    return len(editions)
