"""The rules about places, asked directly."""

from datetime import timedelta

from coursehub.enrolment.rules import edition_to_show, why_not_enrol, why_not_leave
from coursehub.foundation.clock import now
from coursehub.foundation.language import speaking
from tests import make

DAY = timedelta(days=1)


def test_whoever_has_a_place_is_told_so_whatever_the_edition(app):
    full = make.edition(seats=1, seats_taken=1)

    with speaking("en"):
        reason = why_not_enrol(full, now(), has_place=True)

    assert reason == "You already have a place in this edition."


def test_an_open_edition_without_a_limit_takes_everyone(app):
    assert why_not_enrol(make.edition(seats_taken=5000), now(), has_place=False) is None


def test_a_place_can_be_given_up_until_the_edition_is_over(app):
    edition = make.edition(closes_at=now() - DAY / 2)

    assert why_not_leave(edition, now()) is None
    with speaking("en"):
        assert "is over" in why_not_leave(edition, edition.ends_at + DAY)


def test_a_courses_page_is_about_the_edition_that_still_goes_on(app):
    today = now().date()
    over = make.edition(starts_on=today - 9 * DAY, ends_on=today - 3 * DAY)
    going_on = make.edition()

    assert edition_to_show([over, going_on], now()) is going_on
    assert edition_to_show([over], now()) is None
    assert edition_to_show([], now()) is None
