"""From a form's fields to answers, and what is wrong with them; pure.

A field has the name of its question, or of that and a statement: `question.statement`.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from coursehub.foundation.language import _
from coursehub.surveys.rules import Json

Fields = Mapping[str, Sequence[str]]


def names_of(survey: Json) -> Iterator[tuple[str, Json, Json]]:
    """Every field of a survey: its name, its question, and the statement or the question itself."""
    for question in survey["questions"]:
        if "statements" not in question:
            yield question["id"], question, question
        for statement in question.get("statements", ()):
            yield f"{question['id']}.{statement['id']}", question, statement


def read_answers(survey: Json, fields: Fields) -> tuple[Json, dict[str, str]]:
    """The answers by field, and a sentence for each field that is wrong.

    They stand in the survey's order, whatever order they came in; what it does not ask is left out.
    """
    answers: Json = {}
    mistakes: dict[str, str] = {}
    for name, question, _part in names_of(survey):
        values = [value for value in fields.get(name, ()) if value.strip()]
        if not values:
            if question.get("required"):
                mistakes[name] = _please(question)
            continue
        answer = _READ[question["type"]](question, values)
        if answer is None:
            mistakes[name] = _("Choose one of the options in the list.")
        else:
            answers[name] = answer
            if why := _too_long(question, answer):
                mistakes[name] = why
    return answers, mistakes


def options_of(question: Json) -> list[Json]:
    """What can be chosen in a question, or for each of its statements, with ids and texts."""
    match question["type"]:
        case "likert":
            apart = question.get("apart")
            return [*question["scale"], *([apart] if apart else [])]
        case "choice":
            return list(question["options"])
    return []


def numbers_of(question: Json) -> range:
    """The numbers of a scale."""
    return range(question["lowest"], question["highest"] + 1)


def _please(question: Json) -> str:
    if question["type"] == "text":
        return _("Fill in this field.")
    return _("Choose an answer.")


def _too_long(question: Json, answer: object) -> str | None:
    limit = question.get("most_characters", 2000)
    if question["type"] != "text" or len(str(answer)) <= limit:
        return None
    return _(
        "Write at most %(limit)s characters; there are %(length)s.",
        limit=limit,
        length=len(str(answer)),
    )


def _one(question: Json, values: list[str]) -> str | None:
    known = {option["id"] for option in options_of(question)}
    return values[0] if len(values) == 1 and values[0] in known else None


def _chosen(question: Json, values: list[str]) -> list[str] | None:
    known = [option["id"] for option in options_of(question)]
    if not set(values) <= set(known) or (len(values) > 1 and not question.get("several")):
        return None
    return [key for key in known if key in values]


def _number(question: Json, values: list[str]) -> int | None:
    return next((n for n in numbers_of(question) if values == [str(n)]), None)


def _text(_question: Json, values: list[str]) -> str:
    composed = unicodedata.normalize("NFC", values[0].replace("\r\n", "\n"))
    seen = (one for one in composed if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))
    return "".join(seen).strip()


_READ = {"likert": _one, "scale": _number, "choice": _chosen, "text": _text}
