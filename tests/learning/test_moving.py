"""Moving an edition: what its preview promises, for whom, and what it leaves alone."""

from datetime import UTC, datetime

import pytest

from coursehub.accounts.models import Person
from coursehub.catalogue.models import Edition
from coursehub.content.models import CourseVersion, VersionPage
from coursehub.foundation.database import db, writing
from coursehub.foundation.language import speaking
from coursehub.foundation.refusal import Refused
from coursehub.learning.actions import move, plan_move
from coursehub.learning.rules import effect_of_move
from tests import make

DAY = datetime(2026, 11, 3, 12, tzinfo=UTC)
BOTH = (True, True)


def outline(*lessons: int) -> list[dict]:
    items = [{"id": n, "kind": "lesson", "state": "ready", "title": f"Lesson {n}"} for n in lessons]
    return [{"id": 100, "items": items}]


def test_a_lesson_known_by_its_id_stays_completed_wherever_it_stands():
    effect = effect_of_move(outline(1, 2, 3), outline(3, 1, 2), {1: DAY}, wholes=BOTH)

    assert not effect.is_felt
    assert effect.after.completed == {1: DAY}


def test_a_completed_lesson_that_is_gone_is_named():
    effect = effect_of_move(outline(1, 2), outline(2), {1: DAY}, wholes=BOTH)

    assert effect.lost == ["Lesson 1"]
    assert (effect.after.done, effect.after.total) == (0, 1)


def test_one_lesson_lost_and_another_gained_is_felt_though_the_counts_agree():
    done = {1: DAY, 3: DAY}
    effect = effect_of_move(outline(1, 2), outline(3, 2), done, wholes=BOTH)

    assert (effect.before.done, effect.after.done) == (1, 1)
    assert effect.is_felt


def test_whoever_was_finished_and_is_so_no_more_is_affected():
    effect = effect_of_move(outline(1), outline(1), {1: DAY}, wholes=(True, False))

    assert effect.is_felt


@pytest.fixture
def taught(app) -> tuple[Edition, CourseVersion]:
    """An edition on a course's first version, and the second."""
    edition = make.taught()
    facts = {"languages": ["es"]}
    newer = make.version(course_id=edition.course_id, number=2, facts=facts)
    make.saved(_page_like(edition.version_id, newer.id))
    return edition, newer


def test_someone_merged_into_another_is_previewed_as_that_person(taught):
    edition, newer = taught
    kept, merged = make.person(), make.person()
    make.enrolment(person_id=merged, edition_id=edition.id)
    with writing():
        db.session.get_one(Person, merged).merged_into = kept

    assert list(plan_move(edition, newer).effects) == [kept]


def test_the_preview_moves_nothing_and_the_move_does(taught):
    edition, newer = taught
    before = edition.version_id

    plan_move(edition, newer)
    assert edition.version_id == before
    with writing():
        planned = move(edition, newer)
    assert edition.version_id == newer.id
    assert (planned.from_version, planned.to_version) == (1, 2)


def test_an_edition_cannot_move_to_where_it_is_or_to_another_course(taught):
    edition, _newer = taught
    here = db.session.get_one(CourseVersion, edition.version_id)

    elsewhere = make.version(facts={"languages": ["es"]})
    with speaking("en"), pytest.raises(Refused, match="already"):
        plan_move(edition, here)
    with speaking("en"), pytest.raises(Refused, match="another course"):
        plan_move(edition, elsewhere)


def _page_like(version_id: int, other: int) -> VersionPage:
    old = db.session.get_one(VersionPage, (version_id, "es"))
    said = {"course": old.course, "outline": old.outline, "glossary": old.glossary}
    return VersionPage(version_id=other, language="es", **said)
