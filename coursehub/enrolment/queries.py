"""Finding the places that people have in editions."""

from collections.abc import Sequence

from sqlalchemy import select

from coursehub.catalogue.models import Edition
from coursehub.content.models import Course
from coursehub.enrolment.models import Enrolment
from coursehub.foundation.database import db


def find_place(person_id: int, edition_id: int, *, is_held: bool = False) -> Enrolment | None:
    """The place a person has now in an edition; `is_held`, nobody ends it in this unit of work."""
    place = select(Enrolment).where(
        Enrolment.person_id == person_id,
        Enrolment.edition_id == edition_id,
        Enrolment.ended_at.is_(None),
    )
    return db.session.scalar(place.with_for_update(read=True) if is_held else place)


def editions_held(person_id: int, course_slug: str) -> Sequence[Edition]:
    """The editions of a course in which a person has a place now, those that start last first."""
    held = (
        select(Edition)
        .join(Enrolment, Enrolment.edition_id == Edition.id)
        .join(Course, Course.id == Edition.course_id)
        .where(
            Course.slug == course_slug,
            Enrolment.person_id == person_id,
            Enrolment.ended_at.is_(None),
        )
    )
    return db.session.scalars(held.order_by(Edition.starts_on.desc(), Edition.id.desc())).all()
