"""What a certificate asks for, what is missing, who may issue, and what can be printed on one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from coursehub.accounts.models import Role, Viewer
from coursehub.accounts.rules import holds
from coursehub.certificates.models import IssuedBy, Kind
from coursehub.foundation.language import _
from coursehub.learning.rules import Progress, counts, is_open, items_of

Json = dict[str, Any]
MOST_AT_ONCE = 5000
UNMARKED = {"lesson", "survey"}  # completed without anybody saying how well
ISSUERS = (Role.SECRETARIAT, Role.ADMINISTRATOR)


def may_certify(viewer: Viewer, *, course: object, edition: object) -> bool:
    """The Secretariat and administrators issue, approve, correct and revoke; instructors look."""
    return viewer.is_signed_in and holds(viewer, *ISSUERS, course=course, edition=edition)


def may_take_certificate(viewer: Viewer, *, person: int) -> bool:
    """Everyone takes their own certificates, and nobody anyone else's."""
    return viewer.is_signed_in and viewer.person_id == person


class Asked(Protocol):
    """What the rules read of an edition's certificate."""

    modules: list[int]
    activities: list[int]
    issued_by: IssuedBy
    hours: float | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A module or an activity that the certificate asks for, and how much of it is done."""

    id: int
    kind: str
    title: str
    language: str
    path: str
    done: int
    total: int
    number: int | None = None

    @property
    def is_done(self) -> bool:
        return self.total > 0 and self.done == self.total


def requirements(rule: Asked, outline: Sequence[Json], progress: Progress) -> list[Requirement]:
    """What is asked for, in the order of the course, with how much of each is done."""
    wanted = []
    for module in outline:
        if module["id"] in rule.modules:
            wanted.append(_module(module, progress))
        wanted += [
            _activity(item, progress)
            for item in module["items"]
            if item.get("id") in rule.activities
        ]
    return wanted


def _module(module: Json, progress: Progress) -> Requirement:
    mine = progress.modules[module["id"]]
    # A part that is still being prepared keeps its module open: the certificate names it whole.
    total = mine.total + sum(not is_open(item) for item in module["items"])
    return Requirement(
        module["id"],
        "module",
        module["title"],
        module["language"],
        f"modules/{module['slug']}",
        mine.done,
        total,
        module["number"],
    )


def _activity(item: Json, progress: Progress) -> Requirement:
    is_done = item["id"] in progress.completed
    return Requirement(
        item["id"], item["kind"], item["title"], item["language"], item["path"], int(is_done), 1
    )


def why_not_certify(
    rule: Asked | None,
    wanted: Sequence[Requirement],
    *,
    is_enrolled: bool,
    is_approved: bool,
    name: str,
    has_certificate: bool,
) -> str | None:
    """The reason that someone gets no certificate now, or None."""
    if rule is None:
        return _("This edition issues no certificates.")
    if has_certificate:
        return _("The certificate has been issued already.")
    if not is_enrolled:
        return _("Only people with a place in this edition get its certificate.")
    if not has_everything(rule, wanted):
        return _("Not everything that the certificate asks for is completed.")
    if rule.issued_by == IssuedBy.APPROVAL and not is_approved:
        return _("The Secretariat has not approved it yet.")
    if not name:
        return _("The name has not been confirmed yet.")
    return None


def why_not_again(*, was_revoked: bool, is_chosen: bool) -> str | None:
    """The reason that who lost a certificate gets no other one by itself, or None."""
    if was_revoked and not is_chosen:
        return _("A certificate was revoked: another one is issued by the Secretariat alone.")
    return None


def has_everything(rule: Asked, wanted: Sequence[Requirement]) -> bool:
    """Whether all that is asked for is done; what the course no longer has cannot be."""
    is_all_there = len(wanted) == len(rule.modules) + len(rule.activities)
    return is_all_there and all(one.is_done for one in wanted)


def why_not_ask_for(modules: Sequence[int], activities: Sequence[int], hours: float) -> str | None:
    """The reason a certificate cannot ask for this, or None."""
    if not modules and not activities:
        return _("A certificate asks for one module or activity at least.")
    if hours <= 0:
        return _("Say how many hours the certificate states: no module is asked for that has any.")
    return None


def hours_of(rule: Asked, outline: Sequence[Json]) -> float:
    """The hours that the certificate states: as set, or those of its modules together."""
    return rule.hours or sum(float(m["hours"]) for m in outline if m["id"] in rule.modules)


def kind_of(rule: Asked, outline: Sequence[Json]) -> Kind:
    """Whether something had to be passed, or everything only be read and done."""
    in_modules = {
        item["kind"]
        for module in outline
        for item in module["items"]
        if module["id"] in rule.modules and counts(item)
    }
    asked = {
        item["kind"] for _m, item in items_of(list(outline)) if item.get("id") in rule.activities
    }
    return Kind.APPROVAL if (in_modules | asked) - UNMARKED else Kind.COMPLETION


def titles_of(wanted: Sequence[Requirement]) -> tuple[list[str], list[str]]:
    """What the certificate names: modules with their numbers, and activities."""
    modules = [
        _("Module %(number)s. %(title)s", number=one.number, title=one.title)
        for one in wanted
        if one.kind == "module"
    ]
    return modules, [one.title for one in wanted if one.kind != "module"]


def completed_at(
    rule: Asked, outline: Sequence[Json], completed: Mapping[int, datetime]
) -> datetime:
    """When the last thing asked for was completed."""
    needed = {
        item["id"]
        for module in outline
        for item in module["items"]
        if (module["id"] in rule.modules and counts(item))
        or (item.get("id") in rule.activities and is_open(item))
    }
    return max(completed[key] for key in needed)


def why_not_print(name: str, missing: Sequence[str]) -> str | None:
    """The reason a name cannot stand on a certificate, or None. `missing` has no typeface."""
    if not name.strip():
        return _("Write the name as it is to be printed.")
    if missing:
        return _(
            "Certificates cannot print these characters: %(characters)s. "
            "Write the name with Latin letters.",
            characters=" ".join(missing),
        )
    return None


def why_not_change(*, holds: bool) -> str | None:
    """The reason a certificate can be neither corrected nor revoked, or None."""
    return None if holds else _("This certificate holds no more: it was replaced or revoked.")


def why_not_approve(rule: Asked | None) -> str | None:
    """The reason nobody needs to be approved, or None."""
    if rule is None or rule.issued_by != IssuedBy.APPROVAL:
        return _("In this edition certificates need no approval.")
    return None


class Issued(Protocol):
    """What tells the state of a certificate."""

    revoked_at: datetime | None
    replaced_at: datetime | None


def state_of(certificate: Issued) -> str:
    """`valid`, `replaced` or `revoked`: one that was replaced can be revoked no more."""
    if certificate.revoked_at:
        return "revoked"
    return "replaced" if certificate.replaced_at else "valid"


def first_printable(names: Iterable[tuple[str, Sequence[str]]]) -> str:
    """The first of several names that can be printed, or none."""
    return next((name for name, missing in names if not why_not_print(name, missing)), "")
