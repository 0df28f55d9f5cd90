"""A learner's whole way to a certificate, as a browser without a screen goes it."""

import re
import time
from urllib.parse import urlencode

from ruamel.yaml import YAML

from coursehub.settings import PROJECT
from tests.browser.pages import COURSE
from tests.program import LONG_SECONDS, TOKEN, Visitor

MODULES = PROJECT / "course_content" / COURSE / "modules"
FOLDERS = {"fundamentos": "01-fundamentos", "marco-juridico": "02-marco-juridico"}
OWN = re.compile(r'href="/certificates/([0-9A-Z]{16})"')


def right_answers(module: str) -> dict[str, list[str]]:
    """What passes a module's quiz, by question, as its file says."""
    quiz = YAML(typ="safe").load(MODULES / FOLDERS[module] / "cuestionario.yaml")
    return {
        question["id"]: [one["id"] for one in question["answers"] if one.get("right")]
        for question in quiz["questions"]
    }


def reads(learner: Visitor, base: str, module: str) -> None:
    """Mark every lesson of a module as read."""
    folder = MODULES / FOLDERS[module]
    lessons = [
        one["lesson"]
        for one in YAML(typ="safe").load(folder / "module.yaml")["items"]
        if "lesson" in one
    ]
    for lesson in lessons:
        page = f"{base}/{lesson}"
        assert learner.post(f"{page}/completion", token_from=page).status == 303


def passes(learner: Visitor, base: str, module: str, attempt: int = 1) -> None:
    """Take a module's quiz with every answer right."""
    quiz = f"{base}/quizzes/{module}-cuestionario"
    learner.post(f"{quiz}/attempts", token_from=quiz)
    page = learner.get(f"{quiz}/attempts/{attempt}").text
    key = page.partition('name="key" value="')[2].partition('"')[0]
    right = right_answers(module)
    marks = {f"was.{question}": "changed" for question in right}
    form = {"csrf_token": TOKEN.search(page)[1], "key": key, "do": "submit"} | marks | right
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    sent = learner.ask("POST", f"{quiz}/attempts/{attempt}", urlencode(form, doseq=True), **kind)
    assert sent.status == 303


def graduates(learner: Visitor, base: str, name: str) -> str:
    """Confirm the name, wait for the PDF, and give the code of the certificate."""
    page = f"{base}/certificate"
    assert learner.post(page, name=name).status == 303
    code = OWN.search(learner.get(page).text)[1]
    until = time.monotonic() + LONG_SECONDS
    while learner.get(f"/certificates/{code}/certificate.pdf").status != 200:
        assert time.monotonic() < until, "the certificate was not made"
        time.sleep(0.2)
    return code
