"""Every page of every role shuts nobody out: axe at zero, nothing to scroll sideways."""

import json

import pytest

from tests.browser.pages import ERRORS, EVERYONE, EXAMPLES, FORMS, NO_PAGE

pytestmark = pytest.mark.xdist_group("served")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Both colours and both widths, in two languages; the third language where it is narrowest.
LOOKS = {
    "es": [(1280, "light"), (360, "dark")],
    "en": [(360, "light"), (1280, "dark")],
}
# Staff see a learner's pages with a few words more or less: half the looks are enough.
STAFF_LOOKS = {"es": [(1280, "dark")], "en": [(360, "light")]}
SEND = """([address, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const token = document.querySelector("[name=csrf_token]").value;
  for (const [name, value] of Object.entries({csrf_token: token, ...fields})) {
    const field = document.createElement("input");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


def look_at(page, axe, looks) -> None:
    """Both widths and colours of the page that stands there."""
    for width, colours in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=colours)
        axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate(SIDEWAYS) <= 0, f"{page.url} scrolls sideways at 320"


def examples(role: str, words: dict[str, str]) -> list[str]:
    shown = [paths for paths, roles in EXAMPLES.values() if role in roles]
    return [path.format(**words) for paths in shown for path in paths]


def test_every_address_has_an_example(served):
    """A new page is walked through too: name an example of it in tests/browser/pages.py."""
    listed = json.loads(served.did("routes", "--json"))
    rules = {one["rule"] for one in listed if "GET" in one["methods"]} - {"/static/<path:filename>"}
    assert rules == EXAMPLES.keys() | NO_PAGE


@pytest.mark.parametrize("role", EVERYONE)
def test_done_1_every_page_at_axe_zero(page_of, served, words, axe, role):
    page = page_of(role)
    for path in examples(role, words):
        looks_of = LOOKS if role in ("visitor", "learner") else STAFF_LOOKS
        for language, looks in looks_of.items():
            mark = "&" if "?" in path else "?"
            answer = page.goto(f"{served.url}{path}{mark}lang={language}")
            assert answer.status == (410 if "nonsense" in path else 200), path
            assert page.get_attribute("html", "lang") == language
            look_at(page, axe, looks)
        page.goto(f"{served.url}{path}{mark}lang=pt")
        assert page.evaluate(SIDEWAYS) <= 0, f"{path} scrolls sideways in Portuguese"


@pytest.mark.parametrize("role", FORMS)
def test_done_1_every_form_with_mistakes_at_axe_zero(page_of, served, axe, role):
    page = page_of(role)
    for path in FORMS[role]:
        page.goto(served.url + path)
        with page.expect_navigation():
            page.click("main form button[type=submit] >> nth=0")
        assert page.query_selector("#errors"), path
        for looks in LOOKS.values():
            look_at(page, axe, looks)


@pytest.mark.parametrize("role", ERRORS)
def test_done_1_what_is_not_there_at_axe_zero(page_of, served, edition, axe, role):
    page = page_of(role)
    for path in ERRORS[role]:
        answer = page.goto(served.url + path.format(edition=edition))
        assert answer.status == 404, path
        for looks in LOOKS.values():
            look_at(page, axe, looks)


def test_done_1_what_is_refused_at_axe_zero(page_of, served, axe):
    listed = json.loads(served.did("editions", "list", "--json"))
    coming = next(one["edition"] for one in listed if "facilitada" in one["edition"])
    page = page_of("learner")
    refusals = [
        (f"/editions/{coming}/enrolment", {}, 409),
        ("/sign-out", {"csrf_token": "wrong"}, 400),
        ("/courses", {}, 405),
        ("/me", {"name": "x" * 1_100_000}, 413),
    ]
    for address, fields, status in refusals:
        page.goto(served.url + "/courses")
        with page.expect_navigation() as waiting:
            page.evaluate(SEND, [address, fields])
        assert waiting.value.status == status, address
        for looks in LOOKS.values():
            look_at(page, axe, looks)
