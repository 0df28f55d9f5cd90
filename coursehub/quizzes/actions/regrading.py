"""Correcting a question whose key was wrong, and marking anew what was handed in before.

Whoever had completed the quiz keeps that, with its date. Who reaches the mark now completes it at
the moment of the attempt that reached it.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import groupby

from coursehub.foundation import jobs
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job, later
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.queries import Reading
from coursehub.questions.rules.correcting import why_not_correct
from coursehub.quizzes.actions.answers import keep_as_last
from coursehub.quizzes.actions.counting import count_soon
from coursehub.quizzes.actions.remarking import Answers, find_answers, remark
from coursehub.quizzes.mail import send_regraded
from coursehub.quizzes.models import Correction, QuizAttempt, Regrade
from coursehub.quizzes.queries import (
    EditionQuiz,
    Marking,
    attempts_to_regrade,
    find_marking,
    how_many_handed_in,
    late_answers_to_count,
)
from coursehub.quizzes.rules import Json, why_not_correct_again

# Those who handed in while the correction was being made permanent are found a moment later.
SECOND_LOOK = timedelta(minutes=1)


def correct(
    person_id: int, reading: Reading, item: Json, question: str, correction: Json, reason: str
) -> Correction:
    """Decide how a question of an edition's quiz is marked, and have old attempts marked anew."""
    marking = find_marking(EditionQuiz(reading.edition_id, reading.version_id, item["id"]))
    others = [
        key
        for key in marking.questions
        if key != question and marking.corrections.get(key, {}).get("remedy") != "drop"
    ]
    refuse_if(why_not_correct_again(marking.corrections.get(question), correction))
    refuse_if(why_not_correct(marking.questions[question], correction, others=len(others)))
    row = Correction(
        edition_id=reading.edition_id,
        item_id=item["id"],
        question=question,
        correction=correction,
        reason=reason,
        person_id=person_id,
        made_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    total = how_many_handed_in(reading.edition_id, item["id"])
    db.session.add(Regrade(correction_id=row.id, total=total))
    later(regrade, correction_id=row.id)
    return row


@job
def regrade(correction_id: int) -> Callable[[], None] | None:
    """Mark some people's attempts anew under a correction; queues itself until none is left."""
    correction = db.session.get(Correction, correction_id)
    return (lambda: _regrade_some(correction_id)) if correction else None


def _regrade_some(correction_id: int) -> None:
    correction = db.session.get_one(Correction, correction_id)
    progress = db.session.get_one(Regrade, correction_id, with_for_update=True)
    attempts = attempts_to_regrade(correction)
    if not attempts:
        if progress.ended_at is None:
            progress.ended_at = now()
            jobs.at(now() + SECOND_LOOK, regrade, correction_id=correction_id)
            count_soon(correction.edition_id, correction.item_id)
        return
    given = find_answers(attempts)
    markings: dict[int, Marking] = {}
    for _person, theirs in groupby(attempts, key=lambda one: one.person_id):
        own = list(theirs)
        for attempt in own:
            markings.setdefault(attempt.version_id, find_marking(attempt))
        has_changed, passes_now = _regrade(own, markings, given, correction_id)
        progress.changed += has_changed
        progress.passed += passes_now
        progress.done += len(own)
    later(regrade, correction_id=correction_id)


def _regrade(
    attempts: Sequence[QuizAttempt],
    markings: dict[int, Marking],
    given: Answers,
    correction_id: int | None,
) -> tuple[bool, bool]:
    """Mark someone's attempts at a quiz anew; whether what counts changed, and passes now."""
    before, after, passes_now = remark(attempts, markings, given)
    last, has_changed = attempts[-1], before != after
    if has_changed:
        # Marks first: thousands of letters do not stand in their way.
        jobs.at(
            now() + SECOND_LOOK,
            send_regraded,
            attempt_id=last.id,
            correction_id=correction_id or 0,
            before=_percent(before),
            after=_percent(after),
        )
    return has_changed, passes_now


def count_late(attempt: QuizAttempt, beside: Sequence[QuizAttempt]) -> int:
    """Let the answers that came after an attempt was handed in count; how many there were.

    They become what that device said last, so they win over what was said before.
    """
    late = late_answers_to_count(attempt.id)
    moment = now()
    for one in late:
        keep_as_last(one, moment)
        one.counted_at = moment
    if late:
        db.session.flush()
        ended = [other for other in beside if other.submitted_at is not None]
        markings = {one.version_id: find_marking(one) for one in ended}
        _regrade(ended, markings, find_answers(ended), None)
        count_soon(attempt.edition_id, attempt.item_id)
    return len(late)


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.1f}"
