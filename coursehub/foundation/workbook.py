"""Reads and writes XLSX: a program of its own, `workbook.py read` or `workbook.py write`.

The libraries for it weigh more than what a server should carry, and a file that grows without
bound takes this process down and no other.
"""

import json
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from xlsxwriter import Workbook

MOST_MEMORY_BYTES, MOST_SECONDS = 2 << 30, 300
MOST_ROWS, MOST_COLUMNS = 1_000_000, 200
MOST_UNPACKED_BYTES = 512 * 1024 * 1024
MOST_RATIO = 200  # what a cell says can be packed about that well; a bomb is packed far better
MOST_MEMBERS = 2_000
WIDE, NARROW = 40, 12
DAMAGED = (
    InvalidFileException,
    zipfile.BadZipFile,
    ExpatError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    NotImplementedError,
    SyntaxError,  # what ElementTree calls malformed XML
)


class Unreadable(Exception):
    """A workbook that is not read: `damaged`, `too large` or `doctype`."""


def read(content: bytes) -> Iterator[list[list[str]]]:
    """Every sheet as rows of texts, empty rows as they are."""
    try:
        _guard(content)
        with warnings.catch_warnings(action="ignore"):  # of what other programs leave in a workbook
            book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
                yield [[_said(cell) for cell in row] for row in rows]
    except DAMAGED:
        raise Unreadable("damaged") from None


def _guard(content: bytes) -> None:
    """Refuse a workbook that grows out of all proportion, or that declares entities."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        is_bomb = len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES
        if is_bomb or unpacked > MOST_RATIO * len(content) + (1 << 24):
            raise Unreadable("too large")
        for member in members:
            if member.filename.endswith((".xml", ".rels")) and not member.flag_bits & 1:
                with archive.open(member) as file:
                    start = file.read(4096)
                if re.search(rb"<!\0?D\0?O\0?C\0?T", start, re.IGNORECASE):
                    raise Unreadable("doctype")


def _said(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).replace("\r\n", "\n").replace("_x000D_", "")


def write(rows: list[list[Any]], wide: list[bool]) -> bytes:
    """A workbook with one sheet, its first row as head; texts are never read as formulas."""
    buffer = BytesIO()
    settings = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(buffer, {"in_memory": True, **settings}) as book:
        sheet = book.add_worksheet()
        head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        wrapped.set_align("top")
        for n, is_wide in enumerate(wide):
            sheet.set_column(n, n, WIDE if is_wide else NARROW, wrapped)
        sheet.freeze_panes(1, 2)
        for n, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(n, column, value)
                elif value:
                    sheet.write_string(n, column, str(value), head if n == 0 else None)
    return buffer.getvalue()


def main(verb: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sent = sys.stdin.buffer.read()
    if verb == "write":
        sys.stdout.buffer.write(write(**json.loads(sent)))
        return
    try:
        answer: dict[str, Any] = {"sheets": list(read(sent))}
    except Unreadable as unreadable:
        answer = {"why": str(unreadable)}
    except MemoryError:
        answer = {"why": "too large"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
