"""What marks attempts, and the attempts that are to be counted or marked anew, piece by piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import JSON, ColumnElement, bindparam, func, select, text

from coursehub.content.models import VersionPage
from coursehub.foundation.database import UtcDateTime, db
from coursehub.learning.rules import items_of
from coursehub.quizzes.models import AttemptState, Correction, LateAnswer, QuizAttempt
from coursehub.quizzes.queries.attempts import Given
from coursehub.quizzes.rules import Json, counting


@dataclass(frozen=True, slots=True)
class Marking:
    """What marks an attempt: its quiz, and the latest correction of each question, if any."""

    quiz: Json
    corrections: dict[str, Json]
    newest: int

    @property
    def questions(self) -> dict[str, Json]:
        """The questions by their ids, as they were published."""
        return {question["id"]: question for question in self.quiz["questions"]}


MARKING = text(
    """
    SELECT 0 AS id, '' AS question, activity AS said FROM version_activities
    WHERE version_id = :version AND item_id = :item
    UNION ALL
    SELECT id, question, correction FROM quiz_corrections
    WHERE edition_id = :edition AND item_id = :item
    ORDER BY id
    """
).columns(said=JSON)


class Marked(Protocol):
    """What is marked: an attempt, or an edition's quiz of one version."""

    @property
    def edition_id(self) -> int: ...

    @property
    def version_id(self) -> int: ...

    @property
    def item_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class EditionQuiz:
    """A quiz as an edition gives it at present."""

    edition_id: int
    version_id: int
    item_id: int


def find_marking(marked: Marked) -> Marking:
    """What marks an attempt; versions are never changed, so there is always a quiz."""
    quiz, *rest = db.session.execute(
        MARKING,
        {"version": marked.version_id, "item": marked.item_id, "edition": marked.edition_id},
    )
    corrections = {row.question: row.said for row in rest}
    return Marking(quiz.said, corrections, rest[-1].id if rest else 0)


ANSWERS_OF = (
    text(
        "SELECT attempt_id, question, device, event_id, fields, is_flagged, changed_at "
        "FROM quiz_answers WHERE attempt_id IN :attempts"
    )
    .bindparams(bindparam("attempts", expanding=True))
    .columns(fields=JSON, changed_at=UtcDateTime)
)


def answers_of(attempts: Sequence[int]) -> dict[int, dict[str, Given]]:
    """The answers that count in several attempts; those without any answer are left out."""
    said: dict[int, list[Given]] = {}
    for r in db.session.execute(ANSWERS_OF, {"attempts": list(attempts)}):
        one = Given(r.question, r.device, r.event_id, r.fields, bool(r.is_flagged), r.changed_at)
        said.setdefault(r.attempt_id, []).append(one)
    return {attempt: counting(given) for attempt, given in said.items()}


AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class First:
    """Someone's first attempt at a quiz, handed in, as counting needs it."""

    id: int
    version_id: int
    language: str
    plan: list[Json]
    results: dict[str, Json]


FIRST = text(
    "SELECT id, version_id, language, plan, results FROM quiz_attempts "
    "WHERE edition_id = :edition AND item_id = :item AND number = 1 AND state = 'submitted' "
    "AND id > :after ORDER BY id LIMIT :most"
).columns(plan=JSON, results=JSON)


def first_attempts(edition_id: int, item_id: int, after: int) -> list[First]:
    """The next first attempts at a quiz that were handed in, after one of them."""
    given = {"edition": edition_id, "item": item_id, "after": after, "most": AT_ONCE}
    return [First(**row._mapping) for row in db.session.execute(FIRST, given)]


def how_many_handed_in(edition_id: int, item_id: int) -> int:
    rows = select(func.count()).where(*_handed_in(edition_id, item_id))
    return db.session.scalars(rows).one()


def attempts_to_regrade(correction: Correction) -> Sequence[QuizAttempt]:
    """All that some people handed in of a quiz, where not all is marked under a correction yet.

    By person and number, held until the end of the unit of work; empty once nothing is left.
    """
    of_quiz = _handed_in(correction.edition_id, correction.item_id)
    people = (
        select(QuizAttempt.person_id)
        .where(*of_quiz, QuizAttempt.corrected_to < correction.id)
        .group_by(QuizAttempt.person_id)
        .order_by(QuizAttempt.person_id)
        .limit(AT_ONCE)
    )
    rows = select(QuizAttempt).where(*of_quiz, QuizAttempt.person_id.in_(people))
    ordered = rows.order_by(QuizAttempt.person_id, QuizAttempt.number)
    return db.session.scalars(ordered.with_for_update(of=QuizAttempt)).all()


def _handed_in(edition_id: int, item_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        QuizAttempt.edition_id == edition_id,
        QuizAttempt.item_id == item_id,
        QuizAttempt.state == AttemptState.SUBMITTED,
    )


def late_answers_to_count(attempt_id: int) -> Sequence[LateAnswer]:
    """What devices brought after an attempt was handed in, and nobody let count so far."""
    rows = select(LateAnswer).where(
        LateAnswer.attempt_id == attempt_id, LateAnswer.counted_at.is_(None)
    )
    return db.session.scalars(rows).all()


def find_title(version_id: int, item_id: int, language: str) -> tuple[str, str]:
    """A quiz's slug and title in a language, as a version's outline has them."""
    outline = db.session.scalars(
        select(VersionPage.outline).where(
            VersionPage.version_id == version_id, VersionPage.language == language
        )
    ).one()
    item = next(item for _module, item in items_of(outline) if item["id"] == item_id)
    return item["slug"], item["title"]
