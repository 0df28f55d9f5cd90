"""Pages that anyone may see, in a real browser: open to all, at every width, by keyboard."""

import pytest

from tests.browser.hands import wait_for_fonts, wait_until

PATHS = ["/", "/courses", "/sign-in", "/sign-up", "/help", "/help/acceso", "/nothing-here"]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_shuts_anybody_out(live, page, axe, path, width, colours):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=colours)
    page.goto(live + path)
    axe(page)


@pytest.mark.parametrize("path", PATHS)
def test_large_text_on_a_narrow_screen_needs_no_scrolling_sideways(live, page, path):
    page.set_viewport_size({"width": 320, "height": 800})
    page.context.add_cookies([{"name": "text", "value": "larger", "url": live}])
    page.goto(live + path)
    assert page.evaluate(SIDEWAYS) == 0


def test_the_menu_of_a_narrow_screen_opens_without_a_script(live, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(live + "/courses")
    assert not page.is_visible("#menu")
    page.click(".ch-menu-open")
    page.wait_for_selector("#menu", state="visible")
    page.click("#menu .ch-sheet-close")
    page.wait_for_selector("#menu", state="hidden")
    context.close()


def test_escape_closes_the_menu_and_gives_the_focus_back(live, page):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live + "/courses")
    page.focus(".ch-menu-open")
    page.keyboard.press("Enter")
    page.wait_for_selector("#menu", state="visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("#menu", state="hidden")
    wait_until(page, "document.activeElement.className === 'ch-menu-open'")


def test_the_first_tab_leads_past_the_header(live, page):
    page.goto(live + "/courses")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait_until(page, "document.activeElement.id === 'main'")


def test_mistakes_in_a_form_take_the_focus(live, page):
    page.goto(live + "/sign-in")
    page.click("main button[type=submit] >> nth=0")
    wait_until(page, "document.activeElement.id === 'errors'")


def test_reduced_data_downloads_no_fonts(live, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.add_cookies([{"name": "data", "value": "lite", "url": live}])
    page.goto(live + "/courses")
    wait_for_fonts(page)
    assert asked
    assert not [url for url in asked if url.endswith(".woff2")]


def test_a_page_downloads_only_the_two_upright_faces(live, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live + "/courses")
    wait_for_fonts(page)
    names = sorted(url.rpartition("/")[2].split(".")[0] for url in asked if url.endswith(".woff2"))
    assert names == ["andada", "atkinson"]
