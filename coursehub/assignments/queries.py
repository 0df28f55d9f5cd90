"""Reading assignments: drafts, versions with their marks, and what waits to be marked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from coursehub.accounts.models import Account, Viewer
from coursehub.assignments.models import (
    Draft,
    KeptFile,
    Mark,
    MarkComments,
    PeerComments,
    PeerReview,
    SavedComment,
    Submission,
    SubmissionContent,
)
from coursehub.assignments.rules import Candidate, Json, may_keep_file, out_of_all
from coursehub.catalogue.models import Edition
from coursehub.content.models import VersionActivity
from coursehub.foundation.clock import instant
from coursehub.foundation.database import db
from coursehub.learning.queries import Reading


def find_assignment(version_id: int, item_id: int) -> Json | None:
    """An assignment of a version as its file says it, in all its languages."""
    assignment: Json | None = db.session.scalar(
        select(VersionActivity.activity).where(
            VersionActivity.version_id == version_id, VersionActivity.item_id == item_id
        )
    )
    return assignment


@dataclass(frozen=True, slots=True)
class Times:
    """When an assignment is due in an edition, and when the edition ends."""

    due_at: datetime
    ends_at: datetime


def times_of(assignment: Json, edition_id: int) -> Times:
    """The moments that count for an assignment: its day ends in the edition's own zone."""
    edition = db.session.get_one(Edition, edition_id)
    day = edition.ends_on - timedelta(days=assignment.get("due_days_before_end", 0))
    return Times(instant(datetime.combine(day, time.max), edition.zone), edition.ends_at)


def find_draft(person_id: int, reading: Reading, item: Json, *, is_held: bool = False) -> Draft:
    """What someone has written so far, held by this unit of work if wished; else a new draft."""
    key = (person_id, reading.edition_id, item["id"])
    draft = db.session.get(Draft, key, with_for_update=is_held)
    return draft or Draft(
        person_id=person_id,
        edition_id=reading.edition_id,
        item_id=item["id"],
        text="",
        links=[],
        revision=0,
        changed_in="",
    )


def files_in_draft(person_id: int, edition_id: int, item_id: int) -> Sequence[KeptFile]:
    """The files of a draft, those that are still arriving included."""
    files = select(KeptFile).where(
        KeptFile.person_id == person_id,
        KeptFile.edition_id == edition_id,
        KeptFile.item_id == item_id,
        KeptFile.is_in_draft,
    )
    return db.session.scalars(files.order_by(KeptFile.id)).all()


def find_file(viewer: Viewer, key: str, *, is_held: bool = False) -> KeptFile | None:
    """A file by its key, for the one whose file it is."""
    named = select(KeptFile).where(KeptFile.key == key)
    file = db.session.scalar(named.with_for_update() if is_held else named)
    return file if file and may_keep_file(viewer, person=file.person_id) else None


@dataclass(frozen=True, slots=True)
class Room:
    """What a person's files take up: those that are arriving, and the bytes of all."""

    arriving: int
    kept_bytes: int


def room_of(person_id: int) -> Room:
    """How much of the room that each person has is taken."""
    of_mine = select(
        func.count().filter(KeptFile.sha256.is_(None)),
        func.coalesce(func.sum(KeptFile.size_bytes), 0),
    ).where(KeptFile.person_id == person_id)
    arriving, kept_bytes = db.session.execute(of_mine).one()
    return Room(arriving, int(kept_bytes))


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was handed in, its newest mark, and the newest that its learner sees."""

    submission: Submission
    mark: Mark | None
    released: Mark | None

    @property
    def number(self) -> int:
        return self.submission.number

    @property
    def has_passed(self) -> bool:
        return self.released is not None and self.released.has_passed

    @property
    def is_being_marked(self) -> bool:
        return self.mark is not None and not self.mark.is_released

    @property
    def state(self) -> str:
        """`waiting`, `provisional` or `released`."""
        return str(self.mark.state) if self.mark else "waiting"


def versions_of(person_id: int, edition_id: int, item_id: int) -> list[Version]:
    """What someone handed in, the first version first."""
    return _versions(
        Submission.person_id == person_id,
        Submission.edition_id == edition_id,
        Submission.item_id == item_id,
    )


def versions_in(edition_id: int, item_ids: Collection[int]) -> list[Version]:
    """What everyone handed in of some assignments of an edition, the earliest first."""
    return _versions(Submission.edition_id == edition_id, Submission.item_id.in_(item_ids))


def find_version(edition_id: int, item_id: int, submission_id: int) -> Version | None:
    """One version of somebody's, by its number in the table."""
    found = _versions(
        Submission.id == submission_id,
        Submission.edition_id == edition_id,
        Submission.item_id == item_id,
    )
    return found[0] if found else None


def _versions(*which: ColumnElement[bool]) -> list[Version]:
    rows = db.session.scalars(select(Submission).where(*which).order_by(Submission.id)).all()
    given = select(Mark).join(Submission, Submission.id == Mark.submission_id)
    marks = db.session.scalars(given.where(*which).order_by(Mark.number))
    newest: dict[int, Mark] = {}
    released: dict[int, Mark] = {}
    for mark in marks:
        newest[mark.submission_id] = mark
        if mark.is_released:
            released[mark.submission_id] = mark
    return [Version(row, newest.get(row.id), released.get(row.id)) for row in rows]


def content_of(submission_id: int) -> SubmissionContent | None:
    """What a submission says; None once its person was erased."""
    return db.session.get(SubmissionContent, submission_id)


def file_of(content: SubmissionContent | None, key: str) -> Json | None:
    """One of the files of a submission."""
    files = content.files if content else []
    return next((one for one in files if one["key"] == key), None)


def comments_on(mark: Mark | None) -> dict[str, str]:
    """What was said with a mark, by criterion."""
    row = db.session.get(MarkComments, mark.id) if mark else None
    return row.comments if row else {}


def history_of(submission_id: int) -> list[tuple[Mark, str]]:
    """Every mark a submission was given, the newest first, with the name of who gave it."""
    rows = (
        select(Mark, func.coalesce(Account.name, ""))
        .outerjoin(Account, Account.person_id == Mark.marked_by)
        .where(Mark.submission_id == submission_id)
        .order_by(Mark.number.desc())
    )
    return [(mark, name) for mark, name in db.session.execute(rows)]


def saved_comments(person_id: int | None, item_id: int) -> Sequence[SavedComment]:
    """What someone has kept to say again when marking an assignment."""
    mine = select(SavedComment).where(
        SavedComment.person_id == person_id, SavedComment.item_id == item_id
    )
    return db.session.scalars(mine.order_by(SavedComment.id)).all()


def latest_of_each(versions: Sequence[Version]) -> list[Version]:
    """Of everyone's versions of an assignment the newest, in the order they were handed in."""
    newest = {(one.submission.person_id, one.submission.item_id): one for one in versions}
    return sorted(newest.values(), key=lambda one: one.submission.id)


def assignment_of_file(file: KeptFile) -> Json | None:
    """The assignment that a file is handed in for, as the edition's version has it now."""
    assignment: Json | None = db.session.scalar(
        select(VersionActivity.activity)
        .join(Edition, Edition.version_id == VersionActivity.version_id)
        .where(Edition.id == file.edition_id, VersionActivity.item_id == file.item_id)
    )
    return assignment


def reviews_until(assignment: Json, times: Times) -> datetime:
    """Until when peers review each other; never longer than the edition."""
    return min(times.due_at + timedelta(days=assignment["peers"]["days"]), times.ends_at)


def reviews_by(person_id: int | None, edition_id: int, item_id: int) -> Sequence[PeerReview]:
    """The works someone was given to review, in the order they were given."""
    mine = select(PeerReview).where(
        PeerReview.person_id == person_id,
        PeerReview.edition_id == edition_id,
        PeerReview.item_id == item_id,
    )
    return db.session.scalars(mine.order_by(PeerReview.number)).all()


def find_review(
    person_id: int | None, edition_id: int, item_id: int, number: int, *, is_held: bool = False
) -> PeerReview | None:
    """One of the works that someone was given to review."""
    one = select(PeerReview).where(
        PeerReview.person_id == person_id,
        PeerReview.edition_id == edition_id,
        PeerReview.item_id == item_id,
        PeerReview.number == number,
    )
    return db.session.scalar(one.with_for_update() if is_held else one)


def comments_in(review_id: int) -> dict[str, str]:
    """What was said in a review."""
    row = db.session.get(PeerComments, review_id)
    return row.comments if row else {}


def reviews_of(submission_ids: Collection[int]) -> dict[int, list[tuple[PeerReview, Json]]]:
    """The reviews that are done of some works, with their comments, by work."""
    rows = (
        select(PeerReview, PeerComments.comments)
        .outerjoin(PeerComments, PeerComments.review_id == PeerReview.id)
        .where(PeerReview.submission_id.in_(submission_ids), PeerReview.done_at.is_not(None))
        .order_by(PeerReview.done_at, PeerReview.id)
    )
    found: dict[int, list[tuple[PeerReview, Json]]] = {}
    for review, comments in db.session.execute(rows):
        found.setdefault(review.submission_id, []).append((review, comments or {}))
    return found


def candidates_for(person_id: int, edition_id: int, item_id: int) -> list[Candidate]:
    """Everyone else's newest version that someone has not been given, as it can be given."""
    given = select(PeerReview.submission_id).where(PeerReview.person_id == person_id)
    newer = aliased(Submission)
    rows = (
        select(Submission.id, Account.language, func.count(PeerReview.id))
        .join(SubmissionContent, SubmissionContent.submission_id == Submission.id)
        .join(Account, Account.person_id == Submission.person_id)
        .outerjoin(PeerReview, PeerReview.submission_id == Submission.id)
        .where(
            Submission.edition_id == edition_id,
            Submission.item_id == item_id,
            Submission.person_id != person_id,
            Submission.person_id.not_in(
                select(Submission.person_id).where(Submission.id.in_(given))
            ),
            ~select(newer.id)
            .where(
                newer.person_id == Submission.person_id,
                newer.edition_id == Submission.edition_id,
                newer.item_id == Submission.item_id,
                newer.number > Submission.number,
            )
            .exists(),
        )
        .group_by(Submission.id, Account.language)
    )
    return [Candidate(*row) for row in db.session.execute(rows)]


@dataclass(frozen=True, slots=True)
class Marks:
    """What people earned in assignments, from 0 to 1, by person and item; and what still waits."""

    shares: dict[int, dict[int, float]]
    waiting: dict[int, set[int]]


def marks_in(edition_id: int, assignments: Mapping[int, Json], people: Collection[int]) -> Marks:
    """The best mark that each person was shown in each assignment, and work without one."""
    marks = Marks({}, {})
    for version in _versions(
        Submission.edition_id == edition_id,
        Submission.person_id.in_(people),
        Submission.item_id.in_(assignments),
    ):
        person, item = version.submission.person_id, version.submission.item_id
        if version.released is None:
            marks.waiting.setdefault(person, set()).add(item)
            continue
        share = min(1.0, version.released.total / out_of_all(assignments[item]))
        own = marks.shares.setdefault(person, {})
        own[item] = max(share, own.get(item, 0.0))
    return marks
