"""Finds the terms of a glossary in running text, each at its first occurrence in a lesson."""

import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from coursehub.content.formats import schema
from coursehub.foundation.search import fold

WORD = re.compile(r"\w+(?:[-’']\w+)*")
NO_LINK = re.compile(r"\[([^\[\]]+)\]\{\.nolink\}")


@dataclass(frozen=True)
class Glossary:
    """The phrases of a glossary in one language, by their first word."""

    phrases: dict[str, list[tuple[list[str], str]]]

    def at(self, words: list[str], n: int) -> tuple[str, int] | None:
        """The id of the longest term that begins with word `n`, and how many words it takes."""
        for phrase, key in self.phrases.get(words[n], ()):
            if words[n : n + len(phrase)] == phrase:
                return key, len(phrase)
        return None


def glossary(terms: list[schema.Term], language: str) -> Glossary:
    phrases: dict[str, list[tuple[list[str], str]]] = {}
    for term in terms:
        if not term.link or not term.id:
            continue
        named: dict[str, str] = dict(term.term.root)
        others: dict[str, list[str]] = dict(term.aliases.root) if term.aliases else {}
        for phrase in {
            *([named[language]] if language in named else []),
            *others.get(language, []),
        }:
            words = [fold(word) for word in WORD.findall(phrase)]
            if words:
                phrases.setdefault(words[0], []).append((words, term.id))
    for known in phrases.values():
        known.sort(key=lambda one: (-len(one[0]), one[1]))
    return Glossary(phrases)


@dataclass
class Linker:
    """Goes through a lesson's text and links each term once; `found` keeps them in order."""

    glossary: Glossary
    found: list[tuple[str, str]] = field(default_factory=list)  # term, block in which it stands
    _seen: set[str] = field(default_factory=set)

    def link(self, inline: Token, block: str) -> None:
        """Put links into one inline token's children; headings and links are left alone."""
        depth = 0
        children: list[Token] = []
        for token in inline.children or []:
            depth += token.nesting if token.type in ("link_open", "link_close") else 0
            if token.type == "text" and not depth:
                children += self._linked(token, block)
            else:
                children.append(token)
        inline.children = children

    def _linked(self, token: Token, block: str) -> list[Token]:
        pieces: list[Token] = []
        at = 0
        for kept in NO_LINK.finditer(token.content):
            pieces += self._pieces(token.content[at : kept.start()], block)
            pieces.append(_text(kept[1]))
            at = kept.end()
        return pieces + self._pieces(token.content[at:], block)

    def _pieces(self, text: str, block: str) -> list[Token]:
        spots = list(WORD.finditer(text))
        words = [fold(spot.group()) for spot in spots]
        pieces: list[Token] = []
        at = n = 0
        while n < len(words):
            hit = self.glossary.at(words, n)
            if hit and hit[0] not in self._seen and _is_one_run(text, spots, n, hit[1]):
                key, length = hit
                start, end = spots[n].start(), spots[n + length - 1].end()
                self._seen.add(key)
                self.found.append((key, block))
                pieces += [_text(text[at:start]), *_link(text[start:end], key)]
                at, n = end, n + length
            else:
                n += 1
        return [*pieces, _text(text[at:])]


def _is_one_run(text: str, spots: list[re.Match[str]], n: int, length: int) -> bool:
    # «pueblos; indígenas» is not «pueblos indígenas».
    gaps = (text[spots[m].end() : spots[m + 1].start()] for m in range(n, n + length - 1))
    return all(gap.isspace() for gap in gaps)


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(text: str, key: str) -> list[Token]:
    opened = Token("link_open", "a", 1, attrs={"class": "ch-term", "href": f"#g-{key}"})
    return [opened, _text(text), Token("link_close", "a", -1)]
