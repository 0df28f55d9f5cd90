"""Marking: every mark is added, none is changed; what is released counts for the learner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from coursehub.assignments.mail import send_released
from coursehub.assignments.models import Mark, MarkComments, MarkState, SavedComment, Submission
from coursehub.assignments.queries import Version, comments_on, find_assignment, versions_of
from coursehub.assignments.rules import (
    MOST_SAVED_COMMENTS,
    Json,
    summed,
    why_not_mark,
    why_not_release,
)
from coursehub.foundation import jobs
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.refusal import Refused, refuse_if
from coursehub.learning.actions import earn


@dataclass(frozen=True, slots=True)
class Judgement:
    """What someone says of a work: level and points by criterion, and comments (“” on the whole).

    `seen` is the number of the mark that the page showed, 0 for none.
    """

    points: Mapping[str, Json]
    comments: Mapping[str, str]
    seen: int


def mark(marker: int, version: Version, judgement: Judgement, *, releases: bool) -> Mark:
    """Add a mark; refused if another was added or handed in since the page was drawn."""
    submission = version.submission
    versions = versions_of(submission.person_id, submission.edition_id, submission.item_id)
    shown = version.mark.number if version.mark else 0
    refuse_if(
        why_not_mark(
            is_newest=versions[-1].number == submission.number, is_as_shown=shown == judgement.seen
        )
    )
    added = _added(marker, submission, judgement)
    if releases:
        refuse_if(why_not_release(is_complete=added.is_complete))
        _release(marker, replace(version, mark=added), dict(judgement.comments))
    return added


def release(marker: int, version: Version) -> None:
    """Show the newest mark to its learner, and count it."""
    given = version.mark
    refuse_if(why_not_release(is_complete=given is not None and given.is_complete))
    if not version.is_being_marked:
        return
    _release(marker, version, comments_on(given))


def release_all(marker: int, versions: Sequence[Version]) -> int:
    """Release every mark that is complete and not released yet; how many these were."""
    ready = [one for one in versions if one.is_being_marked and one.mark and one.mark.is_complete]
    for version in ready:
        release(marker, version)
    return len(ready)


def _added(marker: int, submission: Submission, judgement: Judgement) -> Mark:
    assignment = find_assignment(submission.version_id, submission.item_id)
    assert assignment is not None  # noqa: S101 - published versions are never changed
    total = summed(assignment, judgement.points, submission.days_late)
    row = Mark(
        submission_id=submission.id,
        person_id=submission.person_id,
        number=judgement.seen + 1,
        state=MarkState.PROVISIONAL,
        points=dict(judgement.points),
        earned=total.earned,
        deducted=total.deducted,
        has_passed=total.has_passed,
        is_complete=total.is_complete,
        marked_by=marker,
        marked_at=now(),
    )
    return _kept(row, dict(judgement.comments))


def _kept(row: Mark, comments: dict[str, str]) -> Mark:
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:  # someone else has marked it in the same moment
        raise Refused(why_not_mark(is_newest=True, is_as_shown=False) or "") from error
    if comments:
        db.session.add(MarkComments(mark_id=row.id, person_id=row.person_id, comments=comments))
    return row


def _release(marker: int, version: Version, comments: dict[str, str]) -> None:
    given, submission = version.mark, version.submission
    assert given is not None  # noqa: S101 - the rule has been asked
    row = Mark(
        submission_id=submission.id,
        person_id=submission.person_id,
        number=given.number + 1,
        state=MarkState.RELEASED,
        points=given.points,
        earned=given.earned,
        deducted=given.deducted,
        has_passed=given.has_passed,
        is_complete=given.is_complete,
        marked_by=marker,
        marked_at=now(),
    )
    _kept(row, comments)
    _count(submission, row)
    jobs.later(send_released, mark_id=row.id, person_id=submission.person_id)


def _count(submission: Submission, released: Mark) -> None:
    """Complete the item for its learner, if the mark passes; no later mark takes that back.

    It counts from the moment it was handed in: how long marking took is nobody's merit or fault.
    """
    item = {"id": submission.item_id, "kind": "assignment", "state": "ready"}
    if released.has_passed:
        earn(submission.person_id, submission, item, submission.handed_in_at)


def keep_comment(marker: int, item_id: int, text: str) -> None:
    """Keep a comment to say it again; once, and within the number that there is room for."""
    mine = (SavedComment.person_id == marker, SavedComment.item_id == item_id)
    count = db.session.scalar(select(func.count()).where(*mine)) or 0
    known = db.session.scalar(select(SavedComment.id).where(*mine, SavedComment.text == text))
    if known is None and count < MOST_SAVED_COMMENTS:
        kept = SavedComment(person_id=marker, item_id=item_id, text=text, saved_at=now())
        db.session.add(kept)
        db.session.flush()


def forget_comment(marker: int, comment_id: int) -> None:
    """Take a comment out of those that someone keeps."""
    mine = (SavedComment.id == comment_id, SavedComment.person_id == marker)
    db.session.execute(delete(SavedComment).where(*mine))
