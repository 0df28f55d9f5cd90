"""Every address says who may use it, and answers whoever may not."""

import re
from urllib.parse import quote

import pytest
from werkzeug.routing import Rule

from coursehub.content.formats.schema import RESERVED
from coursehub.foundation.access import access_of, routes_of
from coursehub.foundation.clock import now
from tests import make

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
# What stands where an address has a name or a number: nothing there is ever found.
NONSENSE = ("", "0", "9" * 30, "ñandú 李😀", "<script>", "a'b\"c", "..", "%00", "x" * 300)
PLACE = re.compile(r"<(?:(\w+(?:\([^)]*\))?):)?(\w+)>")
ANSWERS = (200, 303, 404)
DEAD_LINK = 410  # a mailed link that was used, has expired or never was


def addresses(app, method: str, word: str = ""):
    """Every address that takes a method, its parts filled with a word; the rule beside it."""
    for rule in app.url_map.iter_rules():
        if method in rule.methods:
            yield rule, filled(rule, word)


def test_no_lesson_can_take_the_address_of_another_page_of_its_course(app):
    beside = "/learn/<edition>/"
    below = [r.rule.removeprefix(beside) for r in app.url_map.iter_rules() if beside in r.rule]

    assert {rest.split("/")[0] for rest in below if not rest.startswith("<")} == RESERVED


def filled(rule: Rule, word: str = "") -> str:
    """The rule's address with the word in each place, or with what fits there."""
    return PLACE.sub(lambda place: quote(word, safe="") if word else fitting(place[1]), rule.rule)


def fitting(kind: str | None) -> str:
    """A value that an address takes in a place of this kind, and that names nothing."""
    if kind is None or kind == "string":
        return "nonsense"
    return kind[4:-1].split(",")[0] if kind.startswith("any(") else "999999"


def is_dynamic(rule: Rule) -> bool:
    return bool(rule.arguments - set(rule.defaults or {}))


def needs_sign_in(app, rule: Rule) -> bool:
    view = app.view_functions[rule.endpoint]
    return access_of(app, rule.endpoint) != "public" and not getattr(
        view, "lets_visitors_ask", False
    )


@pytest.fixture
def stranger(sign_in):
    """Someone with an account and nothing else: no role, no place."""
    return sign_in(make.person())


def test_every_route_names_its_access(app):
    assert all(route["access"] for route in routes_of(app))


def test_the_walk_reaches_every_address(app):
    matched = app.url_map.bind("localhost")

    for method in METHODS:
        for rule, path in addresses(app, method):
            assert matched.match(path, method)[0] == rule.endpoint


@pytest.mark.parametrize("word", NONSENSE)
@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_every_address_answers_nonsense_without_a_fault(app, request, who, word):
    browser = request.getfixturevalue(who)

    for rule, path in addresses(app, "GET", word):
        if word and not is_dynamic(rule):
            continue
        with browser.get(path) as response:
            expected = (*ANSWERS, DEAD_LINK) if "token" in rule.arguments else ANSWERS
            assert response.status_code in expected, f"{path} ({rule.endpoint})"


@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_every_address_answers_nonsense_after_the_question_mark(app, request, who):
    browser = request.getfixturevalue(who)
    asked = "?q=%00&next=//evil.example&after=%FF&page=-1&lang=xx&language=&view=x&format=1&q=2"

    for rule, path in addresses(app, "GET"):
        with browser.get(path + asked) as response:
            expected = (*ANSWERS, DEAD_LINK) if "token" in rule.arguments else ANSWERS
            assert response.status_code in expected, f"{path} ({rule.endpoint})"
            assert "evil.example" not in (response.location or "").split("?")[0]


def test_what_someone_may_not_read_looks_like_what_is_not_there(app, stranger, clock):
    there = make.taught(slug="there")
    clock(now())  # the tokens of a page's forms hold the second they were made in
    words = {"edition": there.slug, "lesson": "1-1", "module": "module-1"}

    for rule, _ in addresses(app, "GET"):
        if access_of(app, rule.endpoint) == "may_read_course":
            real = PLACE.sub(lambda place: words.get(place[2]) or fitting(place[1]), rule.rule)
            hidden, missing = stranger.get(real), stranger.get(real.replace("there", "nowhere"))
            assert hidden.status_code == missing.status_code == 404, real
            assert hidden.text.replace("there", "nowhere") == missing.text


@pytest.mark.parametrize("word", NONSENSE)
def test_every_form_answers_an_empty_body_without_a_fault(app, stranger, visitor, word):
    for browser in (visitor, stranger):
        for rule, path in addresses(app, "POST", word):
            if rule.endpoint == "accounts.sign_out":
                continue  # the stranger has more doors to try
            response = browser.post(path, data={})
            assert response.status_code < 500, f"{path} ({rule.endpoint})"


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_an_address_does_not_know_is_refused(app, stranger, method):
    known = {path for _, path in addresses(app, method)}

    for rule in app.url_map.iter_rules():
        path = filled(rule)
        if path not in known:
            response = stranger.open(path, method=method)
            # The same address may be another rule's, with the method: then it is not refused.
            assert response.status_code in (404, 405), f"{method} {path}"
            assert method not in response.headers.get("Allow", "").split(", ")


def test_a_signed_in_page_sends_visitors_to_sign_in_and_back(app, visitor):
    for rule, path in addresses(app, "GET"):
        if needs_sign_in(app, rule):
            response = visitor.get(path, query_string={"a": "1"})
            wanted = f"/sign-in?next={path}?a%3D1"
            assert (response.status_code, response.location) == (303, wanted), rule


def test_a_signed_in_form_sends_visitors_to_sign_in_without_a_way_back(app, visitor):
    for rule, path in addresses(app, "POST"):
        if needs_sign_in(app, rule):
            response = visitor.post(path, data={})
            assert (response.status_code, response.location) == (303, "/sign-in"), rule


def test_an_unknown_address_is_not_found(visitor):
    assert visitor.get("/there-is-nothing-here").status_code == 404


def test_a_form_without_its_token_is_refused(app, visitor, stranger, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    for browser in (visitor, stranger):
        for rule, path in addresses(app, "POST"):
            assert browser.post(path, data={}).status_code == 400, rule


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1)])
def test_two_browsers_are_never_taken_for_one_another(app, sign_in, visitor, order):
    """Even while the test itself holds an application context open, as the `app` fixture does."""
    from_person = sign_in(make.person(name="Ana Muñoz"))
    browsers = [(from_person, 200), (visitor, 303)]
    for which in order:
        browser, status = browsers[which]
        response = browser.get("/me")
        assert response.status_code == status
        assert ("Ana Muñoz" in response.text) == (status == 200)
