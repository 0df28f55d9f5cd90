"""Reading surveys: what they ask, who has answered, and the figures of their last step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from coursehub.accounts.models import Account, Person
from coursehub.content.models import VersionActivity
from coursehub.enrolment.models import Enrolment
from coursehub.foundation.database import db
from coursehub.learning.queries import Reading
from coursehub.learning.rules import SMALLEST_GROUP, is_open, items_of
from coursehub.surveys.models import NamedResponse, Participation, Response, Tally
from coursehub.surveys.rules import Json
from coursehub.surveys.rules.counting import figures_of


def find_survey(version_id: int, item_id: int) -> Json | None:
    """A survey of a version as its file says it, in all its languages."""
    survey: Json | None = db.session.scalar(
        select(VersionActivity.activity).where(
            VersionActivity.version_id == version_id, VersionActivity.item_id == item_id
        )
    )
    return survey


def has_answered(person_id: int | None, edition_id: int, item_id: int) -> bool:
    """Whether someone has answered a survey: all that is known of them and it."""
    same = select(Person.id).where((Person.id == person_id) | (Person.merged_into == person_id))
    mine = select(Participation.item_id).where(
        Participation.person_id.in_(same),
        Participation.edition_id == edition_id,
        Participation.item_id == item_id,
    )
    return db.session.scalar(mine.limit(1)) is not None


def other_half(reading: Reading, item: Json) -> Json | None:
    """The other survey of a pair, as the outline names it, or None."""
    for _module, other in items_of(reading.outline):
        if item.get("pair") and other.get("pair") == item["pair"] and other["id"] != item["id"]:
            return other
    return None


def surveys_of(reading: Reading) -> list[tuple[Json, Json]]:
    """The surveys of a version that can be answered, each with its module, in reading order."""
    return [
        (module, item)
        for module, item in items_of(reading.outline)
        if item["kind"] == "survey" and is_open(item)
    ]


def tallies_of(edition_id: int) -> dict[int, Tally]:
    """What was counted of each survey of an edition that is answered without a name."""
    rows = db.session.scalars(select(Tally).where(Tally.edition_id == edition_id))
    return {tally.item_id: tally for tally in rows}


def answered_with_names(edition_id: int) -> dict[int, int]:
    """How many answered each survey of an edition with their name."""
    rows = db.session.execute(
        select(NamedResponse.item_id, func.count())
        .where(NamedResponse.edition_id == edition_id)
        .group_by(NamedResponse.item_id)
    )
    return {row[0]: row[1] for row in rows}


def count_places(edition_id: int) -> int:
    """How many have a place in an edition."""
    rows = select(func.count()).where(
        Enrolment.edition_id == edition_id, Enrolment.ended_at.is_(None)
    )
    return db.session.scalars(rows).one()


def responses_to(edition_id: int, item_id: int) -> Sequence[Mapping[str, Any]]:
    """Every answer to a survey without a name, as it was given."""
    rows = select(Response.answers).where(
        Response.edition_id == edition_id, Response.item_id == item_id
    )
    return db.session.scalars(rows).all()


def coded_responses(edition_id: int, item_id: int) -> list[tuple[str | None, Mapping[str, Any]]]:
    """Every answer to a survey of a pair, with what is stored of its code."""
    rows = select(Response.code, Response.answers).where(
        Response.edition_id == edition_id, Response.item_id == item_id
    )
    return [(row.code, row.answers) for row in db.session.execute(rows)]


@dataclass(frozen=True, slots=True)
class Named:
    """What someone answered with their name; whoever was erased is not among them."""

    name: str
    answers: Mapping[str, Any]
    answered_at: datetime


def named_responses(edition_id: int, item_id: int) -> list[Named]:
    """Every answer to a survey with names, by name."""
    rows = (
        select(Account.name, NamedResponse.answers, NamedResponse.answered_at)
        .join(Account, Account.person_id == NamedResponse.person_id)
        .where(NamedResponse.edition_id == edition_id, NamedResponse.item_id == item_id)
        .order_by(Account.name, NamedResponse.person_id)
    )
    return [Named(*row) for row in db.session.execute(rows)]


@dataclass(frozen=True, slots=True)
class Results:
    """What is shown of a survey: the figures of `counted` answers, of all the `answered`."""

    answered: int
    counted: int
    counted_on: date | None
    figures: Mapping[str, Any]
    pairs: int = 0
    comparison: Mapping[str, Any] | None = None


def results_of(reading: Reading, item: Json, survey: Json) -> Results:
    """The figures of a survey, nothing below SMALLEST_GROUP; those of a pair are the same twice."""
    if survey["keeping"] == "identified":
        return _of_named(reading, item, survey)
    tallies = tallies_of(reading.edition_id)
    tally = tallies.get(item["id"]) or Tally(answered=0, counted=0, figures={})
    first = item if item.get("when") != "after" else other_half(reading, item)
    paired = tallies.get(first["id"]) if first else None
    return Results(
        tally.answered,
        tally.counted,
        tally.counted_on,
        _enough(tally.figures),
        paired.pairs if paired else 0,
        paired.comparison if paired else None,
    )


def _of_named(reading: Reading, item: Json, survey: Json) -> Results:
    given = [one.answers for one in named_responses(reading.edition_id, item["id"])]
    counted = len(given) if len(given) >= SMALLEST_GROUP else 0
    figures = figures_of(survey, given) if counted else {}
    return Results(len(given), counted, None, _enough(figures))


def _enough(figures: Mapping[str, Any]) -> Json:
    return {name: one for name, one in figures.items() if one["n"] >= SMALLEST_GROUP}
