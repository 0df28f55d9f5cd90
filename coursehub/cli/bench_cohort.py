"""A cohort that takes a quiz at once: how long saving takes then, and that nothing is lost."""

import http.client
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import click
from sqlalchemy import select

from coursehub.cli.bench import Request, ask, handing_in, saving, served
from coursehub.cli.bench_data import COURSE, DEVICE, EDITION, QUIZ, Attempting, fill
from coursehub.cli.opening import opened, settings_at_hand
from coursehub.cli.running import bring_up_to_date
from coursehub.foundation.database import db
from coursehub.quizzes.models import QuizAnswer, QuizAttempt
from coursehub.settings import Settings

QUIZ_PAGE = f"/learn/{EDITION}/quizzes/{QUIZ}/attempts/1"
PATIENCE_SECONDS = 120


@dataclass
class Watch:
    """Seconds that requests took, by what they were, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, line: http.client.HTTPConnection, name: str, request: Request) -> None:
        began = time.perf_counter()
        try:
            ask(line, request)
        except (SystemExit, OSError, http.client.HTTPException) as error:
            line.close()
            with self.lock:
                self.errors.append(f"{name}: {error}")
            return
        with self.lock:
            self.took.setdefault(name, []).append(time.perf_counter() - began)

    def p95(self, name: str) -> float:
        taken = sorted(self.took.get(name, [0.0]))
        return taken[int(0.95 * (len(taken) - 1))]


@click.command()
@click.option("--learners", default=300, show_default=True, type=click.IntRange(1, 2000))
@click.option("--database-url", default="", help="An empty PostgreSQL database. Default: SQLite.")
def cohort(learners: int, database_url: str) -> None:
    """Let a cohort take a quiz of 20 questions at once; count errors and answers that are lost."""
    settings_at_hand().make_data_dir()
    folder = settings_at_hand().data_dir / "bench-cohort"
    shutil.rmtree(folder, ignore_errors=True)
    settings = replace(
        settings_at_hand(),
        data_dir=folder / "data",
        database_url=database_url,
        secret_key="x" * 32,
        log_level="ERROR",
        work_in_server=False,
    )
    settings.data_dir.mkdir(parents=True)
    bring_up_to_date(settings)
    people = fill(settings, folder / COURSE, 2, learners, learners).attempting
    watch = Watch()
    with served(settings) as (port, _server):
        _at_once(people, lambda one: _looks(port, watch, one))
        _at_once(people, lambda one: _takes(port, watch, one))
    kept, handed_in = _kept(settings)
    _tell(watch, people, kept, handed_in)


def _at_once(people: list[Attempting], does: Callable[[Attempting], None]) -> None:
    """Everyone begins in the same moment and goes on as fast as answers come."""
    barrier = threading.Barrier(len(people))

    def begin(one: Attempting) -> None:
        barrier.wait()
        does(one)

    threads = [threading.Thread(target=begin, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _looks(port: int, watch: Watch, one: Attempting) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    for _ in one.questions:
        watch.ask(line, "baseline", Request("GET", "/bench/baseline", {"Cookie": one.cookie}))


def _takes(port: int, watch: Watch, one: Attempting) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    watch.ask(line, "quiz page", Request("GET", QUIZ_PAGE, {"Cookie": one.cookie}))
    for n in range(len(one.questions)):
        watch.ask(line, "save", saving(one, n))
    watch.ask(line, "hand in", handing_in(one, QUIZ_PAGE))


def _kept(settings: Settings) -> tuple[dict[str, int], int]:
    """How many answers are stored of each attempt, by its key, and how many are handed in."""
    with opened(settings):
        rows = db.session.execute(
            select(QuizAttempt.key, QuizAnswer.question)
            .join(QuizAnswer, QuizAnswer.attempt_id == QuizAttempt.id)
            .where(QuizAnswer.device == DEVICE)
            .group_by(QuizAttempt.key, QuizAnswer.question)
        )
        kept: dict[str, int] = {}
        for key, _question in rows:
            kept[key] = kept.get(key, 0) + 1
        over = select(QuizAttempt.id).where(QuizAttempt.submitted_at.is_not(None))
        return kept, len(db.session.scalars(over).all())


def _tell(watch: Watch, people: list[Attempting], kept: dict[str, int], handed_in: int) -> None:
    answers = sum(len(one.questions) for one in people)
    lost = answers - sum(kept.get(one.key, 0) for one in people)
    click.echo(f"{len(people)} learners, {answers} answers: {lost} lost, {handed_in} handed in.")
    click.echo(f"Errors: {len(watch.errors)}.")
    for line in [*_lines(watch), *watch.errors[:5]]:
        click.echo(line)


def _lines(watch: Watch) -> Iterator[str]:
    usual = watch.p95("baseline")
    for name in ("baseline", "quiz page", "save", "hand in"):
        slow = watch.p95(name)
        yield f"{name:10} p95 {1000 * slow:7.0f} ms, {slow / usual:5.2f} × the baseline's"
