"""The final project from the first draft to the mark, with scripts and without."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page

from coursehub.demo.actions import PASSWORD
from coursehub.settings import PROJECT as PROJECT_FOLDER
from tests.browser.hands import wait_until
from tests.browser.pages import PROJECT, ROLES
from tests.browser.test_move import COURSE, open_edition
from tests.browser.test_quiz import enrolled, page_of
from tests.program import Program, Visitor, letter_to

PLAN = "Plan de acción de la Defensoría.\n\n" + "Medida con responsable, fecha y costo. " * 30
LEARNER = "participante.pe@example.org"
PDF = b"%PDF-1.7\n" + b"un plan " * 100_000
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('assignment/')).length"


@pytest.fixture
def served(program):
    served = program()
    served.start()
    yield served
    served.kill()


@pytest.fixture
def plan(tmp_path) -> Path:
    """A PDF that takes four pieces."""
    path = tmp_path / "Plan de acción.pdf"
    path.write_bytes(PDF)
    return path


def asked(served: Program, question: str) -> list[tuple]:
    with closing(sqlite3.connect(served.folder / "coursehub.sqlite")) as database:
        return database.execute(question).fetchall()


def marks_it(served: Program, browser, base: str, look, **options) -> None:
    """The instructor gives a level to each criterion, says why, and releases the mark."""
    teacher = Visitor(served.url).sign_in(ROLES["instructor"], PASSWORD)
    page = page_of(served, browser, teacher, **options)
    edition = base.rpartition("/")[2]
    page.goto(f"{served.url}/studio/editions/{edition}")
    page.click(".ch-tabs a[href$='/assignments']")
    page.click(f"main a[href$='{PROJECT}']")
    look(page, "queue")
    assert "Participante de demostración" not in page.inner_text("main")
    page.click("tbody th a")
    for group in page.query_selector_all(".ch-marking fieldset"):
        group.query_selector("input[type=radio]").check()
    page.fill("[name^='points.'] >> nth=1", "23")
    page.fill("[name='comment.']", "Un plan que se puede cumplir.")
    look(page, "marking")
    page.click("button[value=save]")
    assert "98" in page.inner_text("main")
    page.click("button[value=release]")
    assert "Participante de demostración" in page.inner_text("h1")
    look(page, "released")


def sees_the_mark(served: Program, page: Page, base: str, look) -> None:
    """The learner sees points, levels and comments, and the part of the path is completed."""
    page.goto(f"{served.url}{base}/{PROJECT}/versions/1")
    shown = page.inner_text("main")
    assert "98" in page.inner_text(".ch-score")
    assert "Un plan que se puede cumplir." in shown
    assert shown.count("Excelente") == 4
    look(page, "marked")
    page.goto(f"{served.url}{base}/modules/del-analisis-a-la-accion")
    assert page.query_selector(f".ch-thread .is-done a[href$='{PROJECT}']")
    (row,) = asked(
        served,
        "SELECT f.happened_at, s.handed_in_at FROM facts f JOIN assignment_submissions s"
        " ON s.person_id = f.person_id AND s.item_id = f.item_id WHERE f.kind = 'completed'",
    )
    assert row[0] == row[1], "it counts from the moment it was handed in"
    served.work_to_the_end()
    assert "calific" in letter_to(served.folder, LEARNER)["Subject"]


def test_done_6_final_project_with_scripts(served, browser, shot, plan):
    learner, base = enrolled(served)
    page = page_of(served, browser, learner)

    def look(page, what: str) -> None:
        shot(page, f"done_6_script_{what}")

    page.goto(f"{served.url}{base}/{PROJECT}")
    look(page, "task")
    page.context.set_offline(True)
    page.fill("#text", PLAN)
    wait_until(page, "document.getElementById('work-state').textContent.includes('dispositivo')")
    assert page.evaluate(KEPT) == 1
    assert asked(served, "SELECT text FROM assignment_drafts") == []
    page.context.set_offline(False)
    wait_until(page, "document.getElementById('work-state').textContent.includes('Guardado a')")
    assert page.evaluate(KEPT) == 0
    assert asked(served, "SELECT text FROM assignment_drafts") == [(PLAN,)]
    with page.expect_navigation():
        page.set_input_files("#file", plan)
    assert plan.name in page.inner_text("#files")
    look(page, "draft")
    page.click("button[value=submit]")
    assert page.url.endswith("/versions/1")
    look(page, "receipt")
    marks_it(served, browser, base, look)
    sees_the_mark(served, page, base, look)


def test_done_6_final_project_without_scripts(served, browser, shot, tmp_path):
    learner, base = enrolled(served)
    phone = {"java_script_enabled": False, "viewport": {"width": 360, "height": 740}}
    page = page_of(served, browser, learner, **phone)

    def look(page, what: str) -> None:
        shot(page, f"done_6_plain_{what}")

    page.goto(f"{served.url}{base}/{PROJECT}")
    page.fill("#text", PLAN)
    page.click("button[value=save]")
    assert page.input_value("#text") == PLAN
    small = tmp_path / "Plan.pdf"
    small.write_bytes(PDF[:5000])
    page.set_input_files("#file", small)
    page.click("button[value=submit]")
    assert page.url.endswith("/versions/1")
    assert "Plan.pdf" in page.inner_text("main")
    look(page, "receipt")
    marks_it(served, browser, base, look, **phone)
    sees_the_mark(served, page, base, look)


def with_peers(served: Program, folder: Path) -> None:
    """Let everyone review the final projects of two others."""
    course = folder / COURSE
    shutil.copytree(PROJECT_FOLDER / "course_content" / COURSE, course)
    file = course / "modules" / "07-del-analisis-a-la-accion" / "proyecto-final.yaml"
    peers = "peers: {give: 2, get: 1, days: 7}"
    file.write_text(file.read_text().replace("anonymous: true", f"anonymous: true\n{peers}"))
    served.did("content", "sync", str(course))
    served.did("editions", "move", open_edition(served), "--version", "2", "--json")


def test_peers_review_each_other(served, browser, shot, axe, tmp_path):
    with_peers(served, tmp_path)
    learner, base = enrolled(served)
    page = f"{base}/{PROJECT}"
    for one in (learner, Visitor(served.url).sign_in(ROLES["learner"], PASSWORD)):
        given = {"page": "a", "text": PLAN, "seen": "0", "version": "1", "do": "submit"}
        assert one.post(page, token_from=page, **given).status == 303
    tab = page_of(served, browser, learner, java_script_enabled=True)
    tab.goto(f"{served.url}{page}/versions/1")
    with tab.expect_navigation():
        tab.click("main a[href$='/reviews']")
    axe(tab)
    with tab.expect_navigation():
        tab.click("form[action$='/reviews'] button")
    assert tab.url.endswith("/reviews/1")
    for width in (1280, 360):
        tab.set_viewport_size({"width": width, "height": 800})
        axe(tab)
        shot(tab, f"peer-review-{width}")
    for group in tab.query_selector_all(".ch-marking fieldset"):
        group.query_selector("input[type=radio]").check()
    tab.fill("[name='comment.']", "Claro y respetuoso.")
    with tab.expect_navigation():
        tab.click("form[action$='/reviews/1'] button")
    axe(tab)
    assert tab.url.endswith("/reviews")
    assert asked(served, "SELECT earned FROM peer_reviews") == [(100.0,)]


def test_a_file_goes_on_where_it_stopped_when_the_server_is_killed(served, browser, plan):
    learner, base = enrolled(served)
    page = page_of(served, browser, learner)
    page.goto(f"{served.url}{base}/{PROJECT}")
    # The second piece finds nobody: it is asked again until the server is back.
    pieces = []

    def kill(route) -> None:
        pieces.append(route.request.headers["upload-offset"])
        if len(pieces) == 2:
            served.kill()
        route.continue_()

    page.route("**/uploads/*", kill)
    page.set_input_files("#file", plan)
    wait_until(page, "document.getElementById('arriving').textContent.includes('conexión')")
    served.start()
    page.wait_for_selector("#files .ch-rows")
    assert plan.name in page.inner_text("#files")
    assert pieces[:3] == ["0", "262144", "262144"]
    (whole,) = asked(served, "SELECT received_bytes, sha256 IS NOT NULL FROM assignment_files")
    assert whole == (len(PDF), 1)
