"""What a certificate says in words, in the language that is being spoken."""

from typing import Any

from coursehub.certificates.formats.codes import shown_code
from coursehub.certificates.formats.credential import Words
from coursehub.certificates.formats.paper import Line, Paper
from coursehub.certificates.models import Certificate, Holder, Kind
from coursehub.certificates.rules import state_of
from coursehub.foundation.language import _, _n, day, decimal


def paper_of(certificate: Certificate, name: str, url: str, link: str) -> Paper:
    """The page to be printed."""
    code, address = shown_code(certificate.code), f"{url}/verify"
    return Paper(
        language=certificate.language,
        brand=certificate.issuer,
        title=f"{heading(certificate.kind)}: {name}",
        heading=heading(certificate.kind),
        name=name,
        says=says(certificate.kind),
        course=Line(certificate.title, certificate.language),
        parts_heading=_("It covers:"),
        parts=[*certificate.modules, *certificate.activities],
        facts=[
            _("Workload: %(hours)s.", hours=hours_in_words(certificate.hours)),
            _(
                "Edition from %(start)s to %(end)s. Completed on %(done)s.",
                start=day(certificate.starts_on),
                end=day(certificate.ends_on),
                done=day(certificate.completed_on),
            ),
        ],
        signers=[
            [certificate.issuer, _("Issued on %(day)s", day=day(certificate.issued_on))],
            [_("Secretariat"), _("Signed electronically; checked with the code")],
        ],
        qr_alt=_(
            "QR code that leads to the page that checks this certificate: %(code)s", code=code
        ),
        checking=[_("Anyone can check this certificate with the QR code, or with its code at")],
        code=code,
        link=link,
        address=address,
    )


def heading(kind: Kind) -> str:
    """What the certificate is called."""
    if kind == Kind.APPROVAL:
        return _("Certificate of approval")
    return _("Certificate of completion")


def says(kind: Kind) -> str:
    """The words between the name and the course."""
    if kind == Kind.APPROVAL:
        return _("has completed and passed what this certificate covers of the course")
    return _("has completed what this certificate covers of the course")


def hours_in_words(hours: float) -> str:
    """26 hours, 4.5 hours."""
    if hours == int(hours):
        return _n("%(num)s hour", "%(num)s hours", int(hours))
    return _("%(hours)s hours", hours=decimal(hours))


def words_of(certificate: Certificate) -> Words:
    """What the credential says beside names and dates."""
    parts = "; ".join([*certificate.modules, *certificate.activities])
    return Words(
        description=_(
            "%(kind)s, %(hours)s.",
            kind=heading(certificate.kind),
            hours=hours_in_words(certificate.hours),
        ),
        criteria=_(
            "Everything in these parts of the course was completed: %(parts)s.", parts=parts
        ),
    )


def told(certificate: Certificate, holder: Holder | None) -> dict[str, Any]:
    """Everything a page says of a certificate."""
    return {
        "certificate": certificate,
        "holder": holder,
        "code": shown_code(certificate.code),
        "state": state_of(certificate),
        "heading": heading(certificate.kind),
        "says": says(certificate.kind),
        "hours": hours_in_words(certificate.hours),
    }
