"""What an attempt may hold, how long it lasts, which answer counts, and what is shown of it."""

import hashlib
import json
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from coursehub.accounts.models import Viewer
from coursehub.foundation.language import _
from coursehub.questions.rules.grading import MARKED_BY_PEOPLE

Json = dict[str, Any]
Fields = Mapping[str, Sequence[str]]

MOST_VALUES = 100
MOST_CHARACTERS = 100_000
# How long after the end an answer made before it may still be on its way.
GRACE = timedelta(seconds=60)
PER_PAGE = 5


def may_answer(viewer: Viewer, *, person: int) -> bool:
    """Everyone their own attempts, and nobody anyone else's."""
    return viewer.is_signed_in and viewer.person_id == person


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a person is given beyond what a quiz gives everyone."""

    more_time_percent: int = 0
    more_attempts: int = 0


@dataclass(frozen=True, slots=True)
class Time:
    """How long an attempt that starts now lasts. `is_cut`: the edition ends before that.

    Without a limit of its own, `minutes` is None and an attempt lasts as long as its edition.
    """

    minutes: int | None
    extra_minutes: int
    due_at: datetime
    is_cut: bool

    @property
    def whole_minutes(self) -> int:
        return (self.minutes or 0) + self.extra_minutes


def time_for(quiz: Json, allowance: Allowance, moment: datetime, ends_at: datetime) -> Time:
    """The time for an attempt that starts at a moment, in an edition that ends at another."""
    minutes = quiz.get("minutes")
    if minutes is None:
        return Time(None, 0, ends_at, is_cut=False)
    extra = math.ceil(minutes * allowance.more_time_percent / 100)
    due_at = moment + timedelta(minutes=minutes + extra)
    return Time(minutes, extra, min(due_at, ends_at), is_cut=ends_at < due_at)


def attempts_allowed(quiz: Json, allowance: Allowance) -> int:
    return int(quiz["attempts"]) + allowance.more_attempts


class Attempted(Protocol):
    """What the rules ask of an attempt."""

    @property
    def number(self) -> int: ...

    @property
    def submitted_at(self) -> datetime | None: ...

    @property
    def points(self) -> float | None: ...

    @property
    def out_of(self) -> float | None: ...


def why_not_start(
    quiz: Json,
    allowance: Allowance,
    attempts: Sequence[Attempted],
    *,
    is_enrolled: bool,
    moment: datetime,
    ends_at: datetime,
) -> str | None:
    """The reason a new attempt cannot be started, or None."""
    if not is_enrolled:
        return _("You are reading this edition without a place in it, so nothing is recorded.")
    if moment >= ends_at:
        return _("This edition is over, so no new attempt can be started.")
    if len(attempts) >= attempts_allowed(quiz, allowance):
        return _("You have used all your attempts.")
    if (opens_at := next_start(quiz, attempts)) and moment < opens_at:
        return _("Between two attempts there is a pause. It is not over yet.")
    return None


def next_start(quiz: Json, attempts: Sequence[Attempted]) -> datetime | None:
    """When the pause after the last attempt ends, or None if there is no pause."""
    ended = [one.submitted_at for one in attempts if one.submitted_at]
    hours = quiz.get("wait_hours", 0)
    return max(ended) + timedelta(hours=hours) if ended and hours else None


def drawn(quiz: Json, seen: Iterable[str], seed: str) -> list[str]:
    """The ids of an attempt's questions in their order; those not seen before are preferred.

    Without draws they are all the quiz's questions. `seen` are the questions of earlier attempts.
    """
    chance, known = random.Random(seed), frozenset(seen)  # noqa: S311 - shuffling, not secrets
    if not quiz.get("draw"):
        keys = [question["id"] for question in quiz["questions"]]
    else:
        keys = []
        for rule in quiz["draw"]:
            tagged = [q["id"] for q in quiz["questions"] if rule["tag"] in q.get("tags", ())]
            pool = [key for key in tagged if key not in keys]
            chance.shuffle(pool)
            pool.sort(key=known.__contains__)
            keys += pool[: rule["count"]]
    if quiz.get("shuffle"):
        chance.shuffle(keys)
    return keys


def kept_fields(fields: Fields) -> dict[str, list[str]]:
    """A question's fields as they are stored: without empty ones, within the limits."""
    left, kept = MOST_CHARACTERS, {}
    for name in sorted(fields)[:MOST_VALUES]:
        values = [value[:left] for value in fields[name][:MOST_VALUES] if value.strip()]
        left -= sum(map(len, values))
        if values and left >= 0 and len(name) <= MOST_VALUES:
            kept[name] = values
    return kept


def mark_of(fields: Fields) -> str:
    """A short mark by which a form tells whether a question was changed on it."""
    text = json.dumps(kept_fields(fields), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Said(Protocol):
    """One device's answer to one question."""

    question: str
    event_id: str
    changed_at: datetime


def counting(answers: Iterable[Any]) -> dict[str, Any]:
    """Of all devices' answers the one that counts for each question: the newest change.

    The outcome depends on the answers alone, not on their order.
    """
    best: dict[str, Any] = {}
    for one in answers:
        known = best.get(one.question)
        if known is None or (one.changed_at, one.event_id) > (known.changed_at, known.event_id):
            best[one.question] = one
    return best


def moment_of_change(claimed: datetime, *, received_at: datetime, started_at: datetime) -> datetime:
    """When a change was made, as a device says it, within what is possible at all."""
    return max(started_at, min(claimed, received_at))


def is_in_time(changed_at: datetime, received_at: datetime, due_at: datetime) -> bool:
    """Whether an answer counts: made before the end, and not long on its way."""
    return changed_at <= due_at and received_at <= due_at + GRACE


def asked_of_people(quiz: Json) -> list[tuple[Json, Json]]:
    """The questions that a person marks, each after the one that holds it: itself, or its case."""
    return [
        (outer, one)
        for outer in quiz["questions"]
        for one in (outer["questions"] if outer["type"] == "case" else [outer])
        if one["type"] in MARKED_BY_PEOPLE
    ]


def points_of_levels(question: Json, levels: Mapping[str, int]) -> float:
    """The share of a question's points that the levels chosen in its rubric come to."""
    rubric = [one["levels"] for one in question["rubric"]]
    most = math.fsum(max(level["points"] for level in one) for one in rubric)
    chosen = [
        one["levels"][levels[one["id"]]]["points"]
        for one in question["rubric"]
        if one["id"] in levels
    ]
    return round(math.fsum(chosen) / most * question.get("points", 1), 4) if most else 0.0


def why_not_judge(*, is_as_shown: bool) -> str | None:
    """The reason a mark cannot be added to what a page showed, or None."""
    if is_as_shown:
        return None
    return _("Somebody else has marked this meanwhile. Open it again to see how.")


class Judged(Protocol):
    """What the rules ask of an answer that a person marks."""

    def state(self, asked: str) -> str | None: ...


def hides_names(quiz: Json, answer: Judged, asked: str) -> bool:
    """Whether whoever marks sees a number in a name's place: until the mark is released."""
    return bool(quiz.get("anonymous")) and answer.state(asked) != "released"


def why_not_correct_again(known: Json | None, correction: Json) -> str | None:
    """The reason a correction says nothing new, or None."""
    if known != correction:
        return None
    return _("This was decided already; the attempts are being marked by it.")


def named(fields: Mapping[str, list[str]], question: str) -> dict[str, list[str]]:
    """A question's stored fields under the names that its form gives them."""
    return {f"{question}.{name}" if name else question: values for name, values in fields.items()}


def passed_at(quiz: Json, attempts: Sequence[Attempted]) -> datetime | None:
    """The moment at which what counts reached the mark, once it has; else None."""
    ended = sorted(filter(is_over, attempts), key=lambda one: one.number)
    if not has_passed(quiz, ended):
        return None
    upto = next(n for n in range(1, len(ended) + 1) if has_passed(quiz, ended[:n]))
    return ended[upto - 1].submitted_at


def share(attempt: Attempted) -> float:
    """What an attempt earned, from 0 to 1."""
    return (attempt.points or 0) / attempt.out_of if attempt.out_of else 0.0


def standing(quiz: Json, attempts: Sequence[Attempted]) -> float | None:
    """What counts of all submitted attempts, from 0 to 1: the best, the last or their mean."""
    shares = [share(one) for one in sorted(attempts, key=lambda one: one.number) if is_over(one)]
    if not shares:
        return None
    match quiz.get("counts", "best"):
        case "last":
            return shares[-1]
        case "average":
            return math.fsum(shares) / len(shares)
    return max(shares)


def is_over(attempt: Attempted) -> bool:
    return attempt.submitted_at is not None


def has_passed(quiz: Json, attempts: Sequence[Attempted]) -> bool:
    """Whether what counts reaches the mark; hundredths are not lost to floating point."""
    stands = standing(quiz, attempts)
    return stands is not None and round(stands * 100, 6) >= quiz["pass_percent"]


def shown_of(quiz: Json, *, can_try_again: bool, is_edition_over: bool) -> frozenset[str]:
    """What the review of a submitted attempt shows beside one's own answers.

    Presets: `full` everything at once; `hints` marks and feedback, the key once no attempt is
    left; `marks` the marks alone; `later` everything once the edition is over.
    """
    everything = frozenset({"answer", "marks", "feedback", "key"})
    match quiz.get("review", "full"):
        case "hints" if can_try_again and not is_edition_over:
            return everything - {"key"}
        case "marks":
            return frozenset({"answer", "marks"})
        case "later" if not is_edition_over:
            return frozenset({"answer"})
    return everything
