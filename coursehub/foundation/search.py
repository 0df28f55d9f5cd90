"""One analyser for every search: what is indexed and what is asked go through the same steps.

Words are folded (no accents, no case), very common ones dropped and the rest cut to their stem with
Snowball, so that «comision» finds «comisiones» and «Comissão» finds «comissões».
"""

import re
import unicodedata
from functools import cache, lru_cache
from threading import Lock
from typing import Any

import snowballstemmer

SNOWBALL = {"es": "spanish", "pt": "portuguese", "en": "english"}
STOP = {
    "es": "a al como con de del e el en es la las lo los no o para por que se su sus un una y",
    "pt": "a ao aos as com como da das de do dos e em na nas no nos o os ou para por que se sua um "
    "uma",
    "en": "a an and are as at by for from in is it its of on or that the their to was with",
}
WORD = re.compile(r"\w+")
MOST_WORDS = 12
STEMMING = Lock()  # a stemmer keeps the word it works on in itself: one thread at a time


def fold(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def terms(text: str, language: str) -> list[str]:
    """The words of a text as the index knows them, in order."""
    found = (_term(word, language) for word in WORD.findall(text))
    return [term for term in found if term is not None]


def asked(text: str, language: str) -> list[str]:
    """The terms of a question, bounded, each once."""
    return list(dict.fromkeys(terms(text[:200], language)))[:MOST_WORDS]


def excerpt(
    text: str, wanted: list[str], language: str, around: int = 90
) -> list[tuple[str, bool]]:
    """A piece of the text around the first hit, cut into (words, is a hit)."""
    hits = [m for m in WORD.finditer(text) if _term(m.group(), language) in wanted]
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


@lru_cache(maxsize=50_000)  # stemming is slow, and texts say the same words again and again
def _term(word: str, language: str) -> str | None:
    """The word as the index knows it, or None if it is too common to be there."""
    folded = fold(word)
    return None if folded in _stop_words(language) else _stem(folded, language)


def _stem(word: str, language: str) -> str:
    # Stemmers know accents, people who type do not: stem the folded word.
    with STEMMING:
        stem = _stemmer(language).stemWord(_singular(word, language))
    return fold(str(stem))


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(SNOWBALL[language])


@cache
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(STOP[language].split())
