"""What a person marks in a quiz: which answers wait, what they were given, what was released."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select

from coursehub.foundation.database import db
from coursehub.quizzes.models import (
    AnswerComment,
    AnswerMark,
    AttemptState,
    MarkState,
    QuizAttempt,
)


def marks_of(attempts: Sequence[int]) -> list[AnswerMark]:
    """Everything that was given in some attempts, the first of each answer first."""
    rows = select(AnswerMark).where(AnswerMark.attempt_id.in_(attempts))
    return list(db.session.scalars(rows.order_by(AnswerMark.attempt_id, AnswerMark.number)))


def released_points(attempts: Sequence[int]) -> dict[int, dict[str, float]]:
    """The points that were released last, by attempt and by what was marked."""
    return _released(marks_of(attempts))


def released_in_quiz(edition_id: int, item_id: int) -> dict[int, dict[str, float]]:
    """The points that were released last in an edition's quiz."""
    rows = (
        select(AnswerMark)
        .join(QuizAttempt, QuizAttempt.id == AnswerMark.attempt_id)
        .where(QuizAttempt.edition_id == edition_id, QuizAttempt.item_id == item_id)
        .order_by(AnswerMark.number)
    )
    return _released(db.session.scalars(rows))


def _released(marks: Iterable[AnswerMark]) -> dict[int, dict[str, float]]:
    points: dict[int, dict[str, float]] = {}
    for one in marks:
        if one.state == MarkState.RELEASED:
            points.setdefault(one.attempt_id, {})[one.asked] = one.points
    return points


def released_in(attempt_id: int) -> dict[str, list[tuple[AnswerMark, str | None]]]:
    """What was released last of an attempt, by question, each with what was said of it."""
    rows = (
        select(AnswerMark, AnswerComment.text)
        .outerjoin(AnswerComment, AnswerComment.mark_id == AnswerMark.id)
        .where(AnswerMark.attempt_id == attempt_id, AnswerMark.state == MarkState.RELEASED)
        .order_by(AnswerMark.number)
    )
    newest = {mark.asked: (mark, said) for mark, said in db.session.execute(rows)}
    told: dict[str, list[tuple[AnswerMark, str | None]]] = {}
    for mark, said in newest.values():
        told.setdefault(mark.question, []).append((mark, said))
    return told


def comment_on(mark: AnswerMark | None) -> str:
    row = db.session.get(AnswerComment, mark.id) if mark else None
    return row.text if row else ""


@dataclass(frozen=True, slots=True)
class ToMark:
    """An attempt in which a person marks something; `marks` is the last of each answer."""

    id: int
    person_id: int
    version_id: int
    submitted_at: datetime
    waiting: frozenset[str]
    marks: dict[str, AnswerMark] = field(default_factory=dict)

    def state(self, asked: str) -> str | None:
        """How far an answer is: waiting, provisional or released; None if nobody marks it."""
        if asked in self.marks:
            return self.marks[asked].state.value
        return "waiting" if asked in self.waiting else None


def attempts_to_mark(edition_id: int, item_id: int) -> list[ToMark]:
    """The attempts at a quiz that hold something for a person to mark, the earliest first."""
    of_quiz = (
        QuizAttempt.edition_id == edition_id,
        QuizAttempt.item_id == item_id,
        QuizAttempt.state == AttemptState.SUBMITTED,
        or_(QuizAttempt.needs_marking, QuizAttempt.id.in_(select(AnswerMark.attempt_id))),
    )
    rows = select(
        QuizAttempt.id,
        QuizAttempt.person_id,
        QuizAttempt.version_id,
        QuizAttempt.submitted_at,
        QuizAttempt.results,
    ).where(*of_quiz)
    found = {
        row.id: ToMark(row.id, row.person_id, row.version_id, row.submitted_at, _waiting(row[4]))
        for row in db.session.execute(rows.order_by(QuizAttempt.submitted_at, QuizAttempt.id))
    }
    given = (
        select(AnswerMark)
        .join(QuizAttempt, QuizAttempt.id == AnswerMark.attempt_id)
        .where(*of_quiz)
        .order_by(AnswerMark.number)
    )
    for mark in db.session.scalars(given):
        found[mark.attempt_id].marks[mark.asked] = mark
    return list(found.values())


def _waiting(results: dict[str, dict[str, list[str]]]) -> frozenset[str]:
    return frozenset(key for one in results.values() for key in one.get("waiting", ()))


def attempts_beside_these(attempts: Sequence[int]) -> list[QuizAttempt]:
    """All that the people of some attempts at one quiz handed in of it, held until the end."""
    these = select(QuizAttempt).where(QuizAttempt.id.in_(attempts)).subquery()
    rows = (
        select(QuizAttempt)
        .join(
            these,
            (these.c.person_id == QuizAttempt.person_id)
            & (these.c.edition_id == QuizAttempt.edition_id)
            & (these.c.item_id == QuizAttempt.item_id),
        )
        .where(QuizAttempt.state == AttemptState.SUBMITTED)
        .order_by(QuizAttempt.person_id, QuizAttempt.number)
        .with_for_update(of=QuizAttempt)
    )
    return list(db.session.scalars(rows).unique())


def find_plan(attempt_id: int) -> dict[str, dict[str, list[str]]]:
    """How each question of an attempt is arranged, by its id."""
    plan = db.session.scalars(select(QuizAttempt.plan).where(QuizAttempt.id == attempt_id)).one()
    return {one["id"]: one["order"] for one in plan}
