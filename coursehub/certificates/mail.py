"""Letters about certificates: it is ready, a name is wanted, it was revoked."""

from flask import current_app, render_template

from coursehub.accounts.models import Account
from coursehub.accounts.queries import account_of
from coursehub.catalogue.models import Edition
from coursehub.certificates.models import Certificate
from coursehub.foundation import mail
from coursehub.foundation.addresses import whole_address
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job
from coursehub.foundation.language import _, speaking


@job
def send_ready(certificate_id: int, person_id: int) -> None:
    """Say that the certificate can be taken away. Nothing goes to an account that is gone."""
    certificate, account = db.session.get_one(Certificate, certificate_id), account_of(person_id)
    if account is None or not certificate.holds:
        return
    with speaking(account.language):
        _send(
            account,
            "ready",
            _("Your certificate: %(course)s", course=certificate.title),
            f"certificate-{certificate.id}",
            title=certificate.title,
            is_corrected=certificate.replaces_id is not None,
            link=whole_address("certificates.show_own", code=certificate.code),
            checking=whole_address("verification.show_verified", code=certificate.code),
        )


@job
def ask_for_name(person_id: int, edition_id: int) -> None:
    """Ask for the name that the certificate waits for."""
    account = account_of(person_id)
    if account is None:
        return
    edition = db.session.get_one(Edition, edition_id)
    with speaking(account.language):
        _send(
            account,
            "name",
            _("Your certificate waits for your name"),
            f"certificate-name-{edition_id}-{person_id}",
            link=whole_address("certificates.show_certificate", edition=edition.slug),
        )


@job
def send_revoked(certificate_id: int, person_id: int) -> None:
    """Say that a certificate holds no more, and why."""
    certificate, account = db.session.get_one(Certificate, certificate_id), account_of(person_id)
    if account is None:
        return
    with speaking(account.language):
        _send(
            account,
            "revoked",
            _("Your certificate was revoked: %(course)s", course=certificate.title),
            f"certificate-revoked-{certificate.id}",
            title=certificate.title,
            reason=certificate.reason,
            link=whole_address("verification.show_verified", code=certificate.code),
        )


def _send(account: Account, name: str, subject: str, letter_id: str, **words: object) -> None:
    mail.send(
        to=account.email,
        subject=subject,
        body=render_template(
            f"certificates/pages/letters/{name}.txt",
            name=account.name,
            contact_email=current_app.extensions["coursehub"].contact_email,
            **words,
        ),
        language=account.language,
        letter_id=letter_id,
    )
