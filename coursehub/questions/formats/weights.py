"""What answers are worth elsewhere, in per cent and below zero too, and what it is here."""

import math
from decimal import Decimal

from coursehub.foundation.language import _, decimal
from coursehub.questions.formats.taking import Draft, Json, Unreadable

Weighted = list[tuple[float, Json]]
NEAR = 0.01


def share_of(text: str) -> float:
    """A number as files write it. Unreadable if it is none."""
    said = text.strip().replace("−", "-")
    try:
        value = float(said if said.count(",") != 1 or "." in said else said.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in said:
        raise Unreadable(_("malformed: “%(text)s” is not a number", text=said[:40]))
    return value


def of_hundred(weight: float) -> float:
    """Per cent as a share of one, as the same decimal."""
    return float(Decimal(repr(weight)) / 100)


def choice(draft: Draft, answers: Weighted, *, is_single: bool) -> Json:
    """A choice question from weighted answers."""
    if len(answers) < 2:
        raise Unreadable(_("malformed: a choice has at least two answers"))
    if max(weight for weight, _answer in answers) <= 0:
        raise Unreadable(_("malformed: no answer is right"))
    made = single_answers(draft, answers) if is_single else _several(draft, answers)
    return {"type": "single_choice" if is_single else "multiple_choice", "answers": made}


def single_answers(draft: Draft, answers: Weighted) -> list[Json]:
    """Answers of which one is right: the first of those worth most; others may earn a part."""
    most = max(weight for weight, _answer in answers)
    if most <= 0:
        raise Unreadable(_("malformed: no answer is right"))
    if most != 100:
        draft.note(_("the best answer was worth %(weight)s %%, here all", weight=decimal(most, 2)))
    if any(weight < 0 for weight, _answer in answers):
        draft.note(_("points taken off for wrong answers dropped"))
    key = next(n for n, (weight, _answer) in enumerate(answers) if weight == most)
    if sum(weight == most for weight, _answer in answers) > 1:
        draft.note(_("several right answers: the first is the key, the others earn all points too"))
    return [
        _without_nothing(answer | _single(n == key, of_hundred(weight)))
        for n, (weight, answer) in enumerate(answers)
    ]


def _single(is_key: bool, share: float) -> Json:
    if is_key:
        return {"right": True}
    return {"credit": min(share, 1.0)} if share > 0 else {}


def _several(draft: Draft, answers: Weighted) -> list[Json]:
    right = [weight for weight, _answer in answers if weight > 0]
    wrong = [weight for weight, _answer in answers if weight <= 0]
    if any(abs(weight - 100 / len(right)) > NEAR for weight in right):
        draft.note(_("right answers had different weights, here all count the same"))
    if any(abs(weight + 100 / len(wrong)) > NEAR for weight in wrong):
        draft.note(
            _(
                "what wrong answers take off was %(weights)s %%, here it is %(here)s %%",
                weights=", ".join(dict.fromkeys(decimal(one, 2) for one in wrong)),
                here=decimal(-100 / len(wrong), 2),
            )
        )
    return [
        _without_nothing(answer | ({"right": True} if weight > 0 else {}))
        for weight, answer in answers
    ]


def credited(draft: Draft, answers: Weighted) -> list[Json]:
    """What is accepted, with its share; what earns nothing is dropped with its feedback."""
    kept = []
    for weight, answer in answers:
        if weight <= 0:
            draft.note(_("an answer that earns nothing dropped, with its feedback"))
            continue
        if answer.get("text", True) is None:
            raise Unreadable(_("an answer without a text"))
        if "value" not in answer and "text" not in answer:
            raise Unreadable(_("malformed: an answer without a number"))
        if weight > 100:
            draft.note(_("an answer worth more than all points, here it is worth all"))
        kept.append(_without_nothing(answer | {"credit": min(of_hundred(weight), 1.0)}))
    if not kept:
        raise Unreadable(_("malformed: no answer is right"))
    return kept


def _without_nothing(answer: Json) -> Json:
    return {key: value for key, value in answer.items() if value is not None}
