"""Starting an attempt and handing it in, by its learner or because its time is over."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from coursehub.catalogue.models import Edition
from coursehub.enrolment.queries import find_place
from coursehub.foundation import jobs
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.actions import earn
from coursehub.learning.models import Fact, FactKind
from coursehub.learning.queries import Reading
from coursehub.questions.rules.arranging import arrange
from coursehub.quizzes.actions.counting import count_soon
from coursehub.quizzes.actions.marking import mark
from coursehub.quizzes.models import AttemptState, QuizAttempt, SubmittedBy
from coursehub.quizzes.queries import (
    allowance_of,
    answers_in,
    attempts_of,
    find_marking,
    find_quiz,
)
from coursehub.quizzes.rules import (
    GRACE,
    Json,
    drawn,
    has_passed,
    share,
    time_for,
    why_not_start,
)

SUBMISSION_RULE = "quiz-1"


def start(person_id: int, reading: Reading, item: Json, language: str) -> QuizAttempt:
    """The person's open attempt, begun now if there is none. Refused with the reason.

    Pressed twice, or in two tabs at once, it is the same attempt: the table has room for one.
    """
    quiz = find_quiz(reading.version_id, item["id"])
    assert quiz is not None  # noqa: S101 - an outline names quizzes of its own version only
    place = find_place(person_id, reading.edition_id, is_held=True)
    attempts = attempts_of(person_id, reading.edition_id, item["id"])
    if attempts and attempts[-1].state == AttemptState.OPEN:
        return attempts[-1]
    edition = db.session.get_one(Edition, reading.edition_id)
    allowance, moment = allowance_of(person_id), now()
    refuse_if(
        why_not_start(
            quiz,
            allowance,
            attempts,
            is_enrolled=place is not None,
            moment=moment,
            ends_at=edition.ends_at,
        )
    )
    time = time_for(quiz, allowance, moment, edition.ends_at)
    attempt = QuizAttempt(
        key=str(uuid.uuid4()),
        person_id=person_id,
        edition_id=reading.edition_id,
        item_id=item["id"],
        version_id=reading.version_id,
        number=len(attempts) + 1,
        started_at=moment,
        due_at=time.due_at,
        extra_minutes=time.extra_minutes,
        language=language,
        plan=[],
    )
    seen = {one["id"] for past in attempts for one in past.plan}
    questions = {question["id"]: question for question in quiz["questions"]}
    attempt.plan = [
        {"id": key, "order": arrange(questions[key], attempt.key)}
        for key in drawn(quiz, seen, attempt.key)
    ]
    try:
        with db.session.begin_nested():
            db.session.add(attempt)
            db.session.flush()
    except IntegrityError:
        return attempts_of(person_id, reading.edition_id, item["id"])[-1]
    _record(attempt, FactKind.STARTED, {"attempt": attempt.number}, moment)
    jobs.at(time.due_at + GRACE, submit_due, attempt_id=attempt.id)
    return attempt


def submit(attempt: QuizAttempt, beside: Sequence[QuizAttempt], by: SubmittedBy) -> None:
    """Hand an attempt in with what is there, and mark what can be marked; once, however often.

    `beside` are all the person's attempts at the quiz, this one among them, held by this unit.
    """
    if attempt.state == AttemptState.SUBMITTED:
        return
    marking = find_marking(attempt)
    mark(attempt, marking, answers_in(attempt.id))
    attempt.state, attempt.submitted_by = AttemptState.SUBMITTED, by
    attempt.submitted_at = min(now(), attempt.due_at) if by == SubmittedBy.TIME else now()
    details = {"attempt": attempt.number, "share": round(share(attempt), 4), "by": by.value}
    _record(attempt, FactKind.SUBMITTED, details, attempt.submitted_at)
    if has_passed(marking.quiz, beside):
        earn(attempt.person_id, attempt, as_item(attempt), attempt.submitted_at)
    count_soon(attempt.edition_id, attempt.item_id)


def as_item(attempt: QuizAttempt) -> Json:
    """The quiz as those who record a completion ask for it."""
    return {"id": attempt.item_id, "kind": "quiz", "state": "ready"}


def submit_by_time(attempt_id: int) -> None:
    """Hand in, with what is there, an attempt whose time is over."""
    row = db.session.get_one(QuizAttempt, attempt_id, with_for_update=True)
    beside = attempts_of(row.person_id, row.edition_id, row.item_id)
    submit(row, beside, SubmittedBy.TIME)


def _record(attempt: QuizAttempt, kind: FactKind, details: Json, moment: datetime) -> None:
    fact = Fact(
        # What happened to an attempt once is one event, whoever says so.
        event_id=str(uuid.uuid5(uuid.UUID(attempt.key), kind.value)),
        person_id=attempt.person_id,
        edition_id=attempt.edition_id,
        item_id=attempt.item_id,
        version_id=attempt.version_id,
        kind=kind,
        rule=SUBMISSION_RULE,
        details=details,
        happened_at=moment,
    )
    db.session.add(fact)


@job
def submit_due(attempt_id: int) -> Callable[[], None] | None:
    """Hand in an attempt whose time is over and which nobody handed in."""
    attempt = db.session.get(QuizAttempt, attempt_id)
    if attempt is None or attempt.state == AttemptState.SUBMITTED:
        return None
    return lambda: submit_by_time(attempt_id)
