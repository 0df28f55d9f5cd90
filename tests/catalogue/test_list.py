"""The catalogue: what it lists, what it says about each course, and its filters."""

import re
from datetime import timedelta

import pytest

from coursehub.catalogue.models import Format
from coursehub.foundation.clock import now
from tests import make

DAY = timedelta(days=1)


def edition_of(version, **given):
    return make.edition(course_id=version.course_id, version_id=version.id, **given)


def titles(response) -> list[str]:
    return re.findall(r"(Title \d+) \(en\)</a>", response.text)


def listed(visitor, query: str = "") -> list[str]:
    response = visitor.get(f"/courses?lang=en&{query}")
    assert response.status_code == 200
    return re.findall(r'href="/courses/([\w-]+)"', response.text)


def test_a_course_says_what_it_is_about(visitor):
    make.offer("a-course", weave="rombo", topic="memory", formats=["facilitated", "self_paced"])

    page = visitor.get("/courses?lang=en").text

    assert "ch-swatch" in page
    for words in (
        "Memory, truth and justice",
        "26 hours, 8 weeks",
        "With tutors",
        "At your own pace",
        "Español (100%), Português (100%), English (100%)",
        "1 course ",
    ):
        assert words in page


def test_a_course_that_is_not_translated_says_in_which_language_it_is(visitor):
    make.offer("a-course", language="es")

    page = visitor.get("/courses?lang=en").text

    assert '<a href="/courses/a-course" lang="es">' in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Enrolment until"),
        ({"opens_at": now() + 3 * DAY}, "Enrolment opens on"),
        ({"seats": 1, "seats_taken": 1}, "All places are taken"),
        ({"closes_at": now() - DAY / 2}, "Enrolment closed"),
        ({"announced_at": None}, "No dates yet"),
        ({"announced_at": now() + DAY}, "No dates yet"),
        ({"starts_on": now().date() - 9 * DAY, "ends_on": now().date() - 3 * DAY}, "No dates yet"),
    ],
)
def test_a_course_says_how_its_edition_stands(visitor, given, words):
    edition_of(make.offer(), **given)

    assert words in visitor.get("/courses?lang=en").text


def test_moments_are_told_in_the_readers_zone_with_its_name(sign_in):
    edition_of(make.offer(), closes_at=now().replace(hour=12, minute=0) + 30 * DAY)
    person = sign_in(make.person(time_zone="America/Asuncion"))

    page = person.get("/courses").text

    assert re.search(r"Enrolment until [^<]*, 0[89]:00 \(Paraguay Time\)", page)


def test_courses_that_are_open_come_first_and_those_without_dates_last(visitor):
    make.offer("no-dates")
    edition_of(make.offer("full"), seats=1, seats_taken=1)
    edition_of(make.offer("upcoming"), opens_at=now() + DAY)
    edition_of(make.offer("open"))

    assert listed(visitor) == ["open", "upcoming", "full", "no-dates"]


def test_of_several_editions_the_one_that_is_open_is_shown(visitor):
    version = make.offer()
    edition_of(version, seats=1, seats_taken=1)
    edition_of(version, slug="the-open-one")

    page = visitor.get("/courses?lang=en").text

    assert "Enrolment open" in page
    assert "All places are taken" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("topic=memory", ["memory"]),
        ("language=pt", ["two-languages"]),
        ("format=facilitated", ["tutored"]),
        ("open=now", ["open"]),
        ("topic=memory&open=now", []),
    ],
)
def test_each_filter_leaves_what_was_asked_for(visitor, query, expected):
    edition_of(make.offer("open", languages=("es",)))
    make.offer("memory", languages=("es",), topic="memory")
    make.offer("two-languages", languages=("es", "pt"))
    make.offer("tutored", languages=("es",), formats=["facilitated"])

    assert listed(visitor, query) == expected


def test_the_format_filter_shows_the_edition_of_that_format(visitor):
    version = make.offer(formats=["facilitated", "self_paced"])
    edition_of(version, format=Format.SELF_PACED)
    edition_of(version, format=Format.FACILITATED, opens_at=now() + DAY)

    assert "Enrolment opens on" in visitor.get("/courses?lang=en&format=facilitated").text
    assert "Enrolment until" in visitor.get("/courses?lang=en&format=self_paced").text


@pytest.mark.parametrize(
    "query",
    [
        "topic=astrology",
        "language=xx",
        "format=%00",
        "open=yes",
        "topic=%3Cscript%3Ealert(1)%3C/script%3E",
        "language=es%27%20OR%201=1",
        "after=9-9",
        "after=0-%00",
        "after=%3Cscript%3E",
        "nonsense=1",
    ],
)
def test_a_filter_that_means_nothing_is_ignored(visitor, query):
    make.offer("a-course")

    response = visitor.get(f"/courses?lang=en&{query}")

    assert response.status_code == 200
    assert 'href="/courses/a-course"' in response.text
    assert "Clear the filters" not in response.text
    assert "<script>alert" not in response.text


def test_a_filter_stays_chosen_and_can_be_cleared(visitor):
    make.offer(topic="memory")

    page = visitor.get("/courses?lang=en&topic=memory").text

    assert '<option value="memory" selected>' in page
    assert "Clear the filters" in page


def test_nothing_found_is_said_with_a_way_out(visitor):
    make.offer()

    page = visitor.get("/courses?lang=en&open=now").text

    assert "No course is like that" in page
    assert "See all courses" in page


def test_an_empty_catalogue_is_said_too(visitor):
    assert "0 courses" in visitor.get("/courses?lang=en").text


def test_many_courses_are_turned_over_page_by_page_without_missing_one(visitor):
    for n in range(30):
        version = make.offer(f"course-no-{n}")
        if n % 3:
            edition_of(version)

    address, seen = "/courses?lang=en&language=es", []
    while address:
        page = visitor.get(address).text
        assert "30 courses" in page
        seen += re.findall(r'href="/courses/([\w-]+)"', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more and more[1].replace("&amp;", "&")

    assert sorted(seen) == sorted(f"course-no-{n}" for n in range(30))


@pytest.mark.parametrize("many", [1, 30])
def test_the_catalogue_asks_the_database_as_often_however_many_courses_there_are(
    visitor, sign_in, statements, many
):
    for _ in range(many):
        edition_of(make.offer())
    person = sign_in(make.person())

    with statements() as by_a_visitor:
        visitor.get("/courses")
    with statements() as by_a_person:
        person.get("/courses?open=now&language=es&topic=foundations&format=self_paced")

    assert (len(by_a_visitor), len(by_a_person)) == (2, 3)


def test_only_reading_is_possible(visitor):
    assert visitor.post("/courses").status_code == 405
    assert visitor.post("/courses/feed.atom").status_code == 405
