"""What becomes of a certificate later: corrected, revoked, or forgotten with its holder."""

from sqlalchemy import select

from coursehub.accounts.queries import numbers_of
from coursehub.certificates.actions.keys import ensure_key
from coursehub.certificates.actions.making import drop_file, make_papers
from coursehub.certificates.formats.codes import new_code
from coursehub.certificates.formats.lettering import cannot_print, composed
from coursehub.certificates.mail import send_revoked
from coursehub.certificates.models import Batch, Certificate, Holder
from coursehub.certificates.rules import why_not_change, why_not_print
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import later
from coursehub.foundation.refusal import refuse_if

# Everything that stays when only the name was wrong.
SAME = (
    *("person_id", "edition", "course", "kind", "language", "title", "modules", "activities"),
    *("hours", "starts_on", "ends_on", "completed_on", "issuer"),
)


def reissue(certificate: Certificate, name: str, ordered_by: int) -> Certificate:
    """Issue the certificate again with another name; the old one is replaced by it."""
    name = composed(" ".join(name.split()))
    refuse_if(why_not_change(holds=certificate.holds))
    refuse_if(why_not_print(name, cannot_print(name)))
    ensure_key()
    batch = Batch(edition=certificate.edition, person_id=ordered_by, ordered_at=now())
    certificate.replaced_at = now()
    db.session.add(batch)
    db.session.flush()
    fresh = Certificate(
        **{column: getattr(certificate, column) for column in SAME},
        code=new_code(),
        batch_id=batch.id,
        issued_on=now().date(),
        issued_at=now().replace(microsecond=0),
        replaces_id=certificate.id,
    )
    db.session.add(fresh)
    db.session.flush()
    db.session.add(Holder(certificate_id=fresh.id, person_id=fresh.person_id, name=name))
    later(make_papers, batch_id=batch.id)
    return fresh


def revoke(certificate: Certificate, reason: str) -> None:
    """Take a certificate back, for a reason that anybody who checks it will read."""
    refuse_if(why_not_change(holds=certificate.holds))
    certificate.revoked_at, certificate.reason = now(), reason
    later(send_revoked, certificate_id=certificate.id, person_id=certificate.person_id)


def forget(person_id: int) -> int:
    """Have the PDFs of someone who is being erased deleted; gives how many."""
    numbers = numbers_of(person_id)
    files = db.session.scalars(
        select(Certificate.pdf_sha256).where(
            Certificate.person_id.in_(numbers), Certificate.pdf_sha256.is_not(None)
        )
    ).all()
    for sha256 in files:
        later(drop_file, sha256=str(sha256))
    return len(files)
