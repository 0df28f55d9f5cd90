"""How a list of participants is ordered and cut into pages."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Participant:
    """Someone with a place in an edition, as a list shows them."""

    person_id: int
    name: str
    country: str
    institution: str

    @property
    def place(self) -> str:
        """Where they stand in a list by name; nobody else has the same."""
        return f"{folded(self.name)} {self.person_id:012}"


def folded(words: str) -> str:
    """Words without case and accents, so that Á stands with A."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def page_of(
    people: Sequence[Participant], wanted: str = "", after: str = ""
) -> tuple[list[Participant], str | None]:
    """Those whose name, country or institution has `wanted`, by name, after a place.

    Also the place after which the next page begins, or None.
    """
    sought = folded(wanted).split()
    chosen = [
        one
        for one in sorted(people, key=lambda one: one.place)
        if one.place > after
        and all(word in folded(f"{one.name} {one.country} {one.institution}") for word in sought)
    ]
    shown = chosen[:PER_PAGE]
    return shown, shown[-1].place if len(chosen) > PER_PAGE else None
