"""From answers to figures: how often each was given, and what changed between two surveys; pure."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from coursehub.learning.rules import SMALLEST_GROUP
from coursehub.surveys.rules import Json
from coursehub.surveys.rules.answering import names_of, numbers_of

# From which gain on a learner is said to have improved: a fifth of what there is to gain or lose.
IMPROVED = 0.2
Answers = Mapping[str, object]
Values = tuple[float | None, float | None]  # before and after, from 0 to 1


def figures_of(survey: Json, responses: Sequence[Answers], *, all_of_it: bool = False) -> Json:
    """Per field how many answered it and how often each answer was given; texts in no order.

    What is compared with another survey is left out: were it counted here too, the difference
    would tell of the few whose codes do not match.
    """
    figures = {}
    for name, question, part in names_of(survey):
        if part.get("measures") and not all_of_it:
            continue
        given = [one[name] for one in responses if name in one]
        if question["type"] == "text":
            figures[name] = {"n": len(given), "texts": _shuffled(given)}
        else:
            figures[name] = {"n": len(given), "counts": _counts(given)}
    return figures


def _shuffled(given: Iterable[object]) -> list[object]:
    texts = list(given)
    random.SystemRandom().shuffle(texts)
    return texts


def _counts(given: Iterable[object]) -> dict[str, int]:
    chosen = (one if isinstance(one, list) else [one] for one in given)
    return dict(Counter(str(value) for values in chosen for value in values))


def pairs_among(
    before: Iterable[tuple[str | None, Answers]], after: Iterable[tuple[str | None, Answers]]
) -> list[tuple[Answers, Answers]]:
    """The answers whose codes match. A code that two people have tells of neither."""
    first, second = _by_code(before), _by_code(after)
    return [(first[code], second[code]) for code in sorted(first.keys() & second.keys())]


def _by_code(responses: Iterable[tuple[str | None, Answers]]) -> dict[str, Answers]:
    known = list(responses)
    often = Counter(code for code, _answers in known)
    return {code: answers for code, answers in known if code and often[code] == 1}


def comparison_of(before: Json, after: Json, pairs: Sequence[tuple[Answers, Answers]]) -> Json:
    """What changed from one survey to the other among the pairs, in shares from 0 to 1.

    `knowledge` over all questions with a right answer, `rating` over all that was rated, `measures`
    each thing by itself. Nothing is told of fewer than SMALLEST_GROUP.
    """
    first, second = _measured(before), _measured(after)
    values = {
        name: [
            (_value(*first[name], answers), _value(*second[name], later))
            for answers, later in pairs
        ]
        for name in first
        if name in second
    }
    known = [name for name in values if first[name][1]["type"] == "choice"]
    rated = [name for name in values if name not in known]
    return {
        "knowledge": _change(_together([values[name] for name in known])),
        "rating": _change(_together([values[name] for name in rated])),
        "measures": {name: _change(several) for name, several in values.items()},
    }


def _measured(survey: Json) -> dict[str, tuple[str, Json]]:
    return {
        part["measures"]: (name, question)
        for name, question, part in names_of(survey)
        if part.get("measures")
    }


def _value(name: str, question: Json, answers: Answers) -> float | None:
    """What an answer is worth, from 0 to 1. What is left blank is not known, and not rated."""
    answer = answers.get(name)
    if question["type"] == "choice":
        right = [option["id"] for option in question["options"] if option.get("right")]
        return float(answer == right)
    places: list[object] = [point["id"] for point in question.get("scale", ())]
    if question["type"] == "scale":
        places = list(numbers_of(question))
    return places.index(answer) / (len(places) - 1) if answer in places else None


def _together(values: Sequence[Sequence[Values]]) -> list[Values]:
    """For each pair the means of several things, of those that have both values."""
    return [_means([one for one in mine if None not in one]) for mine in zip(*values, strict=True)]


def _means(values: Sequence[Values]) -> Values:
    if not values:
        return None, None
    return fmean(one[0] or 0 for one in values), fmean(one[1] or 0 for one in values)


def _change(values: Iterable[Values]) -> Json | None:
    both = [(before, after) for before, after in values if before is not None and after is not None]
    if len(both) < SMALLEST_GROUP:
        return None
    # Hundredths are not lost to floating point.
    gains = [round(after - before, 6) for before, after in both]
    return {
        "n": len(both),
        "before": round(fmean(before for before, _after in both), 6),
        "after": round(fmean(after for _before, after in both), 6),
        "improved": round(fmean(gain >= IMPROVED for gain in gains), 6),
    }
