"""What becomes of a question whose key was wrong: how it is marked from then on.

A correction is JSON: `remedy`, and for those that name another key the whole `question` with it.
It is always told from the question as it was published; the latest one counts.
"""

from enum import StrEnum

from coursehub.content.formats.questions import QUESTION, as_data
from coursehub.foundation.language import _
from coursehub.questions.rules import Answer, Json
from coursehub.questions.rules.grading import NOBODY_MARKED, NOTHING, Given, Result, grade, out_of

CHOICES = ("single_choice", "multiple_choice")
# What a form can ask for another key of; any other type takes its key from a newer version.
WITH_A_FORM = frozenset({*CHOICES, "true_false", "numeric", "short_text"})


class Remedy(StrEnum):
    NEW_KEY = "new_key"
    ACCEPT_BOTH = "accept_both"
    DROP = "drop"
    FULL_MARKS = "full_marks"
    AS_PUBLISHED = "as_published"


NEEDS_A_KEY = frozenset({Remedy.NEW_KEY, Remedy.ACCEPT_BOTH})


def grade_corrected(
    question: Json, correction: Json | None, answer: Answer, given: Given = NOBODY_MARKED
) -> Result:
    """The result of an answer once a correction is taken into account.

    A question that was dropped earns nothing and there is nothing to earn. `accept_both` gives the
    better of what both keys give. Full marks are given to everyone who was asked.
    """
    if correction is None or correction["remedy"] == Remedy.AS_PUBLISHED:
        return grade(question, answer, given)
    match correction["remedy"]:
        case Remedy.DROP:
            return Result(NOTHING, NOTHING)
        case Remedy.FULL_MARKS:
            whole = out_of(question)
            return Result(whole, whole)
    renewed = grade(correction["question"], answer, given)
    if correction["remedy"] == Remedy.NEW_KEY:
        return renewed
    return max(grade(question, answer, given), renewed, key=lambda result: result.points)


def as_marked(question: Json, correction: Json | None) -> Json:
    """The question whose key a review shows: with the corrected key if there is one."""
    renewed: Json = (correction or {}).get("question") or question
    if not correction or correction["remedy"] != Remedy.ACCEPT_BOTH or "answers" not in question:
        return renewed
    right = {one["id"] for one in question["answers"] if one.get("right")}
    both = [one | {"right": one["right"] or one["id"] in right} for one in renewed["answers"]]
    return renewed | {"answers": both}


def what_was_decided(correction: Json | None) -> str | None:
    """What a review says of a correction, or None."""
    match (correction or {}).get("remedy"):
        case Remedy.NEW_KEY:
            return _("The key of this question was corrected.")
        case Remedy.ACCEPT_BOTH:
            return _("The key of this question was corrected; what was right before counts too.")
        case Remedy.DROP:
            return _("This question was left out: it counts for nobody.")
        case Remedy.FULL_MARKS:
            return _("Everyone was given the full points for this question.")
    return None


def with_key(question: Json, key: Json) -> Json:
    """The same question with another key; ValueError says what is wrong with the key.

    By type: {"right": ids} (choices), {"is_true": bool} (true_false), {"value", "tolerance"}
    (numeric), {"texts": list} (short_text).
    """
    changed = question | KEYS[question["type"]](question, key)
    return as_data(QUESTION.validate_python(changed))


def _of_choice(question: Json, key: Json) -> Json:
    right = set(key["right"])
    return {
        "answers": [
            {name: one[name] for name in one if name not in ("right", "credit")}
            | {"right": one["id"] in right}
            for one in question["answers"]
        ]
    }


def _of_true_false(_question: Json, key: Json) -> Json:
    return {"is_true": key["is_true"]}


def _of_numeric(_question: Json, key: Json) -> Json:
    return {"amounts": [{"value": key["value"], "tolerance": key["tolerance"]}]}


def _of_short_text(question: Json, key: Json) -> Json:
    # One accepted text stands for all languages: people may answer in any of them.
    languages = list(question["text"])
    return {"accepted": [{"text": dict.fromkeys(languages, one)} for one in key["texts"]]}


KEYS = {
    "single_choice": _of_choice,
    "multiple_choice": _of_choice,
    "true_false": _of_true_false,
    "numeric": _of_numeric,
    "short_text": _of_short_text,
}


def why_not_correct(question: Json, correction: Json, *, others: int) -> str | None:
    """The reason a question beside so many others cannot be corrected like this, or None."""
    remedy = correction["remedy"]
    if remedy == Remedy.DROP and not others:
        return _("This is the only question that counts, so it cannot be left out.")
    if remedy not in NEEDS_A_KEY:
        return None
    renewed = correction.get("question")
    if renewed is None:
        return _("Give the right answer.")
    if _shape_of(renewed) != _shape_of(question):
        return _("The answers of this question changed too, so old answers cannot be marked by it.")
    if renewed == as_data(QUESTION.validate_python(question)):
        return _("This is the key that the question has already.")
    return None


def _shape_of(question: Json) -> Json:
    """What learners' answers point to: the type and the ids of all parts."""
    ids = {
        name: [one.get("id") for one in question.get(name, ())]
        for name in ("answers", "pairs", "decoys", "steps", "gaps")
    }
    inner = [_shape_of(one) for one in question.get("questions", ())]
    return {"type": question["type"], "inner": inner} | ids
