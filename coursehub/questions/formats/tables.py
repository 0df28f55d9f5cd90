"""Tables of questions: rows of a spreadsheet that has our columns."""

from collections.abc import Iterator

from coursehub.foundation import tables
from coursehub.foundation.tables import Row, UnreadableTable
from coursehub.questions.formats.taking import Unreadable

NEEDED = {"what", "type"}


def rows_of_csv(text: str) -> Iterator[Row] | None:
    """The rows of a CSV file that has our columns; None if it has others."""
    rows = tables.rows_of_csv(text, NEEDED)
    return None if rows is None else _ours(rows)


def rows_of_xlsx(content: bytes) -> Iterator[Row]:
    """The rows of the first sheet that has our columns. Unreadable if none has."""
    return _ours(tables.rows_of_xlsx(content, NEEDED))


def _ours(rows: Iterator[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except UnreadableTable as unreadable:
        raise Unreadable(unreadable.why, unreadable.line or 0) from None
