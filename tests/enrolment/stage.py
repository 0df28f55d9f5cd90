"""What the tests of places need again and again."""

from sqlalchemy import select

from coursehub.catalogue.models import Edition
from coursehub.enrolment.models import Enrolment
from coursehub.foundation.database import db
from tests import make


def edition_of(version, **given) -> Edition:
    return make.edition(course_id=version.course_id, version_id=version.id, **given)


def an_edition(**given) -> Edition:
    """An edition `an-edition` of a course `a-course`, open unless said otherwise."""
    return edition_of(make.offer("a-course"), **{"slug": "an-edition"} | given)


def places() -> list[Enrolment]:
    return list(db.session.scalars(select(Enrolment).order_by(Enrolment.id)))


def seats_taken() -> int:
    return db.session.scalars(select(Edition.seats_taken)).one()
