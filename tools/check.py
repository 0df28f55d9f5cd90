"""Every static check, each to its end; fails if one of them did."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BIN = PROJECT / ".venv" / "bin"
CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "import law": ["lint-imports", "--no-cache"],
    "templates": ["djlint", "coursehub", "--lint", "--quiet", "--extension", "html"],
    "translations": ["python", "tools/check_translations.py"],
    "migrations": ["python", "tools/check_migrations.py"],
}


def main() -> int:
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    print(f"Failed: {', '.join(failed)}." if failed else "Every check passed.")
    return int(bool(failed))


def passes(name: str, command: list[str]) -> bool:
    print(f"── {name}", flush=True)
    program, *arguments = command
    return (
        subprocess.run([str(BIN / program), *arguments], cwd=PROJECT, check=False).returncode == 0
    )


if __name__ == "__main__":
    sys.exit(main())
