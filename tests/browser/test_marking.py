"""An essay in a quiz is marked by a person, in pages that everyone can use."""

import shutil
from urllib.parse import urlencode

import pytest

from coursehub.demo.actions import PASSWORD
from coursehub.settings import PROJECT
from tests.browser.pages import COURSE
from tests.browser.test_certificate import begins
from tests.browser.test_move import open_edition
from tests.browser.test_regrade import signed_in
from tests.program import TOKEN, Program, Visitor

ESSAY = """
- id: q-ensayo
  type: essay
  text: {es: ¿Qué hará su institución?, pt: O que fará a sua instituição?, en: What will you do?}
  rubric:
  - id: claridad
    title: {es: Claridad, pt: Clareza, en: Clarity}
    levels:
    - {points: 2, text: {es: Clara, pt: Clara, en: Clear}}
    - {points: 0, text: {es: Confusa, pt: Confusa, en: Unclear}}
"""


@pytest.fixture
def served(program):
    served = program()
    served.start()
    yield served
    served.kill()


def with_essay(served: Program, edition: str) -> None:
    """Let the edition have a version whose first quiz asks for an essay too."""
    folder = served.folder / COURSE
    shutil.copytree(PROJECT / "course_content" / COURSE, folder)
    quiz = folder / "modules" / "01-fundamentos" / "cuestionario.yaml"
    quiz.write_text(quiz.read_text().rstrip() + ESSAY)
    served.did("content", "ids", str(folder))
    served.did("content", "sync", str(folder))
    served.did("editions", "move", edition, "--version", "2", "--yes")


def writes(learner: Visitor, quiz: str) -> None:
    learner.post(f"{quiz}/attempts", token_from=quiz)
    page = learner.get(f"{quiz}/attempts/1").text
    key = page.partition('name="key" value="')[2].partition('"')[0]
    form = {"csrf_token": TOKEN.search(page)[1], "key": key, "do": "submit"}
    form |= {"was.q-ensayo": "x", "q-ensayo": "Un plan."}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert learner.ask("POST", f"{quiz}/attempts/1", urlencode(form), **kind).status == 303


def test_an_essay_is_marked_and_released(served, browser, axe, shot):
    edition = open_edition(served)
    with_essay(served, edition)
    quiz = f"/learn/{edition}/quizzes/fundamentos-cuestionario"
    learner = begins(served, "participante.pe@example.org", edition)
    writes(learner, quiz)
    page = signed_in(served, browser, "docente.py@example.org")
    marking = f"{served.url}/studio/editions/{edition}/quizzes/fundamentos-cuestionario/marking"
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for address in (marking, f"{marking}/q-ensayo"):
            page.goto(address)
            axe(page)
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wide), (address, width)
    shot(page, "essay")
    page.locator("main input[type=radio]").first.check()
    with page.expect_navigation():
        page.click("button[value=release]")
    axe(page)

    assert "Clara" in learner.get(f"{quiz}/attempts/1/review").text
    visitor = Visitor(served.url).sign_in("participante.br@example.org", PASSWORD)
    assert visitor.get(marking.removeprefix(served.url)).status == 404
