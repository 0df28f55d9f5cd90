"""Making certificates that were issued: signed, drawn as PDF, kept, and announced by a letter.

A batch is made in pieces, each by one process that draws many; whoever is killed in the middle
leaves what was made before, and the next one goes on.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coursehub.certificates.actions.keys import signer
from coursehub.certificates.actions.wording import paper_of, words_of
from coursehub.certificates.formats.credential import Issuer, credential, instant
from coursehub.certificates.formats.paper import qr_code, typst
from coursehub.certificates.formats.payload import facts, payload
from coursehub.certificates.formats.signing import signed
from coursehub.certificates.mail import send_ready
from coursehub.certificates.models import Certificate, Holder
from coursehub.certificates.queries import to_be_made
from coursehub.content.formats.pdf import pdfs
from coursehub.foundation import storage
from coursehub.foundation.addresses import site_address
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job, later
from coursehub.foundation.language import speaking

IN_ONE_GO = 50


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a certificate, before it is written down."""

    id: int
    credential: dict[str, Any]
    payload: str
    source: str
    qr: str


@job
def make_papers(batch_id: int) -> Callable[[], None] | None:
    """Make the next certificates of a batch; the rest follows in a job of its own."""
    shown = to_be_made(batch_id, IN_ONE_GO)
    if not shown:
        return None
    key_name, key = signer()
    made = [_make(certificate, holder, key_name, key) for certificate, holder in shown]
    files = [(storage.put(pdf), len(pdf)) for pdf in _drawn(made)]

    def finish() -> None:
        for one, (sha256, size) in zip(made, files, strict=True):
            _keep(one, sha256, size)
        later(make_papers, batch_id=batch_id)

    return finish


def _make(certificate: Certificate, holder: Holder, key_name: str, key: Ed25519PrivateKey) -> Made:
    issuer = Issuer(certificate.issuer, site_address())
    with speaking(certificate.language):
        unsigned = credential(certificate, holder.name, words_of(certificate), issuer)
        said = payload(facts(certificate, holder.name), key, key_name)
        link = issuer.at(f"/verify/{certificate.code}#{said}")
        source = typst(
            paper_of(certificate, holder.name, issuer.url, link), f"{certificate.id}.svg"
        )
    proven = signed(unsigned, key, issuer.method(key_name), instant(certificate.issued_at))
    return Made(certificate.id, proven, said, source, qr_code(link))


def _drawn(made: Sequence[Made]) -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        for one in made:
            (Path(folder) / f"{one.id}.svg").write_text(one.qr, encoding="utf-8")
        return pdfs(Path(folder), [one.source for one in made])


def _keep(made: Made, sha256: str, size: int) -> None:
    holder = db.session.get(Holder, made.id)
    if holder is None:  # erased meanwhile: nothing is kept of what was made
        later(drop_file, sha256=sha256)
        return
    holder.credential, holder.payload = made.credential, made.payload
    certificate = db.session.get_one(Certificate, made.id)
    certificate.made_at, certificate.pdf_sha256, certificate.pdf_bytes = now(), sha256, size
    later(send_ready, certificate_id=made.id, person_id=holder.person_id)


@job
def drop_file(sha256: str) -> None:
    """Delete the PDF of someone who was erased."""
    storage.remove(sha256)
