"""Moving a running edition to another published version, with a preview of who is affected."""

from dataclasses import dataclass

from sqlalchemy import func, select

from coursehub.accounts.models import Person
from coursehub.catalogue.models import Edition
from coursehub.content.actions.changes import Change, between
from coursehub.content.models import CourseVersion, VersionPage
from coursehub.enrolment.models import Enrolment
from coursehub.foundation.database import db
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.queries import completions_in
from coursehub.learning.rules import Effect, Json, effect_of_move, why_not_move


@dataclass(frozen=True, slots=True)
class Move:
    """What a move would change: parts of the course, and the progress of each person enrolled."""

    edition: str
    from_version: int
    to_version: int
    changes: list[Change]
    effects: dict[int, Effect]

    @property
    def felt(self) -> dict[int, Effect]:
        """The effects on those whose progress is counted differently afterwards."""
        return {person: effect for person, effect in self.effects.items() if effect.is_felt}


def plan_move(edition: Edition, version: CourseVersion) -> Move:
    """Who would be affected, and how. Refused if the version cannot be this edition's."""
    current = db.session.get_one(CourseVersion, edition.version_id)
    refuse_if(
        why_not_move(
            is_same_course=version.course_id == edition.course_id,
            is_same_version=version.id == current.id,
        )
    )
    outlines = _outline(current), _outline(version)
    known = completions_in(edition.id)
    wholes = current.is_whole, version.is_whole
    effects = {
        person: effect_of_move(*outlines, known.get(person, {}), wholes=wholes)
        for person in _enrolled(edition.id)
    }
    return Move(
        edition.slug, current.number, version.number, between(current.id, version.id), effects
    )


def move(edition: Edition, version: CourseVersion) -> Move:
    """Let the edition show this version from now on; facts about people stay as they are."""
    planned = plan_move(edition, version)
    edition.version_id = version.id
    return planned


def _outline(version: CourseVersion) -> list[Json]:
    return db.session.get_one(VersionPage, (version.id, version.source_language)).outline


def _enrolled(edition_id: int) -> list[int]:
    # Completions are listed under whom someone was merged into; so are those who have a place.
    person = func.coalesce(Person.merged_into, Person.id)
    people = (
        select(person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.edition_id == edition_id, Enrolment.ended_at.is_(None))
    )
    return list(db.session.scalars(people.distinct().order_by(person)))
