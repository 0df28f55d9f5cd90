"""Countries and the institutions that represent them."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Model, Row


class Standing(StrEnum):
    MEMBER = "member"
    OBSERVER = "observer"
    TRAINING_ONLY = "training_only"


class Country(Model):
    """A State of the Network, known by its ISO 3166 code."""

    __tablename__ = "countries"
    __table_args__ = (CheckConstraint("length(code) = 2", name="code_has_two_letters"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name_es: Mapped[str]
    name_pt: Mapped[str]
    name_en: Mapped[str]
    standing: Mapped[Standing]


class Institution(Row):
    """A public body that represents its country in the Network."""

    __tablename__ = "institutions"
    __table_args__ = (UniqueConstraint("country_code", "name_es"),)

    country_code: Mapped[str] = mapped_column(ForeignKey("countries.code"))
    name_es: Mapped[str]
    name_pt: Mapped[str]
    name_en: Mapped[str]
