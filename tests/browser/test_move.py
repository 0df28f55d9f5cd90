"""A course goes out as files and comes back; then it changes while someone is half-way through."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from coursehub.demo.actions import PASSWORD
from coursehub.settings import PROJECT
from tests.program import Program, Visitor

COURSE = "introduccion-prevencion-genocidio"
LEARNER = "participante.pe@example.org"
MODULE = "modules/01-fundamentos"
NEW_LESSON = """---
title: Una oficina por dentro ({code})
summary: Un recorrido de prueba.
{minutes}---

Este texto de prueba describe una oficina.
"""
# A day, as a Spanish page writes it: 24 de noviembre de 2026.
TITLE = re.compile(r"(?m)^title: .*$")
DAY = re.compile(r"\d{1,2} de [a-z]+ de \d{4}")


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def rewrite(file: Path, change: Callable[[str], str]) -> None:
    before = file.read_text()
    after = change(before)
    assert after != before, f"{file} was to be changed"
    file.write_text(after)


def edit_a_block(course: Path) -> None:
    rewrite(
        course / MODULE / "lemkin.es.md",
        lambda text: text.replace("tiene autor y fecha", "tiene autor, fecha y lugar", 1),
    )


def add_a_lesson(course: Path) -> None:
    for code in ("es", "pt", "en"):
        minutes = "minutes: 20\n" if code == "es" else ""
        file = course / MODULE / f"oficina.{code}.md"
        file.write_text(NEW_LESSON.format(code=code, minutes=minutes))
    rewrite(
        course / MODULE / "module.yaml",
        lambda text: text.replace("- lesson: red\n", "- lesson: red\n- lesson: oficina\n"),
    )


def remove_a_lesson(course: Path) -> None:
    for file in (course / MODULE).glob("prevencion.*.md"):
        file.unlink()
    module = course / MODULE / "module.yaml"
    rewrite(module, lambda text: text.replace("- lesson: prevencion\n", ""))
    lead_elsewhere(course, "prevencion", "lemkin")


def rename_a_lesson(course: Path) -> None:
    """File, address and title change; the id at its top stays."""
    for file in list((course / MODULE).glob("red.*.md")):
        rewrite(
            file, lambda text: re.sub(r"(?m)^title: .*$", "title: Dieciocho Estados", text, count=1)
        )
        file.rename(file.with_name(file.name.replace("red.", "dieciocho.")))
    module = course / MODULE / "module.yaml"
    rewrite(module, lambda text: text.replace("- lesson: red\n", "- lesson: dieciocho\n"))
    lead_elsewhere(course, "red", "dieciocho")


def lead_elsewhere(course: Path, old: str, new: str) -> None:
    for file in course.rglob("*.md"):
        text = file.read_text()
        file.write_text(re.sub(rf"\(lesson:{old}\b(?!-)", f"(lesson:{new}", text))


@pytest.fixture
def running(program) -> Program:
    served = program()
    served.start()
    return served


def open_edition(served: Program) -> str:
    """The edition of the demo data in which someone has a place already."""
    listed = json.loads(served.did("editions", "list", "--json"))
    return next(one["edition"] for one in listed if one["seats_taken"])


def half_way(served: Program, edition: str) -> Visitor:
    """A learner who has read the three lessons of the first module."""
    learner = Visitor(served.url).sign_in(LEARNER, PASSWORD)
    course = f"/courses/{COURSE}?edition={edition}"
    assert learner.post(f"/editions/{edition}/enrolment", token_from=course).status == 303
    for lesson in ("lemkin", "prevencion", "red"):
        page = f"/learn/{edition}/{lesson}"
        assert learner.post(f"{page}/completion", token_from=page).status == 303
    return learner


def completion_on(learner: Visitor, path: str) -> str:
    """The day of completion that a lesson's page shows."""
    answer = learner.get(path)
    assert answer.status == 200, path
    shown = answer.text.partition('id="completion"')[2].partition("</section>")[0]
    found = DAY.search(shown)
    assert found, shown
    return found[0]


def test_done_3_round_trip_and_move_while_a_learner_is_half_way(running, tmp_path, browser, shot):
    course = Path(shutil.copytree(PROJECT / "course_content" / COURSE, tmp_path / COURSE))
    original = bytes_of(course)
    go_round(running, course, tmp_path / "out")
    edition = open_edition(running)
    base = f"/learn/{edition}"
    learner = half_way(running, edition)
    dates = {name: completion_on(learner, f"{base}/{name}") for name in ("lemkin", "red")}

    change(running, course)
    # The edition still shows the version it is pinned to; a preview changes nothing.
    preview = see_preview(running, edition)
    assert learner.get(f"{base}/prevencion").status == 200
    assert "Qué significa prevenir" in learner.get(base).text

    moved = json.loads(running.did("editions", "move", edition, "--version", "2", "--json"))
    assert moved == preview | {"is_done": True}
    assert learner.get(f"{base}/prevencion").status == 404
    assert "autor, fecha y lugar" in learner.get(f"{base}/lemkin").text
    assert completion_on(learner, f"{base}/lemkin") == dates["lemkin"]
    assert completion_on(learner, f"{base}/dieciocho") == dates["red"]
    see_it_on_the_page(browser, shot, running.url + base, learner)

    # The published old version is still there, byte for byte, and can be gone back to.
    running.did("content", "export", COURSE, str(tmp_path / "old"), "--version", "1")
    assert bytes_of(tmp_path / "old") == original
    back = json.loads(running.did("editions", "move", edition, "--version", "1", "--json"))
    assert [one["after"]["done"] for one in back["people"]] == [3, 2]
    assert completion_on(learner, f"{base}/red") == dates["red"]


def go_round(running: Program, course: Path, out: Path) -> None:
    """Check, sync, sync again, export: nothing has changed, and the bytes come back."""
    running.did("content", "check", str(course))
    for _ in range(2):
        synced = json.loads(running.did("content", "sync", str(course), "--json"))
        assert (synced["changed"], synced["version"]) == ([], 1)
    running.did("content", "export", COURSE, str(out))
    assert bytes_of(out) == bytes_of(course)


def change(running: Program, course: Path) -> None:
    """A block edited, a lesson added, one removed and one renamed; then loaded as version 2."""
    edit_a_block(course)
    add_a_lesson(course)
    remove_a_lesson(course)
    rename_a_lesson(course)
    running.did("content", "ids", str(course))
    synced = json.loads(running.did("content", "sync", str(course), "--json"))
    assert synced["version"] == 2
    assert {"block", "lesson"} <= {change["what"] for change in synced["changed"]}


def see_preview(running: Program, edition: str) -> dict:
    """Who would be affected, and how: one loses a lesson of three, another one of two."""
    move = ("editions", "move", edition, "--version", "2", "--dry-run")
    assert "Nothing was changed." in running.did(*move)
    preview = json.loads(running.did(*move, "--json"))
    assert (preview["from"], preview["to"], preview["is_done"]) == (1, 2, False)
    assert [(one["before"], one["after"]) for one in preview["people"]] == [
        ({"done": 3, "total": 10}, {"done": 2, "total": 10}),
        ({"done": 2, "total": 10}, {"done": 1, "total": 10}),
    ]
    assert [len(one["lost"]) for one in preview["people"]] == [1, 1]
    assert preview["affected"] == 2
    return preview


def see_it_on_the_page(browser, shot, address: str, learner: Visitor) -> None:
    context = browser.new_context(locale="es-PE")
    cookies = [{"name": k, "value": v, "url": address} for k, v in learner.cookies.items()]
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(address)
    shot(page, "done_3_after_the_move")
    assert re.search(r"\b2\b.*\b10\b", page.inner_text(".ch-continue"))
    titles = page.inner_text(".ch-syl-mine")
    assert "Dieciocho Estados" in titles
    assert "Una oficina por dentro (es)" in titles
    assert "Qué significa prevenir" not in titles
    context.close()
