"""Writes GIFT, of what GIFT can carry."""

from collections.abc import Callable, Iterable

from coursehub.questions.formats.carrying import hundred, title_of
from coursehub.questions.formats.gift import ESCAPED
from coursehub.questions.formats.taking import Json

SIGNS = str.maketrans({code[1]: code for code in ESCAPED if code != "\\n"} | {"\n": "\\n"})


def gift_of(questions: Iterable[Json]) -> str:
    """A GIFT file."""
    return "\n".join(map(_question, questions))


def _question(question: Json) -> str:
    names = f"[id:{question['id']}]" + "".join(f" [tag:{tag}]" for tag in question["tags"])
    head = f"// {names}\n::{_escaped(title_of(question))}::[plain]{_text(question['text'])}"
    answers = WRITERS[question["type"]](question)
    feedback = f"####{_said(question['feedback'])}" if question.get("feedback") else ""
    return f"{head}{{{answers}{feedback}}}\n"


def _escaped(words: str) -> str:
    return words.translate(SIGNS)


def _text(text: dict[str, str]) -> str:
    return _escaped(next(iter(text.values())))


def _said(text: dict[str, str]) -> str:
    """A text inside the braces, where a bracket could be taken for the name of a format."""
    words = _text(text)
    return f"[plain]{words}" if words.startswith("[") else words


def _with_feedback(part: Json, said: str) -> str:
    return f"{said}#{_said(part['feedback'])}" if part.get("feedback") else said


def _lines(lines: Iterable[str]) -> str:
    return "\n" + "".join(f"\t{line}\n" for line in lines)


def _single_choice(question: Json) -> str:
    return _lines(
        _with_feedback(one, f"{_weight_of(one)}{_said(one['text'])}") for one in question["answers"]
    )


def _weight_of(answer: Json) -> str:
    if answer["right"]:
        return "=%100%"
    return f"~%{hundred(answer['credit'])}%" if answer.get("credit") else "~%0%"


def _multiple_choice(question: Json) -> str:
    right = sum(one["right"] for one in question["answers"])
    wrong = len(question["answers"]) - right
    worth = {True: 100 / right, False: -100 / (wrong or 1)}
    return _lines(
        _with_feedback(one, f"~%{worth[one['right']]:.5f}%{_said(one['text'])}")
        for one in question["answers"]
    )


def _true_false(question: Json) -> str:
    for_right, for_wrong = question.get("if_true"), question.get("if_false")
    if not question["is_true"]:
        for_right, for_wrong = for_wrong, for_right
    said = "TRUE" if question["is_true"] else "FALSE"
    if for_wrong or for_right:
        said += f"#{_said(for_wrong) if for_wrong else ''}"
    return said + (f"#{_said(for_right)}" if for_right else "")


def _matching(question: Json) -> str:
    pairs = [f"={_said(one['text'])} -> {_said(one['match'])}" for one in question["pairs"]]
    return _lines([*pairs, *(f"= -> {_said(one['text'])}" for one in question["decoys"])])


def _ordering(question: Json) -> str:
    steps = "".join(f"{_said(one['text'])}\n" for one in question["steps"])
    return (
        f">{len(question['steps'])} ALL VERTICAL RELATIVE_ALL_PREVIOUS_AND_NEXT SHOW none\n{steps}"
    )


def _numeric(question: Json) -> str:
    return "#" + _lines(
        _with_feedback(one, f"=%{hundred(one['credit'])}%{one['value']!r}:{one['tolerance']!r}")
        for one in question["amounts"]
    )


def _short_text(question: Json) -> str:
    return _lines(
        _with_feedback(one, f"=%{hundred(one['credit'])}%{_said(one['text'])}")
        for one in question["accepted"]
    )


def _essay(_question: Json) -> str:
    return ""


WRITERS: dict[str, Callable[[Json], str]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "matching": _matching,
    "ordering": _ordering,
    "numeric": _numeric,
    "short_text": _short_text,
    "essay": _essay,
}
