"""Tables as people exchange them, XLSX or CSV: rows by the names in the first one, and back."""

import csv
import json
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from coursehub.foundation.language import _

Row = tuple[int, dict[str, str]]

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PROGRAM = Path(__file__).with_name("workbook.py")
PATIENCE_SECONDS = 330
DELIMITERS = ",;\t"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class UnreadableTable(Exception):
    """A file that is not read, with the sentence that says why and, where known, its line."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.why, self.line = why, line


def rows_in(content: bytes, needed: Collection[str]) -> Iterator[Row]:
    """The rows of an XLSX or CSV file that has these columns. UnreadableTable says why not."""
    if content.startswith(b"PK"):
        return rows_of_xlsx(content, needed)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    rows = rows_of_csv(text.replace("\0", ""), needed)
    if rows is None:
        raise UnreadableTable(
            _("This file has no column named %(names)s.", names=", ".join(sorted(needed)))
        )
    return rows


def rows_of_csv(text: str, needed: Collection[str]) -> Iterator[Row] | None:
    """The rows of a CSV file that has these columns; None if it has others."""
    first = text.lstrip("\n").partition("\n")[0].lower()
    for delimiter in DELIMITERS:
        names = {cell.strip().strip('"') for cell in first.split(delimiter)}
        if names >= set(needed):
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
        raise UnreadableTable(_("malformed CSV (%(what)s)", what=error), line) from None


def _names(cells: Iterable[object]) -> list[str]:
    return [" ".join(str(cell or "").replace("_", " ").lower().split()) for cell in cells]


def rows_of_xlsx(content: bytes, needed: Collection[str]) -> Iterator[Row]:
    """The rows of the first sheet that has these columns. UnreadableTable says why not."""
    for rows in _sheets(content):
        names = _names(rows[0]) if rows else []
        if set(names) >= set(needed):
            for n, cells in enumerate(rows[1:], 2):
                if any(cells):
                    yield n, dict(zip(names, cells, strict=False))
            return
    raise UnreadableTable(_("a workbook without the columns that are needed"))


def _sheets(content: bytes) -> list[list[list[str]]]:
    try:
        answer = json.loads(_run("read", content))
    except (OSError, ValueError, subprocess.SubprocessError):
        raise UnreadableTable(_("a workbook that is damaged")) from None
    if "why" in answer:
        reasons = {
            "too large": _("a workbook that is too large when it is unpacked"),
            "doctype": _("XML with a DOCTYPE is not read"),
        }
        raise UnreadableTable(reasons.get(answer["why"], _("a workbook that is damaged")))
    sheets: list[list[list[str]]] = answer["sheets"]
    return sheets


def table_as(
    form: str, rows: Iterable[Sequence[object]], wide: Collection[int] = frozenset()
) -> bytes:
    """A table as `csv` or `xlsx`; no cell of it is run as a formula where it is opened."""
    told = [list(row) for row in rows]
    if form == "xlsx":
        columns = [n in wide for n in range(len(told[0]))]
        return _run("write", json.dumps({"rows": told, "wide": columns}).encode())
    written = StringIO()
    csv.writer(written).writerows([_plain(cell) for cell in row] for row in told)
    return written.getvalue().encode("utf-8-sig")


def _plain(cell: object) -> object:
    # A text that begins so would be run by the spreadsheet that opens it.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _run(verb: str, sent: bytes) -> bytes:
    command = [sys.executable, "-I", str(PROGRAM), verb]
    done = subprocess.run(  # noqa: S603 - our own program, nothing of it typed by anybody
        command, input=sent, capture_output=True, check=True, timeout=PATIENCE_SECONDS
    )
    return done.stdout
