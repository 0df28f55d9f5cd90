"""Everything a grade is made of, for some people of an edition at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from coursehub.accounts.models import Account
from coursehub.assignments.queries import marks_in
from coursehub.assignments.rules import out_of_all
from coursehub.catalogue.models import Edition
from coursehub.content.models import VersionActivity
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.gradebook.models import GradeDecision, GradingScheme
from coursehub.gradebook.rules import GRADED, Decision, Grade, Json, Work, grade, usual_scheme
from coursehub.learning.queries import Reading
from coursehub.learning.rules import counts, items_of
from coursehub.quizzes.queries import standings_in


@dataclass(frozen=True, slots=True)
class Book:
    """What is graded in an edition, and by which scheme; a chosen one has a moment."""

    reading: Reading
    works: Sequence[Work]
    activities: Mapping[int, Json]
    scheme: Json
    chosen_at: datetime | None

    @property
    def slugs(self) -> set[str]:
        return {work.slug for work in self.works}

    def find_work(self, slug: str) -> Work | None:
        return next((work for work in self.works if work.slug == slug), None)


def book_of(reading: Reading) -> Book:
    """What is graded in an edition, in the reader's language."""
    activities = {
        row.item_id: row.activity
        for row in db.session.scalars(
            select(VersionActivity).where(VersionActivity.version_id == reading.version_id)
        )
    }
    ends_at = db.session.get_one(Edition, reading.edition_id).ends_at
    works = list(_works(reading, activities, ends_at))
    chosen = db.session.scalar(
        select(GradingScheme)
        .where(GradingScheme.edition_id == reading.edition_id)
        .order_by(GradingScheme.id.desc())
        .limit(1)
    )
    scheme = _with_newcomers(chosen.scheme, works) if chosen else usual_scheme(works)
    return Book(reading, works, activities, scheme, chosen.chosen_at if chosen else None)


def _works(reading: Reading, activities: Mapping[int, Json], ends_at: datetime) -> Iterator[Work]:
    for _module, item in items_of(reading.outline):
        if item["kind"] in GRADED and counts(item):
            yield Work(
                item["id"],
                item["slug"],
                item["path"],
                item["kind"],
                item["title"],
                item["language"],
                _pass_share(item["kind"], activities[item["id"]]),
                ends_at,
            )


def _pass_share(kind: str, activity: Json) -> float:
    if kind == "quiz":
        return float(activity["pass_percent"]) / 100
    return float(activity["pass_points"]) / out_of_all(activity)


def _with_newcomers(scheme: Json, works: Sequence[Work]) -> Json:
    """The scheme with work that was published after it was chosen, in the first category."""
    first = scheme["categories"][0]["key"]
    newcomers = {
        str(work.item_id): {"category": first, "required": True}
        for work in works
        if str(work.item_id) not in scheme["items"]
    }
    return scheme | {"items": scheme["items"] | newcomers}


def grades_of(book: Book, people: Collection[int]) -> dict[int, Grade]:
    """Each person's grade, by person: a fixed number of statements for however many."""
    edition_id = book.reading.edition_id
    quizzes = {w.item_id: book.activities[w.item_id] for w in book.works if w.kind == "quiz"}
    tasks = {w.item_id: book.activities[w.item_id] for w in book.works if w.kind == "assignment"}
    shares = standings_in(edition_id, quizzes, people)
    marks = marks_in(edition_id, tasks, people)
    decided = decisions_in(edition_id, people)
    moment = now()
    return {
        person: grade(
            book.scheme,
            book.works,
            shares.get(person, {}) | marks.shares.get(person, {}),
            marks.waiting.get(person, ()),
            decided.get(person, {}),
            moment,
        )
        for person in people
    }


def decisions_in(edition_id: int, people: Collection[int]) -> dict[int, dict[int | None, Decision]]:
    """What holds in place of marks, by person and item; under None for the whole."""
    rows = (
        select(GradeDecision, Account.name)
        .outerjoin(Account, Account.person_id == GradeDecision.decided_by)
        .where(GradeDecision.edition_id == edition_id, GradeDecision.person_id.in_(people))
        .order_by(GradeDecision.id)
    )
    held: dict[int, dict[int | None, Decision]] = {}
    for row, name in db.session.execute(rows):
        own = held.setdefault(row.person_id, {})
        if row.is_withdrawn:
            own.pop(row.item_id, None)
        else:
            own[row.item_id] = Decision(row.share, row.reason, name, row.decided_at)
    return held


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record of someone's grades."""

    item_id: int | None
    share: float | None
    is_withdrawn: bool
    reason: str
    name: str | None
    decided_at: datetime


def record_of(edition_id: int, person_id: int) -> list[Entry]:
    """Everything that was ever decided about someone's grades, the latest first."""
    rows = (
        select(GradeDecision, Account.name)
        .outerjoin(Account, Account.person_id == GradeDecision.decided_by)
        .where(GradeDecision.edition_id == edition_id, GradeDecision.person_id == person_id)
        .order_by(GradeDecision.id.desc())
    )
    return [
        Entry(row.item_id, row.share, row.is_withdrawn, row.reason, name, row.decided_at)
        for row, name in db.session.execute(rows)
    ]
