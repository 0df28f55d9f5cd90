"""Compiles every Typst source of a folder: a program of its own, `press.py FOLDER FONTS`."""

import sys
from pathlib import Path
from typing import Literal

import typst


def press(folder: Path, fonts: Path) -> None:
    """Put a tagged PDF (PDF/UA-1) beside each `.typ` file; the same source gives the same bytes."""
    for source in sorted(folder.glob("*.typ")):
        try:
            _compile(source, fonts, "ua-1")
        except typst.TypstError as error:
            if "could not be displayed with font" not in str(error):
                raise
            # The standard forbids what no typeface can show; the rest of the page is still wanted.
            _compile(source, fonts, "1.7")


def _compile(source: Path, fonts: Path, standard: Literal["ua-1", "1.7"]) -> None:
    typst.compile(
        source,
        output=source.with_suffix(".pdf"),
        root=source.parent,
        font_paths=[fonts],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=standard,
        timestamp=0,
    )


if __name__ == "__main__":
    press(Path(sys.argv[1]), Path(sys.argv[2]))
