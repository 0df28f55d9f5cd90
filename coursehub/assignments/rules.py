"""What may be handed in and when, how late it is, and how many points it earns."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from coursehub.accounts.models import Viewer
from coursehub.foundation.language import _, _n, decimal, size

Json = dict[str, Any]
MOST_CHARACTERS = 100_000
MOST_LINKS = 3
MOST_COMMENT = 5_000
MOST_SAVED_COMMENTS = 100
PER_PAGE = 50
# Reviews of one work that differ by more than this share of all points are pointed out.
DIVERGENCE = 0.25
# What one person's files may weigh together, those of earlier courses included.
MOST_KEPT_BYTES = 200_000_000
MOST_ARRIVING = 10
ADDRESS = re.compile(r"https?://[^\s/<>\"]+\.[^\s<>\"]+")
DAY = timedelta(days=1)


def may_keep_file(viewer: Viewer, *, person: int) -> bool:
    """Everyone their own files, and nobody anyone else's."""
    return viewer.is_signed_in and viewer.person_id == person


class Version(Protocol):
    """What the rules ask of a version that was handed in."""

    @property
    def number(self) -> int: ...

    @property
    def has_passed(self) -> bool: ...

    @property
    def is_being_marked(self) -> bool: ...


def late_from(assignment: Json, due_at: datetime) -> datetime:
    """The moment after which a work counts as late."""
    return due_at + timedelta(hours=assignment.get("grace_hours", 0))


def days_late(assignment: Json, due_at: datetime, moment: datetime) -> int:
    """For how many days, the begun one included, a work is late; 0 within the grace."""
    if moment <= late_from(assignment, due_at):
        return 0
    return math.ceil((moment - due_at) / DAY)


def deducted(assignment: Json, earned: float, days: int) -> float:
    """The points that being late takes off what was earned."""
    if assignment.get("late") != "deducted":
        return 0.0
    percent: int = min(100, assignment["percent_per_day"] * days)
    return round(earned * percent / 100, 2)


def why_not_hand_in(
    assignment: Json,
    versions: Sequence[Version],
    *,
    is_enrolled: bool,
    moment: datetime,
    due_at: datetime,
    ends_at: datetime,
) -> str | None:
    """The reason nothing can be handed in now, or None."""
    if not is_enrolled:
        return _("You are reading this edition without a place in it, so nothing is recorded.")
    if any(one.has_passed for one in versions):
        return _("This is marked and passed. There is nothing more to hand in.")
    if any(one.is_being_marked for one in versions):
        return _("What you handed in is being marked. Wait until the mark is there.")
    if len(versions) >= assignment.get("attempts", 1):
        return _("You have handed this in as often as it can be handed in.")
    if moment >= ends_at:
        return _("This edition is over, so nothing more can be handed in.")
    if assignment.get("late") == "refused" and moment > late_from(assignment, due_at):
        return _("This was due earlier, and is not taken any more.")
    return None


def late_policy(assignment: Json) -> str:
    """What becomes of a work that is handed in late, in words."""
    hours = assignment.get("grace_hours", 0)
    grace = ""
    if hours:
        grace = " " + _n(
            "Up to %(num)s hour after the due date nothing counts as late.",
            "Up to %(num)s hours after the due date nothing counts as late.",
            hours,
        )
    match assignment.get("late", "accepted"):
        case "refused":
            return _("What comes later is not taken.") + grace
        case "deducted":
            percent = assignment["percent_per_day"]
            said = _(
                "What comes later is taken until the edition ends, and loses %(percent)s %% of "
                "its points for each day begun.",
                percent=percent,
            )
            return said + grace
    return _("What comes later is taken until the edition ends, and loses no points.") + grace


def words_in(text: str) -> int:
    return len(text.split())


@dataclass(frozen=True, slots=True)
class Work:
    """What someone has of an assignment; `arriving` files are not whole yet."""

    text: str
    links: Sequence[str]
    files: int
    arriving: int


def why_not_complete_work(assignment: Json, work: Work) -> dict[str, str]:
    """Per field the reason a work cannot be handed in like this; empty if it can."""
    reasons = {
        "text": _why_not_text(assignment, work),
        "links": why_not_links(work.links),
        "files": _why_not_files(work),
    }
    found = {field: why for field, why in reasons.items() if why}
    if not found and not (work.text.strip() or work.links or work.files):
        field = {"text": "text", "file": "files", "link": "links"}[assignment["accepts"][0]]
        found[field] = _("There is nothing to hand in yet.")
    return found


def _why_not_text(assignment: Json, work: Work) -> str | None:
    count = words_in(work.text)
    most, least = assignment.get("most_words"), assignment.get("least_words")
    if most and count > most:
        return _("Write at most %(limit)s words; there are %(count)s.", limit=most, count=count)
    if least and count < least and not (work.files or work.links):
        return _("Write at least %(limit)s words; there are %(count)s.", limit=least, count=count)
    return None


def why_not_links(links: Sequence[str]) -> str | None:
    """The reason these are no addresses that a reader can follow, or None."""
    for link in links:
        if not ADDRESS.fullmatch(link) or len(link) > 500:
            return _("“%(link)s” is no address such as https://example.org/plan.", link=link[:60])
    return None


def _why_not_files(work: Work) -> str | None:
    if work.arriving:
        return _(
            "A file has not arrived whole. Choose it again so that it goes on, or take it out."
        )
    return None


def why_not_add_file(
    assignment: Json, *, name: str, size_bytes: int, in_draft: int, arriving: int, kept_bytes: int
) -> str | None:
    """The reason a file cannot be added to a draft, or None; `kept_bytes` are all of the person."""
    files = assignment.get("files")
    if files is None:
        return _("No files are taken here.")
    if size_bytes == 0:
        return _("“%(name)s” is empty.", name=name)
    most = files["most_megabytes"] * 1_000_000
    if size_bytes > most:
        weight, limit = size(size_bytes), size(most)
        return _(
            "“%(name)s” weighs %(weight)s; at most %(limit)s are taken.",
            name=name,
            weight=weight,
            limit=limit,
        )
    if in_draft >= files["most_files"]:
        return _n(
            "At most %(num)s file is taken. Take it out first.",
            "At most %(num)s files are taken. Take one out first.",
            files["most_files"],
        )
    if arriving >= MOST_ARRIVING or kept_bytes + size_bytes > MOST_KEPT_BYTES:
        return _("Your files take all the room there is for you. Write to the Secretariat.")
    return None


def why_not_kind(assignment: Json, name: str, kind: str | None) -> str | None:
    """The reason a file of this kind, told by its content, is not taken, or None."""
    if kind in assignment["files"]["kinds"]:
        return None
    kinds = ", ".join(one.upper() for one in assignment["files"]["kinds"])
    return _(
        "“%(name)s” is none of the kinds that are taken (%(kinds)s), or it is damaged.",
        name=name,
        kinds=kinds,
    )


def out_of(criterion: Json) -> float:
    """The most points that a criterion gives."""
    return max((level["most"] for level in criterion.get("levels", ())), default=0.0)


def out_of_all(assignment: Json) -> float:
    return math.fsum(out_of(criterion) for criterion in assignment["rubric"])


def is_marked_by_points(criterion: Json) -> bool:
    """Whether a criterion gives points; without levels it is commented on only."""
    return bool(criterion.get("levels"))


@dataclass(frozen=True, slots=True)
class Given:
    """What a form says of one criterion: a level's number from the best, points as typed."""

    level: int | None
    points: float | None


def judged(criterion: Json, given: Given) -> Json | None:
    """Level and points of a criterion, the one worked out from the other; None if not marked.

    A level alone gives its highest points; points alone tell their level.
    """
    levels = criterion["levels"]
    level, points = given.level, given.points
    if level is None and points is not None:
        level = next((n for n, one in enumerate(levels) if points >= one["least"]), None)
    if level is None:
        return None
    return {"level": level, "points": levels[level]["most"] if points is None else points}


def why_not_points(criterion: Json, given: Given) -> str | None:
    """The reason these points do not go with this level of a criterion, or None."""
    points, most = given.points, out_of(criterion)
    if points is None:
        return None
    if not 0 <= points <= most:
        return _("Give from 0 to %(most)s points.", most=decimal(most))
    if given.level is None:
        return None
    level = criterion["levels"][given.level]
    if not level["least"] <= points <= level["most"]:
        return _(
            "This level goes from %(least)s to %(most)s points.",
            least=decimal(level["least"]),
            most=decimal(level["most"]),
        )
    return None


@dataclass(frozen=True, slots=True)
class Sum:
    """What a mark comes to."""

    earned: float
    deducted: float
    has_passed: bool
    is_complete: bool


def summed(assignment: Json, points: Mapping[str, Json], days: int) -> Sum:
    """The points of all criteria, what being late takes off, and whether that passes.

    A mark in which a criterion is missing is not complete, and passes nothing.
    """
    wanted = {one["id"] for one in assignment["rubric"] if is_marked_by_points(one)}
    earned = round(math.fsum(one["points"] for one in points.values()), 2)
    lost = deducted(assignment, earned, days)
    is_complete = wanted <= points.keys()
    passes = is_complete and round(earned - lost, 2) >= assignment["pass_points"]
    return Sum(earned, lost, passes, is_complete)


def why_not_release(*, is_complete: bool) -> str | None:
    """The reason a mark cannot be shown to its learner, or None."""
    if is_complete:
        return None
    return _("Not every criterion is marked yet, so the mark cannot be released.")


def why_not_mark(*, is_newest: bool, is_as_shown: bool) -> str | None:
    """The reason a mark cannot be added to what a page showed, or None."""
    if not is_newest:
        return _("A newer version has been handed in meanwhile. Mark that one.")
    if not is_as_shown:
        return _("Somebody else has marked this meanwhile. Open it again to see how.")
    return None


def hides_names(assignment: Json, state: str) -> bool:
    """Whether whoever marks sees a number in a name's place: until the mark is released."""
    return bool(assignment.get("anonymous")) and state != "released"


def pages_of(count: int, wanted: int) -> tuple[int, int]:
    """The page of a list that is shown, the wanted one if there is such a page, and how many."""
    pages = max(1, math.ceil(count / PER_PAGE))
    return min(max(wanted, 1), pages), pages


def why_not_review(
    assignment: Json,
    *,
    is_enrolled: bool,
    has_handed_in: bool,
    given: int,
    is_one_open: bool,
    is_over: bool,
) -> str | None:
    """The reason someone is given no (further) work of others to review, or None."""
    if not is_enrolled:
        return _("You are reading this edition without a place in it, so nothing is recorded.")
    if not has_handed_in:
        return _("Hand in your own work first. Then you are given works of others.")
    if is_over:
        return _("The time for reviews is over.")
    if is_one_open:
        return _("Finish the review that you have begun. Then you are given the next work.")
    if given >= assignment["peers"]["give"]:
        return _("You have given all your reviews. Thank you.")
    return None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A work that could be given to somebody to review; `reviews` counts those it was given to."""

    submission_id: int
    language: str
    reviews: int


def chosen(candidates: Sequence[Candidate], language: str, enough: int) -> Candidate | None:
    """The work to be reviewed next: one without enough reviews, in the reviewer's language if
    there is one, with the fewest so far; of those the one handed in first.
    """

    def order(one: Candidate) -> tuple[bool, bool, int, int]:
        return one.reviews >= enough, one.language != language, one.reviews, one.submission_id

    return min(candidates, key=order, default=None)


def do_differ(assignment: Json, earned: Sequence[float]) -> bool:
    """Whether reviews of one work are so far apart that whoever marks should look closely."""
    return len(earned) > 1 and max(earned) - min(earned) > DIVERGENCE * out_of_all(assignment)


def shows_reviews(assignment: Json, *, given: int, is_over: bool) -> bool:
    """Whether someone sees what others said of their work: having given, or when time is over."""
    return given >= assignment["peers"]["give"] or is_over
