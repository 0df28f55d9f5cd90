"""Has PDFs made of Typst sources, by a process that ends when they are.

The compiler keeps what it has read in memory; a process that ends gives it back, and a server
that made a PDF once weighs no more than one that never did.
"""

import subprocess
import sys
from pathlib import Path

FONTS = Path(__file__).parent.parent / "fonts"
PRESS = Path(__file__).with_name("press.py")
MOST_SECONDS = 240


def pdfs(folder: Path, sources: list[str]) -> list[bytes]:
    """One tagged PDF (PDF/UA-1) for each source; they find their pictures in the folder."""
    for number, source in enumerate(sources):
        (folder / f"{number}.typ").write_text(source, encoding="utf-8")
    command = [sys.executable, "-P", str(PRESS), str(folder), str(FONTS)]
    done = subprocess.run(  # noqa: S603 - our own module, no shell
        command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
    )
    if done.returncode:
        raise RuntimeError(f"no PDF was made: {done.stderr[-400:]}")
    return [(folder / f"{number}.pdf").read_bytes() for number in range(len(sources))]
