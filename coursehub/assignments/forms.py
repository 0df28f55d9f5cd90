"""What the pages of an assignment send: text and links, files, levels, points and comments."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.datastructures import MultiDict

from coursehub.assignments.actions import Announced, Judgement, Typed
from coursehub.assignments.rules import (
    MOST_CHARACTERS,
    MOST_COMMENT,
    MOST_LINKS,
    Given,
    Json,
    is_marked_by_points,
    judged,
    why_not_points,
)
from coursehub.foundation.language import _

MOST_NAME = 120
# Characters that turn the direction of a file's name: they make its ending look like another.
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def typed_in(form: MultiDict[str, str]) -> Typed:
    """The text and links on a page, as they are kept: line ends as line feeds, nothing hidden."""
    links = [one.strip() for one in form.getlist("link")][:MOST_LINKS]
    return Typed(
        text=_clean(form.get("text", ""))[:MOST_CHARACTERS],
        links=[_clean(one)[:1000] for one in links if one],
        page=form.get("page", "")[:40].replace("\0", ""),
        seen=form.get("seen", 0, type=int),
    )


def _clean(text: str) -> str:
    """The same without a character that PostgreSQL does not take."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def name_of(given: str | None) -> str:
    """A file's name without folders and hidden characters, not longer than a line."""
    name = (given or "").replace("\\", "/").rpartition("/")[2]
    seen = [one for one in name if unicodedata.category(one)[0] != "C" and one not in TURNS]
    stem, dot, ending = "".join(seen).strip()[-1000:].rpartition(".")
    if not dot or len(ending) > 8:
        return "".join(seen).strip()[:MOST_NAME] or "—"
    return stem[: MOST_NAME - 9] + dot + ending


class _Announced(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    size: int = Field(ge=0, le=10**12)
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


def announced_by_script(body: bytes) -> Announced | None:
    """The file that our script is about to send, or None if this is not what it says."""
    try:
        said = _Announced.model_validate_json(body)
    except ValidationError:
        return None
    return Announced(name_of(said.name), said.size, said.sha256)


@dataclass(frozen=True, slots=True)
class Marked:
    """What a marking page sent: as typed, as it counts, what is wrong, and what to keep."""

    judgement: Judgement
    typed: Mapping[str, str]
    mistakes: Mapping[str, str]
    kept: list[str]


def marked_in(form: MultiDict[str, str], assignment: Json, saved: Mapping[str, str]) -> Marked:
    """Read levels, points and comments; `saved` are the comments that can be added by number."""
    points: dict[str, Json] = {}
    mistakes: dict[str, str] = {}
    for criterion in assignment["rubric"]:
        if not is_marked_by_points(criterion):
            continue
        given = _given(form, criterion)
        why = _("Write the points as a number.") if given is None else None
        if given is not None:
            why = why_not_points(criterion, given)
        if why:
            mistakes[criterion["id"]] = why
        elif given and (outcome := judged(criterion, given)):
            points[criterion["id"]] = outcome
    comments = dict(_comments(form, assignment, saved))
    kept = [text for key, text in comments.items() if f"keep.{key}" in form]
    judgement = Judgement(points, comments, form.get("seen", 0, type=int))
    typed = {name: _clean(value) for name, value in form.items()}
    return Marked(judgement, typed, mistakes, kept)


def _given(form: MultiDict[str, str], criterion: Json) -> Given | None:
    """Level and points of a criterion, or None if the points are no number."""
    level = form.get(f"level.{criterion['id']}", type=int)
    if level is not None and not 0 <= level < len(criterion["levels"]):
        level = None
    said = form.get(f"points.{criterion['id']}", "").strip().replace(",", ".")
    if not said:
        return Given(level, None)
    try:
        points = float(said)
    except ValueError:
        return None
    return Given(level, round(points, 2)) if abs(points) < 10_000 else None


def _comments(
    form: MultiDict[str, str], assignment: Json, saved: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for key in [*(criterion["id"] for criterion in assignment["rubric"]), ""]:
        said = _clean(form.get(f"comment.{key}", "")).strip()
        added = saved.get(form.get(f"add.{key}", ""), "")
        text = "\n\n".join(one for one in (said, added) if one)[:MOST_COMMENT]
        if text:
            yield key, text
