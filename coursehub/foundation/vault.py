"""Secrets that must outlive every process: files that nobody else on the machine may read.

They stand in the data folder, apart from the database, so that a copy of one does not give the
other away.
"""

import os
from pathlib import Path

from flask import current_app

from coursehub.settings import Settings


def keep(name: str, content: bytes) -> None:
    """Keep a secret under a name that is new. FileExistsError if there is one of this name."""
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read(name: str) -> bytes:
    """A secret. FileNotFoundError if there is none of this name."""
    return _path(name).read_bytes()


def _path(name: str) -> Path:
    if not name.isalnum():  # no path out of the folder
        raise FileNotFoundError(name)
    settings: Settings = current_app.extensions["coursehub"]
    return settings.data_dir.absolute() / "keys" / f"{name}.pem"
