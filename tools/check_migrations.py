"""Fails if the migrations, run on an empty database, do not give what the models say."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    code = (
        "import sys; from alembic.config import Config; from alembic import command; "
        "c = Config(); c.set_main_option('script_location', 'migrations'); "
        "command.upgrade(c, 'head'); command.check(c)"
    )
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "COURSEHUB_DATA_DIR": folder, "COURSEHUB_DATABASE_URL": ""}
        return subprocess.run(
            [sys.executable, "-c", code], cwd=PROJECT, env=environment, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
