"""Counting what was answered without a name, in steps of SMALLEST_GROUP."""

from sqlalchemy import Select, func, literal_column, select, text

from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.learning.queries import Reading
from coursehub.surveys.models import Response, Tally
from coursehub.surveys.queries import coded_responses, find_survey, other_half, responses_to
from coursehub.surveys.rules import Json, is_step
from coursehub.surveys.rules.counting import comparison_of, figures_of, pairs_among

BEGIN = text(
    """
    INSERT INTO survey_tallies (edition_id, item_id, answered, counted, figures, pairs, comparison)
    VALUES (:edition, :item, 0, 0, '{}', 0, '{}')
    ON CONFLICT (edition_id, item_id) DO NOTHING
    """
)


def hold(reading: Reading, item: Json) -> dict[int, Tally]:
    """The tallies of a survey and its other half, held until the end: answers come one by one.

    Two that came at once would each be counted without the other, and the difference would tell.
    """
    other = other_half(reading, item)
    # In one order always, so that nobody waits for somebody who waits for them.
    numbers = sorted({item["id"], other["id"]} if other else {item["id"]})
    db.session.execute(BEGIN, [{"edition": reading.edition_id, "item": n} for n in numbers])
    rows = (
        select(Tally)
        .where(Tally.edition_id == reading.edition_id, Tally.item_id.in_(numbers))
        .order_by(Tally.item_id)
        .with_for_update()
    )
    return {tally.item_id: tally for tally in db.session.scalars(rows)}


def count(reading: Reading, item: Json, survey: Json, held: dict[int, Tally]) -> None:
    """Count one answer more; make the figures again if it is the last one of a step."""
    mine = held[item["id"]]
    if is_step(mine.answered + 1, mine.counted):
        responses = responses_to(reading.edition_id, item["id"])
        mine.figures = figures_of(survey, responses)
        mine.counted, mine.counted_on = mine.answered + 1, now().date()
    mine.answered += 1
    other = other_half(reading, item)
    if survey["keeping"] == "paired" and other is not None:
        _compare(reading, item, survey, other, held)


def _compare(
    reading: Reading, item: Json, survey: Json, other: Json, held: dict[int, Tally]
) -> None:
    first, second = (item, other) if survey["when"] == "before" else (other, item)
    tally = held[first["id"]]
    if not is_step(_matching(reading.edition_id, first["id"], second["id"]), tally.pairs):
        return
    asked = {item["id"]: survey, other["id"]: find_survey(reading.version_id, other["id"]) or {}}
    pairs = pairs_among(
        coded_responses(reading.edition_id, first["id"]),
        coded_responses(reading.edition_id, second["id"]),
    )
    tally.comparison = comparison_of(asked[first["id"]], asked[second["id"]], pairs)
    tally.pairs, tally.paired_on = len(pairs), now().date()


def _matching(edition_id: int, *items: int) -> int:
    """How many codes stand once in each of two surveys."""
    codes: Select[int] = (
        select(literal_column("1"))
        .select_from(Response)
        .where(Response.edition_id == edition_id, Response.item_id.in_(items))
        .group_by(Response.code)
        .having(func.count() == len(items), func.count(Response.item_id.distinct()) == len(items))
    )
    return db.session.scalars(select(func.count()).select_from(codes.subquery())).one()
