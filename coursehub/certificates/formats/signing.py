"""Signatures on JSON documents: W3C Data Integrity with the suite eddsa-jcs-2022.

https://www.w3.org/TR/vc-di-eddsa/ ; canonical JSON is RFC 8785, keys are written as Multikey.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

Json = dict[str, Any]
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"  # what a Multikey begins with


def new_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def written_key(key: Ed25519PrivateKey) -> bytes:
    """A private key as a PEM file."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_key(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("this is no Ed25519 key")
    return key


def multikey(key: Ed25519PublicKey) -> str:
    """z6Mk…: a public key as documents name it."""
    return "z" + base58(ED25519_PUBLIC + key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def read_multikey(text: str) -> Ed25519PublicKey:
    """The key that a Multikey writes. ValueError if it is no Ed25519 key."""
    written = from_base58(text[1:]) if text[:1] == "z" else b""
    if written[:2] != ED25519_PUBLIC:
        raise ValueError("this is no Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(written[2:])


def base58(content: bytes) -> str:
    number, letters = int.from_bytes(content), ""
    while number:
        number, rest = divmod(number, 58)
        letters = BASE58[rest] + letters
    return "1" * (len(content) - len(content.lstrip(b"\0"))) + letters


def from_base58(letters: str) -> bytes:
    """The bytes. ValueError if a letter is none of the alphabet's."""
    number = 0
    for letter in letters:
        number = number * 58 + BASE58.index(letter)
    zeros = len(letters) - len(letters.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def canonical(document: object) -> bytes:
    """The one way to write a document, RFC 8785. Numbers that are not whole have no place here."""
    return json.dumps(
        _sorted(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def _sorted(value: object) -> object:
    if isinstance(value, float):
        raise TypeError("write fractions as text: their canonical form is a matter of its own")
    if isinstance(value, Mapping):
        # The order is that of UTF-16, which differs from Python's for rare characters.
        return {
            key: _sorted(value[key]) for key in sorted(value, key=lambda k: k.encode("utf-16-be"))
        }
    return [_sorted(one) for one in value] if isinstance(value, list | tuple) else value


def signed(document: Json, key: Ed25519PrivateKey, method: str, created: str) -> Json:
    """The document with a proof by a key that `method` names."""
    proof = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(_hashes(document, proof))
    return {**document, "proof": {**proof, "proofValue": "z" + base58(signature)}}


def is_signed_by(document: Json, key: Ed25519PublicKey) -> bool:
    """Whether the proof was made by this key over exactly this document."""
    proof = dict(document["proof"])
    signature = from_base58(proof.pop("proofValue")[1:])
    bare = {name: value for name, value in document.items() if name != "proof"}
    try:
        key.verify(signature, _hashes(bare, proof))
    except InvalidSignature:
        return False
    return True


def _hashes(document: Json, proof: Json) -> bytes:
    return b"".join(hashlib.sha256(canonical(one)).digest() for one in (proof, document))
