"""Reading attempts: each page a fixed number of statements, whatever the quiz's size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, and_, select, text
from sqlalchemy.orm import aliased

from coursehub.accounts.models import Viewer
from coursehub.content.models import VersionActivity
from coursehub.foundation.database import UtcDateTime, db
from coursehub.learning.queries import Reading
from coursehub.quizzes.models import Accommodation, LateAnswer, QuizAttempt
from coursehub.quizzes.rules import Allowance, Json, counting, may_answer


def find_quiz(version_id: int, item_id: int) -> Json | None:
    """A quiz of a version as its file says it, in all its languages."""
    quiz: Json | None = db.session.scalar(
        select(VersionActivity.activity).where(
            VersionActivity.version_id == version_id, VersionActivity.item_id == item_id
        )
    )
    return quiz


def attempts_of(person_id: int, edition_id: int, item_id: int) -> Sequence[QuizAttempt]:
    """A person's attempts at a quiz of an edition, the first one first."""
    mine = select(QuizAttempt).where(
        QuizAttempt.person_id == person_id,
        QuizAttempt.edition_id == edition_id,
        QuizAttempt.item_id == item_id,
    )
    return db.session.scalars(mine.order_by(QuizAttempt.number)).all()


def attempts_beside(viewer: Viewer, key: str) -> Sequence[QuizAttempt]:
    """All attempts at the quiz that one of the viewer's own belongs to, held until the end.

    Whoever hands one in needs the others too: they say together whether the quiz is passed.
    """
    one, other = aliased(QuizAttempt), QuizAttempt
    same = (
        other.person_id == one.person_id,
        other.edition_id == one.edition_id,
        other.item_id == one.item_id,
    )
    rows = select(other).join(one, and_(*same)).where(one.key == key).order_by(other.number)
    found = db.session.scalars(rows.with_for_update(of=other)).all()
    return found if all(may_answer(viewer, person=row.person_id) for row in found) else []


def allowance_of(person_id: int) -> Allowance:
    """What a person is given in every quiz of the site."""
    row = db.session.get(Accommodation, person_id)
    return Allowance(row.more_time_percent, row.more_attempts) if row else Allowance()


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as its page and its saving need it: no object of the database's."""

    id: int
    key: str
    person_id: int
    item_id: int
    version_id: int
    number: int
    started_at: datetime
    due_at: datetime
    extra_minutes: int
    state: str
    plan: list[Json]

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    def is_over(self, moment: datetime) -> bool:
        return moment > self.due_at

    @property
    def questions(self) -> dict[str, Json]:
        """How each question is arranged, by its id, in the attempt's order."""
        return {one["id"]: one["order"] for one in self.plan}


COLUMNS = """id, key, person_id, item_id, version_id, number, started_at, due_at, extra_minutes,
    state, plan"""
KINDS: dict[str, Any] = {"started_at": UtcDateTime, "due_at": UtcDateTime, "plan": JSON}
FROM = f"SELECT {COLUMNS} FROM quiz_attempts WHERE "  # noqa: S608 - our own columns
BY_KEY = f"{FROM} key = :key"
BY_NUMBER = (
    f"{FROM} edition_id = :edition AND item_id = :item AND person_id = :person AND number = :number"
)


class Hold(StrEnum):
    """What nobody else may do to an attempt's row while this unit of work lasts.

    On SQLite one unit writes at a time, so nothing has to be said.
    """

    NOTHING = ""
    CHANGE = " FOR SHARE"  # answers are kept: nobody hands it in meanwhile


def find_attempt(viewer: Viewer, key: str, hold: Hold = Hold.NOTHING) -> Attempt | None:
    """An attempt by what its devices know it by, for the one whose attempt it is."""
    return _attempt(viewer, BY_KEY, hold, {"key": key})


def find_numbered(viewer: Viewer, reading: Reading, item: Json, number: int) -> Attempt | None:
    """One of the viewer's own attempts at a quiz."""
    given = {
        "edition": reading.edition_id,
        "item": item["id"],
        "person": viewer.person_id,
        "number": number,
    }
    return _attempt(viewer, BY_NUMBER, Hold.NOTHING, given)


def _attempt(viewer: Viewer, asked: str, hold: Hold, given: Json) -> Attempt | None:
    held = hold if db.session.get_bind().dialect.name == "postgresql" else Hold.NOTHING
    row = db.session.execute(text(f"{asked}{held}").columns(**KINDS), given).one_or_none()
    if row is None or not may_answer(viewer, person=row.person_id):
        return None
    return Attempt(**row._mapping)


@dataclass(frozen=True, slots=True)
class Given:
    """What one device said to one question."""

    question: str
    device: str
    event_id: str
    fields: dict[str, list[str]]
    is_flagged: bool
    changed_at: datetime


ANSWERS = text(
    "SELECT question, device, event_id, fields, is_flagged, changed_at FROM quiz_answers "
    "WHERE attempt_id = :attempt"
).columns(fields=JSON, changed_at=UtcDateTime)


def answers_in(attempt_id: int) -> dict[str, Given]:
    """The answer that counts for each question of an attempt."""
    rows = db.session.execute(ANSWERS, {"attempt": attempt_id})
    return counting(
        Given(r.question, r.device, r.event_id, r.fields, bool(r.is_flagged), r.changed_at)
        for r in rows
    )


LATEST = text(
    "SELECT question, event_id, changed_at FROM quiz_answers "
    "WHERE attempt_id = :attempt AND device = :device"
).columns(changed_at=UtcDateTime)


def said_by_device(attempt_id: int, device: str) -> dict[str, tuple[datetime, str]]:
    """When a device last said something of each question, and the event's id."""
    rows = db.session.execute(LATEST, {"attempt": attempt_id, "device": device})
    return {row.question: (row.changed_at, row.event_id) for row in rows}


def late_answers_in(attempt_id: int) -> dict[str, LateAnswer]:
    """What devices brought after an attempt had been handed in, the newest for each question."""
    rows = db.session.scalars(select(LateAnswer).where(LateAnswer.attempt_id == attempt_id))
    return counting(rows)
