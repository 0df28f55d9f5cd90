"""A course's page: what it says, in whose zone, and what its one button does."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from coursehub.accounts.models import Role, Scope
from coursehub.foundation.clock import now
from tests import make
from tests.enrolment.stage import an_edition, edition_of

DAY = timedelta(days=1)
OUTLINE = [
    {
        "id": 1,
        "key": "m1",
        "slug": "first",
        "number": 1,
        "title": "First module",
        "summary": "What it is about",
        "objectives": [],
        "reading": [],
        "hours": 3.5,
        "state": "ready",
        "language": "es",
        "items": [
            {
                "id": 2,
                "key": "l1",
                "kind": "lesson",
                "slug": "one",
                "title": "A lesson",
                "minutes": 25,
                "state": "ready",
                "completion": "marked",
                "language": "en",
                "number": 1,
            },
            {
                "id": 3,
                "key": "q1",
                "kind": "quiz",
                "slug": "first-quiz",
                "title": "A quiz",
                "minutes": None,
                "state": "preparing",
                "language": "en",
                "questions": 8,
                "number": None,
            },
        ],
    },
    {
        "id": 4,
        "key": "m2",
        "slug": "second",
        "number": 2,
        "title": "Second module",
        "summary": "Later",
        "objectives": [],
        "reading": [],
        "hours": 4,
        "state": "preparing",
        "language": "en",
        "items": [],
    },
]


def page(browser, query: str = "") -> str:
    response = browser.get(f"/courses/a-course?lang=en&{query}")
    assert response.status_code == 200
    return response.text


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_the_page_says_what_one_needs_to_know(visitor):
    version = make.offer("a-course", outline=OUTLINE, certificate="A certificate of approval")
    edition_of(version, seats=40, seats_taken=3)
    make.grant(
        make.person(name="Ana D’Ávila"), Role.INSTRUCTOR, Scope.COURSE, str(version.course_id)
    )

    text = words(page(visitor))

    for said in (
        "What you will learn Recognise risks",
        "Who it is for Public officials",
        "What you need A telephone",
        "2 modules, 2 lessons",
        "First module What it is about About 3.5 h",
        "A lesson 25 min",
        "A quiz 8 questions · in preparation",
        "Second module Later About 4 h · In preparation",
        "Español (100%), Português (100%), English (100%)",
        "1.2 MB",
        "A certificate of approval",
        "Who teaches Ana D’Ávila",
        "37 of 40 free",
    ):
        assert said in text


def test_the_dates_are_told_in_the_readers_zone_with_its_name(visitor, sign_in, clock):
    clock(datetime(2027, 2, 10, 12, tzinfo=UTC))
    an_edition(zone="America/Asuncion", starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 30))
    in_mexico = sign_in(make.person(time_zone="America/Mexico_City", language="en"))

    assert "1 March 2027, 00:00 (Paraguay Time)" in page(visitor)
    assert "30 April 2027, 23:59 (Paraguay Time)" in page(visitor)
    assert re.search(
        r"28 February 2027, 21:00 \([\w ]*Mexico[\w ]*|Central Time\)", page(in_mexico)
    )


def test_what_pages_and_machines_share_is_there(visitor):
    an_edition()

    text = page(visitor)

    assert re.search(r'<meta property="og:title" content="Title \d+ \(en\)">', text)
    assert re.search(r'<meta property="og:description" content="Summary \d+ \(en\)">', text)
    for code in ("es", "pt", "en"):
        assert re.search(rf'rel="alternate" hreflang="{code}" href="[^"]+/courses/a-course', text)


def test_a_course_in_another_language_is_marked_as_such(visitor):
    edition_of(make.offer("a-course", language="es"))

    text = page(visitor)

    assert re.search(r'<h1 lang="es">Title', text)
    assert "You see it in Spanish." in text


def test_a_visitors_button_leads_to_sign_in_and_back_to_this_page(visitor):
    an_edition()

    text = page(visitor)

    assert "Sign in to enrol" in text
    assert 'href="/sign-in?next=/courses/a-course?edition%3Dan-edition"' in text
    assert "<button" not in text[text.index('id="edition"') : text.index("</aside>")]


def test_a_persons_button_says_in_which_edition_they_enrol(sign_in):
    an_edition(starts_on=date(2099, 3, 1), ends_on=date(2099, 4, 1))

    text = page(sign_in(make.person()))

    assert 'action="/editions/an-edition/enrolment"' in text
    assert "Enrol in the edition of March 2099" in text


def test_a_participants_button_leads_on_to_the_course(sign_in):
    edition = an_edition()
    someone = make.person()
    make.enrolment(person_id=someone, edition_id=edition.id)

    text = page(sign_in(someone))

    assert 'href="/learn/an-edition"' in text
    assert "Go on to the course" in text
    assert "Enrol in the edition" not in text


def test_a_participant_sees_their_own_edition_first(sign_in):
    edition = an_edition(closes_at=now() - DAY / 2)
    make.edition(course_id=edition.course_id, version_id=edition.version_id, slug="the-next-one")
    someone = make.person()
    make.enrolment(person_id=someone, edition_id=edition.id)

    browser = sign_in(someone)

    assert "Go on to the course" in page(browser)
    assert "Enrol in the edition" in page(browser, "edition=the-next-one")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"opens_at": now() + 3 * DAY}, "Enrolment opens on .* Come back then to take a place."),
        ({"closes_at": now() - DAY / 2}, "Enrolment closed on .* A new edition is announced"),
        (
            {"seats": 2, "seats_taken": 2},
            "This edition is full: all 2 places are taken. A place that is given up before",
        ),
        (
            {"starts_on": now().date() - 9 * DAY, "ends_on": now().date() - 3 * DAY},
            "This edition ended on .* A new edition is announced",
        ),
    ],
)
def test_an_edition_without_a_way_in_says_why_and_what_next(visitor, sign_in, given, sentence):
    an_edition(**given)

    for browser in (visitor, sign_in(make.person())):
        text = page(browser, "edition=an-edition")
        assert re.search(sentence, text)
        assert "See the courses that are open now" in text
        assert "Sign in to enrol" not in text
        assert "Enrol in the edition" not in text


def test_a_course_without_dates_says_so(visitor):
    make.offer("a-course")

    assert "This course has no dates yet, so nobody can enrol." in page(visitor)


def test_other_editions_are_listed_with_how_they_stand(visitor):
    edition = an_edition()
    make.edition(
        course_id=edition.course_id,
        version_id=edition.version_id,
        slug="a-past-one",
        starts_on=now().date() - 90 * DAY,
        ends_on=now().date() - 40 * DAY,
    )

    text = page(visitor)
    assert 'href="/courses/a-course?edition=a-past-one"' in text
    assert "Over" in words(text)


@pytest.mark.parametrize(
    "address",
    [
        "/courses/unknown",
        "/courses/a-course?edition=unknown",
        "/courses/a-course?edition=of-another-course",
        "/courses/a-course?edition=not-announced",
        "/courses/a-course?edition=%00",
        "/courses/%00",
        "/courses/a-course%00",
        "/courses/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/courses/a-course?edition=%3Cscript%3Ealert(1)%3C/script%3E",
    ],
)
def test_what_is_not_there_is_not_found(visitor, address):
    edition = an_edition()
    edition_of(make.offer("another-course"), slug="of-another-course")
    make.edition(
        course_id=edition.course_id,
        version_id=edition.version_id,
        slug="not-announced",
        announced_at=None,
    )

    response = visitor.get(address)

    assert response.status_code == 404
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("many", [1, 30])
def test_the_page_asks_the_database_as_often_however_much_there_is(
    visitor, sign_in, statements, many
):
    edition = an_edition()
    someone = make.person()
    make.enrolment(person_id=someone, edition_id=edition.id)
    for _ in range(many):
        make.edition(course_id=edition.course_id, version_id=edition.version_id)
        edition_of(make.offer())
        make.grant(make.person(), Role.INSTRUCTOR, Scope.COURSE, str(edition.course_id))
    participant, other = sign_in(someone), sign_in(make.person())

    counts = []
    for browser in (visitor, participant, other):
        with statements() as seen:
            assert browser.get("/courses/a-course").status_code == 200
        counts.append(len(seen))

    assert counts == [3, 5, 5]
