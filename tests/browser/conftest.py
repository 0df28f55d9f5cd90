"""Servers of a test's own, and what the browser tests know about the demo data."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coursehub.demo.actions import PASSWORD
from tests.browser.graduation import graduates, passes
from tests.browser.pages import PROJECT, ROLES
from tests.program import LONG_SECONDS, Program, Visitor, copied, letter_to, link_in, path_of


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with content, demo data and printouts, made once; nothing is left to do."""
    program = Program(tmp_path_factory.mktemp("seed") / "data", COURSEHUB_WORK_IN_SERVER="no")
    program.start()
    program.stop()
    program.work_to_the_end()
    return program.folder


@pytest.fixture
def program(seed: Path, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Makes a program on a copy of the data, with the settings given."""
    made: list[Program] = []

    def make(**settings: str) -> Program:
        folder = copied(seed, tmp_path / f"data{len(made)}")
        made.append(Program(folder, **settings))
        return made[-1]

    yield make
    for one in made:
        one.kill()


@pytest.fixture(scope="session")
def served(seed, tmp_path_factory) -> Iterator[Program]:
    """A server on demo data, in which the learner is half-way."""
    program = Program(copied(seed, seed.parent / "served"))
    program.start()
    yield program
    program.stop()


@pytest.fixture(scope="session")
def edition(served: Program) -> str:
    listed = json.loads(served.did("editions", "list", "--json"))
    return next(one["edition"] for one in listed if one["seats_taken"])


@pytest.fixture(scope="session")
def words(served: Program, edition: str) -> dict[str, str]:
    """What stands in the examples: the edition, and links that are still good."""
    learner = Visitor(served.url).sign_in(ROLES["learner"], PASSWORD)
    quizzes = f"/learn/{edition}/quizzes"
    for quiz in ("fundamentos-cuestionario", "marco-juridico-cuestionario"):
        learner.post(f"{quizzes}/{quiz}/attempts", token_from=f"{quizzes}/{quiz}")
    first = f"{quizzes}/fundamentos-cuestionario/attempts/1"
    key = learner.get(first).text.partition('name="key" value="')[2].partition('"')[0]
    learner.post(first, token_from=first, do="submit", key=key)
    code = certified(served, learner, edition)
    hand_in_and_mark(served, learner, edition)
    visitor = Visitor(served.url)
    about = {"name": "Ana", "country": "PE", "language": "es", "accepts": "y"}
    visitor.post("/sign-up", email="nueva@example.org", **about)
    visitor.post("/sign-in", email=ROLES["instructor"], by="link")
    confirm = link_in(letter_to(served.folder, "nueva@example.org"))
    link = link_in(letter_to(served.folder, ROLES["instructor"]))
    never_expire(served)
    bank = with_bank(served)
    return bank | {
        "edition": edition,
        "code": code,
        "confirm": path_of(confirm),
        "link": path_of(link),
    }


def with_bank(served: Program) -> dict[str, str]:
    """A bank with a question, and a file that waits to be looked at."""
    file = served.folder / "carta.gift"
    file.write_text(
        "// [id:q-carta] [tag:carta]\n¿De qué año es?{=1945 ~1948#[html]<b>No</b>}\n\nSolo.\n"
    )
    served("questions", "import", str(file), "--bank", "Carta")
    sent = ("held-file", 1, "es", file.name, file.read_bytes(), "2999-01-01 00:00:00.000000")
    columns = "key, bank_id, language, name, content, sent_at"
    database_file = served.folder / "coursehub.sqlite"
    with closing(sqlite3.connect(database_file, timeout=LONG_SECONDS)) as database, database:
        database.execute(f"INSERT INTO held_files ({columns}) VALUES (?, ?, ?, ?, ?, ?)", sent)
    return {"bank": "1", "held": "held-file", "question": "q-carta"}


def certified(served: Program, learner: Visitor, edition: str) -> str:
    """The code of the learner's certificate, for which one quiz is enough here."""
    asked = ("--items", "fundamentos-cuestionario", "--hours", "3")
    served.did("editions", "certificate", edition, *asked)
    base = f"/learn/{edition}"
    passes(learner, base, "fundamentos", attempt=2)
    return graduates(learner, base, "Participante de demonstração, Brasil")


def hand_in_and_mark(served: Program, learner: Visitor, edition: str) -> None:
    """Two versions of the final project: one with a mark that does not pass, and the next one."""
    page, teacher = f"/learn/{edition}/{PROJECT}", Visitor(served.url)
    teacher.sign_in(ROLES["instructor"], PASSWORD)
    work = f"/studio/editions/{edition}/{PROJECT}/1"
    for number in (1, 2):
        learner.post(
            page, token_from=page, page="a", text="Um plano.", seen="0", version=number, do="submit"
        )
        if number == 1:
            named = re.findall(r'name="points\.([\w-]+)"', teacher.get(work).text)
            points = {f"points.{key}": "12" for key in named}
            comments = {f"comment.{key}": "Falta una fuente." for key in named}
            kept = {f"keep.{named[0]}": "1"}
            given = points | comments | kept | {"seen": "0", f"points.{named[0]}": "5"}
            teacher.post(work, token_from=work, do="release", **given)


def never_expire(served: Program) -> None:
    """Let mailed links be good for as long as the tests take."""
    file = served.folder / "coursehub.sqlite"
    with closing(sqlite3.connect(file, timeout=LONG_SECONDS)) as database, database:
        database.execute("UPDATE tickets SET expires_at = '2999-01-01 00:00:00.000000'")


@pytest.fixture
def page_of(browser, served):
    """Makes a page in which someone of a role is signed in."""

    def make(role: str, **options):
        context = browser.new_context(reduced_motion="reduce", locale="es", **options)
        if role != "visitor":
            visitor = Visitor(served.url).sign_in(ROLES[role], PASSWORD)
            cookies = [
                {"name": name, "value": value, "url": served.url}
                for name, value in visitor.cookies.items()
            ]
            context.add_cookies(cookies)
        return context.new_page()

    yield make
    for context in browser.contexts:
        context.close()
