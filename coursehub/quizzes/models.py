"""Attempts at quizzes, the answers in them by device, and who is given more time."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Model, Row, append_only


class AttemptState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"


class SubmittedBy(StrEnum):
    LEARNER = "learner"
    TIME = "time"


class QuizAttempt(Row):
    """One person's attempt at a quiz; `key` is what their devices know it by.

    `plan` is fixed at the start: which questions, in which order, and how each is arranged. The
    questions themselves are those of `version_id`, whatever is published later. `results` holds
    per question the points, the points there are, and whether a person has still to mark it.
    """

    __tablename__ = "quiz_attempts"
    __table_args__ = (
        UniqueConstraint("person_id", "edition_id", "item_id", "number"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
        CheckConstraint("extra_minutes >= 0", name="extra_minutes_is_a_count"),
        CheckConstraint("due_at > started_at", name="ends_after_it_starts"),
        CheckConstraint("length(key) = 36", name="key_is_a_uuid"),
        CheckConstraint(
            "(state = 'open') = (submitted_at IS NULL)", name="is_submitted_at_some_moment"
        ),
        CheckConstraint("(submitted_at IS NULL) = (points IS NULL)", name="is_marked_at_once"),
        CheckConstraint("points >= 0 AND points <= out_of", name="points_are_within_bounds"),
        # One attempt at a time: two tabs that start in the same moment start the same one.
        Index(
            "uq_quiz_attempts_open",
            "person_id",
            "edition_id",
            "item_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        # How many handed in is counted without reading a row.
        Index(None, "edition_id", "item_id", "state", "number"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    number: Mapped[int]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    plan: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[AttemptState] = mapped_column(default=AttemptState.OPEN)
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[SubmittedBy | None]
    points: Mapped[float | None]
    out_of: Mapped[float | None]
    needs_marking: Mapped[bool] = mapped_column(default=False)
    results: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    language: Mapped[str]
    # The newest correction of the quiz that its marks take into account.
    corrected_to: Mapped[int] = mapped_column(default=0)

    @property
    def is_open(self) -> bool:
        return self.state == AttemptState.OPEN

    @property
    def questions(self) -> dict[str, Any]:
        """How each question is arranged, by its id, in the attempt's order."""
        return {one["id"]: one["order"] for one in self.plan}


class QuizAnswer(Model):
    """What one device last said to one question of an open attempt: a working row.

    `fields` are the form's fields as they were typed. Of several devices the newest change counts:
    the greatest (changed_at, event_id), so that the order of arrival and repeats decide nothing.
    """

    __tablename__ = "quiz_answers"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempts.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    event_id: Mapped[str]
    fields: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    is_flagged: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    received_at: Mapped[datetime]


class LateAnswer(Model):
    """An answer that a device brought after its attempt had been handed in: kept, not counted."""

    __tablename__ = "quiz_late_answers"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempts.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    event_id: Mapped[str]
    fields: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    received_at: Mapped[datetime]
    counted_at: Mapped[datetime | None]


class Correction(Row):
    """What someone who teaches decided about a question whose key was wrong; never changed.

    `correction` is what `coursehub.questions.rules.correcting` reads.
    """

    __tablename__ = "quiz_corrections"
    __table_args__ = (
        CheckConstraint("length(reason) BETWEEN 1 AND 1000", name="reason_is_given"),
        Index(None, "edition_id", "item_id"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    question: Mapped[str]
    correction: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    made_at: Mapped[datetime]


append_only(Correction.__table__)  # type: ignore[arg-type]


class MarkState(StrEnum):
    PROVISIONAL = "provisional"
    RELEASED = "released"


class AnswerMark(Row):
    """What a person gave an answer at a moment. To change a mark is to add the next.

    `part` is the question inside a case, or empty. `levels` holds the level chosen for each
    criterion, counted from the first. The last one that was released counts.
    """

    __tablename__ = "quiz_marks"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question", "part", "number"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
        CheckConstraint("points >= 0 AND points <= out_of", name="points_are_within_bounds"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("quiz_attempts.id"))
    question: Mapped[str]
    part: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[int]
    state: Mapped[MarkState]
    points: Mapped[float]
    out_of: Mapped[float]
    levels: Mapped[dict[str, int]] = mapped_column(JSON)
    marked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    marked_at: Mapped[datetime]

    @property
    def asked(self) -> str:
        """The question that was marked: the one inside the case, if it stands in one."""
        return self.part or self.question


class AnswerComment(Model):
    """What was said of an answer with a mark; it goes when its person is erased."""

    __tablename__ = "quiz_comments"

    mark_id: Mapped[int] = mapped_column(ForeignKey("quiz_marks.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str]


append_only(AnswerMark.__table__)  # type: ignore[arg-type]
append_only(AnswerComment.__table__, is_erasable=True)  # type: ignore[arg-type]


class Regrade(Model):
    """How far a correction has been taken through the attempts that were handed in."""

    __tablename__ = "quiz_regrades"
    __table_args__ = (
        CheckConstraint("done >= 0 AND changed >= 0 AND passed >= 0", name="counts_are_counts"),
    )

    correction_id: Mapped[int] = mapped_column(ForeignKey("quiz_corrections.id"), primary_key=True)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


# In the statistics of questions, the row that tells of the quiz: how many handed it in.
WHOLE_QUIZ = ("", "")


class QuestionStatistics(Model):
    """How a question did in the first attempts of an edition, by the language they were made in.

    A roll-up: counted anew from the attempts, whenever some were handed in or marked anew.
    """

    __tablename__ = "quiz_statistics"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, index=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    tally: Mapped[dict[str, Any]] = mapped_column(JSON)
    counted_at: Mapped[datetime]


class Accommodation(Model):
    """More time or more attempts for a person, in every quiz of the site."""

    __tablename__ = "accommodations"
    __table_args__ = (
        CheckConstraint("more_time_percent BETWEEN 0 AND 300", name="more_time_is_a_share"),
        CheckConstraint("more_attempts BETWEEN 0 AND 20", name="more_attempts_is_a_count"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    more_time_percent: Mapped[int] = mapped_column(default=0)
    more_attempts: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    set_at: Mapped[datetime]
