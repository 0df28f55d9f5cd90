"""How questions did: counts that can be added up, and what they say in plain words.

Facility is the mean share of a question's points; discrimination is the correlation of that share
with the share earned in the rest of the quiz (a corrected item–total correlation).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from coursehub.foundation.language import _
from coursehub.questions.rules import Answer, Json

EASY, HARD = 0.95, 0.30
WEAK = 0.20
# How much two languages may differ before the texts are to be looked at.
SUSPECT_Z = 2.0


@dataclass(slots=True)
class Tally:
    """What is known of a question from a number of first attempts; sums, so that they add up."""

    n: int = 0
    unanswered: int = 0
    share: float = 0.0
    share_squared: float = 0.0
    rest: float = 0.0
    rest_squared: float = 0.0
    product: float = 0.0
    chosen: dict[str, int] = field(default_factory=dict)

    def add(self, share: float, rest: float, *, is_answered: bool, chosen: list[str]) -> None:
        """Count one attempt: the share of this question and that of the rest, both 0 to 1."""
        self.n += 1
        self.unanswered += not is_answered
        self.share += share
        self.share_squared += share * share
        self.rest += rest
        self.rest_squared += rest * rest
        self.product += share * rest
        for key in chosen:
            self.chosen[key] = self.chosen.get(key, 0) + 1

    def join(self, other: "Tally") -> None:
        for name in ("n", "unanswered", "share", "share_squared", "rest", "rest_squared"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.product += other.product
        for key, count in other.chosen.items():
            self.chosen[key] = self.chosen.get(key, 0) + count

    @property
    def facility(self) -> float | None:
        """The mean share of the points, 0 to 1; None without attempts."""
        return self.share / self.n if self.n else None

    @property
    def discrimination(self) -> float | None:
        """From -1 to 1; None where all did alike, so that nothing can be told apart."""
        spread = self._spread(self.share, self.share_squared)
        spread *= self._spread(self.rest, self.rest_squared)
        if spread <= 1e-12:
            return None
        covariance = self.product / self.n - self.share * self.rest / self.n**2
        return max(-1.0, min(1.0, covariance / math.sqrt(spread)))

    def _spread(self, total: float, squares: float) -> float:
        return squares / self.n - (total / self.n) ** 2 if self.n else 0.0


def chosen_in(question: Json, answer: Answer) -> list[str]:
    """The ids of what was ticked, for questions that are answered by ticking."""
    match question["type"]:
        case "single_choice":
            return [answer] if isinstance(answer, str) else []
        case "multiple_choice":
            return list(answer or ())
        case "true_false":
            return [str(answer).casefold()] if isinstance(answer, bool) else []
    return []


def warnings(question: Json, tally: Tally) -> Iterator[str]:
    """What somebody should look at, in plain words; nothing where there is nothing to say."""
    facility, discrimination = tally.facility, tally.discrimination
    if facility is None:
        return
    if discrimination is not None and discrimination < 0:
        yield _("Those who did well elsewhere got this wrong more often: check the key.")
    elif discrimination is not None and discrimination < WEAK and HARD <= facility < EASY:
        yield _("It hardly tells apart who knows the subject: check how it is worded.")
    if _wrong_is_liked(question, tally):
        yield _("A wrong answer was chosen more often than the right one: check the key.")
    if facility >= EASY:
        yield _("Nearly everyone got this right.")
    elif facility < HARD:
        yield _("Few got this right: check the key, the wording and the lesson.")
    if tally.unanswered * 5 > tally.n:
        yield _("Many left this unanswered.")


def _wrong_is_liked(question: Json, tally: Tally) -> bool:
    if question["type"] != "single_choice" or not tally.chosen:
        return False
    right = [tally.chosen.get(one["id"], 0) for one in question["answers"] if one.get("right")]
    wrong = [tally.chosen.get(one["id"], 0) for one in question["answers"] if not one.get("right")]
    return max(wrong, default=0) > max(right, default=0)


def harder_in(tallies: Mapping[str, Tally], smallest: int) -> list[str]:
    """The languages in which a question did so much worse that the translation is in doubt.

    Only groups of at least `smallest` are compared, each with all others together.
    """
    sums = {language: (one.n, one.share, one.share_squared) for language, one in tallies.items()}
    whole = tuple(map(math.fsum, zip(*sums.values(), strict=True)))
    suspects = []
    for language, own in sums.items():
        rest = tuple(all_ - mine for all_, mine in zip(whole, own, strict=True))
        if min(own[0], rest[0]) >= smallest and _z(rest, own) > SUSPECT_Z:
            suspects.append(language)
    return sorted(suspects)


def _z(better: Sequence[float], worse: Sequence[float]) -> float:
    """How many standard errors lie between two means (Welch); each as n, sum and squares."""
    error = sum(
        max(squares / n - (total / n) ** 2, 1e-9) / n for n, total, squares in (better, worse)
    )
    return (better[1] / better[0] - worse[1] / worse[0]) / math.sqrt(error)
