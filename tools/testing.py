"""Finds a browser, a PostgreSQL and verifiers, then runs pytest with whatever arguments are given.

With `--coverage` before them, what the tests reached is counted and listed at the end.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from throwaway import throwaway_server

PROJECT = Path(__file__).resolve().parent.parent
PYTHON = str(PROJECT / ".venv/bin/python")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
APT = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]


def main(arguments: list[str]) -> int:
    environment = dict(os.environ)
    if browser := find_browser():
        environment["COURSEHUB_CHROMIUM"] = browser
    install_verifiers()
    counts = arguments[:1] == ["--coverage"]
    counted = ["coverage", "run", "-m"] if counts else []
    # Tests that use the one live server stay together in one of the two runners.
    runners = ["-n", "2", "--dist", "loadgroup"]
    command = [PYTHON, "-m", *counted, "pytest", *runners, *arguments[counts:]]
    with throwaway_server(can_install(), apt_install) as url:
        if url:
            environment["COURSEHUB_TEST_POSTGRES"] = url
        status = subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode
    if counts:
        report()
    return status


def report() -> None:
    for step in (("combine", "--quiet"), ("report", "--skip-covered"), ("html", "--quiet")):
        subprocess.run([PYTHON, "-m", "coverage", *step], cwd=PROJECT, check=False)


def find_browser() -> str | None:
    """The path of a Chromium; None means the one Playwright has installed for itself."""
    if given := os.environ.get("COURSEHUB_CHROMIUM"):
        return given
    if found := on_path():
        return found
    if can_install():
        apt_install("chromium", "libatomic1", "fonts-dejavu-core")
        if found := on_path():
            return found
    playwright = [PYTHON, "-m", "playwright", "install", "chromium"]
    subprocess.run(playwright, capture_output=True, check=False)
    return None


def install_verifiers() -> None:
    """Put the programs by others that check our credentials into tests/npm, as their lock says."""
    folder = PROJECT / "tests" / "npm"
    stamp, lock = folder / "node_modules" / "coursehub.stamp", folder / "package-lock.json"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    if not shutil.which("npm") and can_install():
        apt_install("nodejs", "npm")
    if npm := shutil.which("npm"):
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        if done.returncode == 0:
            stamp.write_bytes(lock.read_bytes())


def on_path() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def can_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    print(f"Installing {', '.join(packages)} …", file=sys.stderr, flush=True)
    subprocess.run(["apt-get", "update", "-qq"], capture_output=True, check=False)
    subprocess.run([*APT, *packages], capture_output=True, check=False)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
