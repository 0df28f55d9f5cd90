"""What someone who tries CourseHub out finds: people of every role and an edition to join."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from coursehub.accounts.models import Account, RoleGrant
from coursehub.catalogue.models import Edition
from coursehub.catalogue.queries import find_edition
from coursehub.catalogue.rules import State, state_of
from coursehub.cli.people import load_demo
from coursehub.content.actions.publication import Report, publication
from coursehub.demo.actions import COURSE, PASSWORD, PEOPLE, accounts_listed, has_all_demo
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.learning.models import Fact
from coursehub.settings import PROJECT

MOMENT = datetime(2027, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def loaded(app, clock):
    """The flagship course with its demo people and editions, on a day in the middle of a month."""
    clock(MOMENT)
    for step in publication(PROJECT / "course_content" / COURSE, Report(COURSE)):
        with writing():
            step()
    load_demo()
    return app


def test_each_role_has_someone_who_can_sign_in(loaded, visitor):
    for one in accounts_listed():
        client = loaded.test_client()
        form = {"email": one["email"], "password": one["password"]}
        assert client.post("/sign-in", data=form).status_code == 303, one["email"]
        assert client.get("/me").status_code == 200
    assert {one.role for one in PEOPLE} == {"learner", "instructor", "secretariat", "administrator"}


def test_demo_people_say_what_they_are(loaded):
    for account in db.session.scalars(select(Account)):
        assert account.is_demo
        assert account.email.endswith("@example.org")
        assert any(word in account.name.casefold() for word in ("demostración", "demonstra"))


def test_one_edition_can_be_joined_and_one_is_still_to_come(loaded):
    states = sorted(state_of(one, now()) for one in db.session.scalars(select(Edition)))
    assert states == [State.OPEN, State.UPCOMING]


def test_someone_is_half_way(loaded):
    assert db.session.scalar(select(func.count()).select_from(Fact)) == 2


def test_loading_again_changes_nothing(loaded):
    before = _counts()
    load_demo()
    assert has_all_demo()
    assert _counts() == before


def test_later_in_the_year_there_is_an_open_edition_again(loaded, clock):
    clock(MOMENT + timedelta(days=75))
    assert not has_all_demo()
    load_demo()
    assert has_all_demo()


def test_without_the_course_nothing_is_made(app):
    load_demo()
    assert _counts() == [0, 0, 0, 0]
    assert find_edition("introduccion") is None


def test_the_known_password_is_a_long_one():
    assert len(PASSWORD) >= 12


def _counts():
    tables = (Account, RoleGrant, Edition, Fact)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]
