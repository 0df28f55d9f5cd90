"""What the tests of quizzes need again and again."""

import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from coursehub.catalogue.models import Edition
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.quizzes.models import LateAnswer, QuizAnswer, QuizAttempt
from tests import make

QUIZ = make.QUIZ
KEYS = [question["id"] for question in QUIZ["questions"]]


def right(n: int) -> str:
    return f"a-{n}-right"


def wrong(n: int) -> str:
    return f"a-{n}-wrong"


@dataclass
class Learner:
    """Someone in front of a browser, with a place in an edition that has a quiz."""

    person: int
    browser: FlaskClient
    edition: Edition

    @property
    def quiz(self) -> str:
        return f"/learn/{self.edition.slug}/quizzes/module-1-quiz"

    def starts(self):
        return self.browser.post(f"{self.quiz}/attempts")

    def attempt(self, number: int = 1) -> QuizAttempt:
        db.session.rollback()
        return db.session.scalars(
            select(QuizAttempt).where(
                QuizAttempt.person_id == self.person, QuizAttempt.number == number
            )
        ).one()

    def sees(self, page: str = ""):
        return self.browser.get(f"{self.quiz}{page}")

    def sends(self, number: int = 1, do: str = "save", **fields):
        """Send the form of an attempt's page as a browser without scripts does, changed so."""
        page = self.sees(f"/attempts/{number}").text
        shown = dict(re.findall(r'name="(q-\d+)" value="([^"]+)" checked', page))
        marks = {
            name: page.partition(f'name="{name}" value="')[2].partition('"')[0]
            for key in KEYS
            for name in (f"was.{key}", f"flagged.{key}")
        }
        form = {"key": self.attempt(number).key, "do": do} | marks | shown | fields
        return self.browser.post(f"{self.quiz}/attempts/{number}", data=form)

    def saves(self, *changes: dict, device: str | None = None, number: int = 1):
        """Send changes as the script of a device does."""
        sent = {"device": device or str(uuid.uuid4()), "changes": list(changes)}
        return self.browser.post(
            f"/attempts/{self.attempt(number).key}/answers",
            data=json.dumps(sent),
            headers={"Accept": "application/json"},
            content_type="application/json",
        )


def change(question: str, value: str, at: datetime | None = None, **more) -> dict:
    moment = at or now()
    return {
        "question": question,
        "event": str(uuid.uuid4()),
        "at": int(moment.astimezone(UTC).timestamp() * 1000),
        "fields": {"": [value]},
    } | more


def seated(sign_in, quiz: dict | None = None, edition: Edition | None = None, **given) -> Learner:
    """Someone with a place in an edition with a quiz."""
    edition = edition or make.taught(quiz=QUIZ | (quiz or {}), **given)
    person = make.person()
    make.enrolment(person_id=person, edition_id=edition.id)
    return Learner(person, sign_in(person), edition)


def started(sign_in, quiz: dict | None = None, **given) -> Learner:
    learner = seated(sign_in, quiz, **given)
    assert learner.starts().status_code == 303
    return learner


def kept() -> dict[tuple[str, str], list[str]]:
    """What is stored of each question, by device."""
    db.session.rollback()
    rows = db.session.scalars(select(QuizAnswer))
    return {(row.question, row.device): row.fields.get("", []) for row in rows}


def kept_late() -> dict[str, list[str]]:
    db.session.rollback()
    rows = db.session.scalars(select(LateAnswer))
    return {row.question: row.fields.get("", []) for row in rows}
