"""A quiz that thousands took: what its statistics cost, and marking all of it anew."""

import http.client
import random
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import click
from sqlalchemy import insert, select

from coursehub.accounts import actions as accounts
from coursehub.accounts.models import Grant, Role, Scope, Viewer
from coursehub.cli.bench import Request, ask, cpu_seconds, served
from coursehub.cli.bench_data import COURSE, DEVICE, EDITION, QUIZ, cookie_of, fill
from coursehub.cli.opening import opened, settings_at_hand
from coursehub.cli.running import bring_up_to_date
from coursehub.foundation import jobs
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.learning.queries import Reading, find_reading
from coursehub.questions.rules.arranging import arrange
from coursehub.questions.rules.grading import grade
from coursehub.quizzes import actions as quizzes
from coursehub.quizzes import queries
from coursehub.quizzes.actions.marking import as_kept
from coursehub.quizzes.models import AttemptState, QuizAnswer, QuizAttempt, Regrade, SubmittedBy
from coursehub.quizzes.rules import Json
from coursehub.settings import Settings

PAGE = f"/studio/editions/{EDITION}/quizzes/{QUIZ}"
ROUNDS = 100
AT_ONCE = 500


@click.command()
@click.option("--attempts", default=10_000, show_default=True, type=click.IntRange(10, 100_000))
def marking(attempts: int) -> None:
    """Count, show and mark anew the attempts of so many people at a quiz of 20 questions."""
    settings_at_hand().make_data_dir()
    folder = settings_at_hand().data_dir / "bench-marking"
    shutil.rmtree(folder, ignore_errors=True)
    settings = replace(
        settings_at_hand(),
        data_dir=folder / "data",
        database_url="",
        secret_key="x" * 32,
        log_level="ERROR",
        work_in_server=False,
    )
    settings.data_dir.mkdir(parents=True)
    bring_up_to_date(settings)
    fill(settings, folder / COURSE, 2, attempts + 2, 1)
    with opened(settings) as app:
        reading, item = _reading()
        quiz = queries.find_quiz(reading.version_id, item["id"]) or {}
        _hand_in(reading, item, quiz, attempts)
        _told("counting", lambda: _count(reading, item))
        with writing():
            teacher = accounts.create_person("docente@example.org", "Docente de medición", "es")
            accounts.grant_role(teacher, Grant(Role.INSTRUCTOR, Scope.SITE))
            cookie = cookie_of(app, accounts.sign_in(teacher))
    _compare(settings, cookie)
    with opened(settings):
        reading, item = _reading()
        question = quiz["questions"][0]
        correction = {"remedy": "full_marks"}
        asked = (reading, item["id"], question["id"], correction)
        _told("preview", lambda: queries.changes_under(*asked))
        with writing():
            quizzes.correct(teacher, reading, item, question["id"], correction, "Medición.")
        _told("marking anew", _regrade)


def _reading() -> tuple[Reading, Json]:
    reading = find_reading(Viewer(person_id=1), EDITION, "es")
    assert reading is not None  # noqa: S101 - the first learner has a place
    _module, item = reading.find_open("quiz", QUIZ) or ({}, {})
    return reading, item


def _hand_in(reading: Reading, item: Json, quiz: Json, number: int) -> None:
    chance = random.Random(1)  # noqa: S311 - trial answers are no secret
    known = set(db.session.scalars(select(QuizAttempt.person_id)))
    people = [person for person in range(1, number + 3) if person not in known][:number]
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        attempts, answers = [], []
        for n, person in enumerate(some, start + 1_000):
            attempt, given = _attempt(reading, item, quiz, person, chance)
            attempts.append(attempt | {"id": n})
            answers += [one | {"attempt_id": n} for one in given]
        with writing():
            db.session.execute(insert(QuizAttempt), attempts)
            db.session.execute(insert(QuizAnswer), answers)


def _attempt(
    reading: Reading, item: Json, quiz: Json, person: int, chance: random.Random
) -> tuple[Json, list[Json]]:
    """Rows of an attempt in which some answers are right, the more so the better someone is."""
    skill, moment = chance.random(), now()
    key = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    plan, results, answers = [], {}, []
    for question in quiz["questions"]:
        is_right = chance.random() < skill
        wanted = [one["id"] for one in question["answers"] if bool(one.get("right")) == is_right]
        chosen = chance.choice(wanted)
        plan.append({"id": question["id"], "order": arrange(question, key)})
        results[question["id"]] = as_kept(grade(question, chosen))
        answers.append(_answer(person, question["id"], chosen))
    points = sum(one["points"] for one in results.values())
    row: dict[str, Any] = {
        "key": key,
        "person_id": person,
        "edition_id": reading.edition_id,
        "item_id": item["id"],
        "version_id": reading.version_id,
        "number": 1,
        "started_at": moment - timedelta(hours=1),
        "due_at": moment,
        "language": chance.choice(["es", "pt", "en"]),
        "plan": plan,
        "state": AttemptState.SUBMITTED,
        "submitted_at": moment,
        "submitted_by": SubmittedBy.LEARNER,
        "points": points,
        "out_of": float(len(plan)),
        "results": results,
    }
    return row, answers


def _answer(person: int, question: str, chosen: str) -> Json:
    moment = now()
    return {
        "question": question,
        "device": DEVICE,
        "person_id": person,
        "event_id": str(uuid.uuid4()),
        "fields": {"": [chosen]},
        "changed_at": moment,
        "received_at": moment,
    }


def _count(reading: Reading, item: Json) -> None:
    keep = quizzes.count(reading.edition_id, item["id"])
    with writing():
        keep()


def _regrade() -> None:
    """Work until the correction has reached everyone."""
    until = time.monotonic() + 600
    while not db.session.scalars(select(Regrade.ended_at)).one() and time.monotonic() < until:
        db.session.rollback()
        jobs.run_due()


def _told(what: str, does: Callable[[], object]) -> None:
    began, used = time.perf_counter(), time.process_time()
    does()
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    click.echo(f"{what:14} {seconds:6.1f} s, CPU {cpu:5.1f} s")


def _compare(settings: Settings, cookie: str) -> None:
    """The page of the statistics beside the baseline, in one run."""
    with served(settings) as (port, server):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        taken = dict(_taken(line, server, cookie))
        statements = ask(line, Request("GET", PAGE, {"Cookie": cookie})).statements
    ratio = taken[PAGE] / taken["/bench/baseline"]
    click.echo(f"statistics     {statements} statements, {ratio:.2f} × the baseline's CPU")


def _taken(
    line: http.client.HTTPConnection, server: int, cookie: str
) -> Iterator[tuple[str, float]]:
    for address in ("/bench/baseline", PAGE):
        request = Request("GET", address, {"Cookie": cookie})
        for _ in range(ROUNDS // 4):
            ask(line, request)
        before = cpu_seconds(server)
        for _ in range(ROUNDS):
            ask(line, request)
        yield address, cpu_seconds(server) - before
