"""What pages cost: CPU time of the whole server, statements and bytes, as ratios within one run."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import click

from coursehub.cli.bench_data import (
    COURSE,
    DEVICE,
    EDITION,
    LESSON,
    QUIZ,
    WORDS,
    Attempting,
    Measurable,
    fill,
)
from coursehub.cli.opening import settings_at_hand
from coursehub.cli.running import bring_up_to_date, server_command
from coursehub.demo.formats import write_course
from coursehub.settings import PREFIX, Settings

LESSONS, LEARNERS = 26, 5000
WARM, ROUNDS = 60, 400
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
    found = fill(settings, folder / COURSE, lessons, learners, rounds + WARM)
    with served(settings) as (port, server):
        table = _measure(port, server, found, rounds)
        weights = [_megabytes(process) for process in [server, *_children(server)]]
    (folder / "latest.json").write_text(json.dumps([asdict(row) for row in table], indent=1))
    for line in _printed(table):
        click.echo(line)
    shown = ", ".join(f"{weight:.0f} MB" for weight in weights)
    click.echo(f"Server processes, proportional set size: {shown}.")


@contextmanager
def served(settings: Settings) -> Iterator[tuple[int, int]]:
    """A server of its own on these settings: its port, and the number of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}SECRET_KEY": settings.secret_key,
        f"{PREFIX}PUBLIC_URL": f"http://127.0.0.1:{port}",
        f"{PREFIX}LOG_LEVEL": "ERROR",
        f"{PREFIX}WORK_IN_SERVER": "no",
        f"{PREFIX}DATABASE_URL": settings.database_url,
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
            ask(
                http.client.HTTPConnection("127.0.0.1", port, timeout=5),
                Request("GET", "/healthz", {}),
            )
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("CourseHub: the measured server did not start")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    statements: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the server once."""

    method: str
    address: str
    headers: dict[str, str]
    body: str | None = None
    wanted: int = 200


def ask(line: http.client.HTTPConnection, asked: Request) -> Answer:
    """The answer to a request; the program ends if it is not what is wanted."""
    headers = {"Accept-Encoding": "br", "Accept-Language": "es", **asked.headers}
    line.request(asked.method, asked.address, asked.body, headers)
    got = line.getresponse()
    answer = Answer(got.status, int(got.headers.get("X-Statements", 0)), got.read())
    if answer.status != asked.wanted:
        sys.exit(f"CourseHub: {asked.address} answered {answer.status}")
    return answer


def _page(address: str, cookie: str | None) -> Callable[[int], Request]:
    headers = {"Cookie": cookie} if cookie else {}
    return lambda _n: Request("GET", address, headers)


def _measured(found: Measurable) -> Iterator[tuple[str, Callable[[int], Request]]]:
    """What is measured, by name: the request of each round."""
    for name, address, is_signed_in in PAGES:
        yield name, _page(address, found.cookie if is_signed_in else None)
    quiz = f"/learn/{EDITION}/quizzes/{QUIZ}/attempts/1"
    people = found.attempting
    yield "quiz, 20 questions", lambda n: Request("GET", quiz, {"Cookie": people[n].cookie})
    yield "save an answer", lambda n: saving(people[0], n)
    yield "hand in", lambda n: handing_in(people[n], quiz)


def saving(one: Attempting, n: int) -> Request:
    """What a device sends when one answer changed."""
    change = {
        "question": one.questions[n % len(one.questions)],
        "event": str(uuid.uuid4()),
        "at": int(time.time() * 1000),
        "fields": {"": [f"a-{n}"]},
    }
    body = json.dumps({"device": DEVICE, "changes": [change]})
    kind = {"Content-Type": "application/json", "Accept": "application/json"}
    headers = kind | {"Cookie": one.cookie, "X-CSRFToken": one.token}
    return Request("POST", f"/attempts/{one.key}/answers", headers, body)


def handing_in(one: Attempting, address: str) -> Request:
    """What a form sends that hands everything in."""
    fields = {"csrf_token": one.token, "key": one.key, "do": "submit"}
    for key in one.questions:
        fields |= {f"was.{key}": "", key: f"{key}-right"}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", address, kind | {"Cookie": one.cookie}, urlencode(fields), wanted=303)


def _measure(port: int, server: int, found: Measurable, rounds: int) -> list[Measured]:
    taken: dict[str, tuple[float, Answer]] = {}
    for name, request in _measured(found):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for n in range(WARM):
            answer = ask(line, request(n))
        before = cpu_seconds(server)
        for n in range(WARM, WARM + rounds):
            answer = ask(line, request(n))
        taken[name] = ((cpu_seconds(server) - before) * 1000 / rounds, answer)
        line.close()
    baseline = taken["baseline"][0]
    return [
        Measured(
            name,
            answer.statements,
            round(cpu, 2),
            round(cpu / baseline, 2),
            len(answer.body) + found.assets,
            len(answer.body),
        )
        for name, (cpu, answer) in taken.items()
    ]


def cpu_seconds(server: int) -> float:
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
