"""Marking what was handed in once more, with all that is known by now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coursehub.learning.actions import earn
from coursehub.quizzes.actions.attempts import as_item
from coursehub.quizzes.actions.marking import mark
from coursehub.quizzes.models import QuizAttempt
from coursehub.quizzes.queries import Given, Marking, answers_of, released_points
from coursehub.quizzes.rules import has_passed, passed_at, standing


@dataclass(frozen=True, slots=True)
class Answers:
    """What counts in some attempts: what was said, and the points that people gave for it."""

    said: Mapping[int, Mapping[str, Given]]
    by_people: Mapping[int, Mapping[str, float]]


def find_answers(attempts: Sequence[QuizAttempt]) -> Answers:
    ids = [attempt.id for attempt in attempts]
    return Answers(answers_of(ids), released_points(ids))


def remark(
    attempts: Sequence[QuizAttempt], markings: Mapping[int, Marking], answers: Answers
) -> tuple[float | None, float | None, bool]:
    """Mark all that a person handed in of a quiz; what counted, what counts, and if it passes now.

    What was erased cannot be marked: attempts without any answer left keep their marks.
    """
    last = attempts[-1]
    quiz = markings[last.version_id].quiz
    before, had_passed = standing(quiz, attempts), has_passed(quiz, attempts)
    for attempt in attempts:
        marking = markings[attempt.version_id]
        if attempt.id in answers.said or not attempt.points:
            by_people = answers.by_people.get(attempt.id, {})
            mark(attempt, marking, answers.said.get(attempt.id, {}), by_people)
        attempt.corrected_to = marking.newest
    after, moment = standing(quiz, attempts), passed_at(quiz, attempts)
    passes_now = bool(moment and not had_passed)
    if passes_now and moment:
        earn(last.person_id, last, as_item(last), moment)
    return before, after, passes_now
