"""What the tests of surveys need again and again."""

from collections.abc import Callable
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select

from coursehub.accounts.models import Role, Viewer
from coursehub.catalogue.models import Edition
from coursehub.foundation.database import db, writing
from coursehub.learning.queries import Reading, find_reading
from coursehub.surveys import actions
from coursehub.surveys.models import Response
from coursehub.surveys.rules import Json
from tests import make

SURVEY = make.SURVEY
PAIR = {"before": make.half("before"), "after": make.half("after")}
WELL = {"q-like.s-1": "p-5", "q-like.s-2": "p-none", "q-rate.s-3": "7", "q-pick": ["o-1", "o-3"]}


@dataclass
class Learner:
    """Someone in front of a browser, with a place in an edition that has surveys."""

    person: int
    browser: FlaskClient
    edition: Edition
    name: str = "survey"

    @property
    def address(self) -> str:
        return f"/learn/{self.edition.slug}/surveys/module-1-{self.name}"

    def sees(self, language: str = "en"):
        return self.browser.get(f"{self.address}?lang={language}")

    def sends(self, **fields):
        return self.browser.post(self.address, data=fields)


def edition_with(survey: dict | None = None, **given) -> Edition:
    return make.taught(surveys={"survey": SURVEY | (survey or {})}, **given)


def seated(sign_in, edition: Edition | None = None, name: str = "survey", **person) -> Learner:
    """Someone with a place in an edition with a survey."""
    edition = edition or edition_with()
    someone = make.person(**person)
    make.enrolment(person_id=someone, edition_id=edition.id)
    return Learner(someone, sign_in(someone), edition, name)


def teacher(sign_in) -> FlaskClient:
    return sign_in(make.person(Role.INSTRUCTOR))


def results(browser: FlaskClient, edition: Edition, name: str = "survey", page: str = ""):
    return browser.get(f"/studio/editions/{edition.slug}/surveys/module-1-{name}{page}?lang=en")


def reading_of(edition: Edition, person: int) -> Reading:
    reading = find_reading(Viewer(person_id=person), edition.slug, "es")
    assert reading is not None
    return reading


def answered(
    edition: Edition,
    people: int,
    answers: Callable[[int], Json],
    name: str = "survey",
    code: Callable[[int], str | None] = lambda _n: None,
) -> list[int]:
    """So many people who have answered a survey, in this order; without a browser, for speed."""
    everyone = []
    for n in range(people):
        person = make.person()
        make.enrolment(person_id=person, edition_id=edition.id)
        answer(edition, person, answers(n), name, code(n))
        everyone.append(person)
    return everyone


def answer(
    edition: Edition, person: int, answers: Json, name: str = "survey", code: str | None = None
) -> None:
    reading = reading_of(edition, person)
    _module, item = reading.find_item(f"module-1-{name}")
    survey = db.session.scalars(
        select(make.VersionActivity.activity).where(make.VersionActivity.item_id == item["id"])
    ).one()
    with writing():
        actions.answer(person, reading, item, survey, answers, code)


def kept() -> list[Response]:
    db.session.rollback()
    return list(db.session.scalars(select(Response)))
