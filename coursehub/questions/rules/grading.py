"""What an answer earns: `grade` is the one place where marks come from.

Shares are fractions, so that three thirds are one. Where several things can be right, what is
wrong counts against what is right, so that ticking everything earns nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from types import MappingProxyType

from coursehub.questions.rules import Answer, Json
from coursehub.questions.rules.answering import is_answered
from coursehub.questions.rules.arranging import keys_of_matches
from coursehub.questions.rules.numbers import factor_of, fold, is_like, number_in

NOTHING, WHOLE = Fraction(0), Fraction(1)
MARKED_BY_PEOPLE = {"essay": str, "file": dict}


@dataclass(frozen=True, slots=True)
class Result:
    """Points earned and the points there are; `parts` holds the share (0 to 1) of each part.

    `waiting` are the questions, itself or those of a case, that a person has still to mark.
    """

    points: Fraction
    out_of: Fraction
    parts: Mapping[str, Fraction] = field(default_factory=dict)
    waiting: Sequence[str] = ()

    @property
    def needs_marking(self) -> bool:
        return bool(self.waiting)

    @property
    def share(self) -> Fraction:
        return self.points / self.out_of if self.out_of else NOTHING


Given = Mapping[str, float]
NOBODY_MARKED: Given = MappingProxyType({})


def grade(question: Json, answer: Answer, given: Given = NOBODY_MARKED) -> Result:
    """The result of an answer as `read_answer` gives it; anything else counts as not answered.

    `given` are the points that people gave, by the id of what they marked.
    """
    if question["type"] == "case":
        return _of_case(question, answer if isinstance(answer, dict) else {}, given)
    out_of = Fraction(str(question.get("points", 1)))
    if question["type"] in MARKED_BY_PEOPLE:
        is_readable = isinstance(answer, MARKED_BY_PEOPLE[question["type"]])
        is_there = is_readable and is_answered(question, answer)
        key = question.get("id", "")
        if is_there and key in given:
            return Result(min(Fraction(str(given[key])), out_of), out_of)
        return Result(NOTHING, out_of, waiting=[key] if is_there else ())
    share, parts = SHARES[question["type"]](question, answer)
    return Result(share * out_of, out_of, parts=parts)


def out_of(question: Json) -> Fraction:
    """The points there are for a question."""
    return grade(question, None).out_of


Shares = tuple[Fraction, dict[str, Fraction]]


def _of_case(question: Json, answer: Json, given: Given) -> Result:
    inner = question["questions"]
    results = {one["id"]: grade(one, answer.get(one["id"]), given) for one in inner}
    return Result(
        sum((one.points for one in results.values()), NOTHING),
        sum((one.out_of for one in results.values()), NOTHING),
        {key: one.share for key, one in results.items()},
        [key for one in results.values() for key in one.waiting],
    )


def _single_choice(question: Json, answer: Answer) -> Shares:
    share = _credit_of_choice(question["answers"], answer)
    return share, {answer: share} if isinstance(answer, str) else {}


def _credit_of_choice(answers: Sequence[Json], chosen: Answer) -> Fraction:
    one = next((one for one in answers if one["id"] == chosen), None)
    if one is None:
        return NOTHING
    return WHOLE if one.get("right") else Fraction(str(one.get("credit") or 0))


def _multiple_choice(question: Json, answer: Answer) -> Shares:
    ticked = {one for one in answer if isinstance(one, str)} if _is_list(answer) else set()
    right = {one["id"] for one in question["answers"] if one.get("right")}
    wrong = {one["id"] for one in question["answers"]} - right
    share = Fraction(len(ticked & right), len(right))
    if wrong:
        share -= Fraction(len(ticked & wrong), len(wrong))
    parts = {key: WHOLE if key in right else NOTHING for key in ticked & (right | wrong)}
    return max(NOTHING, share), parts


def _is_list(answer: Answer) -> bool:
    return isinstance(answer, list | tuple)


def _true_false(question: Json, answer: Answer) -> Shares:
    is_right = isinstance(answer, bool) and answer == question["is_true"]
    return (WHOLE if is_right else NOTHING), {}


def _matching(question: Json, answer: Answer) -> Shares:
    given, keys = answer if isinstance(answer, dict) else {}, keys_of_matches(question)
    parts = {pair: WHOLE if given.get(pair) == key else NOTHING for pair, key in keys.items()}
    return sum(parts.values(), NOTHING) / len(parts), parts


def _ordering(question: Json, answer: Answer) -> Shares:
    """Pairs of steps in the right order less those in the wrong one, of all pairs (Kendall)."""
    given = answer if isinstance(answer, dict) else {}
    places = [given.get(step["id"]) for step in question["steps"]]
    pairs = list(combinations(places, 2))
    known = [(a, b) for a, b in pairs if isinstance(a, int) and isinstance(b, int)]
    balance = sum((a < b) - (a > b) for a, b in known)
    parts = {
        step["id"]: WHOLE if given.get(step["id"]) == n else NOTHING
        for n, step in enumerate(question["steps"], 1)
    }
    return max(NOTHING, Fraction(balance, len(pairs))), parts


def _numeric(question: Json, answer: Answer) -> Shares:
    given = answer if isinstance(answer, dict) else {}
    value, unit = given.get("value"), given.get("unit")
    if not isinstance(value, str):
        return NOTHING, {}
    units = question.get("units", ())
    read = number_in(value, units)
    if read is None:
        return NOTHING, {}
    number, typed = read
    factor = _factor(typed or (unit if isinstance(unit, str) else ""), question)
    if factor is None:
        return NOTHING, {}
    return _credit_of_number(question["amounts"], number * factor), {}


def _factor(unit: str, question: Json) -> float | None:
    if unit:
        return factor_of(unit, question.get("units", ()))
    return None if question.get("needs_unit") else 1.0


def _credit_of_number(amounts: Iterable[Json], number: float) -> Fraction:
    earned = [
        Fraction(str(one.get("credit", 1)))
        for one in amounts
        # What a decimal cannot be held exactly as must not decide.
        if abs(number - one["value"])
        <= one.get("tolerance", 0) + 1e-9 * max(1.0, abs(one["value"]))
    ]
    return max(earned, default=NOTHING)


def _short_text(question: Json, answer: Answer) -> Shares:
    return _credit_of_text(question, answer), {}


def _credit_of_text(asked: Json, answer: Answer) -> Fraction:
    """The best credit among the accepted texts of all languages: people answer in their own."""
    if not isinstance(answer, str) or not answer.strip():
        return NOTHING
    forgiven = {
        "case": asked.get("forgives_case", True),
        "accents": asked.get("forgives_accents", True),
    }
    said = fold(answer, **forgiven)
    earned = [
        Fraction(str(one.get("credit", 1)))
        for one in asked["accepted"]
        if any(is_like(said, fold(text, **forgiven)) for text in one["text"].values())
    ]
    return max(earned, default=NOTHING)


def _cloze(question: Json, answer: Answer) -> Shares:
    given = answer if isinstance(answer, dict) else {}
    weights = {gap["id"]: Fraction(str(gap.get("points", 1))) for gap in question["gaps"]}
    parts = {gap["id"]: _credit_of_gap(gap, given.get(gap["id"])) for gap in question["gaps"]}
    earned = sum((weights[key] * share for key, share in parts.items()), NOTHING)
    return earned / sum(weights.values()), parts


def _credit_of_gap(gap: Json, answer: Answer) -> Fraction:
    if gap.get("choices"):
        return _credit_of_choice(gap["choices"], answer)
    if gap.get("accepted"):
        return _credit_of_text(gap, answer)
    read = number_in(answer) if isinstance(answer, str) else None
    return _credit_of_number(gap["amounts"], read[0]) if read else NOTHING


SHARES: dict[str, Callable[[Json, Answer], Shares]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "matching": _matching,
    "ordering": _ordering,
    "numeric": _numeric,
    "short_text": _short_text,
    "cloze": _cloze,
}
