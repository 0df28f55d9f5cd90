"""Grades as tables: written for spreadsheets, read back as wishes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from coursehub.foundation.language import _

PERSON = "id"
SLUG = re.compile(r"\[([a-z0-9][a-z0-9-]*)\]\s*$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A mark in a file, from 0 to 1, with the line it stands in."""

    line: int
    person_id: int
    slug: str
    share: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in a file that cannot be taken, with its line."""

    line: int
    why: str


def head_of(works: Iterable[tuple[str, str]]) -> list[str]:
    """The first row, from titles and slugs. What stands in square brackets names a column."""
    named = [f"{title} [{slug}]" for title, slug in works]
    return [PERSON, _("Name"), _("Country"), *named, _("So far"), _("At the end"), _("Passes")]


def row_of(
    who: tuple[int, str, str], shares: Iterable[float | None], *, is_passed: bool
) -> list[object]:
    """One person's row: id, name and country, then per cent with two digits, empty for none."""
    return [*who, *map(percent, shares), _("yes") if is_passed else _("no")]


def percent(share: float | None) -> float | str:
    return "" if share is None else round(100 * share, 2)


def cells_of(
    rows: Iterable[tuple[int, Mapping[str, str]]], slugs: set[str], people: set[int]
) -> Iterator[Cell | Mistake]:
    """Every mark of a table with our columns, and every mistake in it; empty cells say nothing."""
    for line, cells in rows:
        number = cells.get(PERSON, "").strip()
        if not number.isascii() or not number.isdecimal() or int(number[:12]) not in people:
            yield Mistake(line, _("Nobody in this edition has the id “%(id)s”.", id=number[:40]))
            continue
        for name, typed in cells.items():
            found = SLUG.search(name)
            if found and found[1] in slugs and typed.strip():
                yield _cell(line, int(number), found[1], typed)


def _cell(line: int, person_id: int, slug: str, typed: str) -> Cell | Mistake:
    plain = typed.strip().removesuffix("%").strip().replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        return Mistake(line, _("“%(text)s” is no mark from 0 to 100.", text=typed.strip()[:40]))
    return Cell(line, person_id, slug, number / 100)
