"""Who has answered a survey, what was answered, and the figures that are shown of it.

Nothing joins the first to the second, unless the survey is answered with a name.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Model


class Participation(Model):
    """Someone has answered a survey: that and no more, so that nobody answers twice."""

    __tablename__ = "survey_participations"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)


class Response(Model):
    """What somebody answered; nobody knows who.

    No person, address, moment or language, which few may share. The key is random, and the rows
    lie in the order of the keys, for they are mixed each time one is added (actions/mixing.py).
    `code` is what a slow, keyed function made of a code that only its author knows.
    """

    __tablename__ = "survey_responses"
    __table_args__ = (
        CheckConstraint("length(key) = 32", name="key_is_random"),
        Index(None, "edition_id", "item_id"),
        # A row number would tell the order of arrival.
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    code: Mapped[str | None]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)


class NamedResponse(Model):
    """What someone answered with their name."""

    __tablename__ = "survey_named_responses"
    __table_args__ = (Index(None, "edition_id", "item_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_at: Mapped[datetime]


class Tally(Model):
    """How many have answered a survey without a name, and the figures of the last step.

    Figures are made again only when SMALLEST_GROUP more have answered: whoever compares two of
    them learns nothing of fewer people. The pairs of two surveys are counted at the first of them.
    """

    __tablename__ = "survey_tallies"
    __table_args__ = (
        CheckConstraint("counted BETWEEN 0 AND answered", name="counts_who_answered"),
        CheckConstraint("(counted = 0) = (counted_on IS NULL)", name="counted_on_some_day"),
        CheckConstraint("(pairs = 0) = (paired_on IS NULL)", name="paired_on_some_day"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    answered: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int] = mapped_column(default=0)
    counted_on: Mapped[date | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    pairs: Mapped[int] = mapped_column(default=0)
    paired_on: Mapped[date | None]
    comparison: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
