"""What is shown in Spanish and Portuguese has no English left in it."""

import re
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po

from coursehub.demo.actions import PASSWORD
from coursehub.settings import PROJECT
from tests.browser.pages import ERRORS, EVERYONE, EXAMPLES, ROLES
from tests.program import Visitor

pytestmark = pytest.mark.xdist_group("served")
PLACE = re.compile(r"%\((\w+)\)s")
VOID = {"meta", "link", "br", "hr", "img", "input", "source", "path", "rect", "use", "circle"}
SHOWN = {"aria-label", "title", "alt", "content", "placeholder"}


class Words(HTMLParser):
    """Every text of a page that a reader sees or hears in the page's own language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.within: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        language = dict(attrs).get("lang") or (self.within[-1][1] if self.within else None)
        if tag not in VOID:
            self.within.append((tag, language))
        if language == self.within[0][1]:
            self.texts += [value for name, value in attrs if name in SHOWN and value]

    def handle_startendtag(self, tag, attrs):
        pass  # parts of drawings: they say nothing

    def handle_endtag(self, tag):
        while self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, language = self.within[-1] if self.within else ("script", None)
        if tag not in ("script", "style") and language == self.within[0][1]:
            self.texts.append(" ".join(data.split()))


def strings_of(message) -> tuple[str, ...]:
    """What a text reads in a language, in each of its numbers."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def english_of(language: str) -> dict[str, re.Pattern]:
    """Every English text that reads otherwise in this language, as a whole text of a page."""
    with (PROJECT / "translations" / language / "LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    found = {}
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = strings_of(message)
        for text in ids:
            # One that reads the same in both proves nothing, nor a few letters between figures.
            letters = PLACE.sub("", text).strip(" %·–-:,.")
            is_telling = len(letters) > 12 or (letters == text and letters)
            if is_telling and text not in texts:
                parts = [re.escape(part) for part in PLACE.split(text)[::2]]
                found[text] = re.compile(".+?".join(parts))
    return found


def test_every_text_of_the_program_is_translated():
    for language in ("es", "pt"):
        with (PROJECT / "translations" / language / "LC_MESSAGES/messages.po").open("rb") as file:
            missing = [
                one.id
                for one in read_po(file)
                if (one.id and not one.string) or (one.fuzzy and one.id)
            ]
        assert missing == [], language


@pytest.mark.parametrize("role", EVERYONE)
@pytest.mark.parametrize("language", ["es", "pt"])
def test_done_2_translations_are_complete(served, words, language, role):
    visitor = Visitor(served.url)
    if role != "visitor":
        visitor.sign_in(ROLES[role], PASSWORD)
    english = english_of(language)
    paths = [path for paths, roles in EXAMPLES.values() if role in roles for path in paths]
    for path in [*paths, *ERRORS.get(role, [])]:
        path = path.format(**words)
        answer = visitor.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        left = [
            text
            for text in Words(answer.text).texts
            for pattern in english.values()
            if pattern.fullmatch(text)
        ]
        assert left == [], path
