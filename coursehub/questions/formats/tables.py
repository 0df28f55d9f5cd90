"""Rows of a spreadsheet, from XLSX or CSV, by the names in its first row."""

import csv
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from xml.parsers.expat import ExpatError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from coursehub.foundation.language import _
from coursehub.questions.formats.taking import Unreadable

Row = tuple[int, dict[str, str]]
NEEDED = {"what", "type"}
DELIMITERS = ",;\t"
MOST_ROWS, MOST_COLUMNS = 1_000_000, 60
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
MOST_RATIO = 200  # what a cell says can be packed about that well; a bomb is packed far better
MOST_MEMBERS = 2_000


def rows_of_csv(text: str) -> Iterator[Row] | None:
    """The rows of a CSV file that has our columns; None if it has others."""
    first = text.lstrip("\n").partition("\n")[0].lower()
    for delimiter in DELIMITERS:
        names = {cell.strip().strip('"') for cell in first.split(delimiter)}
        if names >= NEEDED:
            return _rows_of_csv(text, delimiter)
    return None


def _rows_of_csv(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not names:
                names = _names(cells)
            elif any(cell.strip() for cell in cells):
                yield line, dict(zip(names, cells, strict=False))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(_("malformed CSV (%(what)s)", what=error), line) from None


def _names(cells: Iterable[object]) -> list[str]:
    return [" ".join(str(cell or "").replace("_", " ").lower().split()) for cell in cells]


def rows_of_xlsx(content: bytes) -> Iterator[Row]:
    """The rows of the first sheet that has our columns. Unreadable if none has."""
    _guard(content)
    try:
        with warnings.catch_warnings(action="ignore"):  # of what other programs leave in a workbook
            yield from _rows_of_workbook(content)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        ExpatError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        SyntaxError,  # what ElementTree calls malformed XML
    ):
        raise Unreadable(_("a workbook that is damaged")) from None


def _guard(content: bytes) -> None:
    """Refuse a workbook that grows out of all proportion, or that declares entities."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        is_bomb = len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES
        if is_bomb or unpacked > MOST_RATIO * len(content) + (1 << 24):
            raise Unreadable(_("a workbook that is too large when it is unpacked"))
        for member in members:
            if member.filename.endswith((".xml", ".rels")) and not member.flag_bits & 1:
                _demand_no_doctype(archive, member)


def _demand_no_doctype(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    try:
        with archive.open(member) as file:
            start = file.read(4096)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError):
        raise Unreadable(_("a workbook that is damaged")) from None
    if re.search(rb"<!\0?D\0?O\0?C\0?T", start, re.IGNORECASE):
        raise Unreadable(_("XML with a DOCTYPE is not read"))


def _rows_of_workbook(content: bytes) -> Iterator[Row]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        names = _names(next(rows, ()))
        if set(names) >= NEEDED:
            for n, cells in enumerate(rows, 2):
                if any(cell is not None for cell in cells):
                    yield n, dict(zip(names, map(_said, cells), strict=False))
            return
    raise Unreadable(_("a workbook without the columns of our spreadsheet"))


def _said(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).replace("\r\n", "\n").replace("_x000D_", "")
