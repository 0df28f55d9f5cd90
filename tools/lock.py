"""Resolves the dependencies once, jointly, and writes requirements/ from that."""

import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
UV = [str(PROJECT / ".venv" / "bin" / "uv"), "pip", "compile", "--universal", "--generate-hashes"]
QUIET = ["--no-emit-index-url", "--no-header", "--no-annotate", "--quiet", "pyproject.toml"]


def main() -> None:
    lock("all.txt", "--all-extras", "--group", "dev")
    # The smaller lock is a part of the larger: locked apart, the two could disagree.
    lock("run.txt", "--extra", "scale", "--constraint", "requirements/all.txt")


def lock(name: str, *chosen: str) -> None:
    subprocess.run([*UV, *QUIET, *chosen, "-o", f"requirements/{name}"], cwd=PROJECT, check=True)


if __name__ == "__main__":
    main()
