"""Aiken: a question on a line, its answers lettered below it, then the letter of the right one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from coursehub.foundation.language import _
from coursehub.questions.formats.taking import Draft, Outcome, Unreadable, refused

ANSWER = re.compile(r"([A-Za-z])[.)]\s+(\S.*)")
KEY = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)


@dataclass
class Lines:
    """The lines of one question so far."""

    first: int = 0
    asked: list[str] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)


def read_aiken(text: str, language: str) -> Iterator[Outcome]:
    """Every question of an Aiken file, as a draft or a refusal."""
    lines = Lines()
    for n, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line:
            continue
        lines.first = lines.first or n
        if key := KEY.fullmatch(line):
            yield _read(lines, key[1].strip().rstrip(".").upper(), language)
            lines = Lines()
        elif (answer := ANSWER.fullmatch(line)) and lines.asked:
            lines.answers.append((answer[1].upper(), answer[2]))
        elif lines.answers:  # the question above has no key; another begins
            yield _read(lines, "", language)
            lines = Lines(n, [line])
        else:
            lines.asked.append(line)
    if lines.first:
        yield _read(lines, "", language)


def _read(lines: Lines, key: str, language: str) -> Outcome:
    draft = Draft(lines.first, language, title=" ".join(lines.asked)[:80])
    try:
        draft.said = {"text": draft.text("\n".join(lines.asked))} | {
            "type": "single_choice",
            "answers": [_answer(draft, letter == key, said) for letter, said in lines.answers],
        }
        _demand(lines, key)
    except Unreadable as unreadable:
        return refused(draft, unreadable.why)
    return draft


def _answer(draft: Draft, is_right: bool, said: str) -> dict[str, object]:
    return {"text": draft.needed(said)} | ({"right": True} if is_right else {})


def _demand(lines: Lines, key: str) -> None:
    letters = [letter for letter, _said in lines.answers]
    if not key:
        raise Unreadable(_("malformed: the line ANSWER: is missing"))
    if len(letters) < 2:
        raise Unreadable(_("malformed: a choice has at least two answers"))
    if letters.count(key) != 1:
        raise Unreadable(_("malformed: ANSWER: %(key)s names no answer", key=key[:20]))
