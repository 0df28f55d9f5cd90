"""Ways of using a page: with a mouse, or with nothing but the keyboard."""

import time

from playwright.sync_api import Page

from tests.program import LONG_SECONDS

MOST_TABS = 400
# Where the focus stands and whether it can be seen: an outline or a shadow, on the screen.
FOCUS = """(wanted) => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const isMarked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    || style.boxShadow !== "none";
  const isOnScreen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  const isUncovered = points.some(([x, y]) => {
    const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return top && (one.contains(top) || top.contains(one) && top !== document.body);
  });
  return {
    isThere: one.matches(wanted),
    isPage: one === document.body,
    isSeen: isMarked && isOnScreen && isUncovered,
    who: one.outerHTML.slice(0, 160),
    how: [style.outline, style.boxShadow, box.top, box.left, isUncovered].join("; "),
  };
}"""

FONTS = "(document.body.offsetHeight, document.fonts.ready.then(() => true))"


def wait_until(page: Page, is_so: str) -> None:
    """Ask the page again and again: its policy forbids the `eval` of Playwright's own waiting."""
    until = time.monotonic() + LONG_SECONDS
    while not page.evaluate(is_so):
        assert time.monotonic() < until, is_so
        page.wait_for_timeout(50)


def wait_for_fonts(page: Page) -> None:
    """See the page laid out, and every font there that its text asks for."""
    assert page.evaluate(FONTS)


class Mouse:
    """Clicks what it sees."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self.page.click(selector)

    def write(self, selector: str, text: str) -> None:
        self.page.click(selector)
        self.page.fill(selector, text)

    def choose(self, selector: str, value: str) -> None:
        self.page.select_option(selector, value)

    def tick(self, selector: str) -> None:
        self.page.check(selector)

    def pick(self, selector: str) -> None:
        """Choose one of several radio buttons."""
        self.page.check(selector)


class Keyboard:
    """Tab, Enter, Space, arrows and letters; at every stop the focus has to be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.press("Enter")

    def write(self, selector: str, text: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.type(text)

    def choose(self, selector: str, value: str) -> None:
        self.tab_to(selector)
        while self.page.input_value(selector) != value:
            before = self.page.input_value(selector)
            self.page.keyboard.press("ArrowDown")
            assert self.page.input_value(selector) != before, f"{value} is not offered"

    def tick(self, selector: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.press("Space")

    def pick(self, selector: str) -> None:
        """Tab stops once at a group of radio buttons; the arrows walk through it."""
        name = self.page.get_attribute(selector, "name")
        self.tab_to(f"input[name='{name}']")
        self.page.keyboard.press("Space")
        while not self.page.is_checked(selector):
            self.page.keyboard.press("ArrowDown")

    def tab_to(self, selector: str) -> None:
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS, selector)
            if focus["isPage"]:
                continue  # the browser's own bar, between the end of a page and its beginning
            assert focus["isSeen"], f"the focus cannot be seen: {focus}"
            if focus["isThere"]:
                return
        raise AssertionError(f"{selector} is not reached by Tab on {self.page.url}")
