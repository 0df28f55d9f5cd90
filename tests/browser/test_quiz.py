"""A quiz on a bad line: cut, closed, killed, on two devices, and without scripts."""

import json
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page

from coursehub.demo.actions import PASSWORD
from tests.browser.hands import wait_until
from tests.browser.test_move import LEARNER, open_edition
from tests.program import Program, Visitor

QUIZ = "quizzes/fundamentos-cuestionario"
PHONE = {"width": 360, "height": 740}
CHOSEN = "document.querySelectorAll('.ch-q input:checked').length"
WAITING = """(() => {
  const stores = Object.keys(localStorage).filter((key) => /^quiz\\/[0-9a-f-]{36}$/.test(key));
  return stores.flatMap((key) => Object.keys(JSON.parse(localStorage[key]))).length;
})()"""


@pytest.fixture
def served(program):
    served = program()
    served.start()
    yield served
    served.kill()


def page_of(served: Program, browser, visitor: Visitor, **options) -> Page:
    """A browser of its own in which the visitor is signed in."""
    context = browser.new_context(locale="es", reduced_motion="reduce", **options)
    cookies = visitor.cookies.items()
    context.add_cookies([{"name": n, "value": v, "url": served.url} for n, v in cookies])
    return context.new_page()


def enrolled(served: Program) -> tuple[Visitor, str]:
    """A learner with a place, and the address of the edition."""
    edition = open_edition(served)
    learner = Visitor(served.url).sign_in(LEARNER, PASSWORD)
    course = f"/courses/introduccion-prevencion-genocidio?edition={edition}"
    learner.post(f"/editions/{edition}/enrolment", token_from=course)
    return learner, f"/learn/{edition}"


def answer(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.locator(f"#q-{number} input[type=radio], #q-{number} .ch-opt input").first.check()


def kept(served: Program) -> dict[str, list[str]]:
    """What the server has of each question, whichever device sent it last."""
    with closing(sqlite3.connect(served.folder / "coursehub.sqlite")) as database:
        rows = database.execute("SELECT question, fields FROM quiz_answers ORDER BY changed_at")
        return {question: json.loads(fields).get("", []) for question, fields in rows}


def begun(served: Program, browser, learner: Visitor, base: str, **options) -> Page:
    """An attempt that the learner has just started."""
    page = page_of(served, browser, learner, **options)
    page.goto(f"{served.url}{base}/{QUIZ}")
    page.click("form[action$='/attempts'] button")
    return page


def says(page: Page, word: str) -> None:
    wait_until(page, f"document.getElementById('quiz-state').textContent.includes('{word}')")


def reopened_offline(served: Program, page: Page, shot) -> Page:
    """Five answers given without a connection, and the tab closed and opened again."""
    address, context = page.url, page.context
    wait_until(page, "navigator.serviceWorker.controller !== null")
    wait_until(page, f"caches.match({address!r}).then((kept) => Boolean(kept))")
    context.set_offline(True)
    answer(page, 1, 2, 3, 4, 5)
    says(page, "dispositivo")
    shot(page, "quiz-offline")
    assert kept(served) == {}
    page.close()
    page = context.new_page()
    page.goto(address)
    return page


def test_done_1_no_answer_is_lost_between_two_devices_and_a_killed_server(served, browser, shot):
    learner, base = enrolled(served)
    page = reopened_offline(served, begun(served, browser, learner, base), shot)
    assert page.evaluate(CHOSEN) == 5, "the page opens without a connection, with what was chosen"

    served.kill()
    page.context.set_offline(False)
    says(page, "dispositivo")
    assert page.evaluate(WAITING) == 5
    served.start()
    wait_until(page, f"{WAITING} === 0")
    says(page, "Guardado a")
    shot(page, "quiz-arrived")
    assert len(kept(served)) == 5

    again = Visitor(served.url).sign_in(LEARNER, PASSWORD)
    phone = page_of(served, browser, again, viewport=PHONE, has_touch=True)
    phone.goto(page.url)
    assert phone.evaluate(CHOSEN) == 5
    answer(phone, 6, 7, 8)
    wait_until(phone, f"{WAITING} === 0")
    shot(phone, "quiz-phone")
    assert len(kept(served)) == 8
    comes_back_too_late(page, phone, shot)
    assert "Traceback" not in served.log.read_text()


def comes_back_too_late(page: Page, phone: Page, shot) -> None:
    """What a device brings after the attempt was handed in elsewhere is shown there."""
    page.context.set_offline(True)
    page.locator("#q-8 .ch-opt input").last.check()
    wait_until(page, f"{WAITING} === 1")
    phone.click("button[value=submit]")
    phone.wait_for_url("**/review")
    assert phone.locator("#late").count() == 0
    shot(phone, "quiz-review-phone")

    page.context.set_offline(False)
    wait_until(page, f"{WAITING} === 0")
    phone.reload()
    assert phone.locator("#late").count() == 1
    shot(phone, "quiz-late")


def test_done_1_the_same_without_scripts_page_by_page(served, browser, shot):
    learner, base = enrolled(served)
    page = begun(served, browser, learner, base, java_script_enabled=False, viewport=PHONE)
    page.click("noscript a")
    answer(page, 1, 2, 3, 4, 5)
    served.kill()
    served.start()
    page.click("button[value='2']")
    assert page.url.endswith("?page=2")
    assert len(kept(served)) == 5
    shot(page, "quiz-page-2")
    page.click("button[value='1']")
    assert page.locator(".ch-q input:checked").count() == 5
    page.click("button[value='2']")
    answer(page, 6, 7)
    page.click("button[value=save]")
    page.click(".ch-actions a.btn-primary")
    page.goto(f"{page.url}?page=2")
    assert page.locator(".ch-q input:checked").count() == 2
    answer(page, 8)
    page.click("button[value=submit]")

    assert page.url.endswith("/review")
    assert len(kept(served)) == 8
    shot(page, "quiz-review-without-scripts")


def test_two_tabs_of_one_attempt_show_the_newest_and_say_so(served, browser):
    learner, base = enrolled(served)
    one = begun(served, browser, learner, base)
    other = one.context.new_page()
    other.goto(one.url)

    one.locator("#q-1 .ch-opt input").nth(1).check()
    wait_until(other, f"{CHOSEN} === 1")
    other.locator("#q-1 .ch-opt input").nth(2).check()

    wait_until(one, "document.querySelectorAll('#q-1 input')[2].checked")
    assert one.locator("#quiz-news").is_visible()
    wait_until(one, f"{WAITING} === 0")


def test_signed_out_in_another_tab_answers_wait_until_one_is_back(served, browser):
    learner, base = enrolled(served)
    page = begun(served, browser, learner, base)
    page.context.clear_cookies()

    answer(page, 1)
    says(page, "sesión")
    assert kept(served) == {}
    again = Visitor(served.url).sign_in(LEARNER, PASSWORD)
    cookies = again.cookies.items()
    page.context.add_cookies([{"name": n, "value": v, "url": served.url} for n, v in cookies])
    page.reload()

    wait_until(page, f"{WAITING} === 0")
    assert len(kept(served)) == 1
    says(page, "Guardado a")
