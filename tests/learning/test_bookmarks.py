"""Going on from where one left off: the lesson page is the only page that writes by being read."""

import pytest

from coursehub.accounts.models import Role
from coursehub.foundation.database import db, writing
from tests import make
from tests.learning.stage import Seat, bookmarks, item_id, outline_of, seated, watching, words

BOOKMARKS = "bookmarks"


def go_on(seat: Seat) -> str:
    """The address that the course page leads to."""
    page = seat.reads("").text
    panel = page[page.index("ch-continue") :]
    return panel[panel.index('href="') + 6 :].split('"')[0]


def test_a_course_goes_on_where_it_was_left_on_any_device(sign_in):
    edition = make.taught()
    seat = seated(sign_in, edition)
    assert "Begin the first lesson" in words(seat.reads(""))
    assert go_on(seat) == f"{seat.base}/1-1"

    seat.reads("/2-1")
    telephone = Seat(seat.person, sign_in(seat.person), edition)

    assert go_on(telephone) == f"{seat.base}/2-1"
    assert "Continue where you left off" in words(telephone.reads(""))
    assert f'href="{seat.base}/2-1"' in telephone.browser.get("/learn").text


def test_a_lesson_is_shown_while_another_writes_and_keeps_its_bookmark_next_time(
    sign_in, another_writes
):
    seat = seated(sign_in, make.taught())

    with another_writes() as alone:
        assert seat.reads("/1-1").status_code == 200
    assert bookmarks() == ({} if alone else {seat.person: item_id(seat.edition, "1-1")})

    seat.reads("/1-1")
    assert bookmarks() == {seat.person: item_id(seat.edition, "1-1")}


def test_it_goes_on_after_what_is_completed_and_comes_back_to_what_was_skipped(sign_in):
    seat = seated(sign_in, make.taught(modules=2, lessons=2))
    seat.reads("/2-1")
    seat.completes("2-1")

    assert go_on(seat) == f"{seat.base}/2-2"
    seat.completes("2-2")
    assert go_on(seat) == f"{seat.base}/1-1"


def test_the_place_is_written_once_in_one_statement_and_only_when_it_changes(sign_in, statements):
    seat = seated(sign_in, make.taught())

    def writes(page: str, **more) -> int:
        with statements() as seen:
            assert seat.reads(page, **more).status_code == 200
        changes = [one for one in seen if one.lstrip().upper().startswith(("INSERT", "UPDATE"))]
        assert all(BOOKMARKS in one for one in changes)
        return len(changes)

    assert writes("/1-1") == 1
    assert writes("/1-1") == 0
    assert writes("/1-2") == 1
    assert writes("/1-1") == 1
    for page in ("", "/modules/module-1", "/end", "/search?q=a", "/glossary", "/1-2?view=print"):
        assert writes(page) == 0, page


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
)
def test_a_page_fetched_ahead_moves_nobody(sign_in, headers):
    seat = seated(sign_in, make.taught())

    assert seat.reads("/1-1", headers=headers).status_code == 200

    assert bookmarks() == {}


def test_asking_for_the_headers_alone_moves_nobody(sign_in):
    seat = seated(sign_in, make.taught())

    assert seat.browser.head(f"{seat.base}/1-1").status_code == 200

    assert bookmarks() == {}


def test_staff_leave_no_trace(sign_in):
    someone = watching(sign_in, make.taught(), Role.INSTRUCTOR)

    assert someone.reads("/1-1").status_code == 200

    assert bookmarks() == {}


def test_a_lesson_that_is_not_there_moves_nobody(sign_in):
    seat = seated(sign_in, make.taught())
    seat.reads("/1-1")

    seat.reads("/9-9")

    assert bookmarks() == {seat.person: item_id(seat.edition, "1-1")}


def test_a_place_that_is_gone_from_the_course_leads_to_the_first_open_lesson(sign_in):
    edition = make.taught(modules=1, lessons=3)
    seat = seated(sign_in, edition)
    seat.reads("/1-3")
    (module,) = outline_of(edition)
    left = module | {"items": module["items"][:2]}
    version = make.offer(course_id=edition.course_id, outline=[left], nth=2)
    with writing():
        edition.version_id = version.id
        db.session.add(edition)

    assert go_on(seat) == f"{seat.base}/1-1"


def test_the_desk_shows_the_course_read_last_first(sign_in):
    first, second = make.taught(), make.taught()
    seat = seated(sign_in, first)
    make.enrolment(person_id=seat.person, edition_id=second.id)
    other = Seat(seat.person, seat.browser, second)

    seat.reads("/1-1")
    other.reads("/1-1")
    assert other.base in head_of_desk(seat)
    seat.reads("/1-2")
    assert seat.base in head_of_desk(seat)


def head_of_desk(seat: Seat) -> str:
    page = seat.browser.get("/learn").text
    return page[page.index("ch-continue") : page.index('id="mine"')]


def test_whoever_has_no_course_is_led_to_the_catalogue(sign_in):
    page = watching(sign_in, make.taught()).browser.get("/learn")

    assert "You have no place in a course yet" in words(page)
    assert 'href="/courses"' in page.text
