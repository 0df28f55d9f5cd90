"""Keeping answers: in any order, as often as a device likes, from as many devices as there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON, bindparam, text

from coursehub.foundation.clock import now
from coursehub.foundation.database import UtcDateTime, db
from coursehub.quizzes.models import LateAnswer
from coursehub.quizzes.queries import said_by_device
from coursehub.quizzes.rules import is_in_time, kept_fields, moment_of_change


@dataclass(frozen=True, slots=True)
class Change:
    """What a device says of one question; `changed_at` is its own idea of our clock."""

    question: str
    event_id: str
    fields: Mapping[str, Sequence[str]]
    changed_at: datetime
    is_flagged: bool = False


class Answered(Protocol):
    """What saving asks of an attempt."""

    @property
    def id(self) -> int: ...

    @property
    def person_id(self) -> int: ...

    @property
    def started_at(self) -> datetime: ...

    @property
    def due_at(self) -> datetime: ...

    @property
    def is_open(self) -> bool: ...

    @property
    def questions(self) -> Mapping[str, Any]: ...


PARAMETERS = (
    bindparam("fields", type_=JSON),
    bindparam("changed_at", type_=UtcDateTime),
    bindparam("received_at", type_=UtcDateTime),
)
KEEP = text(
    """
    INSERT INTO quiz_answers AS known (attempt_id, question, device, person_id, event_id, fields,
        is_flagged, changed_at, received_at)
    VALUES (:attempt, :question, :device, :person, :event_id, :fields,
        :is_flagged, :changed_at, :received_at)
    ON CONFLICT (attempt_id, question, device) DO UPDATE SET event_id = excluded.event_id,
        fields = excluded.fields, is_flagged = excluded.is_flagged,
        changed_at = excluded.changed_at, received_at = excluded.received_at
    WHERE (excluded.changed_at, excluded.event_id) > (known.changed_at, known.event_id)
    """
).bindparams(*PARAMETERS)
KEEP_LATE = text(
    """
    INSERT INTO quiz_late_answers AS known (attempt_id, question, device, person_id, event_id,
        fields, changed_at, received_at)
    VALUES (:attempt, :question, :device, :person, :event_id, :fields, :changed_at, :received_at)
    ON CONFLICT (attempt_id, question, device) DO UPDATE SET event_id = excluded.event_id,
        fields = excluded.fields, changed_at = excluded.changed_at,
        received_at = excluded.received_at, counted_at = NULL
    WHERE (excluded.changed_at, excluded.event_id) > (known.changed_at, known.event_id)
    """
).bindparams(*PARAMETERS)


def save(attempt: Answered, device: str, changes: Iterable[Change]) -> list[str]:
    """Keep a device's changes; gives the questions whose change does not count any more.

    The attempt's row is to be held by this unit of work. What is of another attempt's questions is
    left out. Repeats and arrivals out of order leave the same rows. What comes after the attempt
    was handed in, or too long after its end, is kept beside it as late.
    """
    received_at = now()
    rows = [
        _row(attempt, device, one, received_at)
        for one in changes
        if one.question in attempt.questions
    ]
    here = [row for row in rows if attempt.is_open and _is_in_time(row, attempt.due_at)]
    late = [row for row in rows if row not in here]
    if late:
        # A device that did not hear our answer sends again what the attempt has.
        known = said_by_device(attempt.id, device)
        late = [row for row in late if not _is_known(row, known.get(row["question"]))]
    if here:
        db.session.execute(KEEP, here)
    if late:
        db.session.execute(KEEP_LATE, late)
    return [row["question"] for row in late]


def keep_as_last(late: LateAnswer, moment: datetime) -> None:
    """Let a late answer be what counts, as if its device had said it last, at this moment."""
    row = {
        "attempt": late.attempt_id,
        "question": late.question,
        "device": late.device,
        "person": late.person_id,
        "event_id": late.event_id,
        "fields": late.fields,
        "is_flagged": False,
        "changed_at": moment,
        "received_at": late.received_at,
    }
    db.session.execute(KEEP, row)


def _is_in_time(row: dict[str, Any], due_at: datetime) -> bool:
    return is_in_time(row["changed_at"], row["received_at"], due_at)


def _is_known(row: dict[str, Any], known: tuple[datetime, str] | None) -> bool:
    return known is not None and (row["changed_at"], row["event_id"]) <= known


def _row(attempt: Answered, device: str, one: Change, received_at: datetime) -> dict[str, Any]:
    changed_at = moment_of_change(
        one.changed_at, received_at=received_at, started_at=attempt.started_at
    )
    return {
        "attempt": attempt.id,
        "question": one.question,
        "device": device,
        "person": attempt.person_id,
        "event_id": one.event_id,
        "fields": kept_fields(one.fields),
        "is_flagged": one.is_flagged,
        "changed_at": changed_at,
        "received_at": received_at,
    }
