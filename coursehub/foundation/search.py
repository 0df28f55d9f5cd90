"""One analyser for every search: what is indexed and what is asked go through the same steps.

Words are folded (no accents, no case), very common ones dropped and the rest cut to their stem with
Snowball, so that «comision» finds «comisiones» and «Comissão» finds «comissões».
"""

import re
import unicodedata
from functools import cache
from typing import Any

import snowballstemmer

SNOWBALL = {"es": "spanish", "pt": "portuguese", "en": "english"}
STOP = {
    "es": "a al como con de del e el en es la las lo los no o para por que se su sus un una y",
    "pt": "a ao aos as com como da das de do dos e em na nas no nos o os ou para por que se sua um uma",
    "en": "a an and are as at by for from in is it its of on or that the their to was with",
}
WORD = re.compile(r"\w+")
MOST_WORDS = 12


def fold(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def terms(text: str, language: str) -> list[str]:
    """The words of a text as the index knows them, in order."""
    stop = _stop_words(language)
    words = [word for word in WORD.findall(text.casefold()) if fold(word) not in stop]
    # Stemmers know accents, people who type do not: stem the folded word.
    folded = [_singular(fold(word), language) for word in words]
    return [fold(stem) for stem in _stemmer(language).stemWords(folded)]


def asked(text: str, language: str) -> list[str]:
    """The terms of a question, bounded, each once."""
    return list(dict.fromkeys(terms(text[:200], language)))[:MOST_WORDS]


def excerpt(text: str, wanted: list[str], language: str, around: int = 90) -> list[tuple[str, bool]]:
    """A piece of the text around the first hit, cut into (words, is a hit)."""
    hits = [m for m in WORD.finditer(text) if set(terms(m.group(), language)) & set(wanted)]
    start = max(0, hits[0].start() - around) if hits else 0
    start = text.rfind(" ", 0, start) + 1
    end = (hits[0].end() if hits else 0) + 2 * around
    pieces: list[tuple[str, bool]] = []
    at = start
    for hit in (h for h in hits if h.start() >= start and h.end() <= end):
        pieces += [(text[at : hit.start()], False), (hit.group(), True)]
        at = hit.end()
    pieces.append((text[at:end].rsplit(" ", 1)[0] if end < len(text) else text[at:], False))
    if start:
        pieces.insert(0, ("… ", False))
    return pieces + ([("…", False)] if end < len(text) else [])


def _singular(word: str, language: str) -> str:
    # Folding hides the ending of comissões and pães from the Portuguese stemmer.
    return re.sub(r"[ao]es$", "ao", word) if language == "pt" else word


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(SNOWBALL[language])


@cache
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(STOP[language].split())
