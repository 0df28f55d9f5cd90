"""Loads a course as a program of its own and waits, at a moment that is named, to be killed.

`python -m tests.content.loader DATA DATABASE FOLDER STEP inside|after`; it says «waiting» there.
"""

import subprocess
import sys
from pathlib import Path

from coursehub.app import create_app
from coursehub.content.actions.publication import Report, publication
from coursehub.foundation.database import writing
from coursehub.settings import PROJECT, Settings


def killed(settings: Settings, path: Path, step: int, moment: str) -> None:
    """Load the folder in a program that is killed while it does a step, or right after it."""
    arguments = [str(settings.data_dir), settings.database_url, str(path), str(step), moment]
    command = [sys.executable, "-m", "tests.content.loader", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, stdin=pipe, stdout=pipe) as program:
        assert program.stdout.readline() == b"waiting\n"
        program.kill()


def load(data: str, database: str, folder: str, step: int, moment: str) -> None:
    settings = Settings(
        secret_key="a key for tests that nobody has to guess",
        data_dir=Path(data),
        database_url=database,
        work_in_server=False,
        testing=True,
        log_level="ERROR",
    )
    with create_app(settings).app_context():
        for number, work in enumerate(publication(Path(folder), Report("")), 1):
            with writing():
                work()
                wait(number == step and moment == "inside")
            wait(number == step and moment == "after")


def wait(here: bool) -> None:
    if here:
        sys.stdout.write("waiting\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    load(*sys.argv[1:4], int(sys.argv[4]), sys.argv[5])
