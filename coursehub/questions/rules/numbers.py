"""Numbers and words as people type them in three languages."""

import re
import unicodedata
from collections.abc import Iterable

from coursehub.questions.rules import Json

PLAIN = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,3})?", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3}){1,9}(\.\d{1,30})?")
WITH_UNIT = re.compile(
    r"\s*([+\-−]?[\d.,'’\s\u00a0\u202f]*\d(?:e[+-]?\d{1,3})?)\s*(.*?)\s*", re.DOTALL
)
SPACES = re.compile(r"[\s\u00a0\u202f'’]")


def number_in(typed: str, units: Iterable[Json] = ()) -> tuple[float, str] | None:
    """The number a person typed and the unit behind it (or ""); None if it is no number.

    A comma or a point is the decimal sign where it stands alone; where both stand, the last one
    is. A sign that is repeated groups thousands: 1.234.567.
    """
    found = WITH_UNIT.fullmatch(typed[:200])
    if found is None:
        return None
    digits, unit = SPACES.sub("", found[1]), found[2]
    if unit and not any(_same_unit(unit, known["name"]) for known in units):
        return None
    value = _value(digits)
    return None if value is None else (value, unit)


def factor_of(unit: str, units: Iterable[Json]) -> float | None:
    """How many of the question's first unit one of these is, or None if it is none of them."""
    return next((known["factor"] for known in units if _same_unit(unit, known["name"])), None)


def _same_unit(one: str, other: str) -> bool:
    return fold(one, case=True) == fold(other, case=True)


def _value(digits: str) -> float | None:
    text = digits.replace("−", "-")
    if text.rfind(",") > text.rfind("."):
        text = text.translate(str.maketrans(",.", ".,"))
    # Now the last sign is a point, and only what stands before it can group thousands.
    if text.count(".") > 1 and "," not in text:
        text = text.replace(".", ",")
    if PLAIN.fullmatch(text):
        return float(text)
    return float(text.replace(",", "")) if GROUPED.fullmatch(text) else None


def fold(text: str, *, case: bool = False, accents: bool = False) -> str:
    """A text without what is forgiven; spaces never count."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if case:
        text = text.casefold()
    if accents:
        split = unicodedata.normalize("NFKD", text)
        text = "".join(one for one in split if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", text)


def is_like(text: str, pattern: str) -> bool:
    """Whether a text is a pattern's, in which * stands for any characters; linear in both."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == first
    *middle, last = rest
    if not text.startswith(first) or not text[len(first) :].endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end
