"""Files, kept under the fingerprint of their content: the same bytes are stored once.

Every process that serves or works reaches the same store; nothing is ever changed in place. What
arrives in pieces stands beside it until it is whole. The
functions without an underscore are the interface: none tells where the bytes stand.
"""

import hashlib
import os
import re
import secrets
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from flask import Response, current_app, send_file

from coursehub.settings import Settings

NAME = re.compile(r"[0-9a-f-]{36}")


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
    else:
        path.touch()
    return key


def put_file(source: Path, key: str) -> None:
    """Store a file of any size whose SHA-256 is known."""
    path = _path(key)
    if path.exists():
        path.touch()
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


def remove_old(key: str, put_before: datetime) -> bool:
    """Delete the bytes of a key that nothing names; False if they were put again since then."""
    path = _path(key)
    if path.exists() and path.stat().st_mtime > put_before.timestamp():
        return False
    remove(key)
    return True


def send(key: str, media_type: str, **options: Any) -> Response:
    """Answer a request with the bytes of a key, or with the one piece of them that it asks for.

    `options` are those of Flask's `send_file`.
    """
    return send_file(_kept(key), media_type, conditional=True, etag=key, **options)


def keep_piece(upload: str, offset: int, piece: bytes) -> None:
    """Put the next piece of a file that arrives in pieces behind its first `offset` bytes.

    What stood there from a piece that was never acknowledged is written over.
    """
    path = _unfinished(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def open_unfinished(upload: str) -> BinaryIO:
    """What has arrived of a file so far."""
    return _unfinished(upload).open("rb")


def finish(upload: str) -> str:
    """Store a file whose pieces have all arrived, and return its key.

    The pieces stay until they are forgotten: whoever is interrupted here can end it again.
    """
    path = _unfinished(upload)
    with path.open("rb") as file:
        key = hashlib.file_digest(file, "sha256").hexdigest()
    put_file(path, key)
    return key


def forget_unfinished(upload: str) -> None:
    """Forget what has arrived of a file."""
    _unfinished(upload).unlink(missing_ok=True)


def unfinished() -> list[str]:
    """The names of all files that have begun to arrive."""
    folder = _unfinished("-" * 36).parent
    return [path.name for path in folder.glob("*")] if folder.exists() else []


def _unfinished(upload: str) -> Path:
    if not NAME.fullmatch(upload):  # no path out of the folder
        raise FileNotFoundError(upload)
    settings: Settings = current_app.extensions["coursehub"]
    return settings.data_dir.absolute() / "uploads" / upload


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
