"""Who keeps banks of questions, and what their pages call things."""

from collections.abc import Sequence
from typing import TypeVar

from coursehub.accounts.models import Role, Scope, Viewer
from coursehub.accounts.rules import holds
from coursehub.foundation.language import _

KEEPERS = (Role.INSTRUCTOR, Role.SECRETARIAT, Role.ADMINISTRATOR)
PER_PAGE = 50
T = TypeVar("T")


def may_keep_questions(viewer: Viewer, *, course: object) -> bool:
    """Those who teach or look after the course; a bank of the site, those of the whole site."""
    return viewer.is_signed_in and holds(viewer, *KEEPERS, course=course)


def keeps_on_site(viewer: Viewer) -> bool:
    """Whether someone keeps every bank there is."""
    return may_keep_questions(viewer, course=None)


def courses_kept(viewer: Viewer) -> frozenset[int]:
    """The courses, by number, whose banks someone keeps; for a filter."""
    return frozenset(
        int(grant.scope_id)
        for grant in viewer.grants
        if grant.role in KEEPERS and grant.scope == Scope.COURSE and grant.scope_id.isdecimal()
    )


def keeps_questions(viewer: Viewer) -> bool:
    """Whether there may be a bank that someone keeps."""
    return keeps_on_site(viewer) or bool(courses_kept(viewer))


def page_of(rows: Sequence[T]) -> tuple[Sequence[T], bool]:
    """What fits on a page, and whether there is more."""
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def why_not_take(*, taken: int) -> str | None:
    """The reason nothing of a file can be kept, or None."""
    return None if taken else _("No question of this file can be taken.")


def type_name(kind: str) -> str:
    """What people call a type of question."""
    return {
        "single_choice": _("One right answer"),
        "multiple_choice": _("Several right answers"),
        "true_false": _("True or false"),
        "matching": _("Matching"),
        "ordering": _("Putting in order"),
        "numeric": _("Number"),
        "short_text": _("Short answer"),
        "cloze": _("Text with gaps"),
        "essay": _("Essay"),
        "file": _("File"),
        "case": _("Case with several questions"),
    }[kind]


def state_name(state: str) -> str:
    """What people call the state of a question."""
    return {"draft": _("Draft"), "ready": _("Ready"), "retired": _("Retired")}[state]


# What templates ask of banks.
GLOBALS = {one.__name__: one for one in (keeps_questions, state_name, type_name)}
