"""The keys that sign: a new one when there is none or when it is time, the old ones published."""

from contextlib import suppress

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import IntegrityError

from coursehub.certificates.formats.signing import multikey, new_key, read_key, written_key
from coursehub.certificates.models import SigningKey
from coursehub.certificates.queries import current_key
from coursehub.foundation import vault
from coursehub.foundation.clock import now
from coursehub.foundation.database import db


def signer() -> tuple[str, Ed25519PrivateKey]:
    """The current key with its name. RuntimeError if the data folder has lost it."""
    row = current_key()
    if row is None:
        raise RuntimeError("there is no signing key yet; issuing a certificate makes one")
    try:
        return row.name, read_key(vault.read(row.public))
    except FileNotFoundError as error:
        raise RuntimeError(
            f"the private key of {row.name} is not in the data folder: bring back keys/ from a "
            "backup, or run `coursehub keys rotate`"
        ) from error


def ensure_key() -> None:
    """Make a key if there is none."""
    if current_key() is None:
        # Another unit of work may make the first one at this moment; then its key is the one.
        with suppress(IntegrityError), db.session.begin_nested():
            _make()


def rotate() -> SigningKey:
    """Sign with a new key from now on; what the old ones signed can still be checked."""
    old = current_key()
    if old is not None:
        old.is_current, old.retired_at = False, now()
        db.session.flush()
    return _make()


def _make() -> SigningKey:
    key = new_key()
    public = multikey(key.public_key())
    # The file first: a key without a row signs nothing, a row without a key stops everything.
    vault.keep(public, written_key(key))
    row = SigningKey(public=public, is_current=True, made_at=now())
    db.session.add(row)
    db.session.flush()
    return row
