"""Peers review each other: who is given which work, and what they say of it."""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from coursehub.assignments.models import PeerComments, PeerReview
from coursehub.assignments.queries import (
    candidates_for,
    reviews_by,
    reviews_until,
    times_of,
    versions_of,
)
from coursehub.assignments.rules import Json, chosen, summed, why_not_review
from coursehub.enrolment.queries import find_place
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.queries import Reading


def begin_review(
    person_id: int, reading: Reading, item: Json, assignment: Json, language: str
) -> PeerReview | None:
    """Give someone the next work to review; None if there is no other work yet. Refused with the
    reason. Pressed twice, it is the same work.
    """
    mine = reviews_by(person_id, reading.edition_id, item["id"])
    open_one = next((one for one in mine if one.done_at is None), None)
    if open_one is not None:
        return open_one
    times, moment = times_of(assignment, reading.edition_id), now()
    refuse_if(
        why_not_review(
            assignment,
            is_enrolled=find_place(person_id, reading.edition_id, is_held=True) is not None,
            has_handed_in=bool(versions_of(person_id, reading.edition_id, item["id"])),
            given=len(mine),
            is_one_open=False,
            is_over=moment > reviews_until(assignment, times),
        )
    )
    candidates = candidates_for(person_id, reading.edition_id, item["id"])
    work = chosen(candidates, language, assignment["peers"]["get"])
    if work is None:
        return None
    review = PeerReview(
        submission_id=work.submission_id,
        person_id=person_id,
        edition_id=reading.edition_id,
        item_id=item["id"],
        number=len(mine) + 1,
        assigned_at=moment,
    )
    try:
        with db.session.begin_nested():
            db.session.add(review)
            db.session.flush()
    except IntegrityError:  # another tab was given one in the same moment
        return reviews_by(person_id, reading.edition_id, item["id"])[-1]
    return review


def end_review(
    review: PeerReview,
    reviewed: int,
    assignment: Json,
    points: Mapping[str, Json],
    comments: Mapping[str, str],
) -> None:
    """Keep what someone says of a work, once: what was said first stays."""
    if review.done_at is not None:
        return
    review.points = dict(points)
    review.earned = summed(assignment, points, 0).earned
    review.done_at = now()
    if comments:
        said = PeerComments(review_id=review.id, person_id=reviewed, comments=dict(comments))
        db.session.add(said)
