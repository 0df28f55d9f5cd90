"""Our SVG: every argument is escaped, nothing carries a style, all that pages ask for exists."""

import re

import pytest

from coursehub.layout.drawing import GLOBALS, ICONS, WEAVES, icon, swatch, warp
from coursehub.settings import PROJECT

PAGES = [path.read_text(encoding="utf-8") for path in (PROJECT / "coursehub").rglob("*.html")]
ATTACK = '"><script>alert(1)</script>'


def test_arguments_are_escaped():
    for drawn in (swatch("sarga", ATTACK, ATTACK), warp([["done"]], ATTACK)):
        assert "<script" not in drawn
        assert "&gt;&lt;script&gt;" in drawn


def test_no_drawing_carries_a_style_of_its_own():
    drawings = [GLOBALS[name]() for name in ("mark", "band", "loom", "hero")]
    drawings += [icon(name) for name in ICONS]
    drawings += [swatch(weave, "memory", "1") for weave in WEAVES]
    assert not any("style" in drawn for drawn in drawings)


def test_icons_and_covers_are_hidden_from_those_who_listen():
    assert 'aria-hidden="true"' in icon("check")
    assert 'aria-hidden="true"' in swatch("panal", "tools", "1")


def test_progress_says_its_figures_and_draws_each_lesson_once():
    drawn = warp([["done", "now"], ["todo", "todo"]], "1 of 4 parts completed.")
    assert 'role="img"' in drawn
    assert 'aria-label="1 of 4 parts completed."' in drawn
    assert drawn.count("M") == 4


def test_what_is_still_to_come_is_only_begun():
    drawn = warp([["todo", "coming"]], "0 of 1")
    assert "M0 0h6v26h-6z" in drawn
    assert "M9 19h6v7h-6z" in drawn


def test_progress_of_a_course_without_lessons_is_drawn_too():
    assert 'viewBox="0 0 0 26"' in warp([], "0 of 0")


def test_every_icon_that_a_page_names_exists():
    named = {name for page in PAGES for name in re.findall(r'icon\("([\w-]+)"\)', page)}
    assert named
    assert named <= set(ICONS)


def test_a_cover_weighs_little():
    assert max(len(swatch(weave, "memory", "1")) for weave in WEAVES) < 3_000


@pytest.mark.parametrize("family", ["AndadaPro", "AtkinsonHyperlegibleNext"])
def test_printed_pages_have_their_typefaces_and_licences(family: str):
    fonts = PROJECT / "coursehub" / "content" / "fonts"
    for weight in ("Regular", "Bold"):
        assert (fonts / f"{family}-{weight}.ttf").read_bytes()[:4] == b"\0\1\0\0"
    licences = [path.read_text() for path in fonts.glob("OFL-*.txt")]
    assert len(licences) == 2
    assert all("SIL OPEN FONT LICENSE" in licence for licence in licences)
