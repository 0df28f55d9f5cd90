"""The site's own texts, as anyone can read them."""

import re
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from markupsafe import escape

from coursehub.accounts.queries import DOCUMENTS
from coursehub.documents import queries
from coursehub.documents.formats import split_front_matter, with_contact
from coursehub.documents.queries import current_version, find_document, slugs
from coursehub.foundation.database import writing
from coursehub.foundation.language import COOKIE
from coursehub.home.formats import CHOICES
from coursehub.network.actions import load_network
from coursehub.network.queries import countries
from coursehub.settings import LANGUAGES

SLUGS = [
    "acceso",
    "accesibilidad",
    "apoyo",
    "ayuda",
    "condiciones",
    "contacto",
    "guia-docentes",
    "guia-participantes",
    "guia-secretaria",
    "privacidad",
    "red",
]
LINK = re.compile(r'href="([^"]+)"')
TAG = re.compile(r"<(h\d|p|ul|ol|li|dl|dt|dd|a)\b")
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
OF_EACH = pytest.mark.parametrize("slug", SLUGS)


def html_of(slug: str, language: str) -> str:
    document = find_document(slug, language)
    assert document is not None
    return document.html


def links_of(slug: str, language: str) -> list[str]:
    return LINK.findall(html_of(slug, language))


def test_these_are_the_texts_in_each_language_and_no_others():
    assert slugs() == sorted(SLUGS)
    names = {f"{slug}.{language}.md" for slug in SLUGS for language in LANGUAGES}
    assert {path.name for path in queries.TEXTS.iterdir()} == names


@OF_EACH
def test_a_text_says_the_same_things_in_the_same_order_in_each_language(slug):
    shapes = {tuple(TAG.findall(html_of(slug, language))) for language in LANGUAGES}
    targets = {tuple(links_of(slug, language)) for language in LANGUAGES}

    assert len(shapes) == 1
    assert len(targets) == 1


@OF_EACH
def test_a_text_begins_below_the_title_and_skips_no_level(slug):
    levels = [2, *(int(level) for level in re.findall(r"<h(\d)", html_of(slug, "es")))]

    assert levels[1] == 2
    assert all(below - above <= 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("slug", DOCUMENTS)
def test_what_people_agree_to_has_one_version_in_all_languages(slug):
    versions = {find_document(slug, language).version for language in LANGUAGES}

    assert versions == {current_version(slug)}


@pytest.mark.parametrize("slug", ["ayuda", "no-such-text"])
def test_nobody_can_agree_to_what_has_no_version(slug):
    with pytest.raises(LookupError):
        current_version(slug)


@IN_EACH_LANGUAGE
@OF_EACH
def test_a_visitor_reads_a_text_without_a_question_to_the_database(
    visitor, statements, slug, language
):
    with statements() as seen:
        page = visitor.get(f"/help/{slug}?lang={language}", follow_redirects=True)

    document = find_document(slug, language)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert f">{document.title}</h1>" in page.text
    assert f'content="{escape(document.summary)}"' in page.text
    assert seen == []


@IN_EACH_LANGUAGE
@OF_EACH
def test_no_token_is_left_over_on_a_page(visitor, slug, language):
    page = visitor.get(f"/help/{slug}?lang={language}", follow_redirects=True)

    assert "contact_email" not in page.text
    assert "{" not in re.sub(r"<script.*?</script>", "", page.text, flags=re.DOTALL)


@IN_EACH_LANGUAGE
def test_every_link_leads_to_a_page_that_exists(visitor, language):
    inner = {link for slug in SLUGS for link in links_of(slug, language) if link.startswith("/")}

    for link in sorted(inner):
        answer = visitor.get(link)
        to_sign_in = answer.status_code == 303 and answer.location.startswith("/sign-in")
        assert answer.status_code == 200 or to_sign_in, link


@IN_EACH_LANGUAGE
def test_every_other_link_writes_to_the_secretariat(language):
    others = {link for slug in SLUGS for link in links_of(slug, language) if link[0] != "/"}

    assert {urlsplit(link).scheme for link in others} == {"mailto"}
    assert len(others) == 1


@IN_EACH_LANGUAGE
def test_help_leads_to_every_other_text(language):
    assert {f"/help/{slug}" for slug in SLUGS} - set(links_of("ayuda", language)) == {"/help/ayuda"}


def test_help_has_the_short_address(visitor):
    assert visitor.get("/help/ayuda").location.endswith("/help")
    assert "Ayuda" in visitor.get("/help?lang=es").text


@pytest.mark.parametrize("slug", ["no-such-text", "ayuda.es", "..%2Fviews", "%00", "AYUDA"])
def test_an_unknown_text_is_not_found(visitor, slug):
    assert visitor.get(f"/help/{slug}").status_code == 404


def test_the_version_is_shown_as_a_day(visitor):
    assert "25 de noviembre de 2026" in visitor.get("/help/privacidad?lang=es").text
    assert "2026-11-24" not in visitor.get("/help/condiciones?lang=pt").text


@IN_EACH_LANGUAGE
def test_the_states_stand_in_the_order_of_the_alphabet_of_the_language(app, language):
    with writing():
        load_network()
    items = re.findall(r"<li>([^<]+)</li>", html_of("red", language))
    names = [name for _, name in countries(language)]

    assert len(names) == 18
    start = items.index("Argentina")
    assert items[start : start + 18] == names


def test_the_contact_address_is_written_into_text_and_links_and_cannot_be_markup():
    html = '<a href="mailto:%7Bcontact_email%7D">{contact_email}</a>'

    assert with_contact(html, "a@b.org") == '<a href="mailto:a@b.org">a@b.org</a>'
    assert "<b>" not in with_contact(html, '"><b>@c.org')


def test_a_head_that_does_not_end_is_a_mistake():
    with pytest.raises(ValueError, match="does not end"):
        split_front_matter("---\ntitle: Ayuda\n")


def test_a_text_without_a_head_is_all_body():
    assert split_front_matter("Hola") == ({}, "Hola")


def test_every_cookie_that_the_program_sets_stands_in_the_notice(app):
    named = re.findall(r"<li><code>(\w+)</code>", html_of("privacidad", "es"))

    assert named == [app.config["SESSION_COOKIE_NAME"], COOKIE, *CHOICES]


def test_texts_are_files_that_can_be_read_as_they_are():
    for path in queries.TEXTS.iterdir():
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n")
        assert not re.search(r"[ \t]+$", text, flags=re.MULTILINE), path.name


def test_addresses_that_lead_nowhere_are_not_remembered(visitor):
    """Whoever asks for a million of them must not fill the server's memory."""
    for number in range(50):
        assert visitor.get(f"/help/nothing-{number}").status_code == 404

    remembered = [one.cache_info().currsize for one in vars(queries).values() if cached(one)]
    assert sum(remembered) <= len(SLUGS) * len(LANGUAGES) + 1


def cached(thing: object) -> bool:
    return hasattr(thing, "cache_info")
