"""What the page on which an answer is marked sends: levels or points, and a comment."""

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from coursehub.foundation.language import _, decimal
from coursehub.quizzes.rules import Json, points_of_levels

MOST_COMMENT = 5_000


@dataclass(frozen=True, slots=True)
class Judged:
    """As it counts, and by field what is wrong with it."""

    points: float
    levels: dict[str, int]
    comment: str
    seen: int
    mistakes: Mapping[str, str]


def judged_in(form: MultiDict[str, str], question: Json) -> Judged:
    """Read what someone gives the answer to a question, by its rubric or in points."""
    comment = form.get("comment", "").replace("\0", "").replace("\r\n", "\n").strip()
    levels, mistakes = _levels(form, question), {}
    if question.get("rubric"):
        for one in question["rubric"]:
            if one["id"] not in levels:
                mistakes[f"level.{one['id']}"] = _("Choose a level for each criterion.")
        points = points_of_levels(question, levels)
    else:
        typed = _number(form.get("points", ""))
        most = question.get("points", 1)
        if typed is None or not 0 <= typed <= most:
            mistakes["points"] = _("Give from 0 to %(most)s points.", most=decimal(most, 2))
        points = typed or 0.0
    return Judged(points, levels, comment[:MOST_COMMENT], form.get("seen", 0, type=int), mistakes)


def _levels(form: MultiDict[str, str], question: Json) -> dict[str, int]:
    chosen = {
        one["id"]: form.get(f"level.{one['id']}", -1, type=int)
        for one in question.get("rubric", ())
    }
    count = {one["id"]: len(one["levels"]) for one in question.get("rubric", ())}
    return {key: level for key, level in chosen.items() if 0 <= level < count[key]}


def _number(said: str) -> float | None:
    try:
        number = float(said.strip().replace(",", "."))
    except ValueError:
        return None
    return round(number, 2) if abs(number) < 10_000 else None
