"""What those who teach see of a quiz: how it goes, what arrived late, what a correction changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import JSON, and_, bindparam, case, func, select, text

from coursehub.accounts.models import Account
from coursehub.content.models import CourseVersion, VersionActivity
from coursehub.foundation.database import UtcDateTime, db
from coursehub.learning.queries import Reading
from coursehub.questions.rules.answering import read_answer
from coursehub.questions.rules.correcting import grade_corrected
from coursehub.questions.rules.statistics import Tally
from coursehub.quizzes.models import (
    WHOLE_QUIZ,
    AttemptState,
    Correction,
    LateAnswer,
    QuizAttempt,
    Regrade,
)
from coursehub.quizzes.queries.attempts import Given
from coursehub.quizzes.queries.judging import released_in_quiz
from coursehub.quizzes.rules import Json, counting, has_passed, named, standing


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many people handed a quiz in, how often, and how many attempts are open."""

    people: int = 0
    attempts: int = 0
    open: int = 0


def turnout_in(edition_id: int, item_id: int | None = None) -> dict[int, Turnout]:
    """The turnout of every quiz of an edition, or of one, by item.

    Nobody begins a second attempt before the first is handed in, so first ones count people.
    """
    is_over, is_first = QuizAttempt.state == AttemptState.SUBMITTED, QuizAttempt.number == 1
    rows = (
        select(
            QuizAttempt.item_id,
            func.count(case((and_(is_over, is_first), 1))),
            func.count(case((is_over, 1))),
            func.count(case((~is_over, 1))),
        )
        .where(QuizAttempt.edition_id == edition_id)
        .group_by(QuizAttempt.item_id)
    )
    if item_id is not None:
        rows = rows.where(QuizAttempt.item_id == item_id)
    return {row[0]: Turnout(*row[1:]) for row in db.session.execute(rows)}


@dataclass(frozen=True, slots=True)
class Counted:
    """How a question did: all languages together, and each by itself."""

    whole: Tally
    by_language: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class RollUp:
    """What was counted last of a quiz: its turnout and its questions, by id."""

    turnout: Turnout
    questions: Mapping[str, Counted]
    counted_at: datetime


COUNTED = text(
    """
    SELECT question, language, tally, counted_at FROM quiz_statistics
    WHERE edition_id = :edition AND item_id = :item ORDER BY question, language
    """
).columns(tally=JSON, counted_at=UtcDateTime)


def find_rollup(edition_id: int, item_id: int) -> RollUp | None:
    """How an edition's quiz and its questions did, as counted last."""
    rows = db.session.execute(COUNTED, {"edition": edition_id, "item": item_id}).all()
    whole = next((row for row in rows if (row.question, row.language) == WHOLE_QUIZ), None)
    if whole is None:
        return None
    told = groupby((row for row in rows if row is not whole), key=lambda row: row.question)
    questions = {key: _counted(list(own)) for key, own in told}
    return RollUp(Turnout(**whole.tally), questions, whole.counted_at)


def _counted(rows: Sequence[Any]) -> Counted:
    tallies = {row.language: Tally(**row.tally) for row in rows}
    whole = Tally()
    for tally in tallies.values():
        whole.join(tally)
    return Counted(whole, tallies)


@dataclass(frozen=True, slots=True)
class LateOnes:
    """Answers of one attempt that arrived after it was handed in, and that nobody let count."""

    key: str
    number: int
    name: str
    answers: int
    submitted_at: datetime | None
    changed_at: datetime
    received_at: datetime


def late_ones_in(edition_id: int, item_id: int) -> list[LateOnes]:
    """Attempts with late answers that wait for a decision, the latest first; at most 100."""
    newest = func.max(LateAnswer.received_at, type_=UtcDateTime)
    waiting = select(LateAnswer.attempt_id).where(LateAnswer.counted_at.is_(None))
    rows = (
        select(
            QuizAttempt.key,
            QuizAttempt.number,
            Account.name,
            func.count(func.distinct(LateAnswer.question)),
            QuizAttempt.submitted_at,
            func.max(LateAnswer.changed_at, type_=UtcDateTime),
            newest,
        )
        .join(LateAnswer, LateAnswer.attempt_id == QuizAttempt.id)
        .join(Account, Account.person_id == QuizAttempt.person_id)
        .where(
            # Few answers are late: they are found first, then their attempts.
            QuizAttempt.id.in_(waiting),
            QuizAttempt.edition_id == edition_id,
            QuizAttempt.item_id == item_id,
            LateAnswer.counted_at.is_(None),
        )
        .group_by(QuizAttempt.key, QuizAttempt.number, Account.name, QuizAttempt.submitted_at)
        .order_by(newest.desc())
        .limit(100)
    )
    return [LateOnes(*row) for row in db.session.execute(rows)]


@dataclass(frozen=True, slots=True)
class Decision:
    """A correction that was made, by whom, and how far it has been taken."""

    correction: Correction
    regrade: Regrade
    name: str | None


def decisions_about(edition_id: int, item_id: int, question: str) -> list[Decision]:
    """What was decided about a question of an edition, the latest first."""
    rows = (
        select(Correction, Regrade, Account.name)
        .join(Regrade, Regrade.correction_id == Correction.id)
        .outerjoin(Account, Account.person_id == Correction.person_id)
        .where(
            Correction.edition_id == edition_id,
            Correction.item_id == item_id,
            Correction.question == question,
        )
        .order_by(Correction.id.desc())
    )
    return [Decision(*row) for row in db.session.execute(rows)]


def find_newest(course_id: int, item_id: int, question: str) -> tuple[int, Json] | None:
    """A question as the newest version of its course has it, with that version's number."""
    row = db.session.execute(
        select(CourseVersion.number, VersionActivity.activity)
        .join(VersionActivity, VersionActivity.version_id == CourseVersion.id)
        .where(CourseVersion.course_id == course_id, VersionActivity.item_id == item_id)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    known = {one["id"]: one for one in row.activity["questions"]}
    return (row.number, known[question]) if question in known else None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An attempt that was handed in, as much of it as marking one question anew needs."""

    id: int
    person_id: int
    number: int
    version_id: int
    submitted_at: datetime
    points: float
    out_of: float
    needs_marking: bool
    plan: list[Json]
    results: dict[str, Json]


HANDED_IN = text(
    """
    SELECT id, person_id, number, version_id, submitted_at, points, out_of, needs_marking, plan,
        results
    FROM quiz_attempts WHERE edition_id = :edition AND item_id = :item AND state = 'submitted'
    ORDER BY person_id, number
    """
).columns(submitted_at=UtcDateTime, plan=JSON, results=JSON)
SAID = text(
    """
    SELECT a.attempt_id, a.question, a.device, a.event_id, a.fields, a.is_flagged, a.changed_at
    FROM quiz_answers a JOIN quiz_attempts t ON t.id = a.attempt_id
    WHERE t.edition_id = :edition AND t.item_id = :item AND a.question = :question
    """
).columns(fields=JSON, changed_at=UtcDateTime)
QUIZZES = (
    text(
        "SELECT version_id, activity FROM version_activities "
        "WHERE item_id = :item AND version_id IN :versions"
    )
    .bindparams(bindparam("versions", expanding=True))
    .columns(activity=JSON)
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction changes for a person: what counts, from 0 to 1, before and after."""

    person_id: int
    before: float
    after: float
    passes_now: bool


def changes_under(reading: Reading, item_id: int, key: str, correction: Json) -> list[Change]:
    """Whose result a correction would change, and by how much; nothing is written."""
    of_quiz = {"edition": reading.edition_id, "item": item_id}
    attempts = [HandedIn(**row._mapping) for row in db.session.execute(HANDED_IN, of_quiz)]
    versions = {one.version_id for one in attempts} | {reading.version_id}
    rows = db.session.execute(QUIZZES, {"item": item_id, "versions": sorted(versions)})
    quizzes = {row.version_id: row.activity for row in rows}
    said = _said(of_quiz | {"question": key})
    by_people = released_in_quiz(reading.edition_id, item_id)
    changes = []
    for person, theirs in groupby(attempts, key=lambda one: one.person_id):
        old = list(theirs)
        new = [
            _as_if(one, quizzes[one.version_id], key, correction, said, by_people) for one in old
        ]
        quiz = quizzes[old[-1].version_id]
        before, after = standing(quiz, old) or 0, standing(quiz, new) or 0
        if before != after:
            passes_now = has_passed(quiz, new) and not has_passed(quiz, old)
            changes.append(Change(person, before, after, passes_now))
    return sorted(changes, key=lambda one: (one.after - one.before, one.person_id))


def _said(of_question: Json) -> dict[int, Given]:
    given: dict[int, list[Given]] = {}
    for r in db.session.execute(SAID, of_question):
        one = Given(r.question, r.device, r.event_id, r.fields, bool(r.is_flagged), r.changed_at)
        given.setdefault(r.attempt_id, []).append(one)
    return {attempt: next(iter(counting(said).values())) for attempt, said in given.items()}


def _as_if(
    attempt: HandedIn,
    quiz: Json,
    key: str,
    correction: Json,
    said: Mapping[int, Given],
    by_people: Mapping[int, Mapping[str, float]],
) -> HandedIn:
    """The attempt as it would be marked; only this question's points differ."""
    order = next((one["order"] for one in attempt.plan if one["id"] == key), None)
    if order is None:
        return attempt
    question = next(one for one in quiz["questions"] if one["id"] == key)
    fields = said[attempt.id].fields if attempt.id in said else {}
    answer = read_answer(question, named(fields, key), key, order)
    result, old = (
        grade_corrected(question, correction, answer, by_people.get(attempt.id, {})),
        attempt.results[key],
    )
    return replace(
        attempt,
        points=round(attempt.points - old["points"] + round(float(result.points), 4), 4),
        out_of=round(attempt.out_of - old["out_of"] + round(float(result.out_of), 4), 4),
    )


def attempts_taught(edition_id: int, item_id: int, key: str) -> Sequence[QuizAttempt]:
    """All attempts at an edition's quiz of the person of one of them, held until the end."""
    person = (
        select(QuizAttempt.person_id)
        .where(
            QuizAttempt.key == key,
            QuizAttempt.edition_id == edition_id,
            QuizAttempt.item_id == item_id,
        )
        .scalar_subquery()
    )
    rows = select(QuizAttempt).where(
        QuizAttempt.person_id == person,
        QuizAttempt.edition_id == edition_id,
        QuizAttempt.item_id == item_id,
    )
    return db.session.scalars(rows.order_by(QuizAttempt.number).with_for_update()).all()


POINTS = (
    text(
        """
        SELECT person_id, item_id, number, submitted_at, points, out_of
        FROM quiz_attempts
        WHERE edition_id = :edition AND state = 'submitted' AND person_id IN :people
        ORDER BY person_id, item_id
        """
    )
    .bindparams(bindparam("people", expanding=True))
    .columns(submitted_at=UtcDateTime)
)


def standings_in(
    edition_id: int, quizzes: Mapping[int, Json], people: Collection[int]
) -> dict[int, dict[int, float]]:
    """What counts of everyone's attempts at some quizzes, from 0 to 1, by person and item."""
    given = {"edition": edition_id, "people": list(people)}
    rows = db.session.execute(POINTS, given)
    stands: dict[int, dict[int, float]] = {}
    for (person, item), own in groupby(rows, key=lambda row: (row.person_id, row.item_id)):
        share = standing(quizzes[item], list(own)) if item in quizzes else None
        if share is not None:
            stands.setdefault(person, {})[item] = share
    return stands
