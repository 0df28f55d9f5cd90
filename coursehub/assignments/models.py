"""Drafts, what was handed in and its files, and the marks it was given."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Model, Row, append_only


class Draft(Model):
    """What someone has written of an assignment so far: a working row.

    `changed_in` names the page, open in some tab, that changed it last.
    """

    __tablename__ = "assignment_drafts"
    __table_args__ = (CheckConstraint("revision > 0", name="revision_counts_from_one"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    text: Mapped[str] = mapped_column(default="")
    links: Mapped[list[str]] = mapped_column(JSON, default=list)
    revision: Mapped[int]
    changed_in: Mapped[str]
    changed_at: Mapped[datetime]


class KeptFile(Row):
    """A file that belongs to an assignment; without `sha256` its pieces are still arriving.

    It is in the draft until it is taken out of it; what was handed in names it for good.
    """

    __tablename__ = "assignment_files"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="is_not_empty"),
        CheckConstraint(
            "received_bytes BETWEEN 0 AND size_bytes", name="receives_no_more_than_its_size"
        ),
        CheckConstraint("(sha256 IS NULL) = (kind IS NULL)", name="is_known_when_whole"),
        CheckConstraint("length(key) = 36", name="key_is_a_uuid"),
        Index(None, "person_id", "edition_id", "item_id"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    name: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    claimed_sha256: Mapped[str | None]
    sha256: Mapped[str | None] = mapped_column(index=True)
    kind: Mapped[str | None]
    is_in_draft: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]

    @property
    def is_whole(self) -> bool:
        return self.sha256 is not None


class StoredFile(Model):
    """A fingerprint under which an assignment's file lies in the file store."""

    __tablename__ = "assignment_stored_files"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    stored_at: Mapped[datetime]


class Submission(Row):
    """A version of someone's work, handed in at a moment; what was in it stands beside it.

    `days_late` was worked out when it was handed in, by the rules of `version_id`. The rubric it is
    marked by is that version's too.
    """

    __tablename__ = "assignment_submissions"
    __table_args__ = (
        UniqueConstraint("person_id", "edition_id", "item_id", "number"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
        CheckConstraint("days_late >= 0", name="days_late_is_a_count"),
        CheckConstraint("length(key) = 36", name="key_is_a_uuid"),
        Index(None, "edition_id", "item_id"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    number: Mapped[int]
    handed_in_at: Mapped[datetime]
    due_at: Mapped[datetime]
    days_late: Mapped[int] = mapped_column(default=0)
    words: Mapped[int] = mapped_column(default=0)
    text_sha256: Mapped[str | None]


class SubmissionContent(Model):
    """What a submission says. It is never changed, and goes when its person is erased.

    `files` holds for each file its key, name, kind, bytes and fingerprint.
    """

    __tablename__ = "assignment_contents"

    submission_id: Mapped[int] = mapped_column(
        ForeignKey("assignment_submissions.id"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str]
    links: Mapped[list[str]] = mapped_column(JSON)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class MarkState(StrEnum):
    PROVISIONAL = "provisional"
    RELEASED = "released"


class Mark(Row):
    """A mark as someone gave it at a moment. To change one is to add the next.

    `points` holds for each criterion with levels the level, counted from the best, and the points.
    The learner sees the last one that was released.
    """

    __tablename__ = "assignment_marks"
    __table_args__ = (
        UniqueConstraint("submission_id", "number"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
        CheckConstraint("earned >= 0", name="earned_is_no_debt"),
        CheckConstraint("deducted BETWEEN 0 AND earned", name="takes_off_no_more_than_is_earned"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("assignment_submissions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[int]
    state: Mapped[MarkState]
    points: Mapped[dict[str, Any]] = mapped_column(JSON)
    earned: Mapped[float]
    deducted: Mapped[float]
    has_passed: Mapped[bool]
    is_complete: Mapped[bool]
    marked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    marked_at: Mapped[datetime]

    @property
    def total(self) -> float:
        return round(self.earned - self.deducted, 2)

    @property
    def is_released(self) -> bool:
        return self.state == MarkState.RELEASED


class MarkComments(Model):
    """What was said of a work with a mark: by criterion, and on the whole (“”)."""

    __tablename__ = "assignment_comments"

    mark_id: Mapped[int] = mapped_column(ForeignKey("assignment_marks.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    comments: Mapped[dict[str, str]] = mapped_column(JSON)


class PeerReview(Row):
    """A work that someone was given to review; `number` counts what this person was given.

    `points` and `earned` are there once it is done.
    """

    __tablename__ = "peer_reviews"
    __table_args__ = (
        UniqueConstraint("submission_id", "person_id"),
        UniqueConstraint("person_id", "edition_id", "item_id", "number"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
        CheckConstraint("(done_at IS NULL) = (earned IS NULL)", name="is_judged_when_done"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("assignment_submissions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    number: Mapped[int]
    assigned_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    points: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    earned: Mapped[float | None]


class PeerComments(Model):
    """What was said in a review; `person_id` is the one whose work it is."""

    __tablename__ = "peer_comments"

    review_id: Mapped[int] = mapped_column(ForeignKey("peer_reviews.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    comments: Mapped[dict[str, str]] = mapped_column(JSON)


class SavedComment(Row):
    """A comment that someone who marks an assignment keeps for the next time."""

    __tablename__ = "saved_comments"
    __table_args__ = (Index(None, "person_id", "item_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    text: Mapped[str]
    saved_at: Mapped[datetime]


for kept in (Submission, Mark):
    append_only(kept.__table__)  # type: ignore[arg-type]
for erasable in (SubmissionContent, MarkComments, PeerComments):
    append_only(erasable.__table__, is_erasable=True)  # type: ignore[arg-type]
