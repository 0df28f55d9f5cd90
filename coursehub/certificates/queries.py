"""Reading certificates: what an edition asks for, who has what, and what anybody may check."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from coursehub.accounts.models import Account, Viewer
from coursehub.catalogue.models import Edition
from coursehub.certificates.formats.credential import in_list
from coursehub.certificates.formats.lettering import cannot_print
from coursehub.certificates.models import (
    Approval,
    Batch,
    Certificate,
    CertificateRule,
    ConfirmedName,
    Holder,
    SigningKey,
)
from coursehub.certificates.rules import (
    Requirement,
    first_printable,
    may_take_certificate,
    requirements,
    why_not_certify,
)
from coursehub.content.models import Course, CourseVersion, VersionPage
from coursehub.enrolment.models import Enrolment
from coursehub.foundation.database import db
from coursehub.learning.queries import completions_in
from coursehub.learning.rules import progress

Json = dict[str, Any]


def find_rule(edition_id: int) -> CertificateRule | None:
    """What an edition's certificate asks for, or None if it issues none."""
    return db.session.get(CertificateRule, edition_id)


@dataclass(frozen=True, slots=True)
class Given:
    """An edition as its certificates show it, in every language."""

    edition_id: int
    edition: str
    course: str
    zone: str
    starts_on: date
    ends_on: date
    is_whole: bool
    pages: dict[str, tuple[Json, list[Json]]]

    def outline(self, language: str) -> list[Json]:
        return self.pages[language][1]

    def title(self, language: str) -> str:
        return str(self.pages[language][0]["title"])


def given_in(edition_id: int) -> Given:
    """The edition with its outline in each language."""
    rows = db.session.execute(
        select(Edition, Course.slug, CourseVersion.is_whole, VersionPage)
        .join(Course, Course.id == Edition.course_id)
        .join(CourseVersion, CourseVersion.id == Edition.version_id)
        .join(VersionPage, VersionPage.version_id == Edition.version_id)
        .where(Edition.id == edition_id)
    ).all()
    edition, course, is_whole, _page = rows[0]
    pages = {row[3].language: (row[3].course, row[3].outline) for row in rows}
    return Given(
        edition.id,
        edition.slug,
        course,
        edition.zone,
        edition.starts_on,
        edition.ends_on,
        is_whole,
        pages,
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone with a place in an edition, and how far they are with its certificate."""

    person_id: int
    name: str
    latin_name: str
    language: str
    confirmed: str
    is_approved: bool
    certificate: Certificate | None
    was_revoked: bool

    @property
    def suggested(self) -> str:
        """The name that can be printed: as confirmed, from the account, or in Latin letters."""
        known = (self.confirmed, self.name, self.latin_name)
        return first_printable((name, cannot_print(name)) for name in known)


def candidates_in(
    edition_id: int, edition: str, people: Collection[int] | None = None
) -> list[Candidate]:
    """Those who have a place in an edition, or some of them, by name."""
    held = and_(
        Certificate.person_id == Account.person_id,
        Certificate.edition == edition,
        Certificate.revoked_at.is_(None),
        Certificate.replaced_at.is_(None),
    )
    earlier = aliased(Certificate)
    lost = select(earlier.id).where(
        earlier.person_id == Account.person_id,
        earlier.edition == edition,
        earlier.revoked_at.is_not(None),
    )
    name, approval = ConfirmedName, Approval
    rows = (
        select(
            Account.person_id,
            Account.name,
            Account.latin_name,
            Account.language,
            func.coalesce(name.name, ""),
            approval.approved_at.is_not(None),
            Certificate,
            lost.exists(),
        )
        .join(Enrolment, Enrolment.person_id == Account.person_id)
        .outerjoin(Certificate, held)
        .outerjoin(name, and_(name.person_id == Account.person_id, name.edition_id == edition_id))
        .outerjoin(
            approval,
            and_(approval.person_id == Account.person_id, approval.edition_id == edition_id),
        )
        .where(Enrolment.edition_id == edition_id, Enrolment.ended_at.is_(None))
    )
    if people is not None:
        rows = rows.where(Account.person_id.in_(people))
    ordered = rows.order_by(Account.name, Account.person_id)
    return [Candidate(*row) for row in db.session.execute(ordered)]


def editions_with_names_waiting() -> list[int]:
    """Editions in which someone confirmed a name and holds no certificate yet."""
    rows = (
        select(ConfirmedName.edition_id)
        .join(Edition, Edition.id == ConfirmedName.edition_id)
        .join(CertificateRule, CertificateRule.edition_id == ConfirmedName.edition_id)
        .outerjoin(
            Certificate,
            and_(
                Certificate.person_id == ConfirmedName.person_id,
                Certificate.edition == Edition.slug,
            ),
        )
        .where(Certificate.id.is_(None))
    )
    return list(db.session.scalars(rows.distinct().order_by(ConfirmedName.edition_id)))


Shown = tuple[Certificate, Holder | None]


def find_certificate(code: str) -> Shown | None:
    """A certificate with its holder, who may have been erased."""
    row = db.session.execute(
        select(Certificate, Holder)
        .outerjoin(Holder, Holder.certificate_id == Certificate.id)
        .where(Certificate.code == code)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def find_own(viewer: Viewer, code: str) -> tuple[Certificate, Holder] | None:
    """One of the viewer's own certificates."""
    shown = find_certificate(code)
    if shown is None or not may_take_certificate(viewer, person=shown[0].person_id):
        return None
    return None if shown[1] is None else (shown[0], shown[1])


def find_in_edition(edition: str, code: str) -> tuple[Certificate, Holder] | None:
    """A certificate of an edition, for those who issue it; of who was erased there is nothing."""
    shown = find_certificate(code)
    if shown is None or shown[0].edition != edition or shown[1] is None:
        return None
    return shown[0], shown[1]


def certificates_of(person_id: int) -> list[tuple[Certificate, Holder]]:
    """Everything someone was issued, the newest first."""
    rows = (
        select(Certificate, Holder)
        .join(Holder, Holder.certificate_id == Certificate.id)
        .where(Certificate.person_id == person_id)
    )
    ordered = rows.order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    return [(row[0], row[1]) for row in db.session.execute(ordered)]


def successor_of(certificate: Certificate) -> str | None:
    """The code of the certificate that stands in this one's place."""
    code: str | None = db.session.scalar(
        select(Certificate.code).where(Certificate.replaces_id == certificate.id)
    )
    return code


def find_by_file(sha256: str) -> str | None:
    """The code of the certificate whose PDF has exactly these bytes."""
    code: str | None = db.session.scalar(
        select(Certificate.code).where(Certificate.pdf_sha256 == sha256)
    )
    return code


@dataclass(frozen=True, slots=True)
class Run:
    """How far a batch is made."""

    id: int
    total: int
    made: int

    @property
    def is_over(self) -> bool:
        return self.made == self.total


def last_run(edition: str) -> Run | None:
    """The newest batch of an edition, with how many of its certificates are made."""
    row = db.session.execute(
        select(Batch.id, func.count(), func.count(Certificate.made_at))
        .join(Certificate, Certificate.batch_id == Batch.id)
        .join(Holder, Holder.certificate_id == Certificate.id)
        .where(Batch.edition == edition)
        .group_by(Batch.id)
        .order_by(Batch.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Run(*row)


def to_be_made(batch_id: int, most: int) -> Sequence[tuple[Certificate, Holder]]:
    """The next certificates of a batch that have no PDF yet."""
    rows = (
        select(Certificate, Holder)
        .join(Holder, Holder.certificate_id == Certificate.id)
        .where(Certificate.batch_id == batch_id, Certificate.made_at.is_(None))
    )
    return [
        (row[0], row[1]) for row in db.session.execute(rows.order_by(Certificate.id).limit(most))
    ]


def signing_keys() -> Sequence[SigningKey]:
    """Every key that ever signed, the first one first."""
    return db.session.scalars(select(SigningKey).order_by(SigningKey.id)).all()


def current_key() -> SigningKey | None:
    """The key that signs now."""
    return db.session.scalar(select(SigningKey).where(SigningKey.is_current))


def ended_in_list(number: int) -> tuple[list[int], datetime | None]:
    """The certificates of a status list that hold no more, and when the list changed last.

    None: there is no such list.
    """
    moments = select(
        func.min(Certificate.issued_at),
        func.max(Certificate.revoked_at),
        func.max(Certificate.replaced_at),
    )
    within = Certificate.id.between(*in_list(number))
    known = [one for one in db.session.execute(moments.where(within)).one() if one]
    has_ended = or_(Certificate.revoked_at.is_not(None), Certificate.replaced_at.is_not(None))
    ended = db.session.scalars(select(Certificate.id).where(within, has_ended))
    return list(ended), max(known, default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Someone with a place, what they have of what is asked for, and why they get nothing now."""

    candidate: Candidate
    wanted: list[Requirement]
    completed: Mapping[int, datetime]
    reason: str | None


def standings_in(
    given: Given, rule: CertificateRule | None, people: Collection[int] | None = None
) -> list[Standing]:
    """How far everyone with a place in an edition is, or some of them, by name."""
    completed = completions_in(given.edition_id, people)
    return [
        _standing(given, rule, one, completed.get(one.person_id, {}))
        for one in candidates_in(given.edition_id, given.edition, people)
    ]


def _standing(
    given: Given,
    rule: CertificateRule | None,
    candidate: Candidate,
    completed: Mapping[int, datetime],
) -> Standing:
    outline = given.outline(candidate.language)
    done = progress(outline, completed, is_whole=given.is_whole)
    wanted = requirements(rule, outline, done) if rule else []
    reason = why_not_certify(
        rule,
        wanted,
        is_enrolled=True,
        is_approved=candidate.is_approved,
        name=candidate.confirmed,
        has_certificate=candidate.certificate is not None,
    )
    return Standing(candidate, wanted, completed, reason)
