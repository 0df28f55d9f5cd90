"""From a form's fields to an answer, and back; nothing that was typed is lost on the way."""

from collections.abc import Callable, Mapping, Sequence

from coursehub.foundation.language import _
from coursehub.questions.rules import Answer, Json
from coursehub.questions.rules.numbers import number_in

Fields = Mapping[str, Sequence[str]]

MOST_SHORT_CHARACTERS = 1_000
MOST_CHARACTERS = 100_000


def read_answer(question: Json, fields: Fields, prefix: str, order: Json) -> Answer:
    """What the fields of a form say of a question; None or empty where nothing was answered.

    By type: the id of an answer (single_choice), a sorted list of ids (multiple_choice), a bool
    (true_false), {pair: option} (matching), {step: position from 1} (ordering), {"value", "unit"}
    as typed (numeric), a text (short_text, essay), {gap: its answer} (cloze), {question: its
    answer} (case), {"files": names} (file). Unknown ids are left out.
    """
    return READERS[question["type"]](question, fields, prefix, order)


def is_answered(question: Json, answer: Answer) -> bool:
    """Whether anything at all was answered."""
    match question["type"]:
        case "true_false":
            return isinstance(answer, bool)
        case "numeric":
            return bool(answer and str(answer.get("value", "")).strip())
        case "short_text" | "essay":
            return bool(answer and answer.strip())
        case "cloze":
            return any(bool(one and one.strip()) for one in (answer or {}).values())
        case "case":
            return any(
                is_answered(one, (answer or {}).get(one["id"])) for one in question["questions"]
            )
        case "file":
            return bool(answer and answer.get("files"))
    return bool(answer)


def why_not_answer(question: Json, answer: Answer) -> str | None:
    """What to tell a learner about an answer that cannot be right as it stands, or None.

    It is kept all the same: nobody is kept from saving.
    """
    if not is_answered(question, answer):
        return None
    match question["type"]:
        case "numeric" if number_in(answer["value"], question.get("units", ())) is None:
            return _("This is not a number. Write one, for example 12.5.")
        case "ordering" if len(set(answer.values())) < len(question["steps"]):
            return _("Give each step a place of its own.")
    return None


def _first(fields: Fields, name: str) -> str:
    values = fields.get(name) or ("",)
    return values[0]


def _single_choice(_q: Json, fields: Fields, prefix: str, order: Json) -> Answer:
    chosen = _first(fields, prefix)
    return chosen if chosen in order[""] else None


def _multiple_choice(_q: Json, fields: Fields, prefix: str, order: Json) -> Answer:
    return sorted(set(fields.get(prefix, ())) & set(order[""]))


def _true_false(_q: Json, fields: Fields, prefix: str, _order: Json) -> Answer:
    return {"true": True, "false": False}.get(_first(fields, prefix))


def _matching(question: Json, fields: Fields, prefix: str, order: Json) -> Answer:
    matched, options = {}, order[""]
    for pair in question["pairs"]:
        place = _first(fields, f"{prefix}.{pair['id']}")
        # The value is a place in the order of this attempt: an id would tell which pair it is of.
        if place.isascii() and place.isdecimal() and 1 <= int(place[:4]) <= len(options):
            matched[pair["id"]] = options[int(place[:4]) - 1]
    return matched


def _ordering(question: Json, fields: Fields, prefix: str, _order: Json) -> Answer:
    positions = {}
    for step in question["steps"]:
        place = _first(fields, f"{prefix}.{step['id']}")
        if place.isascii() and place.isdecimal() and 1 <= int(place[:4]) <= len(question["steps"]):
            positions[step["id"]] = int(place[:4])
    return positions


def _numeric(_q: Json, fields: Fields, prefix: str, _order: Json) -> Answer:
    value, unit = _first(fields, prefix), _first(fields, f"{prefix}.unit")
    return {"value": value[:MOST_SHORT_CHARACTERS], "unit": unit[:100]}


def _short_text(_q: Json, fields: Fields, prefix: str, _order: Json) -> Answer:
    return _first(fields, prefix)[:MOST_SHORT_CHARACTERS]


def _essay(_q: Json, fields: Fields, prefix: str, _order: Json) -> Answer:
    return _first(fields, prefix)[:MOST_CHARACTERS]


def _cloze(question: Json, fields: Fields, prefix: str, order: Json) -> Answer:
    return {gap["id"]: _gap(gap, fields, prefix, order) for gap in question["gaps"]}


def _gap(gap: Json, fields: Fields, prefix: str, order: Json) -> str:
    typed = _first(fields, f"{prefix}.{gap['id']}")
    if gap.get("choices"):
        return typed if typed in order[gap["id"]] else ""
    return typed[:MOST_SHORT_CHARACTERS]


def _file(_q: Json, fields: Fields, prefix: str, _order: Json) -> Answer:
    return {"files": list(fields.get(prefix, ()))}


def _case(question: Json, fields: Fields, prefix: str, order: Json) -> Answer:
    return {
        one["id"]: read_answer(one, fields, f"{prefix}.{one['id']}", order[one["id"]])
        for one in question["questions"]
    }


READERS: dict[str, Callable[[Json, Fields, str, Json], Answer]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "matching": _matching,
    "ordering": _ordering,
    "numeric": _numeric,
    "short_text": _short_text,
    "essay": _essay,
    "file": _file,
    "cloze": _cloze,
    "case": _case,
}
