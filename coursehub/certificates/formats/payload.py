"""What the QR code says beside the address: the certificate itself, signed, in few characters.

It stands after `#`, so a browser that opens the address sends it to nobody:
`1.key-3.SIGNATURE.CONTENT`, the last two in base64url. The content is JSON, deflated; what is
signed is the JSON with the first two words before it.
"""

import base64
import json
import zlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coursehub.certificates.models import Certificate

FORM = "1"


def facts(certificate: Certificate, name: str) -> dict[str, object]:
    """What is printed, under the short names that the payload uses."""
    return {
        "c": certificate.code,
        "n": name,
        "t": certificate.title,
        "m": certificate.modules,
        "a": certificate.activities,
        "h": f"{certificate.hours:g}",
        "e": certificate.edition,
        "f": [f"{certificate.starts_on}", f"{certificate.ends_on}"],
        "d": f"{certificate.completed_on}",
        "i": f"{certificate.issued_on}",
        "k": certificate.kind,
        "l": certificate.language,
        "o": certificate.issuer,
    }


def payload(said: dict[str, object], key: Ed25519PrivateKey, key_name: str) -> str:
    """The facts, signed."""
    content = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    head = f"{FORM}.{key_name}"
    squeezer = zlib.compressobj(9, wbits=-15)
    squeezed = squeezer.compress(content) + squeezer.flush()
    return ".".join([head, _text(key.sign(f"{head}.".encode() + content)), _text(squeezed)])


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
