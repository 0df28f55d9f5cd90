"""What people do in a course: reach a lesson, complete it, take that back."""

import uuid
from datetime import datetime
from typing import Protocol

from sqlalchemy import JSON, bindparam, select, text

from coursehub.enrolment.queries import find_place
from coursehub.foundation.clock import now
from coursehub.foundation.database import UtcDateTime, db
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.models import Fact, FactKind
from coursehub.learning.queries import Reading
from coursehub.learning.rules import (
    COMPLETION_RULES,
    Json,
    why_not_complete,
    why_not_mark_as_read,
    why_not_record,
)

# Whoever knows person, edition and item can make the same event's id: a browser, a phone without
# a line, this server. So the same completion sent twice is one.
EVENTS = uuid.UUID("6b0b1f0e-0d0c-4d3e-9a61-6f4f6a1d7c52")


def completion_id(person_id: int, edition_id: int, item_id: int) -> str:
    """The id of the event that this person completed this item in this edition."""
    return str(uuid.uuid5(EVENTS, f"{person_id}/{edition_id}/{item_id}/completed"))


REACH = text(
    """
    INSERT INTO bookmarks (person_id, edition_id, item_id, reached_at)
    VALUES (:person, :edition, :item, :moment)
    ON CONFLICT (person_id, edition_id) DO UPDATE SET item_id = :item, reached_at = :moment
    """
)


RECORD = text(
    """
    INSERT INTO facts (event_id, revision, person_id, edition_id, item_id, version_id, kind, rule,
        details, happened_at)
    VALUES (:event_id, :revision, :person_id, :edition_id, :item_id, :version_id, :kind, :rule,
        :details, :happened_at)
    ON CONFLICT (person_id, event_id, revision) DO NOTHING RETURNING id
    """
).bindparams(bindparam("details", type_=JSON), bindparam("happened_at", type_=UtcDateTime))


def reach(person_id: int, edition_id: int, item_id: int) -> None:
    """Remember the lesson that someone is at, so that they can go on from it on any device."""
    moment = now().replace(tzinfo=None)
    given = {"person": person_id, "edition": edition_id, "item": item_id, "moment": moment}
    db.session.execute(REACH, given)


def complete(person_id: int, reading: Reading, item: Json, seen: int | None = None) -> bool:
    """Record that someone says they completed a lesson; False if that was known already.

    `seen` is the revision that the page with the button showed: what was sent from an older page
    and arrives late changes nothing.
    """
    refuse_if(why_not_mark_as_read(item))
    return _say(person_id, reading, item, seen, is_done=True)


class Where(Protocol):
    """Where something is completed: a reading, or an attempt."""

    @property
    def edition_id(self) -> int: ...

    @property
    def version_id(self) -> int: ...


def earn(person_id: int, where: Where, item: Json, moment: datetime) -> bool:
    """Record that someone completed an item by what they did then; False if that is known.

    What was earned is never taken back, so its first revision is its only one: a date once
    recorded does not move. Whoever has given up their place meanwhile completes nothing.
    """
    refuse_if(why_not_complete(item))
    if find_place(person_id, where.edition_id, is_held=True) is None:
        return False
    return _record(person_id, where, item, 1, moment, is_done=True)


def take_back(person_id: int, reading: Reading, item: Json, seen: int | None = None) -> bool:
    """Record that a completion was a mistake; False if the item is not completed."""
    return _say(person_id, reading, item, seen, is_done=False)


def _say(person_id: int, where: Where, item: Json, seen: int | None, *, is_done: bool) -> bool:
    # Held until the end of the unit: nobody gives the place up in the same moment.
    place = find_place(person_id, where.edition_id, is_held=True)
    refuse_if(why_not_record(is_enrolled=place is not None))
    return _keep(person_id, where, item, seen, is_done=is_done)


def _keep(person_id: int, where: Where, item: Json, seen: int | None, *, is_done: bool) -> bool:
    event = completion_id(person_id, where.edition_id, item["id"])
    last = _last(person_id, event)
    if (last is not None and bool(last.details["is_done"])) == is_done:
        return False
    if seen is not None and seen != (last.revision if last else 0):
        return False
    revision = last.revision + 1 if last else 1
    return _record(person_id, where, item, revision, now(), is_done=is_done)


def _record(
    person_id: int, where: Where, item: Json, revision: int, moment: datetime, *, is_done: bool
) -> bool:
    fact = {
        "event_id": completion_id(person_id, where.edition_id, item["id"]),
        "revision": revision,
        "person_id": person_id,
        "edition_id": where.edition_id,
        "item_id": item["id"],
        "version_id": where.version_id,
        "kind": FactKind.COMPLETED,
        "rule": COMPLETION_RULES[item["kind"]],
        "details": {"is_done": is_done, "how": item.get("completion", item["kind"])},
        "happened_at": moment,
    }
    # Nothing is added if another tab has said so in the same moment.
    return db.session.execute(RECORD, fact).first() is not None


def _last(person_id: int, event: str) -> Fact | None:
    said = select(Fact).where(Fact.person_id == person_id, Fact.event_id == event)
    return db.session.scalar(said.order_by(Fact.revision.desc()).limit(1))
