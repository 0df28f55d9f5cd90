"""Files of questions that somebody looks at before they are taken into a bank."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Row


class HeldFile(Row):
    """A file sent for a bank; it goes when it is taken or left alone for a day."""

    __tablename__ = "held_files"

    key: Mapped[str] = mapped_column(unique=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"), index=True)
    language: Mapped[str]
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime]
