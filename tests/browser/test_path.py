"""The whole path of a learner, from the catalogue to the second device, in four ways."""

import re
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from coursehub.settings import PROJECT
from tests.browser.hands import Keyboard, Mouse
from tests.program import LONG_SECONDS, Program, letter_to, link_in

COURSE = "/courses/introduccion-prevencion-genocidio"
PASSWORD = "cuatro palabras fáciles juntas"
PARTS = 10  # seven lessons, the quizzes of two modules and the final project
MARKED_LATER = 1  # the project, by a person
number = count(1)
MARK = "#completion form[action$='/completion'] button[name=then], #completion a.btn-primary"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@cache
def right_answers() -> list[str]:
    """The ids of the right answers of the course's quizzes, as its files have them."""
    quizzes = (PROJECT / "course_content" / COURSE.split("/")[-1]).rglob("cuestionario.yaml")
    return re.findall(r"- id: (a-\w+)\n\s+right: true", "".join(q.read_text() for q in quizzes))


class Walk:
    """Someone who has never been here, on their way through the first two modules."""

    def __init__(self, browser: Browser, live: str, folder: Path, look: Callable, **context):
        self.browser, self.live, self.folder, self.look = browser, live, folder, look
        self.options = {"locale": "es-PE", "viewport": {"width": 1280, "height": 800}} | context
        self.email = f"camino{next(number)}@example.org"
        self.take_device()

    def take_device(self) -> None:
        context = self.browser.new_context(**self.options)
        context.set_default_timeout(LONG_SECONDS * 1000)  # a keyboard walks far on a busy machine
        self.page: Page = context.new_page()
        self.hand = Mouse(self.page)

    def press(self, selector: str) -> None:
        """Press what leads to another page, and see that the page is one to be read."""
        before = self.page.url
        with self.page.expect_navigation():
            self.hand.press(selector)
        assert self.page.query_selector("h1"), f"{before} → {self.page.url}"
        assert self.page.evaluate(SIDEWAYS) <= 0, f"{self.page.url} scrolls sideways"

    def picture(self, name: str) -> None:
        for figure in self.page.query_selector_all("img[loading=lazy]"):
            figure.scroll_into_view_if_needed()
        self.look(self.page, name)

    def find_course(self) -> None:
        self.page.goto(self.live)
        self.picture("home")
        self.press("main a[href*='/courses']")
        if COURSE not in self.page.url:
            self.picture("catalogue")
            self.press(f"main a[href*='{COURSE}']")
        self.picture("course-page")

    def sign_up(self) -> None:
        self.press("main a[href^='/sign-up']")
        self.picture("sign-up")
        self.hand.write("#name", "Ñusta D’Ávila Muñoz")
        self.hand.write("#email", self.email)
        self.hand.choose("#country", "PE")
        self.hand.choose("#language", "es")
        self.hand.tick("#accepts")
        self.press("main button[type=submit]")
        assert self.page.url.endswith("/letter-sent")
        self.picture("letter-sent")
        self.page.goto(link_in(letter_to(self.folder, self.email)))
        self.hand.write("#password", PASSWORD)
        self.press("main button[type=submit]")

    def enrol(self) -> None:
        assert COURSE in self.page.url, "after signing up one is back where one came from"
        self.press("form[action^='/editions/'] button")
        assert re.search(r"/learn/[^/]+$", self.page.url)
        self.base = self.page.url
        self.picture("enrolled")

    def read(self) -> None:
        """Read every lesson, marking each; at the end of a module take its quiz and go on."""
        self.press(".ch-continue .btn-primary")
        self.picture("lesson")
        for done in range(1, PARTS + 1):
            if "/assignments/" in self.page.url:
                self.hand_in_project()
                continue
            if "/quizzes/" in self.page.url:
                self.take_quiz()
                self.picture(f"module-end-{done}")
                self.go_on_from_module()
                continue
            assert self.page.query_selector(".ch-body"), self.page.inner_text("main")
            if done == 2:
                self.change_language()
                self.search()
                self.open_term()
            self.press("#completion button[name=then]")

    def take_quiz(self) -> None:
        """Answer everything as the course's files say, hand in, and go back to the module."""
        self.picture("quiz")
        self.press("form[action$='/attempts'] button")
        for key in right_answers():
            if self.page.query_selector(f".ch-opt input[value={key}][type=radio]"):
                self.hand.pick(f"input[value={key}]")
            elif self.page.query_selector(f".ch-opt input[value={key}]"):
                self.hand.tick(f"input[value={key}]")
        self.picture("quiz-answered")
        self.press("button[name=do][value=submit]")
        assert "100" in self.page.inner_text(".ch-score")
        self.picture("quiz-review")
        self.press(".ch-result .btn-primary")

    def go_on_from_module(self) -> None:
        self.press("main .ch-actions .btn-primary")  # the next module, or where one stands
        self.press("main .ch-actions .btn-primary")  # what comes next

    def hand_in_project(self) -> None:
        """Write the final project and hand it in; a person marks it later."""
        self.hand.write("#text", "Plan de acción de mi institución.")
        self.picture("project")
        self.press("button[name=do][value=submit]")
        assert self.page.url.endswith("/versions/1")
        self.picture("project-receipt")

    def change_language(self) -> None:
        lesson = self.page.url
        done = self.page.locator(".ch-outline .is-done").count()
        titles = [self.page.inner_text("h1")]
        for code in ("pt", "en", "es"):
            self.press(f".ch-meta button[value={code}]")
            assert self.page.url == lesson
            assert self.page.get_attribute("html", "lang") == code
            titles.append(self.page.inner_text("h1"))
        assert len(set(titles)) == 3
        assert titles[0] == titles[-1]
        assert self.page.locator(".ch-outline .is-done").count() == done > 0

    def search(self) -> None:
        lesson = self.page.url
        self.hand.write("#q", "comision")
        self.press("form[role=search] button")
        assert "comisi" in self.page.inner_text(".ch-hits mark >> nth=0").lower()
        self.picture("search")
        self.press(".ch-hits a")
        assert self.page.inner_text(".ch-body")
        self.page.goto(lesson)

    def open_term(self) -> None:
        term = ".ch-body a[href^='#g-']"
        definition = self.page.get_attribute(term, "href")
        assert not self.page.is_visible(definition)
        self.hand.press(term)
        self.page.wait_for_selector(definition, state="visible")
        self.picture("glossary-popover")
        self.hand.press(f"{definition} > a.ch-ib")
        self.page.wait_for_selector(definition, state="hidden")

    def print(self) -> None:
        self.page.goto(self.base)
        self.press(".ch-thread a[href$='/lemkin']")  # the first lesson: a survey stands before it
        lesson = self.page.url
        self.press("a[href$='view=print']")
        assert self.page.inner_text("h1")
        self.picture("print")
        self.page.goto(lesson)
        self.download("a[href$='.pdf'][href*='/lessons/']")

    def download(self, selector: str) -> None:
        """The file that background work makes soon after a version is loaded."""
        Program(self.folder, COURSEHUB_PUBLIC_URL=self.live).work_to_the_end()
        self.page.reload()
        with self.page.expect_download() as waiting:
            self.hand.press(selector)
        assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")

    def see_it_counted(self) -> None:
        self.page.goto(self.base)
        counted = self.page.inner_text(".ch-continue")
        for figure in (PARTS - MARKED_LATER, PARTS):
            assert re.search(rf"\b{figure}\b", counted), counted
        self.picture("everything-done")

    def leave(self) -> None:
        if self.page.is_visible(".ch-menu-open"):
            self.hand.press(".ch-menu-open")
        if not self.page.is_visible("form[action='/sign-out'] button"):
            self.hand.press(".ch-drop summary")
        self.press("form[action='/sign-out'] button")

    def come_back(self) -> None:
        """On another device, sign in and go on with the lesson that was open last."""
        self.page.goto(self.live + "/sign-in")
        self.hand.write("#email", self.email)
        self.hand.write("#password", PASSWORD)
        self.press("main button[type=submit]")
        assert self.page.url.endswith("/learn")
        self.picture("my-courses")


def walk_through(walk: Walk) -> None:
    walk.find_course()
    walk.sign_up()
    walk.enrol()
    walk.read()
    walk.print()
    walk.see_it_counted()
    walk.leave()


@pytest.fixture
def walk(browser, live, live_folder, shot):
    """Begins a walk whose pictures bear its name."""
    begun: list[Walk] = []

    def begin(name: str, **context) -> Walk:
        def look(page, what: str) -> None:
            shot(page, f"done_1_{name}_{what}")

        begun.append(Walk(browser, live, live_folder, look, **context))
        return begun[-1]

    yield begin
    for context in browser.contexts:
        context.close()


def test_done_1_path_by_mouse(walk):
    mouse = walk("mouse")
    walk_through(mouse)
    mouse.take_device()
    mouse.come_back()


def test_done_1_path_without_javascript(walk):
    plain = walk("no_script", java_script_enabled=False)
    walk_through(plain)
    plain.take_device()
    plain.come_back()


def test_done_1_path_at_360_px(walk):
    narrow = walk("360", viewport={"width": 360, "height": 740}, color_scheme="dark")
    walk_through(narrow)
    narrow.take_device()
    narrow.come_back()


def test_done_1_path_by_keyboard_alone(walk):
    # Without smooth scrolling the focus is on the screen at once, as for those who ask for that.
    keys = walk("keyboard", reduced_motion="reduce")
    keys.hand = Keyboard(keys.page)
    walk_through(keys)
    keys.take_device()
    keys.hand = Keyboard(keys.page)
    keys.come_back()


def test_done_1_someone_half_way_goes_on_where_they_left_off(walk):
    first = walk("half_way")
    first.find_course()
    first.sign_up()
    first.enrol()
    first.press(".ch-continue .btn-primary")
    first.press("#completion button[name=then]")
    left = first.page.url

    first.take_device()
    first.come_back()
    first.press("main .btn-primary")
    assert first.page.url == left
    first.picture("went-on")
