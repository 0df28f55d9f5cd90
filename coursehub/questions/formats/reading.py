"""Reads a file of questions, whatever it turns out to be; nothing that is in it can break this."""

from collections.abc import Callable, Iterator

from coursehub.foundation.language import _
from coursehub.questions.formats.aiken import read_aiken
from coursehub.questions.formats.gift import read_gift
from coursehub.questions.formats.kinds import decoded, kind_of_bytes, kind_of_text
from coursehub.questions.formats.moodle_xml import read_moodle_xml
from coursehub.questions.formats.spreadsheet import read_rows
from coursehub.questions.formats.tables import rows_of_csv, rows_of_xlsx
from coursehub.questions.formats.taking import (
    Import,
    Outcome,
    Refusal,
    Unreadable,
    at_line,
    gathered,
)

MOST_BYTES = 256 * 1024 * 1024
READERS: dict[str, Callable[[str, str], Iterator[Outcome]]] = {
    "moodle_xml": read_moodle_xml,
    "aiken": read_aiken,
    "gift": read_gift,
}


def read_questions(content: bytes, language: str) -> Import:
    """What a file gives. A file that is not read at all is one refusal, by its kind's name."""
    try:
        return _read(content, language)
    except Unreadable as unreadable:
        where = at_line(unreadable.line) if unreadable.line else _("The whole file")
        return Import(refused=[Refusal(where, unreadable.why)])


def _read(content: bytes, language: str) -> Import:
    if len(content) > MOST_BYTES:
        raise Unreadable(_("the file is larger than %(most)s MB", most=MOST_BYTES >> 20))
    if kind_of_bytes(content) == "xlsx":
        return gathered("xlsx", read_rows(rows_of_xlsx(content), language))
    text, is_guessed = decoded(content)
    rows = rows_of_csv(text)
    if rows is not None:
        read = gathered("csv", read_rows(rows, language))
    else:
        kind = kind_of_text(text)
        read = gathered(kind, READERS[kind](text, language))
    if is_guessed:
        read.remarks.append(_("read as Windows-1252, because it is not UTF-8"))
    return read
