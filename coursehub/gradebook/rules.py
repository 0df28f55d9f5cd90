"""How grades come about: `grade` is the one place, for pages, files and letters.

A scheme is JSON: `categories` (each with a key, a name, a weight and how many of the lowest are
dropped), `items` (by item number: category, whether it is required) and `missing`, the policy for
work that is not there. Shares run from 0 to 1.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from coursehub.foundation.language import _

Json = dict[str, Any]

GRADED = ("quiz", "assignment")
MOST_CATEGORIES = 10
PASS_PERCENT = 70


class Missing(StrEnum):
    """What becomes of work that is not there once its time is over; before, it does not count."""

    ZERO = "zero"
    LEFT_OUT = "left_out"


class Standing(StrEnum):
    """Why a share is what it is."""

    EARNED = "earned"
    DECIDED = "decided"
    EXCUSED = "excused"
    AWAITED = "awaited"
    MISSING = "missing"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Work:
    """Something that is graded: an item of the outline, and the moment until which it may come."""

    item_id: int
    slug: str
    path: str
    kind: str
    title: str
    language: str
    pass_share: float
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What someone decided in place of a mark; without a share the work is excused."""

    share: float | None
    reason: str
    name: str | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One work in someone's grade. `counts` tells whether it is part of the sum at present."""

    work: Work
    share: float | None
    standing: Standing
    counts: bool
    is_required: bool
    is_dropped: bool = False
    decision: Decision | None = None
    earned: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether this is no reason to withhold a pass."""
        if not self.is_required or self.standing == Standing.EXCUSED:
            return True
        return self.share is not None and reaches(self.share, self.work.pass_share)


@dataclass(frozen=True, slots=True)
class Part:
    """A category in someone's grade: its lines, its mean, and its weight in the sum."""

    key: str
    name: str
    weight: float
    share: float | None
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Grade:
    """What someone stands at: `now` of what counts so far, `final` if nothing more comes."""

    parts: Sequence[Part]
    now: float | None
    final: float
    decision: Decision | None
    unmet: Sequence[Work]
    is_passed: bool

    @property
    def lines(self) -> list[Line]:
        return [line for part in self.parts for line in part.lines]


def usual_scheme(works: Sequence[Work]) -> Json:
    """The scheme of an edition for which nobody chose one: every work counts alike and is asked."""
    kinds = [kind for kind in GRADED if any(work.kind == kind for work in works)]
    return {
        "categories": [
            {
                "key": kind,
                "name": "",
                "weight": sum(work.kind == kind for work in works),
                "drop": 0,
            }
            for kind in kinds
        ],
        "items": {str(w.item_id): {"category": w.kind, "required": True} for w in works},
        "missing": Missing.ZERO.value,
        "pass_percent": PASS_PERCENT,
    }


def name_of(category: Json) -> str:
    """What a category is called; the usual ones have their name in every language."""
    usual = {"quiz": _("Quizzes"), "assignment": _("Assignments")}
    return str(category["name"] or usual.get(category["key"], category["key"]))


def why_not_scheme(scheme: Json, works: Sequence[Work]) -> str | None:
    """The reason a scheme cannot be used, or None."""
    keys = [category["key"] for category in scheme["categories"]]
    if not keys or math.fsum(category["weight"] for category in scheme["categories"]) <= 0:
        return _("At least one category needs a weight above zero.")
    used = [item["category"] for item in scheme["items"].values()]
    if any(key not in keys for key in used) or len(scheme["items"]) < len(works):
        return _("Every piece of work belongs to one of the categories.")
    for category in scheme["categories"]:
        if category["drop"] and category["drop"] >= used.count(category["key"]):
            return _("A category cannot leave out all of its work.")
    return None


def grade(
    scheme: Json,
    works: Sequence[Work],
    shares: Mapping[int, float],
    waiting: Iterable[int],
    decisions: Mapping[int | None, Decision],
    moment: datetime,
) -> Grade:
    """What someone's work adds up to at a moment.

    `shares` holds what was earned, by item; `waiting` what was handed in and is not marked yet;
    `decisions` what someone decided instead, by item, and under None for the whole.
    """
    lines = {
        work.item_id: _line(scheme, work, shares, set(waiting), decisions, moment) for work in works
    }
    parts = [_part(scheme, category, works, lines) for category in scheme["categories"]]
    whole = decisions.get(None)
    now, final = _sum(parts, at_the_end=False), _sum(parts, at_the_end=True) or 0.0
    if whole is not None and whole.share is not None:
        now = final = whole.share
    unmet = [line.work for part in parts for line in part.lines if not line.is_met]
    is_decided = whole is not None and whole.share is not None
    return Grade(
        parts,
        now,
        final,
        whole,
        unmet,
        is_passed=reaches(final, scheme["pass_percent"] / 100) and (is_decided or not unmet),
    )


def reaches(share: float, mark: float) -> bool:
    """Whether a share reaches a mark; hundredths are not lost to floating point."""
    return round(share, 6) >= round(mark, 6)


def _line(
    scheme: Json,
    work: Work,
    shares: Mapping[int, float],
    waiting: set[int],
    decisions: Mapping[int | None, Decision],
    moment: datetime,
) -> Line:
    is_required = bool(scheme["items"].get(str(work.item_id), {}).get("required", True))
    earned, decision = shares.get(work.item_id), decisions.get(work.item_id)
    share, standing, counts = _judged(scheme, work, earned, decision, moment)
    if earned is None and decision is None and work.item_id in waiting:
        share, standing, counts = None, Standing.WAITS, False
    return Line(work, share, standing, counts, is_required, decision=decision, earned=earned)


def _judged(
    scheme: Json,
    work: Work,
    earned: float | None,
    decision: Decision | None,
    moment: datetime,
) -> tuple[float | None, Standing, bool]:
    if decision is not None:
        if decision.share is None:
            return None, Standing.EXCUSED, False
        return decision.share, Standing.DECIDED, True
    if earned is not None:
        return earned, Standing.EARNED, True
    if moment < work.ends_at:
        return None, Standing.AWAITED, False
    is_zero = scheme["missing"] == Missing.ZERO
    return (0.0 if is_zero else None), Standing.MISSING, is_zero


def _part(scheme: Json, category: Json, works: Sequence[Work], lines: Mapping[int, Line]) -> Part:
    own = [
        lines[work.item_id]
        for work in works
        if scheme["items"].get(str(work.item_id), {}).get("category") == category["key"]
    ]
    dropped = _lowest(own, category["drop"])
    own = [
        replace(line, counts=False, is_dropped=True) if line.work.item_id in dropped else line
        for line in own
    ]
    return Part(category["key"], name_of(category), category["weight"], _mean(own), own)


def _lowest(lines: Sequence[Line], number: int) -> set[int]:
    """The items that are left out for being the lowest; at least one is always kept."""
    counted = [line for line in lines if line.counts and line.share is not None]
    ordered = sorted(counted, key=lambda line: (line.share, line.work.item_id))
    return {line.work.item_id for line in ordered[: min(number, max(len(ordered) - 1, 0))]}


def _mean(lines: Sequence[Line], *, at_the_end: bool = False) -> float | None:
    counted = [line.share or 0.0 for line in lines if line.counts or (at_the_end and _lacks(line))]
    return math.fsum(counted) / len(counted) if counted else None


def _lacks(line: Line) -> bool:
    """Whether this is work that may still come, and will be nothing if it does not."""
    return line.standing in (Standing.AWAITED, Standing.WAITS)


def _sum(parts: Sequence[Part], *, at_the_end: bool) -> float | None:
    """The weighted mean of the categories in which something counts."""
    means = [(part.weight, _mean(part.lines, at_the_end=at_the_end)) for part in parts]
    known = [(weight, mean) for weight, mean in means if mean is not None and weight > 0]
    if not known:
        return None
    total = math.fsum(weight for weight, _mean_ in known)
    return math.fsum(weight * mean for weight, mean in known) / total
