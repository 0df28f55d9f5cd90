"""What pages cost: CPU time of the whole server, statements and bytes, as ratios within one run."""

import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

import click
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import insert, select

from coursehub.accounts import actions as accounts
from coursehub.accounts.models import Account, Person
from coursehub.catalogue.actions import announce_edition, create_edition
from coursehub.catalogue.models import Edition, Format
from coursehub.cli.content import sync_folder
from coursehub.cli.opening import opened, settings_at_hand
from coursehub.cli.running import bring_up_to_date, server_command
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
from coursehub.learning.rules import COMPLETION_RULE
from coursehub.settings import PREFIX, Settings

COURSE, EDITION = "curso-de-medicion", "medicion"
LESSONS, WORDS, LEARNERS = 26, 1500, 5000
WARM, ROUNDS = 60, 400
LESSON = f"/learn/{EDITION}/leccion-1"
# Name, address, whether someone is signed in.
PAGES = (
    ("bare", "/bench/bare", False),
    ("baseline", "/bench/baseline", True),
    ("lesson", LESSON, True),
    ("course, learner", f"/learn/{EDITION}", True),
    ("my courses", "/learn", True),
    ("search", f"/learn/{EDITION}/search?q=comision", True),
    ("home, visitor", "/", False),
    ("catalogue, visitor", "/courses", False),
    ("course, visitor", f"/courses/{COURSE}", False),
)
VOID_ABOVE = 10
COURSEHUB = [sys.executable, "-c", "from coursehub.cli import main; main()"]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: CPU milliseconds per request, user and system, of every process of the server."""

    page: str
    statements: int
    cpu_ms: float
    ratio_to_baseline: float
    bytes_first: int
    bytes_next: int


@click.group()
def bench() -> None:
    """Measurements."""


@bench.command()
@click.option("--rounds", default=ROUNDS, show_default=True, type=click.IntRange(10, 10_000))
@click.option("--lessons", default=LESSONS, show_default=True, type=click.IntRange(1, 500))
@click.option("--learners", default=LEARNERS, show_default=True, type=click.IntRange(1, 100_000))
def pages(rounds: int, lessons: int, learners: int) -> None:
    """Measure the pages on data of their own and print the table; see var/bench/latest.json."""
    settings_at_hand().make_data_dir()
    folder = settings_at_hand().data_dir / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    settings = replace(
        settings_at_hand(),
        data_dir=folder / "data",
        database_url="",
        secret_key="x" * 32,
        log_level="ERROR",
        work_in_server=False,
    )
    settings.data_dir.mkdir()
    click.echo(f"Making {lessons} lessons of {WORDS} words and {learners} learners …", err=True)
    bring_up_to_date(settings)
    cookie, assets = _fill(settings, folder / COURSE, lessons, learners)
    with _served(settings) as (port, server):
        table = _measure(port, server, cookie, assets, rounds)
        weights = [_megabytes(process) for process in [server, *_children(server)]]
    (folder / "latest.json").write_text(json.dumps([asdict(row) for row in table], indent=1))
    for line in _printed(table):
        click.echo(line)
    shown = ", ".join(f"{weight:.0f} MB" for weight in weights)
    click.echo(f"Server processes, proportional set size: {shown}.")


def _fill(settings: Settings, folder: Path, lessons: int, learners: int) -> tuple[str, int]:
    """Course, edition, learners, facts; return the cookie of one of them and the assets' bytes."""
    write_course(folder, lessons=lessons, words=WORDS)
    trial = random.Random(1)  # noqa: S311 - ids of trial files are no secret
    for name, content in with_ids(open_folder(folder, Findings()), trial).items():
        (folder / name).write_bytes(content)
    with opened(settings) as app:
        sync_folder(folder)
        with writing():
            edition = _edition()
        with writing():
            people = _learners(edition, learners)
        with writing():
            token = accounts.sign_in(people[0])
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None  # noqa: S101 - the settings above have a secret key
        signed = signer.dumps({"_user_id": token, "_fresh": True})
        return f"coursehub={signed}", app.extensions["asset_bytes"]


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
            "rule": COMPLETION_RULE,
            "details": {"is_done": True, "how": "marked"},
            "happened_at": now(),
        }
        for person in people
        for lesson in lessons[: 12 if person == people[0] else 4]
    ]
    for start in range(0, len(facts), 5000):
        db.session.execute(insert(Fact), facts[start : start + 5000])


@contextmanager
def _served(settings: Settings) -> Iterator[tuple[int, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}SECRET_KEY": settings.secret_key,
        f"{PREFIX}PUBLIC_URL": f"http://127.0.0.1:{port}",
        f"{PREFIX}LOG_LEVEL": "ERROR",
        f"{PREFIX}WORK_IN_SERVER": "no",
        f"{PREFIX}DATABASE_URL": "",
    }
    command = server_command("127.0.0.1", port, workers=1, target="coursehub.cli.bench_app:app")
    server = subprocess.Popen(command, env={**os.environ, **own})  # noqa: S603 - our own command
    try:
        _wait(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            _get(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/healthz", {})
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("CourseHub: the measured server did not start")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    statements: int
    body: bytes


def _get(line: http.client.HTTPConnection, address: str, headers: dict[str, str]) -> Answer:
    line.request("GET", address, headers={"Accept-Encoding": "br", **headers})
    got = line.getresponse()
    return Answer(got.status, int(got.headers.get("X-Statements", 0)), got.read())


def _measure(port: int, server: int, cookie: str, assets: int, rounds: int) -> list[Measured]:
    taken: dict[str, tuple[float, Answer]] = {}
    for name, address, is_signed_in in PAGES:
        headers = {"Accept-Language": "es"} | ({"Cookie": cookie} if is_signed_in else {})
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(WARM):
            answer = _get(line, address, headers)
        if answer.status != 200:
            sys.exit(f"CourseHub: {address} answered {answer.status}")
        before = _cpu_seconds(server)
        for _ in range(rounds):
            answer = _get(line, address, headers)
        taken[name] = ((_cpu_seconds(server) - before) * 1000 / rounds, answer)
        line.close()
    baseline = taken["baseline"][0]
    return [
        Measured(
            name,
            answer.statements,
            round(cpu, 2),
            round(cpu / baseline, 2),
            len(answer.body) + assets,
            len(answer.body),
        )
        for name, (cpu, answer) in taken.items()
    ]


def _cpu_seconds(server: int) -> float:
    """User and system time of the server and its workers; /proc, so Linux only (man 5 proc)."""
    return sum(_own_seconds(process) for process in [server, *_children(server)])


def _own_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _megabytes(process: int) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(number) for number in listed.read_text().split()]


def _printed(table: list[Measured]) -> Iterator[str]:
    by_name = {row.page: row for row in table}
    times = by_name["baseline"].cpu_ms / by_name["bare"].cpu_ms
    yield f"{'page':18} statements   CPU ms  × baseline  first, bytes  next, bytes"
    for row in table:
        yield (
            f"{row.page:18} {row.statements:10} {row.cpu_ms:8.2f} {row.ratio_to_baseline:11.2f} "
            f"{row.bytes_first:13} {row.bytes_next:12}"
        )
    void = ": the table is void" if times > VOID_ABOVE else ""
    yield f"The baseline costs {times:.1f} times a bare route{void}."


@bench.command()
@click.option("--lessons", default=200, show_default=True, type=click.IntRange(1, 2000))
def content(lessons: int) -> None:
    """Measure loading a course in three languages: seconds and the most memory, then unchanged."""
    settings_at_hand().make_data_dir()
    folder = settings_at_hand().data_dir / "bench-content"
    shutil.rmtree(folder, ignore_errors=True)
    write_course(folder / COURSE, lessons=lessons, words=WORDS)
    own = {**os.environ, f"{PREFIX}DATA_DIR": str(folder), f"{PREFIX}DATABASE_URL": ""}
    bring_up_to_date(replace(settings_at_hand(), data_dir=folder, database_url=""))
    for name in ("ids", "sync", "sync"):
        took = _child([*COURSEHUB, "content", name, str(folder / COURSE)], own)
        click.echo(f"content {name:5} {took}")


def _child(command: list[str], environment: dict[str, str]) -> str:
    """Run a command; say how long it took, the CPU time it used and its largest resident size."""
    began = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit("CourseHub: the measured command failed")
    seconds, cpu = time.perf_counter() - began, used.ru_utime + used.ru_stime
    return f"{seconds:6.1f} s, CPU {cpu:5.1f} s, {used.ru_maxrss / 1024:4.0f} MB at most"
