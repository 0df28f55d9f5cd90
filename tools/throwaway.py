"""A PostgreSQL for tests: the one given, one of their own, or the one at the usual port."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

USUAL = "postgresql://postgres@127.0.0.1:5432/postgres"
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@contextmanager
def throwaway_server(can_install: bool, install: Callable[..., None]) -> Iterator[str | None]:
    """The address of a server in which the tests may make databases, or None."""
    if url := os.environ.get("COURSEHUB_TEST_POSTGRES"):
        yield url
        return
    if not (binaries() or usual_server()) and can_install:
        install("postgresql")
    if programs := binaries():
        with started(programs) as url:
            yield url
        return
    yield usual_server()


def usual_server() -> str | None:
    """The server of this machine, if it lets `postgres` in without a password."""
    python = Path(__file__).resolve().parent.parent / ".venv/bin/python"
    code = f"import psycopg; psycopg.connect({USUAL!r}, connect_timeout=2).close()"
    tried = subprocess.run([str(python), "-c", code], capture_output=True, check=False)
    return USUAL if tried.returncode == 0 else None


def binaries() -> Path | None:
    """The folder of the machine's newest server programs."""
    if config := shutil.which("pg_config"):
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        if (Path(said.stdout.strip()) / "initdb").exists():
            return Path(said.stdout.strip())
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


@contextmanager
def started(programs: Path) -> Iterator[str]:
    # The server refuses to run as root.
    user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="coursehub-postgres-"))
    data, port = folder / "data", free_port()
    if user:
        shutil.chown(folder, "nobody", "nogroup")

    def do(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, cwd=folder, **quiet, **user)  # type: ignore[call-overload]

    try:
        do("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} {FAST}"
        do("pg_ctl", "-w", "-o", options, "start")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        with suppress(subprocess.CalledProcessError):
            do("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
