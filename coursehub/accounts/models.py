"""People, their accounts, roles, sessions and mailed links.

A person's row holds no personal data: facts point to it and are never changed. What identifies
someone stands in the account, which can be erased; two people found to be one are merged by
`merged_into`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Model, Row, append_only


class Role(StrEnum):
    LEARNER = "learner"  # everyone with an account; never granted
    INSTRUCTOR = "instructor"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"


class Scope(StrEnum):
    SITE = "site"
    COUNTRY = "country"
    COURSE = "course"
    EDITION = "edition"
    COMMITTEE = "committee"
    SEAT = "seat"


# Whoever holds one of these roles follows what it covers without taking a place.
TEACHERS = (Role.INSTRUCTOR, Role.SECRETARIAT, Role.ADMINISTRATOR)


class Purpose(StrEnum):
    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    CHANGE_EMAIL = "change_email"


class Person(Row):
    """Someone, without anything that says who."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("merged_into <> id", name="is_not_merged_into_itself"),)

    created_at: Mapped[datetime]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)


class Account(Model):
    """What identifies a person. `email_key` is the address folded, so that each exists once."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("language IN ('es', 'pt', 'en')", name="language_is_spoken"),
        CheckConstraint("length(name) BETWEEN 1 AND 120", name="name_is_given"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    name: Mapped[str]
    latin_name: Mapped[str] = mapped_column(default="")
    country_code: Mapped[str | None] = mapped_column(ForeignKey("countries.code"), index=True)
    institution: Mapped[str] = mapped_column(default="")
    position: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    time_zone: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(default=False)


class RoleGrant(Row):
    """A role held by a person within a scope; `scope_id` is empty for the whole site."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint("role <> 'learner'", name="everyone_is_a_learner"),
        CheckConstraint("(scope = 'site') = (scope_id = '')", name="scope_names_its_thing"),
        CheckConstraint("ended_at >= granted_at", name="ends_after_it_begins"),
        Index(
            "uq_role_grants_held",
            "person_id",
            "role",
            "scope",
            "scope_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role]
    scope: Mapped[Scope]
    scope_id: Mapped[str] = mapped_column(default="")
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class Session(Row):
    """One signed-in browser. The cookie holds a random token, the row only its fingerprint."""

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint("expires_at > began_at", name="expires_after_it_begins"),)

    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    device: Mapped[str]
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Ticket(Row):
    """A link that was mailed: works once, for one purpose, until it expires or is voided.

    Letters to one person are counted by `email_key`: however the address is written, it is one.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint(
            "(purpose = 'sign_up') = (person_id IS NULL)", name="sign_up_has_no_person"
        ),
        CheckConstraint("expires_at > created_at", name="expires_after_it_is_made"),
        Index(None, "email_key", "created_at"),
    )

    token_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[Purpose]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    email: Mapped[str]
    email_key: Mapped[str]
    details: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]


class SignInFailure(Row):
    """A wrong password, counted per address so that nobody can go on guessing one."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index(None, "email_key", "failed_at"),)

    email_key: Mapped[str]
    failed_at: Mapped[datetime]


class Acceptance(Row):
    """Someone agreed to a version of a document."""

    __tablename__ = "acceptances"
    __table_args__ = (UniqueConstraint("person_id", "document", "version"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    document: Mapped[str]
    version: Mapped[str]
    language: Mapped[str]
    accepted_at: Mapped[datetime]


append_only(Acceptance.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a scope, as rules ask about it."""

    role: Role
    scope: Scope
    scope_id: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever is looking at a page: someone signed in or, with no `person_id`, a visitor.

    Rules ask a visitor what they ask a person; the answer is then mostly no.
    """

    person_id: int | None = None
    name: str = ""
    language: str | None = None
    time_zone: str | None = None
    country: str | None = None
    is_demo: bool = False
    grants: frozenset[Grant] = frozenset()
    token: str = ""
    session_id: int | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def initials(self) -> str:
        """The first letters of the first and last word of the name."""
        words = [word for word in self.name.split() if word[0].isalnum()] or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def teaches(self) -> bool:
        """Whether a role opens the studio to them, for whatever it may be."""
        return any(
            grant.role in TEACHERS and grant.scope in (Scope.SITE, Scope.COURSE, Scope.EDITION)
            for grant in self.grants
        )

    # What Flask-Login asks of whoever is signed in.
    is_active = True

    @property
    def is_authenticated(self) -> bool:
        return self.is_signed_in

    @property
    def is_anonymous(self) -> bool:
        return not self.is_signed_in

    def get_id(self) -> str:
        return self.token
