"""Those who teach and the Secretariat find on their page what their role lets them read."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursehub.accounts.models import Grant, Role, Scope, Viewer
from coursehub.foundation.language import speaking
from coursehub.learning.queries import editions_read_as_staff
from coursehub.learning.rules import may_read_course
from tests import make
from tests.learning.stage import seated, watching, words

TITLE = "Editions you can read because of your role"


def test_the_secretariat_is_led_to_every_edition(sign_in):
    edition = make.taught(announced_at=None)
    desk = watching(sign_in, edition, Role.SECRETARIAT).gets("/learn")

    assert TITLE in words(desk)
    assert f'href="/learn/{edition.slug}"' in desk.text
    assert "You have no place in a course yet" not in words(desk)


@pytest.mark.parametrize("scope", [Scope.COURSE, Scope.EDITION])
def test_an_instructor_is_led_to_what_they_teach_and_to_nothing_else(sign_in, scope):
    mine, other = make.taught(), make.taught()
    seat = watching(sign_in, mine)
    thing = mine.course_id if scope == Scope.COURSE else mine.id
    make.grant(seat.person, Role.INSTRUCTOR, scope, str(thing))

    desk = seat.gets("/learn").text

    assert f"/learn/{mine.slug}" in desk
    assert f"/learn/{other.slug}" not in desk


def test_a_participant_sees_nothing_of_it_and_pays_nothing_for_it(sign_in, statements):
    seat = seated(sign_in, make.taught())
    make.taught()

    with statements() as seen:
        desk = seat.gets("/learn")

    assert TITLE not in words(desk)
    assert len(seen) == 3


def test_one_more_statement_shows_them_all(sign_in, statements):
    seats = [watching(sign_in, make.taught(), Role.ADMINISTRATOR)]
    counts = []
    for more in (0, 5):
        for _ in range(more):
            make.taught(modules=1, lessons=1)
        with statements() as seen:
            seats[0].gets("/learn")
        counts.append(len(seen))

    assert counts == [4, 4]


def test_a_page_read_by_role_speaks_of_no_progress_of_ones_own(sign_in):
    seat = watching(sign_in, make.taught(), Role.SECRETARIAT)

    for page in ("", "/1-1", "/modules/module-1"):
        said = words(seat.reads(page))
        assert "You are not a participant of this edition" in said
        assert "0 of" not in said.partition("Content")[0]
        assert "not complete?" not in said
        assert "Mark as read" not in said


@pytest.fixture
def editions(app):
    """Two editions of one course and one of another."""
    first = make.taught(modules=1, lessons=1)
    again = make.edition(version_id=first.version_id, course_id=first.course_id)
    return [first, again, make.taught(modules=1, lessons=1)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(chosen=st.data())
def test_the_list_holds_exactly_what_the_rule_allows(editions, chosen):
    numbers = {
        Scope.SITE: [""],
        Scope.COUNTRY: ["PE"],
        Scope.COURSE: [str(one.course_id) for one in editions],
        Scope.EDITION: [str(one.id) for one in editions],
    }
    grants = st.sampled_from(list(numbers)).flatmap(
        lambda scope: st.builds(
            Grant, st.sampled_from(Role), st.just(scope), st.sampled_from(numbers[scope])
        )
    )
    held = frozenset(chosen.draw(st.lists(grants, max_size=3)))
    viewer = Viewer(person_id=1, grants=held)

    with speaking("es"):
        listed = {one.edition for one in editions_read_as_staff(viewer, "es")}

    allowed = {
        one.slug
        for one in editions
        if may_read_course(viewer, is_enrolled=False, course=one.course_id, edition=one.id)
    }
    assert listed == allowed
