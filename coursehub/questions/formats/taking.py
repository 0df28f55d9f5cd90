"""What is read from a file of questions: what was taken, what was changed on the way, what was
refused and where.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from coursehub.content.formats.questions import GAP, QUESTION, Asking, as_data
from coursehub.content.formats.texts import HIDDEN
from coursehub.foundation.language import _
from coursehub.questions.formats.plain import MOST_MARKUP, Plain, text_of

Json = dict[str, Any]
MOST_QUESTIONS = 200_000
MOST_CHARACTERS = 20_000
MOST_RAW_CHARACTERS = 4_000_000  # with images inside it
ID = re.compile(r"[a-z][a-z0-9-]{2,39}")
TITLE_CHARACTERS = 80
# The kinds of parts, and the letter that ids made for them begin with.
PARTS = {
    "answers": "a",
    "choices": "a",
    "pairs": "m",
    "decoys": "d",
    "steps": "s",
    "rubric": "c",
    "questions": "q",
}


class Unreadable(Exception):
    """A question, or a file, that cannot be taken as it is written; says why, in a sentence."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.why, self.line = why, line


@dataclass(frozen=True)
class Taken:
    title: str
    question: Json
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    where: str
    why: str


@dataclass
class Import:
    """The outcome of reading a file; every question in it stands in `taken` or in `refused`."""

    kind: str = ""
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, list[dict[str, str]]]:
        changed = [{"title": _("The whole file"), "what": what} for what in self.remarks]
        changed += [
            {"title": one.title, "what": what} for one in self.taken for what in one.changed
        ]
        return {
            "taken": [{"title": one.title, "type": one.question["type"]} for one in self.taken],
            "changed": changed,
            "refused": [{"where": one.where, "why": one.why} for one in self.refused],
        }


@dataclass
class Draft:
    """A question while it is read: its texts in one language, and what was changed in them."""

    line: int
    language: str
    title: str = ""
    key: str = ""
    tags: list[str] = field(default_factory=list)
    said: Json = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    lost_tags: set[str] = field(default_factory=set)
    images: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        if what not in self.changed:
            self.changed.append(what)

    def text(self, raw: str, markup: str = "plain") -> dict[str, str] | None:
        """A text as our files hold it, or None if nothing is left of it."""
        if len(raw) > MOST_RAW_CHARACTERS:
            raise Unreadable(
                _("a text is longer than %(most)s characters", most=MOST_RAW_CHARACTERS)
            )
        plain = text_of(raw, markup)
        if not plain.is_whole:
            raise Unreadable(_("a text is longer than %(most)s characters", most=MOST_MARKUP))
        self.lost_tags.update(plain.lost)
        self.images += plain.images
        return self._clean(plain)

    def forget(self) -> None:
        """Begin anew with what was changed: a text is read again in another way."""
        self.changed, self.lost_tags, self.images = [], set(), []

    def remarks(self) -> tuple[str, ...]:
        """Everything that was changed, in sentences."""
        said = list(self.changed)
        if self.lost_tags:
            tags = ", ".join(sorted(self.lost_tags))
            said.append(_("HTML reduced to plain text (%(tags)s)", tags=tags))
        if self.images:
            names = ", ".join(dict.fromkeys(self.images))
            said.append(_("images dropped (%(names)s)", names=names))
        return tuple(said)

    def _clean(self, plain: Plain) -> dict[str, str] | None:
        seen = HIDDEN.sub("", plain.text).strip()
        if seen != plain.text.strip():
            self.note(_("invisible characters dropped"))
        if len(seen) > MOST_CHARACTERS:
            raise Unreadable(_("a text is longer than %(most)s characters", most=MOST_CHARACTERS))
        return {self.language: seen} if seen else None

    def needed(self, raw: str, markup: str = "plain") -> dict[str, str]:
        """A text that a question cannot do without."""
        text = self.text(raw, markup)
        if text is None:
            raise Unreadable(_("an answer without a text"))
        return text


Outcome = Draft | Refusal


def at_line(line: int) -> str:
    return _("line %(line)s", line=line)


def refused(draft: Draft, why: str) -> Refusal:
    """The refusal of one question, by its line and its title."""
    name = f"{draft.title}: " if draft.title else ""
    return Refusal(at_line(draft.line), f"{name}{why}")


def gathered(kind: str, outcomes: Iterable[Outcome]) -> Import:
    """Everything that was read, each question with ids and in our own shape."""
    read, used = Import(kind), set[str]()
    for n, outcome in enumerate(outcomes):
        if n >= MOST_QUESTIONS:
            raise Unreadable(_("more than %(most)s questions in one file", most=MOST_QUESTIONS))
        if isinstance(outcome, Refusal):
            read.refused.append(outcome)
            continue
        try:
            read.taken.append(_taken(outcome, used))
        except Unreadable as unreadable:
            read.refused.append(refused(outcome, unreadable.why))
    return read


def _taken(draft: Draft, used: set[str]) -> Taken:
    said = {key: value for key, value in draft.said.items() if value is not None}
    if "text" not in said:
        raise Unreadable(_("the question has no text"))
    if tags := [one for one in map(_tag, draft.tags) if one]:
        said["tags"] = list(dict.fromkeys(tags))[:30]
    title = " ".join((draft.title or next(iter(said["text"].values()))).split())[:TITLE_CHARACTERS]
    key = _id_of(draft, said, used)
    used.add(key)
    question = as_data(shaped(numbered(said | {"id": key})))
    return Taken(HIDDEN.sub("", title), question, draft.remarks())


def _tag(raw: str) -> str:
    return " ".join(HIDDEN.sub(" ", raw).split())[:80]


def _id_of(draft: Draft, said: Json, used: set[str]) -> str:
    """The id the file gives; else one made from the title and what is asked.

    The same file gives the same ids again; another file with a “Question 1” gives others.
    """
    if ID.fullmatch(draft.key) and draft.key not in used:
        return draft.key
    known = draft.key or f"{draft.title}/{sorted(said['text'].items())}"
    made = (_made("q", f"{known}/{n}") for n in range(len(used) + 1))
    return next(one for one in made if one not in used)


def _made(letter: str, source: str) -> str:
    return f"{letter}-{hashlib.sha256(source.encode()).hexdigest()[:12]}"


def shaped(data: Json) -> Asking:
    """The question in our shape. Unreadable says what is missing."""
    try:
        return QUESTION.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        named = ".".join(str(part) for part in first["loc"][1:])
        said = first["msg"].removeprefix("Value error, ")
        raise Unreadable(_("malformed: %(what)s", what=f"{named} {said}".strip())) from None


def numbered(question: Json) -> Json:
    """A question whose parts have ids made from its own, so that two readings give the same."""
    key = question["id"]
    made = dict(_parts(question, key))
    if question["type"] == "cloze":
        made |= _gaps(question, key)
    return question | made


def _parts(question: Json, key: str) -> Iterator[tuple[str, list[Json]]]:
    for name, letter in PARTS.items():
        if name in question:
            parts = [
                one if one.get("id") else one | {"id": _made(letter, f"{key}/{name}/{n}")}
                for n, one in enumerate(question[name])
            ]
            yield name, [numbered(one) if name == "questions" else one for one in parts]


def _gaps(question: Json, key: str) -> Json:
    """The gaps with ids, which stand in the text too."""
    gaps, names = [], {}
    for n, gap in enumerate(question["gaps"]):
        name = gap["id"]
        made = name if not name.startswith("new-") else _made("g", f"{key}/{n}")
        names[name] = made
        gaps.append(gap | {"id": made} | dict(_parts(gap, f"{key}/{n}")))
    text = {
        code: GAP.sub(lambda found: f"[[{names.get(found[1], found[1])}]]", words)
        for code, words in question["text"].items()
    }
    return {"gaps": gaps, "text": text}
