"""The credential, the published keys and the status list, as other programs read them."""

import base64
import copy
import gzip
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coursehub.certificates import actions
from coursehub.certificates.actions.making import make_papers
from coursehub.certificates.formats.credential import LIST_LENGTH, place_in_list
from coursehub.certificates.formats.signing import (
    base58,
    canonical,
    from_base58,
    is_signed_by,
    read_multikey,
    signed,
)
from coursehub.foundation import vault
from coursehub.foundation.database import writing
from coursehub.foundation.jobs import later
from tests.certificates.stage import certified, issued

SAMPLES = Path("/work/shared/samples/vc-eddsa-vectors")


def key_of(document: dict, did: dict):
    """The key that a proof names, as the issuer's document gives it."""
    method = document["proof"]["verificationMethod"]
    (found,) = [one for one in did["verificationMethod"] if one["id"] == method]
    assert method in did["assertionMethod"]
    return read_multikey(found["publicKeyMultibase"])


def taken(learner, certificate) -> dict:
    return learner.browser.get(f"/certificates/{certificate.code}/credential.json").json


def test_the_credential_is_an_open_badge_that_says_what_is_printed(sign_in, run_jobs):
    learner, certificate = certified(sign_in, run_jobs)

    badge = taken(learner, certificate)

    subject = badge["credentialSubject"]
    assert badge["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert badge["issuer"]["id"] == "did:web:127.0.0.1%3A8000"
    assert subject["identifier"][0]["identityHash"] == "Ana Muñoz"
    assert subject["achievement"]["name"] == certificate.title
    assert "Module 1. Module 1" in subject["achievement"]["criteria"]["narrative"]
    assert badge["credentialStatus"]["statusListIndex"].isdecimal()


def test_its_signature_is_right_and_every_change_breaks_it(sign_in, run_jobs, visitor):
    learner, certificate = certified(sign_in, run_jobs)
    badge, did = taken(learner, certificate), visitor.get("/.well-known/did.json").json
    key = key_of(badge, did)
    assert is_signed_by(badge, key)

    altered = copy.deepcopy(badge)
    altered["credentialSubject"]["identifier"][0]["identityHash"] = "Ana Munoz"
    dated = copy.deepcopy(badge)
    dated["proof"]["created"] = "2020-01-01T00:00:00Z"

    assert not is_signed_by(altered, key)
    assert not is_signed_by(dated, key)


def test_a_new_key_signs_from_now_on_and_the_old_one_stays_published(sign_in, run_jobs, visitor):
    learner, first = certified(sign_in, run_jobs)
    with writing():
        actions.rotate()
    other, second = certified(sign_in, run_jobs)
    did = visitor.get("/.well-known/did.json").json

    badges = taken(learner, first), taken(other, second)

    methods = [badge["proof"]["verificationMethod"] for badge in badges]
    assert len(set(methods)) == 2
    assert all(is_signed_by(badge, key_of(badge, did)) for badge in badges)
    keys = visitor.get("/credentials/keys").json["keys"]
    assert [one["until"] is None for one in keys] == [False, True]


def test_without_its_private_key_nothing_is_signed_and_nothing_is_lost(sign_in, run_jobs, database):
    certified(sign_in, run_jobs)
    for file in (database.data_dir / "keys").iterdir():
        file.unlink()
    learner, certificate = certified(sign_in, run_jobs)
    assert certificate.made_at is None

    with writing():
        actions.rotate()
        later(make_papers, batch_id=certificate.batch_id)
    run_jobs()

    assert issued()[-1].made_at
    assert taken(learner, certificate)


def test_private_keys_are_for_nobody_else_on_the_machine(sign_in, run_jobs, database):
    certified(sign_in, run_jobs)

    folder = database.data_dir / "keys"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in folder.iterdir())
    with pytest.raises(FileNotFoundError):
        vault.read("../secret")


def bits_of(visitor, number: int = 1) -> bytes:
    packed = visitor.get(f"/credentials/status/{number}").json["credentialSubject"]["encodedList"]
    return gzip.decompress(base64.urlsafe_b64decode(packed[1:] + "=="))


def is_set(bits: bytes, place: int) -> bool:
    return bool(bits[place // 8] & 128 >> place % 8)


def test_the_status_list_is_signed_and_has_a_bit_for_each_that_holds_no_more(
    sign_in, run_jobs, visitor
):
    learner, certificate = certified(sign_in, run_jobs)
    place = int(taken(learner, certificate)["credentialStatus"]["statusListIndex"])
    assert not any(bits_of(visitor))

    with writing():
        actions.revoke(issued()[0], "It was issued by mistake.")

    bits = bits_of(visitor)
    assert is_set(bits, place)
    assert sum(one.bit_count() for one in bits) == 1
    listed, did = visitor.get("/credentials/status/1").json, visitor.get("/.well-known/did.json")
    assert is_signed_by(listed, key_of(listed, did.json))
    assert visitor.get("/credentials/status/2").status_code == 404


def test_every_certificate_has_a_place_of_its_own():
    places = {place_in_list(number) for number in range(1, LIST_LENGTH + 2)}

    assert len(places) == LIST_LENGTH + 1


def test_documents_are_written_in_the_one_way():
    assert (
        canonical({"b": [1, None, True], "a": "ñ\n€"}) == '{"a":"ñ\\n€","b":[1,null,true]}'.encode()
    )
    # By UTF-16, as RFC 8785 orders keys.
    assert list(json.loads(canonical({"\ufb33": 1, "\U0001f600": 2}))) == ["\U0001f600", "\ufb33"]
    with pytest.raises(TypeError):
        canonical({"a": 1.5})
    assert from_base58(base58(b"\0\0ab")) == b"\0\0ab"


@pytest.mark.skipif(not SAMPLES.exists(), reason="the examples of the standard are not here")
def test_signatures_are_those_of_the_standards_own_examples():
    document = json.loads((SAMPLES / "eddsa-jcs-2022__signedJCS.json").read_text())
    pair = json.loads((SAMPLES / "keyPair.json").read_text())
    bare = {name: value for name, value in document.items() if name != "proof"}
    written = from_base58(pair["privateKeyMultibase"][1:])[2:]
    key, proof = Ed25519PrivateKey.from_private_bytes(written), document["proof"]

    assert is_signed_by(document, read_multikey(pair["publicKeyMultibase"]))
    assert signed(bare, key, proof["verificationMethod"], proof["created"]) == document
    canon = (SAMPLES / "eddsa-jcs-2022__canonDocJCS.txt").read_text().strip()
    assert canonical(bare).decode() == canon
    with pytest.raises(ValueError, match="no Ed25519"):
        read_multikey("u123")
