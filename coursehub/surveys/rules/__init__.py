"""Who can answer a survey, what of it is kept, and when its figures are made again."""

import unicodedata
from datetime import datetime
from typing import Any

from coursehub.foundation.language import _
from coursehub.learning.rules import SMALLEST_GROUP

Json = dict[str, Any]
SHORTEST_CODE, LONGEST_CODE = 6, 40


def why_not_answer(
    *, is_enrolled: bool, has_answered: bool, moment: datetime, ends_at: datetime
) -> str | None:
    """The reason someone cannot answer a survey, or None."""
    if not is_enrolled:
        return _("You are reading this edition without a place in it, so nothing is recorded.")
    if has_answered:
        return _("You have answered this survey already. Answers cannot be changed.")
    if moment >= ends_at:
        return _("This edition is over, so this survey can no longer be answered.")
    return None


def code_of(typed: str) -> str:
    """A code as it is compared: letters and digits alone, without case and accents."""
    plain = unicodedata.normalize("NFKD", typed).casefold()
    return "".join(character for character in plain if character.isalnum())


def why_not_code(typed: str) -> str | None:
    """What is wrong with a code, or None."""
    if not code_of(typed):
        return _("Write your code. It joins what you answer now with your other survey.")
    if not SHORTEST_CODE <= len(code_of(typed)) <= LONGEST_CODE:
        return _(
            "A code has from %(least)s to %(most)s letters and digits.",
            least=SHORTEST_CODE,
            most=LONGEST_CODE,
        )
    return None


def is_step(known: int, counted: int) -> bool:
    """Whether enough have been added for the figures to be made again."""
    return known - counted >= SMALLEST_GROUP
