"""A certificate as an Open Badges 3.0 credential, the issuer's keys and the list of the revoked.

https://www.imsglobal.org/spec/ob/v3p0 , https://w3c-ccg.github.io/did-method-web/ ,
https://www.w3.org/TR/vc-bitstring-status-list/
"""

import base64
import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from coursehub.certificates.models import Certificate

Json = dict[str, Any]
ISSUER = "CourseHub"  # as it is printed
VC = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
# The smallest list the standard allows, so that one entry tells nothing of whose it is.
MOST_CERTIFICATES = (1 << 31) - 1  # what the database counts to
LIST_LENGTH = 131_072
STRIDE = 54_059  # odd: walks through every place of a list once, in no order that tells


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues, at which address."""

    name: str
    url: str

    @property
    def did(self) -> str:
        """did:web:courses.example.org: what `/.well-known/did.json` there describes."""
        return f"did:web:{quote(urlsplit(self.url).netloc, safe='')}"

    def method(self, key: str) -> str:
        """How a proof names one of the issuer's keys."""
        return f"{self.did}#{key}"

    def at(self, path: str) -> str:
        return f"{self.url}{path}"


def place_in_list(certificate_id: int) -> tuple[int, int]:
    """Which status list holds a certificate, and where."""
    number, place = divmod(certificate_id - 1, LIST_LENGTH)
    return number + 1, place * STRIDE % LIST_LENGTH


def in_list(number: int) -> tuple[int, int]:
    """The first and the last certificate of a status list; none, past the last there can be."""
    last = number * LIST_LENGTH
    return (last - LIST_LENGTH + 1, last) if last <= MOST_CERTIFICATES else (0, 0)


def instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Words:
    """What a credential says in the language of its certificate."""

    description: str
    criteria: str


def credential(certificate: Certificate, name: str, words: Words, issuer: Issuer) -> Json:
    """The credential without its proof."""
    page = issuer.at(f"/verify/{certificate.code}")
    return {
        "@context": [VC, OPEN_BADGES],
        "id": page,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.title,
        "issuer": {
            "id": issuer.did,
            "type": ["Profile"],
            "name": certificate.issuer,
            "url": issuer.url,
        },
        "validFrom": instant(certificate.issued_at),
        "awardedDate": instant(certificate.issued_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": name,
                    "identityType": "name",
                }
            ],
            "activityStartDate": f"{certificate.starts_on}T00:00:00Z",
            "activityEndDate": f"{certificate.completed_on}T00:00:00Z",
            "achievement": {
                "id": issuer.at(f"/courses/{certificate.course}?edition={certificate.edition}"),
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "inLanguage": certificate.language,
                "name": certificate.title,
                "description": words.description,
                "criteria": {"narrative": words.criteria},
            },
        },
        "credentialStatus": _status(certificate.id, issuer),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def _status(certificate_id: int, issuer: Issuer) -> Json:
    number, place = place_in_list(certificate_id)
    address = issuer.at(f"/credentials/status/{number}")
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place),
        "statusListCredential": address,
    }


def status_list(number: int, ended: Iterable[int], moment: datetime, issuer: Issuer) -> Json:
    """A status list without its proof: a bit is set for each certificate that holds no more."""
    bits = bytearray(LIST_LENGTH // 8)
    for certificate_id in ended:
        _number, place = place_in_list(certificate_id)
        bits[place // 8] |= 128 >> place % 8
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    address = issuer.at(f"/credentials/status/{number}")
    return {
        "@context": [VC],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": instant(moment),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{packed}",
        },
    }


def did_document(keys: Sequence[tuple[str, str]], issuer: Issuer) -> Json:
    """Every key that ever signed, by name and Multikey."""
    methods = [
        {
            "id": issuer.method(name),
            "type": "Multikey",
            "controller": issuer.did,
            "publicKeyMultibase": public,
        }
        for name, public in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer.did,
        "alsoKnownAs": [issuer.url],
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
