"""Whatever is typed is kept, or refused beside its field with everything still there."""

import html
import re
from urllib.parse import urlencode

import pytest

from coursehub.demo.actions import PASSWORD
from tests.browser.pages import ROLES
from tests.program import Visitor

pytestmark = pytest.mark.xdist_group("served")
GOOD = ["Muñoz", "D'Ávila", "O’Neill 李", "Ñusta Quispe-Mamani", "Ana 🌱"]
LONG = "x" * 10_000
BAD = [LONG, "one\x00two", "\u202eevil\u202c", "a\nb\x07c"]
ODD = [
    "<script>alert(1)</script>",
    "’ OR 1=1 --",
    "{{ 7 * 7 }}",
    "e\u0301\u0302\u0303" * 20,
    "مرحبا",
    "&lt;b&gt;",
]
SIGN_UP = {
    "name": "Ana Muñoz",
    "email": "alguien@example.org",
    "country": "PE",
    "institution": "Ministerio",
    "position": "Asesora",
    "language": "es",
    "accepts": "y",
}
PROFILE = {
    "name": "Ana Muñoz",
    "latin_name": "",
    "country": "PE",
    "institution": "Ministerio",
    "position": "Asesora",
    "language": "pt",
    "time_zone": "America/Lima",
}
FORMS = {
    "/sign-up": ("visitor", SIGN_UP),
    "/sign-in": ("visitor", {"email": "x@example.org", "password": "una clave cualquiera"}),
    "/password": ("visitor", {"email": "nadie@example.org"}),
    "/me": ("learner", PROFILE),
    "/me/email": ("learner", {"email": "otra@example.org", "current": PASSWORD}),
    "/me/password": ("learner", {"password": "una clave nueva y larga", "current": PASSWORD}),
}
CASES = [
    (path, field) for path, (_, fields) in FORMS.items() for field in fields if field != "accepts"
]
ONE_LINE = [("/sign-up", "name"), ("/sign-up", "institution"), ("/me", "name"), ("/me", "position")]
SECRET = {"password", "current"}


@pytest.fixture(scope="module")
def people(served) -> dict[str, Visitor]:
    learner = Visitor(served.url).sign_in(ROLES["learner"], PASSWORD)
    return {"visitor": Visitor(served.url), "learner": learner}


def shown_values(page: str) -> dict[str, str]:
    """What stands in the fields of a form's page."""
    values = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        name = re.search(r'\bname="([^"]*)"', tag)
        value = re.search(r'\bvalue="([^"]*)"', tag)
        if name:
            values[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select\b[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"|value="([^"]*)" selected', options)
        values[name] = (chosen[1] or chosen[2]) if chosen else ""
    return values


def mistakes(page: str) -> list[str]:
    """The fields beside which a mistake stands."""
    return re.findall(r'id="(\w+)-error"', page)


@pytest.mark.parametrize(("path", "field"), CASES)
def test_what_cannot_be_taken_is_refused_beside_its_field(people, path, field):
    who, fields = FORMS[path]
    # A word that may be a password would become one; each wrong one counts as an attempt.
    for text in BAD[:2] if field in SECRET else [*BAD, *ODD]:
        answer = people[who].post(path, **fields | {field: text})
        assert answer.status in (303, 422), (path, field, text[:20])
        if answer.status == 303:
            assert text in ODD, f"{text[:20]!r} was taken for {field}"
            continue
        page = answer.text.replace("\r\n", "\n")
        assert mistakes(page), (path, field, text[:20])
        assert "<script>alert" not in page
        kept = shown_values(page)
        for name, typed in (fields | {field: text}).items():
            if name in SECRET or name == "accepts":
                assert not kept.get(name) or name == "accepts", "a password is never shown again"
            elif name == field:
                # A list shows its choices only; the controls that HTML cannot hold may go.
                assert name in ("country", "language", "time_zone") or similar(kept[name], typed)
            else:
                assert kept.get(name, typed) == typed, (path, name)


def similar(shown: str, typed: str) -> bool:
    def letters(text: str) -> str:
        return re.sub(r"[\x00-\x1f\ufffd]", "", text)

    return letters(shown) == letters(typed)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("path", ["/sign-up", "/me"])
def test_names_of_every_kind_are_kept_as_they_are(people, path, name):
    who, fields = FORMS[path]
    answer = people[who].post(path, **fields | {"name": name, "institution": name})
    assert answer.status == 303
    if path == "/me":
        kept = shown_values(people[who].get(path).text)
        assert kept["name"] == kept["institution"] == name


@pytest.mark.parametrize(("path", "field"), ONE_LINE)
def test_a_limit_is_said_with_its_number(people, path, field):
    who, fields = FORMS[path]
    page = people[who].post(path, **fields | {field: LONG}).text
    assert mistakes(page) == [field]
    assert re.search(r"\b(120|200)\b.*10[.,\s]?000", html.unescape(page))


def test_a_search_for_nonsense_finds_nothing_and_keeps_the_words(people, edition):
    for text in [*BAD, *ODD, *GOOD]:
        answer = people["learner"].ask("GET", f"/learn/{edition}/search?" + query(q=text))
        assert answer.status in (200, 422), text[:20]
        assert "<script>alert" not in answer.text
        assert similar(shown_values(answer.text)["q"], text)


def query(**words: str) -> str:
    return urlencode(words)
