"""Taking a place and giving it up, through the door."""

import threading
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from coursehub.catalogue.models import Edition
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.learning.models import Fact, FactKind
from tests import make
from tests.enrolment.stage import an_edition, places, seats_taken

DAY = timedelta(days=1)
ENROL = "/editions/an-edition/enrolment"
LEAVE = "/editions/an-edition/enrolment/end"


def test_enrolling_takes_a_seat_and_leads_to_the_course(sign_in):
    an_edition(seats=2)
    someone = make.person()
    browser = sign_in(someone)

    response = browser.post(ENROL)

    assert (response.status_code, response.location) == (303, "/learn/an-edition")
    assert [place.person_id for place in places()] == [someone]
    assert seats_taken() == 1
    assert "You have a place in this edition" in browser.get("/courses/a-course").text


def test_a_place_taken_by_a_clock_that_is_ahead_can_be_given_up(sign_in, clock):
    clock(now())
    edition, someone = an_edition(), make.person()
    ahead = now() + timedelta(seconds=5)
    make.enrolment(person_id=someone, edition_id=edition.id, began_at=ahead)
    with writing():
        db.session.get_one(Edition, edition.id).seats_taken = 1

    assert sign_in(someone).post(LEAVE).status_code == 303
    assert [place.ended_at for place in places()] == [ahead]


def test_pressing_the_button_twice_takes_one_place(sign_in, run_jobs, outbox):
    an_edition()
    browser = sign_in(make.person())

    answers = [browser.post(ENROL) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(places()) == 1
    assert seats_taken() == 1
    assert "You already have a place" in browser.get("/courses/a-course").text
    run_jobs()
    assert len(outbox()) == 1


def test_a_visitor_signs_in_first_and_comes_back_to_the_course(visitor):
    an_edition()

    response = visitor.post(ENROL)

    assert response.status_code == 303
    assert response.location == "/sign-in?next=/courses/a-course?edition%3Dan-edition"
    assert places() == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"opens_at": now() + DAY}, "Enrolment opens on"),
        ({"closes_at": now() - DAY / 2}, "Enrolment closed on"),
        ({"seats": 1, "seats_taken": 1}, "This edition is full: its only place is taken."),
        (
            {"starts_on": now().date() - 9 * DAY, "ends_on": now().date() - 3 * DAY},
            "This edition ended on",
        ),
    ],
)
def test_where_there_is_no_place_the_answer_says_why(sign_in, given, sentence):
    an_edition(**given)

    response = sign_in(make.person()).post(ENROL)

    assert response.status_code == 409
    assert sentence in response.text
    assert places() == []


def test_of_twenty_people_at_once_one_gets_the_last_seat(app, sign_in):
    an_edition(seats=3, seats_taken=2)
    browsers = [sign_in(make.person()) for _ in range(20)]
    answers = enrol_together(app, browsers)

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 19
    assert all("This edition is full" in a.text for a in answers if a.status_code == 409)
    assert len(places()) == 1
    assert seats_taken() == 3


def test_one_person_pressing_ten_times_at_once_gets_one_place(app, sign_in):
    an_edition(seats=20)
    someone = make.person()
    browsers = [sign_in(someone) for _ in range(10)]
    answers = enrol_together(app, browsers)

    assert [answer.status_code for answer in answers] == [303] * 10
    assert len(places()) == 1
    assert seats_taken() == 1


def test_giving_up_a_place_gives_the_seat_back_and_keeps_the_row(sign_in):
    an_edition(seats=1)
    browser = sign_in(make.person())
    browser.post(ENROL)

    assert "Give up my place" in browser.get(LEAVE).text
    response = browser.post(LEAVE)

    assert response.location == "/courses/a-course?edition=an-edition"
    assert seats_taken() == 0
    assert [place.ended_at is None for place in places()] == [False]
    assert "You have given up your place" in browser.get(response.location).text
    assert browser.get("/learn/an-edition").status_code == 404
    assert sign_in(make.person()).post(ENROL).status_code == 303


def test_what_was_completed_stays_when_the_place_is_given_up(sign_in):
    edition = an_edition()
    someone = make.person()
    browser = sign_in(someone)
    browser.post(ENROL)
    fact = make.saved(
        Fact(
            event_id="0" * 36,
            person_id=someone,
            edition_id=edition.id,
            version_id=edition.version_id,
            kind=FactKind.STARTED,
            rule="lesson-1",
            happened_at=now(),
        )
    )

    browser.post(LEAVE)

    with writing():
        assert fact.person_id == someone


def test_taking_a_place_again_is_a_new_row(sign_in):
    an_edition(seats=1)
    browser = sign_in(make.person())

    for address in (ENROL, LEAVE, ENROL):
        assert browser.post(address).status_code == 303

    assert [place.ended_at is None for place in places()] == [False, True]
    assert seats_taken() == 1


def test_giving_up_twice_gives_back_one_seat(sign_in):
    an_edition(seats=5, seats_taken=2)
    browser = sign_in(make.person())
    browser.post(ENROL)

    assert [browser.post(LEAVE).status_code for _ in range(2)] == [303, 303]
    assert seats_taken() == 2


def test_a_place_in_an_edition_that_is_over_stays(sign_in):
    days = {"starts_on": now().date() - 9 * DAY, "ends_on": now().date() - 3 * DAY}
    edition = an_edition(**days, seats_taken=1)
    someone = make.person()
    make.enrolment(person_id=someone, edition_id=edition.id)
    browser = sign_in(someone)

    for response in (browser.get(LEAVE), browser.post(LEAVE)):
        assert response.status_code == 409
        assert "This edition is over" in response.text
    assert seats_taken() == 1


def test_nobody_gives_up_the_place_of_another(sign_in):
    edition = an_edition(seats_taken=1)
    make.enrolment(edition_id=edition.id)
    stranger = sign_in(make.person())

    assert stranger.get(LEAVE).status_code == 404
    stranger.post(LEAVE)

    assert seats_taken() == 1
    assert places()[0].ended_at is None


def test_a_visitor_signs_in_before_giving_up_a_place(visitor):
    an_edition()

    assert visitor.get(LEAVE).location.startswith("/sign-in?next=")
    assert visitor.post(LEAVE).location.startswith("/sign-in")


@pytest.mark.parametrize("slug", ["unknown", "secret", "%00", "an-edition%00"])
def test_an_edition_nobody_may_know_of_is_not_found(sign_in, visitor, slug):
    edition = an_edition()
    make.edition(
        course_id=edition.course_id, version_id=edition.version_id, slug="secret", announced_at=None
    )

    for browser in (visitor, sign_in(make.person())):
        assert browser.post(f"/editions/{slug}/enrolment").status_code == 404
    assert sign_in(make.person()).get(f"/editions/{slug}/enrolment/end").status_code == 404
    assert sign_in(make.person()).post(f"/editions/{slug}/enrolment/end").status_code == 404


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", ENROL),
        ("DELETE", ENROL),
        ("PUT", LEAVE),
        ("POST", "/courses/a-course"),
    ],
)
def test_other_methods_are_refused(sign_in, method, address):
    an_edition()

    assert sign_in(make.person()).open(address, method=method).status_code == 405


def enrol_together(app, browsers) -> list[TestResponse]:
    """The answers to as many people as there are browsers, all of whom press at one moment."""
    start, answers = threading.Barrier(len(browsers)), []

    def press(browser) -> None:
        start.wait()
        with app.app_context():
            answers.append(browser.post(ENROL))

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
