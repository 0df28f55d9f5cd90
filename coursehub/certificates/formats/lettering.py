"""Which characters the typeface of the names can print, read from the font itself.

The table `cmap` of OpenType: https://learn.microsoft.com/typography/opentype/spec/cmap
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from coursehub.content.formats.pdf import FONTS

FACE = "AndadaPro-Bold.ttf"
WINDOWS, UNICODE_BMP = 3, 1


def cannot_print(name: str) -> list[str]:
    """The characters of a name that its typeface lacks, each once, in their order."""
    known = _letters(FONTS / FACE)
    return list(dict.fromkeys(one for one in composed(name) if ord(one) not in known))


def composed(name: str) -> str:
    """A name with its accents joined to their letters, as fonts hold them."""
    return unicodedata.normalize("NFC", name)


@cache
def _letters(file: Path) -> frozenset[int]:
    font = file.read_bytes()
    return frozenset(_mapped(font, _table(font, b"cmap")))


def _table(font: bytes, wanted: bytes) -> int:
    """Where a table of the font begins."""
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * count, 16):
        name, _sum, start, _length = struct.unpack_from(">4sLLL", font, at)
        if name == wanted:
            return int(start)
    raise ValueError(f"the font has no table {wanted!r}")


def _mapped(font: bytes, cmap: int) -> Iterator[int]:
    """The characters that the font's table for Unicode leads to a drawing."""
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for at in range(cmap + 4, cmap + 4 + 8 * count, 8):
        platform, encoding, offset = struct.unpack_from(">HHL", font, at)
        (form,) = struct.unpack_from(">H", font, cmap + offset)
        if (platform, encoding, form) == (WINDOWS, UNICODE_BMP, 4):
            yield from _segments(font, cmap + offset)


def _segments(font: bytes, table: int) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", font, table + 6)
    ends, starts = table + 14, table + 16 + twice
    for at in range(0, twice - 2, 2):  # the last segment stands for nothing
        (last,) = struct.unpack_from(">H", font, ends + at)
        (first,) = struct.unpack_from(">H", font, starts + at)
        yield from (one for one in range(first, last + 1) if _drawing(font, starts, twice, at, one))


def _drawing(font: bytes, starts: int, twice: int, at: int, character: int) -> int:
    """The number of a character's drawing; 0 is the box that stands for what is missing."""
    (first,) = struct.unpack_from(">H", font, starts + at)
    (delta,) = struct.unpack_from(">H", font, starts + twice + at)
    place = starts + 2 * twice + at
    (offset,) = struct.unpack_from(">H", font, place)
    if not offset:
        return int(character + delta) % 65_536
    (glyph,) = struct.unpack_from(">H", font, place + offset + 2 * (character - first))
    return int(glyph + delta) % 65_536 if glyph else 0
