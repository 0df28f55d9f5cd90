"""Marking answers by people: every mark is added, none is changed; what is released counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.exc import IntegrityError

from coursehub.foundation import jobs
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.refusal import Refused, refuse_if
from coursehub.quizzes.actions.counting import count_soon
from coursehub.quizzes.actions.remarking import find_answers, remark
from coursehub.quizzes.mail import send_marked
from coursehub.quizzes.models import AnswerComment, AnswerMark, MarkState, QuizAttempt
from coursehub.quizzes.queries import (
    attempts_beside_these,
    comment_on,
    find_marking,
    marks_of,
)
from coursehub.quizzes.rules import why_not_judge


@dataclass(frozen=True, slots=True)
class Judgement:
    """What someone gives an answer; `seen` numbers the mark that the page showed, 0 for none."""

    question: str
    part: str
    points: float
    out_of: float
    levels: dict[str, int]
    comment: str
    seen: int


def judge(marker: int, attempt_id: int, judgement: Judgement) -> AnswerMark:
    """Add a provisional mark; refused if another was added since the page was drawn."""
    attempt = db.session.get_one(QuizAttempt, attempt_id, with_for_update=True)
    asked = judgement.part or judgement.question
    known = [one.number for one in marks_of([attempt_id]) if one.asked == asked]
    refuse_if(why_not_judge(is_as_shown=max(known, default=0) == judgement.seen))
    row = AnswerMark(
        attempt_id=attempt_id,
        question=judgement.question,
        part=judgement.part,
        person_id=attempt.person_id,
        number=judgement.seen + 1,
        state=MarkState.PROVISIONAL,
        points=judgement.points,
        out_of=judgement.out_of,
        levels=judgement.levels,
        marked_by=marker,
        marked_at=now(),
    )
    return _kept(row, judgement.comment)


def release(marker: int, attempts: Sequence[int], asked: str | None = None) -> int:
    """Let the provisional marks of some attempts at one quiz count, or those of one question.

    Each learner gets one letter for all that is released of an attempt. Gives how many marks.
    """
    held = attempts_beside_these(attempts)
    newest = {(one.attempt_id, one.asked): one for one in marks_of(attempts)}
    ready = [
        one
        for one in newest.values()
        if one.state == MarkState.PROVISIONAL and asked in (None, one.asked)
    ]
    for one in ready:
        _release(marker, one)
    changed = {one.attempt_id for one in ready}
    _count(held, changed)
    return len(ready)


def _release(marker: int, given: AnswerMark) -> None:
    row = AnswerMark(
        attempt_id=given.attempt_id,
        question=given.question,
        part=given.part,
        person_id=given.person_id,
        number=given.number + 1,
        state=MarkState.RELEASED,
        points=given.points,
        out_of=given.out_of,
        levels=given.levels,
        marked_by=marker,
        marked_at=now(),
    )
    _kept(row, comment_on(given))


def _count(held: Sequence[QuizAttempt], changed: set[int]) -> None:
    for _person, theirs in groupby(held, key=lambda one: one.person_id):
        own = list(theirs)
        marked = [one for one in own if one.id in changed]
        if not marked:
            continue
        remark(own, {one.version_id: find_marking(one) for one in own}, find_answers(own))
        for one in marked:
            number = sum(mark.number for mark in marks_of([one.id]))
            jobs.later(send_marked, attempt_id=one.id, marks=number, person_id=one.person_id)
    if changed:
        count_soon(held[0].edition_id, held[0].item_id)


def _kept(row: AnswerMark, comment: str) -> AnswerMark:
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:  # someone else has marked it in the same moment
        raise Refused(why_not_judge(is_as_shown=False) or "") from error
    if comment:
        db.session.add(AnswerComment(mark_id=row.id, person_id=row.person_id, text=comment))
    return row
