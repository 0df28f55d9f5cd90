"""Who may read a course, how far someone has come, and why something is not complete yet.

`progress` is the one place where progress is computed, for every page and every export.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coursehub.accounts.models import TEACHERS, Scope, Viewer
from coursehub.accounts.rules import holds
from coursehub.foundation.language import _, _n, decimal

# What a completion was judged by; a new way of judging gets a new name.
COMPLETION_RULES = {
    "lesson": "lesson-1",
    "quiz": "quiz-1",
    "survey": "survey-1",
    "assignment": "assignment-1",
}

# Figures about fewer people than this say too much about each: they are shown grey or not at all.
SMALLEST_GROUP = 10

Json = dict[str, Any]


def may_read_course(viewer: Viewer, *, is_enrolled: bool, course: object, edition: object) -> bool:
    """People with a place, those who teach the course or the edition, and the Secretariat."""
    return viewer.is_signed_in and (
        is_enrolled or holds(viewer, *TEACHERS, course=course, edition=edition)
    )


def may_teach(viewer: Viewer, *, course: object, edition: object) -> bool:
    """Instructors of the course or the edition, and the Secretariat: they follow its people."""
    return viewer.is_signed_in and holds(viewer, *TEACHERS, course=course, edition=edition)


def reads_as_staff(viewer: Viewer, scope: Scope) -> frozenset[str]:
    """The courses or editions, by number, that someone reads without a place; for a filter."""
    return frozenset(
        grant.scope_id for grant in viewer.grants if grant.role in TEACHERS and grant.scope == scope
    )


def why_not_record(*, is_enrolled: bool) -> str | None:
    """The reason nothing that this person does here is recorded, or None."""
    if is_enrolled:
        return None
    return _("You are reading this edition without a place in it, so nothing is recorded.")


def why_not_complete(item: Json) -> str | None:
    """The reason an item cannot be completed at all at present, or None."""
    if is_open(item):
        return None
    return _("This part is still being prepared. It cannot be completed yet and does not count.")


def why_not_mark_as_read(item: Json) -> str | None:
    """The reason a learner cannot call an item completed by themselves, or None."""
    if is_open(item) and item["kind"] != "lesson":
        return _("This part is completed by doing it, not by marking it.")
    return why_not_complete(item)


def how_it_completes(item: Json) -> str:
    """The rule by which an item is completed, as its page says it."""
    if item["state"] != "ready":
        return _(
            "This part is still being prepared. It cannot be completed yet and does not count."
        )
    if item["kind"] == "survey":
        return _("It is completed when you send your answers.")
    if item["kind"] == "assignment":
        points = decimal(item["pass_points"])
        return _("It is completed when it is marked with %(points)s points or more.", points=points)
    if item["kind"] != "lesson":
        return _("It is completed with %(percent)s %% or more.", percent=item["pass_percent"])
    if item["completion"] == "opened":
        return _("It is completed when you go on from it.")
    return _("It is completed when you mark it as read.")


@dataclass(frozen=True, slots=True)
class ModuleProgress:
    """How many of a module's items that count are completed."""

    id: int
    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total


@dataclass(frozen=True, slots=True)
class Progress:
    """How far someone has come in a version: which items are done, and when."""

    done: int
    total: int
    completed: Mapping[int, datetime]
    modules: Mapping[int, ModuleProgress]
    is_whole: bool

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: 100 means everything."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def has_all_that_is_ready(self) -> bool:
        return self.total > 0 and self.done == self.total

    @property
    def is_complete(self) -> bool:
        """Everything is done and nothing of the course is still to come."""
        return self.is_whole and self.has_all_that_is_ready


def is_open(item: Json) -> bool:
    """Whether learners can reach an item: it is there, and ready."""
    return bool(item["kind"] != "planned" and item["state"] == "ready")


def counts(item: Json) -> bool:
    """Whether an item counts towards progress: what is open to learners and not voluntary."""
    return is_open(item) and not item.get("is_voluntary", False)


def items_of(outline: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every item with its module, in reading order."""
    for module in outline:
        for item in module["items"]:
            yield module, item


def progress(outline: list[Json], completed: Mapping[int, datetime], *, is_whole: bool) -> Progress:
    """Progress in a version from the moments at which a person completed items of the course.

    Completions of items that the version no longer has stay known but do not count in it.
    """
    here = {
        item["id"]: completed[item["id"]]
        for _m, item in items_of(outline)
        if is_open(item) and item["id"] in completed
    }
    modules = {}
    for module in outline:
        counted = [item["id"] for item in module["items"] if counts(item)]
        modules[module["id"]] = ModuleProgress(
            module["id"], sum(key in here for key in counted), len(counted)
        )
    done = sum(module.done for module in modules.values())
    total = sum(module.total for module in modules.values())
    return Progress(done, total, here, modules, is_whole)


def next_item(outline: list[Json], done: Progress, bookmark: int | None) -> Json | None:
    """Where to go on: the part reached if not completed, else the next open item after it."""
    open_items = [item for _m, item in items_of(outline) if counts(item)]
    if not open_items:
        return None
    at = next((n for n, item in enumerate(open_items) if item["id"] == bookmark), 0)
    for item in [*open_items[at:], *open_items[:at]]:
        if item["id"] not in done.completed:
            return item
    return None


def why_not_all_complete(outline: list[Json], done: Progress | ModuleProgress) -> list[str]:
    """Sentences that say what is missing in the course or in one module of it."""
    reasons = []
    missing = done.total - done.done
    if missing:
        reasons.append(
            _n(
                "%(num)s part is not completed yet.",
                "%(num)s parts are not completed yet.",
                missing,
            )
        )
    coming = sum(1 for _m, item in items_of(outline) if item["state"] != "ready")
    if coming:
        reasons.append(
            _n(
                "%(num)s part is still being prepared; it does not count yet.",
                "%(num)s parts are still being prepared; they do not count yet.",
                coming,
            )
        )
    return reasons


@dataclass(frozen=True, slots=True)
class Effect:
    """What the move of an edition to another version means for one person's progress."""

    before: Progress
    after: Progress
    lost: list[str]

    @property
    def is_felt(self) -> bool:
        """Whether anything this person sees changes: a lesson lost and one gained is a change."""
        counted = [(one.done, one.total, one.is_complete) for one in (self.before, self.after)]
        return bool(self.lost) or counted[0] != counted[1]


def effect_of_move(
    old: list[Json],
    new: list[Json],
    completed: Mapping[int, datetime],
    *,
    wholes: tuple[bool, bool],
) -> Effect:
    """Progress before and after, and the lessons completed before that no longer count.

    Lessons are known by their ids, so renaming, moving or editing one takes nothing from anybody.
    """
    before = progress(old, completed, is_whole=wholes[0])
    after = progress(new, completed, is_whole=wholes[1])
    titles = {item["id"]: item["title"] for _m, item in items_of(old)}
    lost = [titles[key] for key in before.completed if key not in after.completed]
    return Effect(before, after, lost)


def why_not_move(*, is_same_course: bool, is_same_version: bool) -> str | None:
    """The reason an edition cannot be moved to a version, or None."""
    if not is_same_course:
        return _("This version belongs to another course.")
    if is_same_version:
        return _("The edition is on this version already.")
    return None
