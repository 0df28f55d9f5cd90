"""What the benchmark measures on: a course, its learners, what they did, and their sessions."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, select

from coursehub.accounts import actions as accounts
from coursehub.accounts.models import Account, Person, Viewer
from coursehub.catalogue.actions import announce_edition, create_edition
from coursehub.catalogue.models import Edition, Format
from coursehub.cli.content import sync_folder
from coursehub.cli.opening import opened
from coursehub.content.formats.findings import Findings
from coursehub.content.formats.folder import open_folder
from coursehub.content.formats.ids import with_ids
from coursehub.content.models import VersionPage
from coursehub.demo.formats import write_course
from coursehub.enrolment.models import Enrolment
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.learning.actions import completion_id
from coursehub.learning.models import Fact, FactKind
from coursehub.learning.queries import find_reading
from coursehub.learning.rules import COMPLETION_RULES
from coursehub.quizzes import actions as quizzes
from coursehub.settings import Settings

COURSE, EDITION = "curso-de-medicion", "medicion"
WORDS, QUESTIONS = 1500, 20
LESSON = f"/learn/{EDITION}/leccion-1"
QUIZ = "m01-cuestionario"
DEVICE = str(uuid.UUID(int=1))


@dataclass(frozen=True, slots=True)
class Attempting:
    """Someone with an open attempt: how they are known, and what their form has to carry."""

    cookie: str
    token: str
    key: str
    questions: list[str]


@dataclass(frozen=True, slots=True)
class Measurable:
    """A reader's cookie, the assets' bytes, and people who have a quiz before them."""

    cookie: str
    assets: int
    attempting: list[Attempting]


def fill(
    settings: Settings, folder: Path, lessons: int, learners: int, attempts: int
) -> Measurable:
    """Course, edition, learners with facts, and `attempts` of them with an open attempt."""
    write_course(folder, lessons=lessons, words=WORDS, questions=QUESTIONS)
    trial = random.Random(1)  # noqa: S311 - ids of trial files are no secret
    for name, content in with_ids(open_folder(folder, Findings()), trial).items():
        (folder / name).write_bytes(content)
    with opened(settings) as app:
        sync_folder(folder)
        with writing():
            edition = _edition()
        with writing():
            people = _learners(edition, max(learners, attempts + 1))
        attempting = list(_attempting(app, people[1 : attempts + 1]))
        with writing():
            token = accounts.sign_in(people[0])
        return Measurable(cookie_of(app, token), app.extensions["asset_bytes"], attempting)


def cookie_of(app: Flask, token: str) -> str:
    """The cookie of a browser in which the session of a token is open."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None  # noqa: S101 - the settings have a secret key
    return f"coursehub={signer.dumps({'_user_id': token, '_fresh': True, 'csrf_token': 'trial'})}"


def _attempting(app: Flask, people: list[int]) -> Iterator[Attempting]:
    signed = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps("trial")
    for person in people:
        with writing():
            token = accounts.sign_in(person)
            reading = find_reading(Viewer(person_id=person), EDITION, "es")
            assert reading is not None  # noqa: S101 - they have a place
            _module, item = reading.find_open("quiz", QUIZ) or ({}, {})
            attempt = quizzes.start(person, reading, item, "es")
            questions = [one["id"] for one in attempt.plan]
            known = attempt.key
        yield Attempting(cookie_of(app, token), signed, known, questions)


def _edition() -> Edition:
    today, year = now().date(), timedelta(days=365)
    edition = create_edition(
        COURSE,
        EDITION,
        version=1,
        format=Format.SELF_PACED,
        starts_on=today,
        ends_on=today + year,
        zone="UTC",
        opens_local=now().replace(tzinfo=None) - year,
        closes_local=now().replace(tzinfo=None) + year,
    )
    announce_edition(edition)
    return edition


def _learners(edition: Edition, count: int) -> list[int]:
    moment = now()
    db.session.execute(insert(Person), [{"created_at": moment} for _ in range(count)])
    people = list(db.session.scalars(select(Person.id)))
    db.session.execute(
        insert(Account),
        [
            {
                "person_id": n,
                "email": f"medicion{n}@example.org",
                "email_key": f"medicion{n}@example.org",
                "name": f"Participante de demostración {n}",
                "language": "es",
                "time_zone": "America/Lima",
            }
            for n in people
        ],
    )
    taken = [{"person_id": n, "edition_id": edition.id, "began_at": moment} for n in people]
    db.session.execute(insert(Enrolment), taken)
    edition.seats_taken = len(people)
    _complete_some(edition, people)
    return people


def _complete_some(edition: Edition, people: list[int]) -> None:
    outline = db.session.get_one(VersionPage, (edition.version_id, "es")).outline
    lessons = [item["id"] for module in outline for item in module["items"]]
    facts = [
        {
            "event_id": completion_id(person, edition.id, lesson),
            "revision": 1,
            "person_id": person,
            "edition_id": edition.id,
            "item_id": lesson,
            "version_id": edition.version_id,
            "kind": FactKind.COMPLETED,
            "rule": COMPLETION_RULES["lesson"],
            "details": {"is_done": True, "how": "marked"},
            "happened_at": now(),
        }
        for person in people
        for lesson in lessons[: 12 if person == people[0] else 4]
    ]
    for start in range(0, len(facts), 5000):
        db.session.execute(insert(Fact), facts[start : start + 5000])
