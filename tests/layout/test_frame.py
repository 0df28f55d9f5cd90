"""The frame of every page: what it offers, and that it stands when much else has fallen."""

import re

import pytest
from flask import render_template
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from coursehub.foundation.database import db
from coursehub.settings import LANGUAGES, PROJECT
from tests import make

SLUGS = ("acceso", "contacto", "privacidad", "condiciones", "apoyo", "accesibilidad")


def test_the_footer_leads_to_help_and_law_for_those_who_cannot_get_in(visitor):
    page = visitor.get("/sign-in").text
    assert all(f'href="/help/{slug}"' in page for slug in SLUGS)


def test_a_visitor_is_asked_in_and_led_back(visitor):
    page = visitor.get("/courses?topic=memory").text
    assert 'href="/sign-in?next=/courses?topic%3Dmemory"' in page


def test_someone_signed_in_sees_their_name_and_the_way_out(sign_in):
    page = sign_in(make.person(name="Ana <b>Muñoz</b>")).get("/courses").text
    assert "Ana &lt;b&gt;Muñoz&lt;/b&gt;" in page
    assert 'action="/sign-out"' in page
    assert "Sign in" not in page


def test_the_current_section_is_marked(visitor):
    page = visitor.get("/courses").text
    assert re.search(r'href="/courses" aria-current="page"', page)
    assert page.count('aria-current="page"') == 1


PUBLIC = ("/", "/courses", "/sign-in", "/sign-up", "/password", "/help/acceso", "/nothing-here")


@pytest.mark.parametrize("name", ["x", "next", "topic", "after", "lang"])
@pytest.mark.parametrize("address", PUBLIC)
def test_a_long_question_is_not_repeated_many_times(visitor, address, name):
    """One address of 40 kB must not cost a page of a megabyte."""
    alone = visitor.get(address).text
    asked = visitor.get(f"{address}?{name}=/{'%22' * 3000}").text

    assert len(asked) < len(alone) + 1000


def test_what_a_page_was_asked_is_repeated_as_far_as_500_characters(visitor):
    for length, is_repeated in ((500, True), (501, False)):
        wish = "x=".ljust(length, "1")
        page = visitor.get(f"/courses?{wish}").text
        assert (page.count(wish) > 4) is is_repeated


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_language_is_chosen_without_a_script_and_leads_back_here(visitor, code):
    page = visitor.get("/courses?topic=memory&lang=en").text
    assert 'name="next" value="/courses?topic=memory"' in page
    there = {"language": code, "next": "/courses?topic=memory"}
    answer = visitor.post("/language", data=there, follow_redirects=True)
    assert f'<html lang="{code}"' in answer.text


def test_the_dark_colours_are_the_same_by_choice_and_by_the_system():
    sheet = (PROJECT / "coursehub/static/css/tokens.css").read_text()
    heads = ":root:not([data-theme=light]){", "[data-theme=dark]{"

    by_system, by_choice = (sheet.partition(head)[2].partition("}")[0] for head in heads)
    assert "color-scheme:dark" in by_system
    assert by_system == by_choice


def test_reading_preferences_are_kept_and_shown(visitor):
    wishes = {"text": "larger", "theme": "dark", "data": "lite", "next": "/courses"}
    page = visitor.post("/preferences", data=wishes, follow_redirects=True).text
    assert 'data-theme="dark" data-text="larger" data-data="lite"' in page
    assert '<option value="dark" selected>' in page


def test_nothing_stands_in_the_way_of_the_security_policy(visitor):
    for path in ("/", "/sign-in", "/sign-up", "/nothing-here"):
        page = visitor.get(path).text
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! type=\"module\" src)", page)


def test_open_pages_say_their_address_in_each_language(visitor):
    page = visitor.get("/courses").text
    assert all(f'hreflang="{code}"' in page for code in (*LANGUAGES, "x-default"))
    assert 'rel="canonical"' in page
    assert 'property="og:title"' in page


def test_pages_of_accounts_are_not_for_search_engines(visitor):
    page = visitor.get("/sign-in").text
    assert 'content="noindex"' in page
    assert "canonical" not in page


def test_the_page_tells_its_own_weight(visitor):
    assert re.search(r"\b\d\d KB", visitor.get("/sign-in").text)


def test_the_frame_asks_the_database_nothing(app, statements):
    with app.test_request_context("/nothing"), statements() as seen:
        render_template("layout/refused.html", reason="Because", back="/")
    assert seen == []


def test_a_refusal_gives_its_reason_and_the_way_back(app):
    with app.test_request_context("/nothing", method="POST"):
        page = render_template("layout/refused.html", reason="Full <now>", back="/courses")
    assert "Full &lt;now&gt;" in page
    assert 'href="/courses"' in page
    assert 'name="next" value="/courses"' in page


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_missing_page_is_said_in_each_language(visitor, code):
    answer = visitor.get(f"/nothing-here?lang={code}")
    assert answer.status_code == 404
    others = [other for other in LANGUAGES if other != code]
    assert f'<html lang="{code}"' in answer.text
    assert all(f'<li lang="{other}">' in answer.text for other in others)
    assert "canonical" not in answer.text


def test_the_error_page_stands_while_the_database_is_away(sign_in):
    client = sign_in(make.person())

    def break_off(*_anything):
        raise OperationalError("SELECT", {}, Exception("away"))

    event.listen(db.engine, "before_cursor_execute", break_off)
    try:
        answer = client.get("/courses")
    finally:
        event.remove(db.engine, "before_cursor_execute", break_off)
    assert answer.status_code == 503
    assert 'id="main"' in answer.text
