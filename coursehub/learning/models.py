"""Facts about what people did, which are never changed, and the lesson each one reached."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Model, Row, append_only


class FactKind(StrEnum):
    STARTED = "started"
    READ = "read"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    ATTENDED = "attended"
    GRADED = "graded"
    DECIDED = "decided"


class Fact(Row):
    """Something a person did. The same event sent twice is one row: its id is made by the sender.

    Other content under the same event id is a newer revision of it; the order is the revision's,
    never a device's clock. `version_id` and `rule` say by what it was judged.
    """

    __tablename__ = "facts"
    __table_args__ = (
        # With the person: an id that one has seen or guessed does not take the place of another's.
        UniqueConstraint("person_id", "event_id", "revision"),
        CheckConstraint("revision > 0", name="revision_counts_from_one"),
        CheckConstraint("length(event_id) = 36", name="event_id_is_a_uuid"),
        Index(None, "person_id", "edition_id"),
    )

    event_id: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    kind: Mapped[FactKind]
    rule: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    happened_at: Mapped[datetime]


class Bookmark(Model):
    """The lesson a person reached last in an edition: a working row, moved when they move."""

    __tablename__ = "bookmarks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    reached_at: Mapped[datetime]


append_only(Fact.__table__)  # type: ignore[arg-type]
