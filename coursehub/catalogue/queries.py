"""What the catalogue shows: courses with the edition that matters most now, and editions.

Courses are read with a fixed number of statements, however many courses and editions there are.
The statements of the pages that visitors open are composed once for each set of filters: composing
one costs more than running it. They know the time only as the two parameters that `_when` gives.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased

from coursehub.accounts.models import Account, Role, RoleGrant, Scope
from coursehub.catalogue.models import Edition
from coursehub.catalogue.rules import State, state_of
from coursehub.content.models import Course, CourseVersion, VersionPage
from coursehub.foundation.clock import now
from coursehub.foundation.database import UtcDateTime, db

PAGE_LENGTH = 24
MOST_EDITIONS = 20
FEED_LENGTH = 30
# The last place on Earth where it is still yesterday.
LATEST_ZONE = timedelta(hours=12)
MOMENT = bindparam("moment", type_=UtcDateTime())
FIRST_DAY = bindparam("first_day", type_=Date())
# Which of a course's editions matters most: one that is open, one that will be, one that goes on.
OPEN, UPCOMING, GOING_ON, NONE = range(4)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """A course in one language, from the version of its current edition, else from its newest."""

    course_id: int
    slug: str
    course: Json
    facts: Json
    is_whole: bool
    edition: Edition | None
    state: State | None
    outline: Sequence[Json] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the courses that were asked for; `after` leads to the next one, if any."""

    offers: Sequence[Offer]
    total: int
    open_now: int
    after: str | None


def offered_courses(language: str, filters: Mapping[str, str], after: str = "") -> Listing:
    """Courses in the order in which people can begin: open, opening, going on, without dates."""
    given = _when(now())
    place = _place(after)
    page, counts = _listing(
        language, tuple(sorted(filters.items())), is_continued=place is not None
    )
    standing, course_id = place or (0, 0)
    rows = db.session.execute(page, given | {"standing": standing, "course": course_id}).all()
    total, open_now = db.session.execute(counts, given).one()
    shown = rows[:PAGE_LENGTH]
    has_more = len(rows) > PAGE_LENGTH
    return Listing(
        offers=[_offer(row, given["moment"]) for row in shown],
        total=total,
        open_now=open_now or 0,
        after=f"{shown[-1].standing}-{shown[-1].id}" if has_more else None,
    )


def find_offer(slug: str, language: str, edition: str = "") -> Offer | None:
    """One course as its page shows it, with its outline: by an announced edition, or by itself."""
    if "\0" in slug + edition:  # PostgreSQL does not even look for it
        return None
    given = _when(now())
    named = {"slug": slug, "edition": edition} if edition else {"slug": slug}
    row = db.session.execute(_one_offer(language, bool(edition)), given | named).one_or_none()
    return _offer(row, given["moment"]) if row else None


def find_edition(slug: str) -> Edition | None:
    """Any edition, announced or not: for commands. Pages ask for announced ones."""
    return db.session.scalar(select(Edition).where(Edition.slug == slug))


def find_announced_edition(slug: str) -> Edition | None:
    """An edition that everyone may know of."""
    announced = select(Edition).where(Edition.slug == slug, _is_announced())
    return db.session.scalar(announced, _when(now()))


def editions_of(course_id: int) -> Sequence[Edition]:
    """The announced editions of a course, those that start last first, at most MOST_EDITIONS."""
    return db.session.scalars(_editions(), _when(now()) | {"course": course_id}).all()


def instructors_of(course_id: int) -> Sequence[str]:
    """The names of those who teach the course or one of its announced editions that is not over."""
    given = {"course": course_id, "scope_id": str(course_id)}
    return db.session.scalars(_instructors(), _when(now()) | given).all()


@dataclass(frozen=True, slots=True)
class News:
    """An edition as the feed announces it."""

    edition: Edition
    course_slug: str
    course: Json


def announced_editions(language: str) -> list[News]:
    """The editions announced last, the newest first, at most FEED_LENGTH."""
    latest = (
        select(Edition, Course.slug, VersionPage.course)
        .join(Course, Course.id == Edition.course_id)
        .join(VersionPage, _page_in(language, Edition.version_id))
        .where(_is_announced())
        .order_by(Edition.announced_at.desc(), Edition.id.desc())
        .limit(FEED_LENGTH)
    )
    return [News(*row) for row in db.session.execute(latest, _when(now()))]


def course_slug_of(edition: Edition) -> str:
    return db.session.get_one(Course, edition.course_id).slug


def editions_to_come() -> Sequence[Edition]:
    """The editions whose agreed times may still lie in the future."""
    return db.session.scalars(select(Edition).where(_is_not_over()), _when(now())).all()


def _when(moment: datetime) -> dict[str, Any]:
    """The time, as the statements here ask for it."""
    return {"moment": moment, "first_day": (moment - LATEST_ZONE).date()}


@lru_cache(maxsize=512)
def _listing(
    language: str, filters: tuple[tuple[str, str], ...], *, is_continued: bool
) -> tuple[Select[Any], Select[int, Any]]:
    """The page of courses and the counts, for filters that `known_filters` let through."""
    asked = dict(filters)
    current = Edition.id == _current_edition(asked.get("format"))
    offered = _offers(language, current).where(*_conditions(asked))
    order = (_standing(), Course.id)
    page = offered.order_by(*order).limit(PAGE_LENGTH + 1)
    if is_continued:
        page = page.where(tuple_(*order) > tuple_(bindparam("standing"), bindparam("course")))
    return page.add_columns(order[0].label("standing")), _counts(offered)


@lru_cache(maxsize=8)
def _one_offer(language: str, by_edition: bool) -> Select[Any]:
    current = Edition.id == _current_edition(None)
    asked = and_(Edition.course_id == Course.id, Edition.slug == bindparam("edition"))
    offered = _offers(language, and_(asked, _is_announced()) if by_edition else current)
    if by_edition:
        offered = offered.where(Edition.id.is_not(None))
    return offered.where(Course.slug == bindparam("slug")).add_columns(VersionPage.outline)


@lru_cache(maxsize=1)
def _editions() -> Select[Any]:
    announced = select(Edition).where(Edition.course_id == bindparam("course"), _is_announced())
    return announced.order_by(Edition.starts_on.desc(), Edition.id.desc()).limit(MOST_EDITIONS)


@lru_cache(maxsize=1)
def _instructors() -> Select[Any]:
    taught = select(cast(Edition.id, String)).where(
        Edition.course_id == bindparam("course"), _is_announced(), _is_not_over()
    )
    here = or_(
        and_(RoleGrant.scope == Scope.COURSE, RoleGrant.scope_id == bindparam("scope_id")),
        and_(RoleGrant.scope == Scope.EDITION, RoleGrant.scope_id.in_(taught)),
    )
    teaching = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.INSTRUCTOR, RoleGrant.ended_at.is_(None), here
    )
    return select(Account.name).where(Account.person_id.in_(teaching)).order_by(Account.name)


def _offers(language: str, current: ColumnElement[bool]) -> Select[Any]:
    """Courses, each with the edition that `current` picks for it, if any."""
    newest = (
        select(CourseVersion.id)
        .where(CourseVersion.course_id == Course.id)
        .order_by(CourseVersion.number.desc())
        .limit(1)
        .correlate(Course)
        .scalar_subquery()
    )
    shown = func.coalesce(Edition.version_id, newest)
    return (
        select(Course.id, Course.slug, VersionPage.course, CourseVersion.facts)
        .add_columns(CourseVersion.is_whole, Edition)
        .select_from(Course)
        .outerjoin(Edition, current)
        .join(CourseVersion, CourseVersion.id == shown)
        .join(VersionPage, _page_in(language, CourseVersion.id))
    )


def _current_edition(format_: str | None) -> ColumnElement[int]:
    one = aliased(Edition)
    return (
        select(one.id)
        .where(
            one.course_id == Course.id,
            one.format == format_ if format_ else true(),
            _is_announced(one),
            _is_not_over(one),
        )
        .order_by(_standing(one), one.starts_on, one.id)
        .limit(1)
        .correlate(Course)
        .scalar_subquery()
    )


def _conditions(filters: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    if code := filters.get("language"):
        yield CourseVersion.facts["completeness", code].as_integer() > 0
    if topic := filters.get("topic"):
        yield VersionPage.course["topic"].as_string() == topic
    if format_ := filters.get("format"):
        formats = cast(VersionPage.course["formats"], String)
        yield formats.contains(f'"{format_}"', autoescape=True)
    if filters.get("open"):
        yield _standing() == OPEN


def _standing(edition: type[Edition] = Edition) -> ColumnElement[int]:
    has_seats = or_(edition.seats.is_(None), edition.seats_taken < edition.seats)
    has_begun, has_ended = edition.opens_at <= MOMENT, edition.closes_at <= MOMENT
    return case(
        (and_(has_begun, not_(has_ended), has_seats), literal_column(str(OPEN))),
        (edition.opens_at > MOMENT, literal_column(str(UPCOMING))),
        (edition.id.is_not(None), literal_column(str(GOING_ON))),
        else_=literal_column(str(NONE)),
    )


def _counts(offered: Select[Any]) -> Select[int, Any]:
    standings = offered.with_only_columns(_standing().label("standing")).subquery()
    is_open = case((standings.c.standing == OPEN, 1), else_=0)
    return select(func.count(), func.sum(is_open)).select_from(standings)


def _offer(row: Any, moment: datetime) -> Offer:
    edition = row.Edition
    return Offer(
        course_id=row.id,
        slug=row.slug,
        course=row.course,
        facts=row.facts,
        is_whole=row.is_whole,
        edition=edition,
        state=state_of(edition, moment) if edition else None,
        outline=row._mapping.get("outline", ()),
    )


def _place(after: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"([0-3])-(\d{1,9})", after, re.ASCII)
    return (int(found[1]), int(found[2])) if found else None


def _page_in(language: str, version: Any) -> ColumnElement[bool]:
    return and_(VersionPage.version_id == version, VersionPage.language == language)


def _is_announced(edition: type[Edition] = Edition) -> ColumnElement[bool]:
    return edition.announced_at <= MOMENT


def _is_not_over(edition: type[Edition] = Edition) -> ColumnElement[bool]:
    # Whether it is over in its own zone, `state_of` says.
    return edition.ends_on >= FIRST_DAY
