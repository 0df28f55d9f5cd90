"""Who may read a course, what its pages show, and in which language."""

import re

import pytest

from coursehub.accounts.models import Role, Scope
from tests import make
from tests.learning.stage import outline_of, seated, trial, watching, words, words_of

PAGES = [
    "",
    "/1-1",
    "/1-1?view=print",
    "/modules/module-1",
    "/end",
    "/search?q=texto",
    "/glossary",
]
HIDDEN = [*PAGES, "/media/0123456789abcdef/a.svg", "/files/es/lessons/1-1.pdf", "/nothing"]
SOURCE = "the language in which it was written"


def test_someone_with_a_place_reads_every_page(sign_in):
    seat = seated(sign_in, make.taught())

    for page in PAGES:
        assert seat.reads(page).status_code == 200, page


def test_a_stranger_finds_nothing_at_any_address(sign_in):
    stranger = watching(sign_in, make.taught())

    for page in HIDDEN:
        answer = stranger.reads(page)
        assert answer.status_code == 404, page
        assert "Lesson 1-1" not in answer.text
    assert stranger.completes("1-1").status_code == 404
    assert stranger.takes_back("1-1").status_code == 404


def test_what_a_stranger_may_not_see_looks_like_what_is_not_there(sign_in):
    stranger = watching(sign_in, make.taught())

    hidden = words(stranger.reads("/1-1"))
    missing = words(stranger.browser.get("/learn/no-such-edition/1-1"))

    assert hidden == missing


def test_a_visitor_signs_in_first_and_comes_back(visitor):
    edition = make.taught()

    for page in PAGES:
        answer = visitor.get(f"/learn/{edition.slug}{page}")
        assert answer.status_code == 303
        assert "/sign-in?next=%2Flearn%2F" in answer.location.replace("/learn/", "%2Flearn%2F")
    assert visitor.get("/learn").status_code == 303
    assert visitor.post(f"/learn/{edition.slug}/1-1/completion").status_code == 303


def test_a_place_given_up_no_longer_lets_in(sign_in):
    edition = make.taught()
    someone = make.person()
    began = make.now() - make.DAY
    make.enrolment(
        person_id=someone, edition_id=edition.id, began_at=began, ended_at=began + make.DAY
    )

    assert sign_in(someone).get(f"/learn/{edition.slug}").status_code == 404


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.INSTRUCTOR, Scope.COURSE),
        (Role.INSTRUCTOR, Scope.EDITION),
        (Role.SECRETARIAT, Scope.SITE),
        (Role.ADMINISTRATOR, Scope.SITE),
    ],
)
def test_staff_read_without_a_place_and_are_told_that_nothing_is_recorded(sign_in, role, scope):
    edition = make.taught()
    someone = watching(sign_in, edition)
    numbers = {Scope.COURSE: edition.course_id, Scope.EDITION: edition.id}
    make.grant(someone.person, role, scope, str(numbers.get(scope, "")))

    page = words(someone.reads("/1-1"))

    assert "You are not a participant of this edition" in page
    assert "nothing is recorded" in page
    assert "Mark as read" not in page


def test_an_instructor_of_another_course_is_a_stranger(sign_in):
    someone = watching(sign_in, make.taught())
    make.grant(someone.person, Role.INSTRUCTOR, Scope.COURSE, "999")

    assert someone.reads("/1-1").status_code == 404


def test_the_outline_shows_the_state_of_every_item(sign_in):
    seat = seated(sign_in, make.taught(modules=1, lessons=3))
    seat.completes("1-1")

    page = seat.reads("/1-2").text
    outline = page[page.index('id="outline"') : page.index("</nav>", page.index('id="outline"'))]

    assert re.findall(r'<li class="([\w-]*)">', outline) == ["is-done", "is-now", ""]
    assert outline.count("Completed:") == 1
    assert outline.count('aria-current="page"') == 1
    assert "1 of 3" in words_of(outline)


def test_what_is_being_prepared_is_listed_without_a_link(sign_in):
    seat = seated(sign_in, trial(), language="en")

    page = seat.reads("").text

    assert "A lesson to come" in page
    assert not re.search(r"<a[^>]*>[^<]*A lesson to come", page)
    assert "in preparation" in words_of(page)
    assert "This module is being prepared" in seat.reads("/modules/later").text


def test_lessons_lead_to_the_one_before_and_the_one_after(sign_in):
    seat = seated(sign_in, make.taught(modules=2, lessons=2))

    def neighbours(lesson: str) -> list[str]:
        page = seat.reads(f"/{lesson}").text
        nav = page[page.index("ch-prevnext") :]
        return re.findall(r'href="[^"]*?/learn/[^/]+/([^"]+)"', nav[: nav.index("</nav>")])

    assert neighbours("1-1") == ["1-2"]
    assert neighbours("1-2") == ["1-1", "modules/module-1"]
    assert neighbours("2-1") == ["1-2", "2-2"]
    assert neighbours("2-2") == ["2-1", "modules/module-2"]


def test_a_lesson_says_where_it_stands_and_how_it_is_completed(sign_in):
    seat = seated(sign_in, make.taught())

    page = words(seat.reads("/1-2"))

    for said in (
        "Module 1 · Lesson 2",
        "20 minutes",
        "It is completed when you mark it as read.",
        "Why is this lesson not complete?",
        "Summary of 1-2",
        "Texto de la lección 1-2 (en)",
    ):
        assert said in page


def test_an_address_that_no_lesson_has_is_not_found(sign_in):
    seat = seated(sign_in, make.taught())

    for page in ("/9-9", "/modules/nothing", "/1-1/completion", "/" + "a" * 3000):
        assert seat.reads(page).status_code in (404, 405), page
    assert seat.browser.post(f"{seat.base}/9-9/completion").status_code == 404


def test_the_language_is_switched_on_the_same_lesson(sign_in):
    seat = seated(sign_in, make.taught(), language="es")
    form = re.search(
        r'name="next" value="([^"]+)"><button class="ch-linkbutton"', seat.reads("/1-2").text
    )

    answer = seat.browser.post("/language", data={"language": "pt", "next": form[1]})

    assert answer.status_code == 303
    assert answer.location == f"{seat.base}/1-2"
    shown = seat.browser.get(answer.location).text
    assert 'lang="pt"' in shown
    assert "Texto de la lección 1-2 (pt)" in shown


def test_what_is_not_translated_is_shown_in_the_language_it_was_written_in(sign_in):
    seat = seated(sign_in, trial(), language="en")

    page = seat.reads("/leccion-3")

    assert "This lesson has not been translated yet" in page.text
    assert f"You are reading it in Spanish, {SOURCE}" in words(page)
    assert '<h1 lang="es">' in page.text
    assert re.search(r'<div class="ch-body" lang="es">\s*<', page.text)
    assert 'hreflang="es"' not in page.text
    assert SOURCE not in words(seat.reads("/leccion-4"))
    outline = seat.reads("").text
    assert re.search(r'<a href="[^"]*leccion-3" lang="es">', outline)


def test_a_translation_of_something_changed_since_says_so(sign_in):
    seat = seated(sign_in, trial(), language="pt")
    notice = "A tradução desta lição está sendo atualizada"

    def is_stale(lesson: str, language: str) -> bool:
        page = seat.reads(f"/{lesson}?lang={language}").text
        return "changed in the original" in page or notice in page

    assert is_stale("leccion-2", "en")
    assert not is_stale("leccion-2", "es")
    assert not is_stale("leccion-1", "en")


def test_terms_are_linked_once_to_a_definition_on_the_page(sign_in):
    page = seated(sign_in, trial(), language="es").reads("/leccion-1").text

    links = re.findall(r'<a class="ch-term" href="#(g-[\w-]+)"[^>]*>', page)

    assert len(links) == 1
    assert page.count(f'id="{links[0]}"') == 1
    dialog = page[page.index(f'id="{links[0]}"') :]
    assert "Grupo que estudia." in dialog
    close = re.search(r'<a class="ch-ib" href="#([\w-]+)"', dialog)[1]
    assert page.count(f'id="{close}"') == 1


def test_the_glossary_lists_every_term_with_its_names(sign_in):
    page = words(seated(sign_in, trial(), language="pt").reads("/glossary?lang=en"))

    assert "study commission" in page
    assert "es: comisión de estudio" in page


def test_the_print_view_is_the_lesson_alone(sign_in):
    seat = seated(sign_in, trial(), language="en")

    page = seat.reads("/leccion-3?view=print").text

    assert '<html lang="es">' in page
    assert "Este párrafo de prueba" in page
    assert "ch-header" not in page
    assert "<script" not in page


def test_text_of_a_course_is_shown_as_text(sign_in):
    edition = make.taught()
    module = outline_of(edition)[0]
    named = {"title": "<b>Título</b> & “más”"}
    outline = [module | named | {"items": [module["items"][0] | named]}]
    version = make.offer(outline=outline, title=named["title"])
    make.lesson(version.id, module["items"][0], "en", title=named["title"])
    other = make.edition(course_id=version.course_id, version_id=version.id)
    seat = seated(sign_in, other)

    for page in PAGES:
        assert "<b>Título" not in seat.reads(page).text
