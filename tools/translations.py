"""Brings translations/ up to date with the texts of the code and the templates.

The texts are English: the English catalogue fills itself, the others wait for a translator.
"""

import subprocess
from pathlib import Path

from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
BABEL = str(PROJECT / ".venv" / "bin" / "pybabel")
FOLDER = PROJECT / "translations"
TEMPLATE = "var/messages.pot"  # made anew each time: nobody need keep it
KEYWORDS = ("-k", "_l", "-k", "_n:1,2")
WIDTH = 100  # of a line, so that catalogues change only where their texts do
NAMED = ("--project", "CourseHub", "--version", "1", "--copyright-holder", "CourseHub")
KEPT = ("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date")


def main() -> None:
    (PROJECT / TEMPLATE).parent.mkdir(exist_ok=True)
    FOLDER.mkdir(exist_ok=True)
    babel("extract", "-F", "babel.cfg", *KEYWORDS, *NAMED, "--no-location", "-o", TEMPLATE, ".")
    for code in ("es", "pt", "en"):
        known = catalogue_of(code).exists()
        step = ("update", *KEPT, "--width", str(WIDTH)) if known else ("init",)
        babel(*step, "-i", TEMPLATE, "-d", "translations", "-l", code)
    fill_english(catalogue_of("en"))


def catalogue_of(code: str) -> Path:
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


def fill_english(path: Path) -> None:
    with path.open("rb") as source:
        catalogue = read_po(source, locale="en")
    for message in catalogue:
        if message.id:
            message.string = message.id
    with path.open("wb") as target:
        write_po(target, catalogue, width=WIDTH)


def babel(*arguments: str) -> None:
    subprocess.run([BABEL, "-q", *arguments], cwd=PROJECT, check=True)


if __name__ == "__main__":
    main()
