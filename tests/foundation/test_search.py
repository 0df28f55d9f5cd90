"""What a search finds, whatever the accents and endings."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from coursehub.foundation import search

STARTS = [f"{first}{second}r" for first in "bcdfgjlmnprstv" for second in "aeiou"]


@pytest.mark.parametrize(
    ("asked", "written", "language"),
    [
        ("comision", "Las comisiones de la verdad", "es"),
        ("prevencion", "la PREVENCIÓN primaria", "es"),
        ("comissao", "As comissões da verdade", "pt"),
        ("prevencao", "a prevenção primária", "pt"),
        ("crime", "Crimes against humanity", "en"),
    ],
)
def test_a_word_is_found_without_accents_and_in_its_other_forms(asked, written, language):
    assert set(search.asked(asked, language)) <= set(search.terms(written, language))


def test_very_common_words_are_not_asked_for():
    assert search.asked("el deber de la prevención", "es") == search.asked("deber prevención", "es")


def test_an_excerpt_marks_the_hit_and_keeps_the_text():
    text = "La Red es un foro informal. " * 20 + "Las comisiones de la verdad investigan."
    pieces = search.excerpt(text, search.asked("comision", "es"), "es")
    assert ("comisiones", True) in pieces
    assert "".join(words for words, _ in pieces).strip("… ") in text


def test_threads_do_not_mix_up_each_others_words():
    words = [f"{start}{end}" for start in STARTS for end in ("aciones", "amientos", "abilidad")]
    alone = [search.terms(word, "es") for word in words]
    search._term.cache_clear()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    with ThreadPoolExecutor(4) as together:
        read = list(together.map(lambda _: [search.terms(word, "es") for word in words], range(4)))

    sys.setswitchinterval(interval)
    assert read == [alone] * 4
