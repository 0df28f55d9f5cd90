"""Prepares .venv for the other commands: `python3 tools/setup.py run|test|check|bench`.

Old Pythons must be able to read this file, or they could not say that they are too old.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("CourseHub needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])  # noqa: UP031

import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "coursehub.stamp"
LOCKS = {"run": "run.txt"}
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

# What an installer says, and what to tell the person who waits for it.
REASONS = {
    "No space left": "the disk is full; free some space and try again.",
    "Permission denied": f"no permission to write to {VENV}.",
    "hashes": "a package is not the one that was locked; nothing was installed.",
}


class Trouble(Exception):
    """Something the person at the keyboard can put right; the message is one line."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(command: str) -> None:
    profile = "run" if command == "run" else "all"
    lock = PROJECT / "requirements" / LOCKS.get(profile, "all.txt")
    make_environment()
    install(lock, profile)
    put_on_path()
    compile_translations()


def make_environment() -> None:
    if PYTHON.exists() and (STAMP.exists() or any(VENV.glob("lib/python*/site-packages/pip"))):
        return
    if importlib.util.find_spec("ensurepip") is None:
        install_venv_module()
    say("Making .venv …")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "could not make .venv")


def install_venv_module() -> None:
    line = "apt-get install -y python3-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(f"Python's venv module is missing. Type: sudo {line}")
    say("Installing python3-venv …")
    run(["apt-get", "update", "-qq"], "apt-get update failed")
    run(line.split(), f"could not install it; type: {line}")


def install(lock: Path, profile: str) -> None:
    """Install the lock unless the stamp says that it, or more than it, is there already."""
    wanted = stamp(lock)
    everything = stamp(PROJECT / "requirements" / "all.txt")
    if STAMP.exists() and STAMP.read_text() in (wanted, everything):
        return
    say(f"Installing what CourseHub needs (requirements/{lock.name}); this happens once …")
    hashed = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock)]
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *hashed]
    else:
        pip = ["pip", "install", "--quiet", "--disable-pip-version-check"]
        command = [str(PYTHON), "-m", *pip, *hashed]
    run(command, "could not install the packages; is there a network?")
    STAMP.write_text(wanted)


def stamp(lock: Path) -> str:
    return hashlib.sha256(VERSION.encode() + lock.read_bytes()).hexdigest()


def put_on_path() -> None:
    """Let the environment import the project from where it stands, and give it its command."""
    write(VENV / "lib" / f"python{VERSION}" / "site-packages" / "coursehub.pth", f"{PROJECT}\n")
    script = VENV / "bin" / "coursehub"
    call = "import sys\nfrom coursehub.cli import main\n\nsys.exit(main())\n"
    write(script, f"#!{PYTHON}\n{call}")
    script.chmod(0o755)


def write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def compile_translations() -> None:
    """Ask the application's own module, in the environment that has Babel, if anything is newer."""
    folder = PROJECT / "translations"
    if all(is_compiled(catalogue) for catalogue in folder.glob("*/LC_MESSAGES/*.po")):
        return
    code = "from coursehub.foundation.catalogues import compile_catalogues as c; c()"
    run([str(PYTHON), "-c", code], "could not compile the translations")


def is_compiled(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime


def run(command: list[str], trouble: str) -> None:
    """Run a command silently; what it printed may name hosts, so only our own line is shown."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    if done.returncode:
        said = done.stderr + done.stdout
        raise Trouble(next((tell for word, tell in REASONS.items() if word in said), trouble))


def explain(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return REASONS["No space left"]
    return f"{error.strerror}: {error.filename}"


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except Trouble as trouble:
        sys.exit(f"CourseHub: {trouble}")
    except OSError as error:
        sys.exit(f"CourseHub: {explain(error)}")
    except KeyboardInterrupt:
        sys.exit(130)  # as the shell says it of Ctrl-C; the next start goes on from here
