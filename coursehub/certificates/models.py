"""What a certificate asks for, the certificates issued, whose they are, and the keys that sign.

A certificate holds all that is printed on it but the name, and points to no course or edition: it
can be checked when those are gone. Name and signed credential stand in its holder's row, which is
erased with the person.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Model, Row


class IssuedBy(StrEnum):
    """Whether everything done is enough, or a person has to approve each certificate too."""

    RULE = "rule"
    APPROVAL = "approval"


class Kind(StrEnum):
    """What a certificate says: something was passed, or everything asked for was completed."""

    APPROVAL = "approval"
    COMPLETION = "completion"


class CertificateRule(Model):
    """What an edition's certificate asks for: modules and activities, by their items' ids.

    Without `hours` they are those of the modules.
    """

    __tablename__ = "certificate_rules"
    __table_args__ = (CheckConstraint("hours > 0", name="hours_are_some"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    modules: Mapped[list[int]] = mapped_column(JSON)
    activities: Mapped[list[int]] = mapped_column(JSON)
    issued_by: Mapped[IssuedBy]
    hours: Mapped[float | None]
    set_at: Mapped[datetime]


class ConfirmedName(Model):
    """The name that someone wants on their certificate, as they saw and confirmed it."""

    __tablename__ = "certificate_names"
    __table_args__ = (CheckConstraint("length(name) BETWEEN 1 AND 120", name="name_is_given"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    name: Mapped[str]
    confirmed_at: Mapped[datetime]


class Approval(Model):
    """Staff approved that someone gets the certificate of an edition that asks for it."""

    __tablename__ = "certificate_approvals"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    approved_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime]


class Batch(Row):
    """Certificates that were issued together; nobody orders what is issued by rule."""

    __tablename__ = "certificate_batches"

    edition: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    ordered_at: Mapped[datetime]


class Certificate(Row):
    """All that is printed but the name; the edition is known by its address, as text.

    It is made after it is issued: then it has a PDF, whose fingerprint never changes. One that
    replaces another names it. A person has one that holds in an edition, at most.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("language IN ('es', 'pt', 'en')", name="language_is_spoken"),
        CheckConstraint("length(code) = 16", name="code_is_whole"),
        CheckConstraint("hours > 0", name="hours_are_some"),
        CheckConstraint("(revoked_at IS NULL) = (reason = '')", name="is_revoked_for_a_reason"),
        CheckConstraint("(made_at IS NULL) = (pdf_sha256 IS NULL)", name="is_made_at_once"),
        CheckConstraint("(made_at IS NULL) = (pdf_bytes IS NULL)", name="is_made_with_its_size"),
        CheckConstraint("replaces_id <> id", name="does_not_replace_itself"),
        Index(
            "uq_certificates_held",
            "person_id",
            "edition",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL AND replaced_at IS NULL"),
        ),
        Index(None, "edition", "person_id"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("certificate_batches.id"), index=True)
    edition: Mapped[str]
    course: Mapped[str]
    kind: Mapped[Kind]
    language: Mapped[str]
    title: Mapped[str]
    modules: Mapped[list[str]] = mapped_column(JSON)
    activities: Mapped[list[str]] = mapped_column(JSON)
    hours: Mapped[float]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    completed_on: Mapped[date]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issuer: Mapped[str]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True)
    replaced_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime | None]
    pdf_sha256: Mapped[str | None] = mapped_column(unique=True)
    pdf_bytes: Mapped[int | None]

    @property
    def holds(self) -> bool:
        return self.revoked_at is None and self.replaced_at is None


class Holder(Model):
    """Whose certificate it is, as printed; the signed credential, and what the QR code says."""

    __tablename__ = "certificate_holders"
    __table_args__ = (CheckConstraint("length(name) BETWEEN 1 AND 120", name="name_is_given"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    credential: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    payload: Mapped[str] = mapped_column(default="")


class SigningKey(Row):
    """A public key that certificates are signed with, or were: it stays published for ever.

    The private one stands in the data folder, never here.
    """

    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint("is_current = (retired_at IS NULL)", name="is_current_until_it_is_retired"),
        Index(
            "uq_signing_keys_current",
            "is_current",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    public: Mapped[str] = mapped_column(unique=True)
    is_current: Mapped[bool]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        return f"key-{self.id}"
