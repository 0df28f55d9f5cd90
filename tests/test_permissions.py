"""The one table of who may do what: specification and test at once. No rule may be missing here.

Each row names a rule, the things it is asked about and everyone it says yes to; everyone else in
VIEWERS must be told no.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from coursehub.accounts.models import Grant, Role, Scope, Viewer
from coursehub.assignments.rules import may_keep_file
from coursehub.catalogue.models import Edition
from coursehub.certificates.rules import may_certify, may_take_certificate
from coursehub.enrolment.rules import may_enrol
from coursehub.foundation.access import routes_of
from coursehub.foundation.clock import now
from coursehub.learning.rules import may_read_course, may_teach
from coursehub.questions.rules.keeping import may_keep_questions
from coursehub.quizzes.rules import may_answer

PACKAGE = Path(__file__).parent.parent / "coursehub"
COURSE, EDITION = "introduccion", "introduccion-2027"


def holding(role: Role, scope: Scope = Scope.SITE, scope_id: str = "") -> Viewer:
    return Viewer(person_id=1, grants=frozenset({Grant(role, scope, scope_id)}))


VISITOR = "visitor"
VIEWERS = {
    VISITOR: Viewer(),
    "learner": Viewer(person_id=1),
    "instructor of the course": holding(Role.INSTRUCTOR, Scope.COURSE, COURSE),
    "instructor of the edition": holding(Role.INSTRUCTOR, Scope.EDITION, EDITION),
    "instructor of another course": holding(Role.INSTRUCTOR, Scope.COURSE, "another"),
    "instructor of another edition": holding(Role.INSTRUCTOR, Scope.EDITION, "another"),
    # The same words in another scope are another thing.
    "instructor of an edition named as the course": holding(Role.INSTRUCTOR, Scope.EDITION, COURSE),
    "instructor of everything": holding(Role.INSTRUCTOR),
    "secretariat": holding(Role.SECRETARIAT),
    "secretariat of a country": holding(Role.SECRETARIAT, Scope.COUNTRY, "PY"),
    "secretariat of the course": holding(Role.SECRETARIAT, Scope.COURSE, COURSE),
    "secretariat of the edition": holding(Role.SECRETARIAT, Scope.EDITION, EDITION),
    "administrator of the course": holding(Role.ADMINISTRATOR, Scope.COURSE, COURSE),
    "administrator of the edition": holding(Role.ADMINISTRATOR, Scope.EDITION, EDITION),
    "secretariat of a committee": holding(Role.SECRETARIAT, Scope.COMMITTEE, "1"),
    "administrator": holding(Role.ADMINISTRATOR),
    "administrator of a seat": holding(Role.ADMINISTRATOR, Scope.SEAT, "1"),
}
EVERYONE = set(VIEWERS)
PEOPLE = EVERYONE - {VISITOR}
TEACHERS = {"instructor of the course", "instructor of the edition", "instructor of everything"}
STAFF = {"secretariat", "administrator"}
CARETAKERS = {
    f"{role} of the {thing}"
    for role in ("secretariat", "administrator")
    for thing in ("course", "edition")
}
NOBODY: set[str] = set()


@dataclass(frozen=True)
class Row:
    """A rule, what it is asked about, and everyone it lets."""

    rule: Callable[..., bool]
    lets: set[str]
    about: dict[str, object] = field(default_factory=dict)


NOW = now()


def asked(announced_in: timedelta | None) -> dict[str, object]:
    """An edition that is announced so much later than it is asked about."""
    announced_at = None if announced_in is None else NOW + announced_in
    return {"edition": Edition(announced_at=announced_at), "moment": NOW}


READ = {"course": COURSE, "edition": EDITION}
DAY = timedelta(days=1)

TABLE = [
    # A course is read by those with a place, those who teach it, and the Secretariat.
    Row(may_read_course, PEOPLE, READ | {"is_enrolled": True}),
    Row(
        may_read_course,
        TEACHERS | STAFF | CARETAKERS,
        READ | {"is_enrolled": False},
    ),
    # What its people did is seen by those who teach it and by the Secretariat: by nobody else.
    Row(
        may_teach,
        TEACHERS | STAFF | CARETAKERS,
        READ,
    ),
    # Everyone with an account may ask for a place, in what has been announced.
    Row(may_enrol, PEOPLE, asked(-DAY)),
    Row(may_enrol, NOBODY, asked(DAY)),
    Row(may_enrol, NOBODY, asked(None)),
    # A bank of questions is kept by those of its course; one of the site, by those of the site.
    Row(
        may_keep_questions,
        TEACHERS - {"instructor of the edition"}
        | STAFF
        | {"secretariat of the course", "administrator of the course"},
        {"course": COURSE},
    ),
    Row(may_keep_questions, STAFF | {"instructor of everything"}, {"course": None}),
    # An attempt is its learner's alone; everyone in this table but the visitor is person 1.
    Row(may_answer, PEOPLE, {"person": 1}),
    Row(may_answer, NOBODY, {"person": 2}),
    # Certificates are issued by the Secretariat and administrators; those who teach only look.
    Row(may_certify, STAFF | CARETAKERS, READ),
    Row(may_take_certificate, PEOPLE, {"person": 1}),
    Row(may_take_certificate, NOBODY, {"person": 2}),
    # A file on its way is its sender's alone.
    Row(may_keep_file, PEOPLE, {"person": 1}),
    Row(may_keep_file, NOBODY, {"person": 2}),
]


def named(row: Row) -> str:
    return f"{row.rule.__module__.split('.')[1]}.{row.rule.__name__}"


def written_rules() -> Iterator[str]:
    """Every permission of the program, wherever a rules module stands."""
    for path in [*PACKAGE.glob("*/rules.py"), *PACKAGE.glob("*/rules/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("may_"):
                yield f"{path.relative_to(PACKAGE).parts[0]}.{node.name}"


def asked_by_views() -> Iterator[str]:
    """Every permission that a view module names or asks."""
    for path in [*PACKAGE.glob("*/views.py"), *PACKAGE.glob("*/views/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Name) and node.id.startswith("may_"):
                yield node.id


def test_every_permission_stands_in_the_table():
    assert set(written_rules()) == {named(row) for row in TABLE}


def test_every_permission_that_a_view_asks_stands_in_the_table():
    assert set(asked_by_views()) <= {row.rule.__name__ for row in TABLE}


def test_every_guarded_address_names_a_permission_of_the_table(app):
    ways_in = {route["access"] for route in routes_of(app)} - {"public", "signed-in"}

    assert ways_in <= {row.rule.__name__ for row in TABLE}


def test_every_permission_is_asked_somewhere():
    """A permission nobody asks protects nothing."""
    asked = {
        node.id
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name) and node.id.startswith("may_")
    }
    assert {row.rule.__name__ for row in TABLE} <= asked


@pytest.mark.parametrize("who", VIEWERS)
@pytest.mark.parametrize("number", range(len(TABLE)), ids=lambda n: f"{named(TABLE[n])}-{n}")
def test_the_rule_answers_as_the_table_says(number, who):
    row = TABLE[number]
    assert row.rule(VIEWERS[who], **row.about) is (who in row.lets)


def test_the_table_speaks_only_of_viewers_it_knows():
    assert set().union(*(row.lets for row in TABLE)) <= EVERYONE
