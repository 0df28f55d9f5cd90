"""Reading courses, their versions and the lessons of a version."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from coursehub.content.models import (
    Bank,
    BankQuestion,
    BankVersion,
    Course,
    CourseVersion,
    VersionFile,
)
from coursehub.foundation.database import db


def find_course(slug: str) -> Course | None:
    return db.session.scalar(select(Course).where(Course.slug == slug))


def latest_version(slug: str) -> CourseVersion | None:
    """The newest version of a course, or None if there is none."""
    return db.session.scalar(
        select(CourseVersion)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug == slug)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )


def find_version(slug: str, number: int) -> CourseVersion | None:
    return db.session.scalar(
        select(CourseVersion)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug == slug, CourseVersion.number == number)
    )


def file_of_version(version_id: int, name: str) -> VersionFile | None:
    """A file in a version's media folder."""
    return db.session.get(VersionFile, (version_id, f"media/{name}"))


def find_bank(course_id: int | None, key: str, *, locks: bool = False) -> Bank | None:
    """A bank of a course, or with no course one of the site."""
    asked = select(Bank).where(
        Bank.course_id.is_(None) if course_id is None else Bank.course_id == course_id
    )
    asked = asked.where(Bank.key == key)
    return db.session.scalar(asked.with_for_update() if locks else asked)


def banks_of(course_id: int) -> list[Bank]:
    """The banks of a course, by name."""
    rows = select(Bank).where(Bank.course_id == course_id).order_by(Bank.key)
    return list(db.session.scalars(rows))


def is_newest(version: CourseVersion) -> bool:
    """Whether no version of the same course is newer."""
    newest = select(func.max(CourseVersion.number)).where(
        CourseVersion.course_id == version.course_id
    )
    return db.session.scalar(newest) == version.number


def pinned_in(slug: str) -> Callable[[str, str, int, dict[str, Any]], dict[str, Any] | None]:
    """What a question in a course's banks said in a version; `now` is what its file says.

    The version that loading the file is about to make says what the file says.
    """

    def said(bank: str, key: str, number: int, now: dict[str, Any]) -> dict[str, Any] | None:
        rows = db.session.execute(
            select(BankVersion.number, BankVersion.question)
            .join(BankQuestion, BankQuestion.id == BankVersion.question_id)
            .join(Bank, Bank.id == BankQuestion.bank_id)
            .join(Course, Course.id == Bank.course_id)
            .where(Course.slug == slug, Bank.key == bank, BankQuestion.key == key)
            .order_by(BankVersion.number)
        ).all()
        known = {row.number: row.question for row in rows}
        is_next = number == len(known) + 1 and known.get(len(known)) != now
        return now if is_next else known.get(number)

    return said
