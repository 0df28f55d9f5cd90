"""Codes that cannot be guessed and can be typed: sixteen characters, the last one a check.

The alphabet is Crockford's, without I, L, O and U: https://www.crockford.com/base32.html . The
check is Luhn's modulo 32: one wrong character is always noticed.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
MEANT = str.maketrans("OILU", "011V")
BETWEEN = str.maketrans("", "", " -–—.\u00a0")


def new_code() -> str:
    """A code of 75 random bits and its check."""
    chosen = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return chosen + check_of(chosen)


def check_of(characters: str) -> str:
    """The character that makes the code whole."""
    total = 0
    for place, character in enumerate(reversed(characters)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def read_code(typed: str) -> str | None:
    """The code that someone typed: any case, with or without spaces, O for 0. None: a mistake."""
    code = typed.translate(BETWEEN).upper().translate(MEANT)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    return code if check_of(code[:-1]) == code[-1] else None


def shown_code(code: str) -> str:
    """7K4M-Q9TX-…: as it is printed."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))
