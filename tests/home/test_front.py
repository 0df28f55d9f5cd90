"""The front page."""

import re

import pytest

from tests import make


def test_the_front_page_says_what_this_is_and_which_courses_are_open(visitor):
    version = make.offer("a-course")
    make.edition(course_id=version.course_id, version_id=version.id)

    page = visitor.get("/?lang=en").text

    assert 'href="/courses/a-course"' in page
    assert "1 with enrolment open" in page
    assert "eighteen States" in page
    assert "March 2012" in page
    assert "Create an account" in page
    assert re.search(r'<meta property="og:title"', page)


def test_the_front_page_leads_whoever_is_signed_in_to_their_courses(sign_in):
    page = sign_in(make.person()).get("/").text

    assert "Go to my courses" in page


def test_the_front_page_shows_a_few_courses_and_leads_to_the_rest(visitor):
    for _ in range(8):
        make.offer()

    page = visitor.get("/?lang=en").text

    assert page.count('<li class="ch-course">') == 6
    assert "8 courses" in page
    assert "See all courses" in page


def test_the_front_page_of_an_empty_site_says_so(visitor):
    assert "as soon as they are published" in visitor.get("/?lang=en").text


@pytest.mark.parametrize("many", [1, 30])
def test_the_front_page_asks_the_database_as_often_however_many_courses_there_are(
    visitor, sign_in, statements, many
):
    for _ in range(many):
        version = make.offer()
        make.edition(course_id=version.course_id, version_id=version.id)
    person = sign_in(make.person())

    counts = []
    for browser in (visitor, person):
        with statements() as seen:
            assert browser.get("/").status_code == 200
        counts.append(len(seen))

    assert counts == [2, 3]


@pytest.mark.parametrize("address", ["/?lang=%00", "/?lang=%3Cscript%3Ealert(1)%3C/script%3E"])
def test_a_language_that_means_nothing_is_ignored(visitor, address):
    response = visitor.get(address)

    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_only_reading_is_possible(visitor):
    assert visitor.post("/").status_code == 405
