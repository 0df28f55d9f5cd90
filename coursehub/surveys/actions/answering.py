"""Keeping an answer: with its author's name, or mixed with others so that nothing joins the two."""

from datetime import UTC, datetime, time

from sqlalchemy import text

from coursehub.catalogue.models import Edition
from coursehub.enrolment.queries import find_place
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.actions import earn
from coursehub.learning.queries import Reading
from coursehub.surveys.actions.mixing import mix_in
from coursehub.surveys.actions.tallying import count, hold
from coursehub.surveys.models import NamedResponse
from coursehub.surveys.queries import has_answered
from coursehub.surveys.rules import Json, why_not_answer

NOTE = text(
    """
    INSERT INTO survey_participations (person_id, edition_id, item_id)
    VALUES (:person, :edition, :item)
    ON CONFLICT (person_id, edition_id, item_id) DO NOTHING RETURNING item_id
    """
)


def answer(
    person_id: int, reading: Reading, item: Json, survey: Json, answers: Json, code: str | None
) -> None:
    """Keep what someone answered, once. Refused with the reason.

    That they have answered is noted in the same unit of work, and completes the item: without a
    name, of a day and no moment.
    """
    place = find_place(person_id, reading.edition_id, is_held=True)
    known = has_answered(person_id, reading.edition_id, item["id"])
    _refuse(reading, is_enrolled=place is not None, is_known=known)
    given = {"person": person_id, "edition": reading.edition_id, "item": item["id"]}
    if db.session.execute(NOTE, given).first() is None:  # in another tab, in the same moment
        _refuse(reading, is_enrolled=True, is_known=True)
    moment = now()
    if survey["keeping"] == "identified":
        named = NamedResponse(
            person_id=person_id,
            edition_id=reading.edition_id,
            item_id=item["id"],
            answers=answers,
            answered_at=moment,
        )
        db.session.add(named)
    else:
        held = hold(reading, item)
        mix_in(reading.edition_id, item["id"], code, answers)
        count(reading, item, survey, held)
        moment = datetime.combine(moment.date(), time(), UTC)
    earn(person_id, reading, item, moment)


def _refuse(reading: Reading, *, is_enrolled: bool, is_known: bool) -> None:
    ends_at = db.session.get_one(Edition, reading.edition_id).ends_at
    refuse_if(
        why_not_answer(
            is_enrolled=is_enrolled, has_answered=is_known, moment=now(), ends_at=ends_at
        )
    )
