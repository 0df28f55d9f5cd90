"""Marking an attempt with what is there: the one place where its points are written."""

from collections.abc import Mapping
from typing import Any

from coursehub.questions.rules.answering import read_answer
from coursehub.questions.rules.correcting import grade_corrected
from coursehub.questions.rules.grading import NOBODY_MARKED, Result
from coursehub.quizzes.models import QuizAttempt
from coursehub.quizzes.queries import Given, Marking
from coursehub.quizzes.rules import Json, named


def mark(
    attempt: QuizAttempt,
    marking: Marking,
    given: Mapping[str, Given],
    by_people: Mapping[str, float] = NOBODY_MARKED,
) -> None:
    """Write what the answers that count earn, under the corrections known so far.

    `by_people` are the points that were released for what a person marks.
    """
    attempt.results = {
        one["id"]: as_kept(result_of(marking, one["id"], one["order"], given, by_people))
        for one in attempt.plan
    }
    put_totals(attempt)
    attempt.corrected_to = marking.newest


def put_totals(attempt: QuizAttempt) -> None:
    """Bring an attempt's sums up to date with its results."""
    results = attempt.results.values()
    attempt.points = round(sum(one["points"] for one in results), 4)
    attempt.out_of = round(sum(one["out_of"] for one in results), 4)
    attempt.needs_marking = any(one["needs_marking"] for one in results)


def result_of(
    marking: Marking,
    key: str,
    order: Json,
    given: Mapping[str, Given],
    by_people: Mapping[str, float] = NOBODY_MARKED,
) -> Result:
    """What one question of an attempt earns."""
    question = marking.questions[key]
    fields = given[key].fields if key in given else {}
    answer = read_answer(question, named(fields, key), key, order)
    return grade_corrected(question, marking.corrections.get(key), answer, by_people)


def as_kept(result: Result) -> dict[str, Any]:
    """A result as an attempt's row keeps it."""
    return {
        "points": round(float(result.points), 4),
        "out_of": round(float(result.out_of), 4),
        "needs_marking": result.needs_marking,
        "waiting": list(result.waiting),
        "parts": {key: round(float(part), 4) for key, part in result.parts.items()},
    }
