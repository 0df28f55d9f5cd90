"""Files, kept under the fingerprint of their content: the same bytes are stored once.

Every process that serves or works reaches the same store; nothing is ever changed in place. The
functions without an underscore are the interface: none tells where the bytes stand.
"""

import hashlib
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from flask import Response, current_app, send_file

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


def put_file(source: Path, key: str) -> None:
    """Store a file of any size whose SHA-256 is known."""
    path = _path(key)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{secrets.token_hex(6)}")
    with source.open("rb") as content, unfinished.open("wb") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)


def get(key: str) -> bytes:
    """The bytes of a key. FileNotFoundError if there are none; so too below."""
    return _kept(key).read_bytes()


def copy_to(key: str, target: Path) -> None:
    """Write the bytes of a key into a file, however many they are."""
    shutil.copyfile(_kept(key), target)


def remove(key: str) -> None:
    """Delete the bytes of a key; nothing happens if there are none."""
    _path(key).unlink(missing_ok=True)


def send(key: str, media_type: str, **options: Any) -> Response:
    """Answer a request with the bytes of a key, or with the one piece of them that it asks for.

    `options` are those of Flask's `send_file`.
    """
    return send_file(_kept(key), media_type, conditional=True, etag=key, **options)


def _kept(key: str) -> Path:
    path = _path(key)
    if not path.is_file():
        raise FileNotFoundError(key)
    return path


def _path(key: str) -> Path:
    if len(key) != 64 or not set(key) <= set("0123456789abcdef"):  # no path out of the folder
        raise FileNotFoundError(key)
    settings: Settings = current_app.extensions["coursehub"]
    return settings.data_dir.absolute() / "files" / key[:2] / key
