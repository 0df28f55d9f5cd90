"""Places on editions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Row


class Enrolment(Row):
    """One person's place on one edition. A place given up stays as a row with an end."""

    __tablename__ = "enrolments"
    __table_args__ = (
        CheckConstraint("ended_at >= began_at", name="ends_after_it_begins"),
        Index(
            "uq_enrolments_open",
            "person_id",
            "edition_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
