"""Writes questions to a file of a kind, and says what that kind cannot carry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coursehub.foundation.language import _
from coursehub.questions.formats.carrying import (
    Carried,
    by_gift,
    by_moodle_xml,
    by_spreadsheet,
    title_of,
)
from coursehub.questions.formats.gift_writing import gift_of
from coursehub.questions.formats.moodle_writing import moodle_xml_of
from coursehub.questions.formats.spreadsheet_writing import xlsx_of
from coursehub.questions.formats.taking import Json


@dataclass(frozen=True)
class Written:
    """A file, and per question that loses something its title and what it loses."""

    content: bytes
    count: int
    lost: list[tuple[str, str]]


def _text(write: Callable[[Iterable[Json]], str]) -> Callable[[Iterable[Json]], bytes]:
    return lambda questions: write(questions).encode()


Carrying = Callable[[Json, str], Carried]
Writing = Callable[[Iterable[Json]], bytes]
WRITERS: dict[str, tuple[Carrying, Writing]] = {
    "gift": (by_gift, _text(gift_of)),
    "xml": (by_moodle_xml, _text(moodle_xml_of)),
    "xlsx": (by_spreadsheet, xlsx_of),
}


def written(questions: Iterable[Json], ending: str, language: str) -> Written:
    """The file for a name's ending: `gift`, `xml` or `xlsx`."""
    carry, write = WRITERS[ending]
    carried = [(one, carry(one, language)) for one in questions]
    left = [piece for _question, one in carried for piece in one.questions]
    lost = [(title_of(question), what) for question, one in carried for what in one.lost]
    return Written(write(left), len(left), lost)


def why_not_write(ending: str) -> str | None:
    """Why no file with this ending is written, or None."""
    if ending in WRITERS:
        return None
    endings = ", ".join(f".{one}" for one in (*WRITERS, "yaml"))
    return _(
        "no file ending in .%(ending)s is written; these are: %(endings)s",
        ending=ending,
        endings=endings,
    )
