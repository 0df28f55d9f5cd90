"""A learner's code as nobody can read it back, and results as a table to take away."""

import csv
import hashlib
import hmac
import io
from collections.abc import Iterable

# Some fifty milliseconds each: whoever has the key and tries all codes there may be is slowed down.
COST, BLOCK, WAYS = 2**14, 8, 1
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sealed(code: str, key: bytes, edition_id: int, pair: str) -> str:
    """What is stored of a code: the same for both surveys of a pair in an edition, nowhere else."""
    salt = hmac.digest(key, f"survey code/{edition_id}/{pair}".encode(), "sha256")
    return hashlib.scrypt(code.encode(), salt=salt, n=COST, r=BLOCK, p=WAYS, dklen=32).hex()


def as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """A table that spreadsheets open as it is: UTF-8 with a mark, and no cell that is a formula."""
    written = io.StringIO()
    csv.writer(written).writerows([_plain(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _plain(cell: object) -> object:
    # A text that begins so would be run by the spreadsheet that opens it.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
