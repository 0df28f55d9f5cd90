"""Files, kept under the fingerprint of their content: the same bytes are stored once.

Every process that serves or works reaches the same store; nothing is ever changed in place.
"""

import hashlib
import os
import secrets
from pathlib import Path

from flask import current_app

from coursehub.settings import Settings


def put(content: bytes) -> str:
    """Store the bytes and return their key, the SHA-256 in hexadecimal."""
    key = hashlib.sha256(content).hexdigest()
    path = _path(key)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{secrets.token_hex(6)}")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    return key


def path_of(key: str) -> Path:
    """Where the bytes of a key stand, for the server to send. FileNotFoundError if nowhere."""
    path = _path(key)
    if not path.is_file():
        raise FileNotFoundError(key)
    return path


def get(key: str) -> bytes:
    return path_of(key).read_bytes()


def _path(key: str) -> Path:
    if len(key) != 64 or not set(key) <= set("0123456789abcdef"):  # no path out of the folder
        raise FileNotFoundError(key)
    settings: Settings = current_app.extensions["coursehub"]
    return settings.data_dir.absolute() / "files" / key[:2] / key
