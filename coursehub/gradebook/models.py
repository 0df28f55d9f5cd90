"""How an edition is graded, and what was decided in place of a mark; neither is ever changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Row, append_only


class GradingScheme(Row):
    """A scheme that someone chose for an edition; the latest holds."""

    __tablename__ = "grading_schemes"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    scheme: Mapped[dict[str, Any]] = mapped_column(JSON)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    chosen_at: Mapped[datetime]


class GradeDecision(Row):
    """A share that someone set in place of what was earned, or an excuse; the latest holds.

    `item_id` is empty for the grade as a whole. `is_withdrawn` says that what was earned counts
    again; otherwise no `share` means excused.
    """

    __tablename__ = "grade_decisions"
    __table_args__ = (
        CheckConstraint("share BETWEEN 0 AND 1", name="share_is_a_share"),
        CheckConstraint("length(reason) BETWEEN 1 AND 1000", name="reason_is_given"),
        CheckConstraint("NOT is_withdrawn OR share IS NULL", name="sets_nothing_when_withdrawn"),
        Index(None, "edition_id", "person_id"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"), index=True)
    share: Mapped[float | None]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str]
    decided_by: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    decided_at: Mapped[datetime]


append_only(GradingScheme.__table__)  # type: ignore[arg-type]
# A reason may tell of an illness: it goes when its person is erased.
append_only(GradeDecision.__table__, is_erasable=True)  # type: ignore[arg-type]
