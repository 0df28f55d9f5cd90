"""Counting how the questions of a quiz did: from all first attempts, in pieces, by a job."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert

from coursehub.foundation import jobs
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job
from coursehub.questions.rules.answering import is_answered, read_answer
from coursehub.questions.rules.statistics import Tally, chosen_in
from coursehub.quizzes.models import WHOLE_QUIZ, QuestionStatistics
from coursehub.quizzes.queries import (
    EditionQuiz,
    First,
    Given,
    Marking,
    answers_of,
    find_marking,
    first_attempts,
    how_many_handed_in,
)
from coursehub.quizzes.rules import named

SLOT = timedelta(minutes=5)

Tallies = dict[tuple[str, str], Tally]


def count_soon(edition_id: int, item_id: int) -> None:
    """Have a quiz's statistics counted anew at the end of these five minutes, once for all of them.

    A cohort that hands in together costs one count, not one for each.
    """
    slot = now().timestamp() // SLOT.total_seconds() + 1
    due_at = now().fromtimestamp(slot * SLOT.total_seconds(), now().tzinfo)
    key = f"count/{edition_id}/{item_id}/{slot:.0f}"
    jobs.at(due_at, count, key=key, edition_id=edition_id, item_id=item_id)


@job
def count(edition_id: int, item_id: int) -> Callable[[], None]:
    """Count a quiz's questions anew, from every first attempt that was handed in."""
    tallies: Tallies = {}
    markings: dict[int, Marking] = {}
    after = people = 0
    while attempts := first_attempts(edition_id, item_id, after):
        given = answers_of([one.id for one in attempts])
        for attempt in attempts:
            if attempt.version_id not in markings:
                quiz = EditionQuiz(edition_id, attempt.version_id, item_id)
                markings[attempt.version_id] = find_marking(quiz)
            _add(tallies, markings[attempt.version_id], attempt, given.get(attempt.id, {}))
        after, people = attempts[-1].id, people + len(attempts)
    turnout = {"people": people, "attempts": how_many_handed_in(edition_id, item_id)}
    return lambda: _keep(edition_id, item_id, tallies, turnout)


def _add(tallies: Tallies, marking: Marking, attempt: First, given: dict[str, Given]) -> None:
    questions = marking.questions
    points = sum(one["points"] for one in attempt.results.values())
    out_of = sum(one["out_of"] for one in attempt.results.values())
    for one in attempt.plan:
        key = one["id"]
        result, question = attempt.results[key], questions[key]
        if not result["out_of"] or result["needs_marking"]:
            continue  # left out by a correction, or nobody has marked it yet
        others = out_of - result["out_of"]
        rest = (points - result["points"]) / others if others > 0 else 0.0
        fields = given[key].fields if key in given else {}
        answer = read_answer(question, named(fields, key), key, one["order"])
        tallies.setdefault((key, attempt.language), Tally()).add(
            result["points"] / result["out_of"],
            rest,
            is_answered=is_answered(question, answer),
            chosen=chosen_in(question, answer),
        )


def _keep(edition_id: int, item_id: int, tallies: Tallies, turnout: dict[str, int]) -> None:
    of_quiz = (QuestionStatistics.edition_id == edition_id, QuestionStatistics.item_id == item_id)
    db.session.execute(delete(QuestionStatistics).where(*of_quiz))
    told = {key: asdict(tally) for key, tally in tallies.items()} | {WHOLE_QUIZ: turnout}
    db.session.execute(insert(QuestionStatistics), list(_rows(edition_id, item_id, told)))


def _rows(
    edition_id: int, item_id: int, told: Mapping[tuple[str, str], dict[str, Any]]
) -> Iterator[dict[str, object]]:
    moment = now()
    for (question, language), tally in told.items():
        yield {
            "edition_id": edition_id,
            "item_id": item_id,
            "question": question,
            "language": language,
            "tally": tally,
            "counted_at": moment,
        }
