"""The rows that tests are made of can be used as the program uses its own."""

import pytest

from tests import make


def test_an_edition_that_is_taught_can_be_read_lesson_by_lesson(sign_in):
    edition = make.taught(modules=2, lessons=3, slug="intro-2027")
    someone = make.person(language="pt")
    make.enrolment(person_id=someone, edition_id=edition.id)
    reader = sign_in(someone)

    for path in ("", "/1-1", "/2-3", "/modules/module-2", "/end", "/glossary", "/search?q=texto"):
        response = reader.get(f"/learn/intro-2027{path}")
        assert response.status_code == 200, path
    assert "Texto de la lección 2-3 (pt)" in reader.get("/learn/intro-2027/2-3").text
    assert "Texto de la lección 2-3 (es)" in reader.get("/learn/intro-2027/2-3?lang=es").text


def test_a_lesson_is_found_by_its_words(sign_in):
    edition = make.taught()
    someone = make.person(language="es")
    make.enrolment(person_id=someone, edition_id=edition.id)

    page = sign_in(someone).get(f"/learn/{edition.slug}/search?q=leccion").text

    assert "/1-1" in page


def test_an_offer_stands_in_the_catalogue(visitor):
    made = make.offer(slug="una-oferta")
    make.edition(version_id=made.id, course_id=made.course_id)

    assert "/courses/una-oferta" in visitor.get("/courses").text
    assert visitor.get("/courses/una-oferta").status_code == 200


@pytest.mark.parametrize("build", [make.course, make.version, make.edition, make.enrolment])
def test_every_row_is_valid_by_default_and_more_than_once(app, build):
    assert build().id != build().id
