"""Editions: a course given at a time, to a number of people, from one published version."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.clock import instant
from coursehub.foundation.database import Row


class Format(StrEnum):
    FACILITATED = "facilitated"
    SELF_PACED = "self_paced"


class Edition(Row):
    """A course with dates and seats; no `seats` means no limit.

    Enrolment opens and closes at local times of a zone; the two instants are derived from them and
    derived again when the zone's rules change.
    """

    __tablename__ = "editions"
    __table_args__ = (
        CheckConstraint("seats_taken >= 0", name="seats_taken_is_a_count"),
        CheckConstraint("seats_taken <= seats", name="is_not_overbooked"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("closes_local > opens_local", name="closes_after_it_opens"),
        # An edition shows a version of its own course and of no other.
        ForeignKeyConstraint(
            ["course_id", "version_id"], ["course_versions.course_id", "course_versions.id"]
        ),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    version_id: Mapped[int] = mapped_column(index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    format: Mapped[Format]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    zone: Mapped[str]
    opens_local: Mapped[datetime] = mapped_column(DateTime())
    closes_local: Mapped[datetime] = mapped_column(DateTime())
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    seats: Mapped[int | None]
    seats_taken: Mapped[int] = mapped_column(default=0)
    announced_at: Mapped[datetime | None]

    @property
    def starts_at(self) -> datetime:
        """The moment at which the first day begins in the edition's zone."""
        return instant(datetime.combine(self.starts_on, time.min), self.zone)

    @property
    def ends_at(self) -> datetime:
        """The last minute of the last day in the edition's zone."""
        return instant(datetime.combine(self.ends_on, time.max), self.zone)

    def is_announced_at(self, moment: datetime) -> bool:
        return self.announced_at is not None and self.announced_at <= moment

    @property
    def is_full(self) -> bool:
        return self.seats is not None and self.seats_taken >= self.seats
