"""Handing in: what is there becomes a version that nobody changes any more."""

import hashlib
import uuid

from sqlalchemy.exc import IntegrityError

from coursehub.assignments.mail import send_receipt
from coursehub.assignments.models import Draft, KeptFile, Submission, SubmissionContent
from coursehub.assignments.queries import files_in_draft, times_of, versions_of
from coursehub.assignments.rules import (
    Json,
    Work,
    days_late,
    why_not_complete_work,
    why_not_hand_in,
    words_in,
)
from coursehub.enrolment.queries import find_place
from coursehub.foundation import jobs
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.refusal import refuse_if
from coursehub.learning.models import Fact, FactKind
from coursehub.learning.queries import Reading

RULE = "assignment-1"


def hand_in(
    draft: Draft, reading: Reading, assignment: Json, number: int
) -> Submission | dict[str, str]:
    """Hand in what is in the draft as version `number`; or per field the reason it cannot be.

    Pressed twice, or in two tabs at once, it is one version: the one that is there already.
    Refused where nothing can be handed in at all.
    """
    person_id, item_id = draft.person_id, draft.item_id
    place = find_place(person_id, reading.edition_id, is_held=True)
    versions = versions_of(person_id, reading.edition_id, item_id)
    known = next((one.submission for one in versions if one.number == number), None)
    if known is not None:
        return known
    times, moment = times_of(assignment, reading.edition_id), now()
    refuse_if(
        why_not_hand_in(
            assignment,
            versions,
            is_enrolled=place is not None,
            moment=moment,
            due_at=times.due_at,
            ends_at=times.ends_at,
        )
    )
    files = files_in_draft(person_id, reading.edition_id, item_id)
    arriving = sum(not one.is_whole for one in files)
    work = Work(draft.text, draft.links, len(files) - arriving, arriving)
    if mistakes := why_not_complete_work(assignment, work):
        return mistakes
    submission = Submission(
        key=str(uuid.uuid4()),
        person_id=person_id,
        edition_id=reading.edition_id,
        item_id=item_id,
        version_id=reading.version_id,
        number=len(versions) + 1,
        handed_in_at=moment,
        due_at=times.due_at,
        days_late=days_late(assignment, times.due_at, moment),
        words=words_in(draft.text),
        text_sha256=fingerprint_of(draft.text),
    )
    return _kept(submission, draft, [_as_data(one) for one in files])


def fingerprint_of(text: str) -> str | None:
    """The SHA-256 of a text as UTF-8, with line ends as line feeds; None if there is no text."""
    return hashlib.sha256(text.encode()).hexdigest() if text else None


def _as_data(file: KeptFile) -> Json:
    return {
        "key": file.key,
        "name": file.name,
        "kind": file.kind,
        "bytes": file.size_bytes,
        "sha256": file.sha256,
    }


def _kept(submission: Submission, draft: Draft, files: list[Json]) -> Submission:
    number = (submission.person_id, submission.edition_id, submission.item_id)
    try:
        with db.session.begin_nested():
            db.session.add(submission)
            db.session.flush()
    except IntegrityError:  # another tab handed it in in the same moment
        return versions_of(*number)[-1].submission
    db.session.add(
        SubmissionContent(
            submission_id=submission.id,
            person_id=submission.person_id,
            text=draft.text,
            links=list(draft.links),
            files=files,
        )
    )
    _record(submission)
    jobs.later(send_receipt, submission_id=submission.id, person_id=submission.person_id)
    return submission


def _record(submission: Submission) -> None:
    fact = Fact(
        event_id=str(uuid.uuid5(uuid.UUID(submission.key), FactKind.SUBMITTED.value)),
        person_id=submission.person_id,
        edition_id=submission.edition_id,
        item_id=submission.item_id,
        version_id=submission.version_id,
        kind=FactKind.SUBMITTED,
        rule=RULE,
        details={"number": submission.number, "days_late": submission.days_late},
        happened_at=submission.handed_in_at,
    )
    db.session.add(fact)
