"""Making editions, and how they stand as time goes by."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from coursehub.catalogue.actions import announce_edition, create_edition, follow_zone_rules
from coursehub.catalogue.models import Edition, Format
from coursehub.catalogue.rules import State, state_of, why_not_create_edition
from coursehub.foundation.database import db, writing
from coursehub.foundation.language import speaking
from coursehub.foundation.refusal import Refused
from tests import make

GIVEN = {
    "version": 1,
    "format": Format.FACILITATED,
    "starts_on": date(2027, 3, 1),
    "ends_on": date(2027, 4, 30),
    "zone": "America/Asuncion",
    "opens_local": datetime(2027, 2, 1, 9),
    "closes_local": datetime(2027, 2, 28, 18),
    "seats": 1,
}

# None of these can stand in an address as it is.
ODD = ["", "a/b", "..", "a b", "<script>", "-a", "Ñ", "a\n", "a" * 61, "a\0"]


def created(slug: str = "an-edition") -> Edition:
    version = make.offer("a-course")
    with writing():
        return create_edition("a-course", slug, **GIVEN | {"version": version.number})


def test_an_editions_moments_follow_from_its_local_times(app):
    edition = created()

    assert edition.opens_at == datetime(2027, 2, 1, 12, tzinfo=UTC)
    assert edition.starts_at == datetime(2027, 3, 1, 3, tzinfo=UTC)
    assert edition.ends_at.replace(microsecond=0) == datetime(2027, 5, 1, 2, 59, 59, tzinfo=UTC)


def test_an_edition_shows_a_version_of_its_own_course_and_of_no_other(app):
    another = make.version()

    with pytest.raises(IntegrityError):
        make.edition(course_id=make.course().id, version_id=another.id)


def test_an_edition_is_seen_once_it_is_announced(visitor):
    edition = created()
    address = "/courses/a-course?edition=an-edition"
    assert visitor.get(address).status_code == 404

    with writing():
        announce_edition(edition)
    first = edition.announced_at
    with writing():
        announce_edition(edition)

    assert visitor.get(address).status_code == 200
    assert edition.announced_at == first


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2027, 2, 1, 11, 59, tzinfo=UTC), State.UPCOMING),
        (datetime(2027, 2, 1, 12, tzinfo=UTC), State.OPEN),
        (datetime(2027, 2, 28, 20, 59, tzinfo=UTC), State.OPEN),
        (datetime(2027, 2, 28, 21, tzinfo=UTC), State.CLOSED),
        (datetime(2027, 5, 1, 2, 59, tzinfo=UTC), State.CLOSED),
        (datetime(2027, 5, 1, 3, tzinfo=UTC), State.OVER),
    ],
)
def test_an_edition_goes_through_its_states(app, moment, state):
    assert state_of(created(), moment) == state


def test_a_second_edition_of_the_same_address_is_refused(app):
    created()

    with speaking("en"), pytest.raises(Refused, match="address"):
        create_edition("a-course", "an-edition", **GIVEN)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"has_version": False}, "version"),
        *(({"slug": slug}, "hyphens") for slug in ODD),
        ({"days": (date(2027, 1, 1), date(9999, 12, 31))}, "2200"),
        ({"enrolment": (datetime(1, 1, 1), datetime(2027, 2, 1))}, "2000"),
        ({"is_slug_taken": True}, "address"),
        ({"zone": "America/Nowhere"}, "America/Nowhere"),
        ({"days": (date(2027, 2, 1), date(2027, 1, 1))}, "ends before"),
        ({"enrolment": (datetime(2027, 2, 1), datetime(2027, 2, 1))}, "closes before"),
        ({"seats": 0}, "at least one"),
    ],
)
def test_an_edition_that_cannot_be_is_refused_with_the_reason(app, given, word):
    sound = {
        "slug": "an-edition",
        "has_version": True,
        "is_slug_taken": False,
        "zone": "UTC",
        "days": (date(2027, 1, 1), date(2027, 1, 1)),
        "enrolment": (datetime(2027, 1, 1), datetime(2027, 2, 1)),
        "seats": None,
    }
    assert why_not_create_edition(**sound) is None
    with speaking("en"):
        assert word in why_not_create_edition(**sound | given)


def test_moments_are_derived_again_when_a_country_changes_its_clocks(app, clock):
    clock(datetime(2027, 1, 1, tzinfo=UTC))
    edition = created()
    right = edition.opens_at
    with writing():
        edition.opens_at = datetime(2027, 2, 1, 13, tzinfo=UTC)

    derive = follow_zone_rules()
    with writing():
        derive()

    assert db.session.get_one(Edition, edition.id).opens_at == right
    assert follow_zone_rules() is None
