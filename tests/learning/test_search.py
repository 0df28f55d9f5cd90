"""Search inside a course: without accents, by stems, in the language that is read."""

import re

import pytest

from tests import make
from tests.learning.stage import (
    give_ids,
    item_id,
    outline_of,
    published,
    seated,
    trial,
    words,
    write_course,
)

ODD = [
    "'",
    '"',
    "''); DROP TABLE facts; --",
    '"unfinished',
    "a AND OR NOT b",
    "NEAR(a b)",
    "col:word",
    "word*",
    "-word",
    "(((",
    "a & | ! <-> b",
    "\\",
    "%",
    "_",
    "%%(num)s {0}",
    "\0",
    "texto\0texto",
    "👩🏽‍🏫",
    "\u202etexto",
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "<script>alert(1)</script>",
    "   ",
    "de la",
    "李",
    "e\u0301",
]


def asked(seat, question: str, language: str = "es"):
    return seat.browser.get(f"{seat.base}/search", query_string={"q": question, "lang": language})


def lessons(answer) -> list[str]:
    found = answer.text[answer.text.index('id="q"') :]
    return re.findall(r'<p class="ch-t"[^>]*><a href="/learn/[^/]+/([^#"]+)#', found)


@pytest.mark.parametrize(
    ("language", "question", "marked"),
    [
        ("es", "comision", "comisión"),
        ("es", "COMISIONES", "comisión"),
        ("es", "prevenciones", "prevención"),
        ("pt", "comissoes", "comissão"),
        ("pt", "COMISSÃO", "comissão"),
        ("pt", "estudos", "estudo"),
        ("en", "commissions", "commission"),
        ("en", "study commission", "commission"),
        ("en", "paragraphs", "paragraph"),
    ],
)
def test_accents_endings_and_capitals_make_no_difference(sign_in, language, question, marked):
    seat = seated(sign_in, trial())

    answer = asked(seat, question, language)

    assert answer.status_code == 200
    assert len(lessons(answer)) > 5
    assert f"<mark>{marked}</mark>" in answer.text


def test_a_hit_leads_to_its_passage(sign_in):
    seat = seated(sign_in, make.taught(modules=1, lessons=3))

    answer = asked(seat, "texto leccion 3")

    assert lessons(answer) == ["1-3"]
    href = re.search(r'<a href="([^"]+/1-3#b1)"', answer.text)[1]
    page, _, block = href.partition("#")
    assert f'id="{block}"' in seat.browser.get(f"{page}?lang=es").text


def test_every_word_that_is_asked_for_must_be_there(sign_in):
    seat = seated(sign_in, make.taught(modules=1, lessons=3))

    assert len(lessons(asked(seat, "texto 1"))) == 3
    assert lessons(asked(seat, "texto 2")) == ["1-2"]
    assert lessons(asked(seat, "texto inexistente")) == []


def test_where_nothing_is_found_the_page_says_so_and_what_to_try(sign_in):
    answer = asked(seated(sign_in, make.taught()), "inexistente", "en")

    assert answer.status_code == 200
    assert "Nothing was found for “inexistente”." in words(answer)
    assert "Try fewer or other words." in words(answer)


def test_without_a_question_there_is_only_the_field(sign_in):
    seat = seated(sign_in, make.taught(), language="en")

    for question in ("", "   "):
        page = words(asked(seat, question, "en"))
        assert "found" not in page


def test_a_question_that_is_too_long_is_kept_and_the_limit_said(sign_in):
    seat = seated(sign_in, make.taught())

    long = asked(seat, "a" * 201, "en")
    longest = asked(seat, "a" * 200, "en")

    assert long.status_code == 422
    assert "at most 200 characters; there are 201" in words(long)
    assert "a" * 201 in long.text
    assert longest.status_code == 200


@pytest.mark.parametrize("question", ODD, ids=range(len(ODD)))
def test_whatever_is_typed_is_words_and_never_a_mistake(sign_in, question):
    seat = seated(sign_in, make.taught())

    answer = asked(seat, question)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_many_words_are_answered(sign_in):
    seat = seated(sign_in, make.taught())

    assert asked(seat, " ".join(f"w{n}" for n in range(50))).status_code == 200


def test_only_what_the_version_shows_is_found(sign_in):
    edition = make.taught(modules=1, lessons=2)
    seat = seated(sign_in, edition)
    make.taught()  # another course with the same words
    (module,) = outline_of(edition)
    first, gone = module["items"]
    version = make.offer(course_id=edition.course_id, outline=[module | {"items": [first]}], nth=2)
    make.lesson(version.id, first, "es")
    newer = seated(sign_in, make.edition(course_id=edition.course_id, version_id=version.id))

    assert sorted(lessons(asked(seat, "texto"))) == ["1-1", "1-2"]
    assert lessons(asked(newer, "texto")) == ["1-1"]
    assert gone["id"] == item_id(edition, "1-2")


def test_an_untranslated_lesson_is_found_in_its_own_language_and_says_so(sign_in):
    seat = seated(sign_in, trial())

    answer = asked(seat, "parrafo", "en")

    assert set(lessons(answer)) == {"leccion-3"}
    assert '<p class="ch-t" lang="es">' in answer.text


def test_a_long_list_is_cut(sign_in, tmp_path):
    path = write_course(tmp_path / "largo", lessons=2, words=2000, languages=("es",))
    give_ids(path)
    version = published(path)
    edition = make.edition(course_id=version.course_id, version_id=version.id)

    answer = asked(seated(sign_in, edition), "comision")

    assert len(lessons(answer)) == 30
    assert "Los 30 pasajes que mejor coinciden con «comision»." in answer.text


def test_a_heading_that_is_found_is_shown_once(sign_in):
    seat = seated(sign_in, trial())

    answer = asked(seat, "parte 1")

    hits = re.findall(r"<li>.*?</li>", answer.text, re.DOTALL)
    plain = [re.sub(r"<[^>]+>|\s+", " ", hit) for hit in hits]
    assert any("Parte 1" in " ".join(hit.split()) for hit in plain)
    assert not any(" ".join(hit.split()).count("Parte 1") > 1 for hit in plain)
