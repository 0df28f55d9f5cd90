"""What a page says of a question and its answer, in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import Any

from coursehub.content.formats.questions import GAP
from coursehub.foundation.language import _, _n, decimal
from coursehub.questions.rules import Answer, Json
from coursehub.questions.rules.arranging import options_of
from coursehub.questions.rules.grading import out_of

Said = tuple[str, str]


def said(text: Mapping[str, Any], language: str, source: str) -> tuple[Any, str]:
    """A text in the reader's language, else in the source's, with the language it is in."""
    for code in (language, source):
        if code in text:
            return text[code], code
    code = next(iter(text))
    return text[code], code


def in_words(
    parts: list[Json], order: list[str] | None, language: str, source: str
) -> list[tuple[str, str, str]]:
    """The ids and texts of a question's parts, in an order or as they stand.

    The third word is the language of a text that is not in the reader's.
    """
    known = {part["id"]: said(part["text"], language, source) for part in parts}
    return [
        (key, known[key][0], known[key][1] if known[key][1] != language else "")
        for key in order or known
    ]


def feedback_for(question: Json, answer: Answer, language: str, source: str) -> list[Said]:
    """The feedback of what was answered, then that of the question."""
    texts = [*_own(question, answer), question.get("feedback")]
    return [said(text, language, source) for text in texts if text]


def _own(question: Json, answer: Answer) -> Iterator[Json | None]:
    match question["type"]:
        case "single_choice" | "multiple_choice":
            chosen = [answer] if isinstance(answer, str) else answer or []
            yield from (one.get("feedback") for one in question["answers"] if one["id"] in chosen)
        case "true_false" if isinstance(answer, bool):
            yield question.get("if_true" if answer else "if_false")


def key_of(question: Json, language: str, source: str) -> list[Said]:
    """The right answer, in sentences; empty where there is none, or the review marks it itself."""

    def words(text: Json) -> str:
        return str(said(text, language, source)[0])

    match question["type"]:
        case "true_false":
            return [(_("True") if question["is_true"] else _("False"), language)]
        case "matching":
            return [
                (f"{words(pair['text'])}: {words(pair['match'])}", language)
                for pair in question["pairs"]
            ]
        case "ordering":
            return [said(step["text"], language, source) for step in question["steps"]]
        case "numeric":
            return [(_amount(question["amounts"][0], question.get("units")), language)]
        case "short_text":
            return [said(question["accepted"][0]["text"], language, source)]
        case "cloze":
            return [(_of_gap(gap, words), language) for gap in question["gaps"]]
    return []


def _amount(amount: Json, units: list[Json] | None) -> str:
    number = f"{amount['value']:g}"
    if amount.get("tolerance"):
        number = f"{number} ± {amount['tolerance']:g}"
    return f"{number} {units[0]['name']}" if units else number


def _of_gap(gap: Json, words: Any) -> str:
    if gap.get("choices"):
        return str(words(next(one for one in gap["choices"] if one.get("right"))["text"]))
    if gap.get("accepted"):
        return str(words(gap["accepted"][0]["text"]))
    return _amount(gap["amounts"][0], None)


def worth(question: Json) -> str:
    """How many points a question is worth."""
    points = out_of(question)
    return (
        _n("%(num)s point", "%(num)s points", int(points))
        if points.denominator == 1
        else _("%(points)s points", points=decimal(float(points), 2))
    )


def part(parts: list[Json], key: str) -> Json:
    """The part of a question that has an id."""
    return next(one for one in parts if one["id"] == key)


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs; lines inside one stay lines."""
    return [one.strip() for one in text.split("\n\n") if one.strip()]


def pieces_of(text: str) -> list[Said]:
    """A cloze's text as it is drawn: ("text", words) and ("gap", id), in turn."""
    pieces = GAP.split(text)
    return [("gap" if n % 2 else "text", piece) for n, piece in enumerate(pieces)]


def answer_in_words(question: Json, answer: Answer, language: str, source: str) -> list[Said]:
    """What was answered, where the review does not show it among all answers; else empty."""

    def words(text: Json) -> str:
        return str(said(text, language, source)[0])

    match question["type"]:
        case "true_false" if isinstance(answer, bool):
            return [(_("True") if answer else _("False"), language)]
        case "matching":
            options = options_of(question)
            return [
                (f"{words(pair['text'])}: {words(options[answer[pair['id']]])}", language)
                for pair in question["pairs"]
                if pair["id"] in answer
            ]
        case "ordering":
            steps = [step for step in question["steps"] if step["id"] in answer]
            placed = sorted(steps, key=lambda step: answer[step["id"]])
            return [(f"{answer[one['id']]}. {words(one['text'])}", language) for one in placed]
        case "numeric":
            return [(f"{answer['value']} {answer['unit']}".strip(), language)]
        case "short_text" | "essay":
            return [(answer, "")] if answer else []
        case "cloze":
            return [
                (f"{n}. {_gap_in_words(gap, answer.get(gap['id'], ''), words)}", language)
                for n, gap in enumerate(question["gaps"], 1)
            ]
    return []


def _gap_in_words(gap: Json, given: str, words: Any) -> str:
    for one in gap.get("choices", ()):
        if one["id"] == given:
            return str(words(one["text"]))
    return given or "…"


# What templates ask of questions.
GLOBALS = {
    one.__name__: one
    for one in (
        answer_in_words,
        feedback_for,
        in_words,
        key_of,
        options_of,
        paragraphs,
        part,
        pieces_of,
        said,
        worth,
    )
}
