"""Reading banks: which there are, what is in them, and which quizzes use it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from coursehub.accounts.models import Viewer
from coursehub.content.models import (
    Bank,
    BankQuestion,
    BankTag,
    BankVersion,
    Course,
    CourseVersion,
    QuestionState,
    VersionActivity,
    VersionPage,
    VersionQuestion,
)
from coursehub.foundation.database import db
from coursehub.foundation.search import fold
from coursehub.questions.models import HeldFile
from coursehub.questions.rules.keeping import (
    PER_PAGE,
    courses_kept,
    keeps_on_site,
    may_keep_questions,
)

Json = dict[str, Any]
MOST_TAGS, MOST_VERSIONS, MOST_USES = 200, 50, 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A question of a bank as a list shows it."""

    id: int
    key: str
    number: int
    state: QuestionState
    question: Json


@dataclass(frozen=True, slots=True)
class Use:
    """A quiz that asks a version of a question, in a course's version."""

    quiz: dict[str, str]
    course: str
    course_version: int
    number: int


def banks_kept_by(viewer: Viewer, language: str) -> list[tuple[Bank, str, int]]:
    """The banks someone keeps, each with its course's title (or "") and how much it holds."""
    counted = (
        select(BankQuestion.bank_id, func.count().label("count"))
        .where(BankQuestion.state != QuestionState.RETIRED)
        .group_by(BankQuestion.bank_id)
        .subquery()
    )
    titles = _titles(language).subquery()
    asked = (
        select(Bank, titles.c.title, counted.c.count)
        .outerjoin(titles, titles.c.course_id == Bank.course_id)
        .outerjoin(counted, counted.c.bank_id == Bank.id)
        .order_by(titles.c.title, Bank.key)
    )
    if not keeps_on_site(viewer):
        asked = asked.where(Bank.course_id.in_(courses_kept(viewer)))
    return [(bank, title or "", count or 0) for bank, title, count in db.session.execute(asked)]


def courses_kept_by(viewer: Viewer, language: str) -> list[tuple[str, str]]:
    """The courses for which someone may make a bank: address and title."""
    titles = _titles(language).subquery()
    asked = select(Course.slug, titles.c.title).join(titles, titles.c.course_id == Course.id)
    if not keeps_on_site(viewer):
        asked = asked.where(Course.id.in_(courses_kept(viewer)))
    return [(slug, title) for slug, title in db.session.execute(asked.order_by(titles.c.title))]


def _titles(language: str) -> Select[Any]:
    """The number of each course with the title of its newest version."""
    newer = aliased(CourseVersion)
    is_newest = ~(
        select(newer.id)
        .where(newer.course_id == CourseVersion.course_id, newer.number > CourseVersion.number)
        .exists()
    )
    return (
        select(CourseVersion.course_id, VersionPage.course["title"].as_string().label("title"))
        .join(VersionPage, VersionPage.version_id == CourseVersion.id)
        .where(is_newest, VersionPage.language == language)
    )


def find_kept_bank(viewer: Viewer, number: int) -> Bank | None:
    """A bank that someone may keep, or None."""
    bank = db.session.get(Bank, number) if number < 2**31 else None
    is_kept = bank is not None and may_keep_questions(viewer, course=bank.course_id)
    return bank if is_kept else None


def questions_in(
    bank_id: int, words: str = "", tag: str = "", state: str = "", after: int = 0
) -> list[Shown]:
    """A page of a bank's questions behind a row, and one more if there is more."""
    asked = _newest().where(BankQuestion.bank_id == bank_id, BankQuestion.id > after)
    for word in fold(words).split():
        asked = asked.where(BankQuestion.words.contains(word, autoescape=True))
    if tag:
        tagged = select(BankTag.question_id).where(BankTag.tag == tag)
        asked = asked.where(BankQuestion.id.in_(tagged))
    if state in list(QuestionState):
        asked = asked.where(BankQuestion.state == QuestionState(state))
    rows = db.session.execute(asked.order_by(BankQuestion.id).limit(PER_PAGE + 1))
    return [Shown(*row) for row in rows]


def _newest() -> Select[Any]:
    return select(
        BankQuestion.id,
        BankQuestion.key,
        BankQuestion.number,
        BankQuestion.state,
        BankVersion.question,
    ).join(
        BankVersion,
        (BankVersion.question_id == BankQuestion.id) & (BankVersion.number == BankQuestion.number),
    )


def tags_in(bank_id: int) -> list[str]:
    """The tags of a bank's questions, by name."""
    rows = (
        select(BankTag.tag)
        .join(BankQuestion, BankQuestion.id == BankTag.question_id)
        .where(BankQuestion.bank_id == bank_id)
        .distinct()
        .order_by(BankTag.tag)
        .limit(MOST_TAGS)
    )
    return list(db.session.scalars(rows))


def find_shown(bank_id: int, key: str) -> Shown | None:
    """A question of a bank as it is now, or None."""
    asked = _newest().where(BankQuestion.bank_id == bank_id, BankQuestion.key == key)
    row = db.session.execute(asked).one_or_none()
    return Shown(*row) if row else None


def versions_of(question_id: int) -> list[tuple[int, datetime, Json]]:
    """What a question said, newest first."""
    rows = (
        select(BankVersion.number, BankVersion.made_at, BankVersion.question)
        .where(BankVersion.question_id == question_id)
        .order_by(BankVersion.number.desc())
        .limit(MOST_VERSIONS)
    )
    return [(number, made_at, said) for number, made_at, said in db.session.execute(rows)]


def uses_of(question_id: int) -> list[Use]:
    """The quizzes that ask a question, those of newest versions first."""
    rows = (
        select(
            VersionActivity.activity["title"], Course.slug, CourseVersion.number, BankVersion.number
        )
        .select_from(VersionQuestion)
        .join(BankVersion, BankVersion.id == VersionQuestion.bank_version_id)
        .join(CourseVersion, CourseVersion.id == VersionQuestion.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .join(
            VersionActivity,
            (VersionActivity.version_id == VersionQuestion.version_id)
            & (VersionActivity.item_id == VersionQuestion.item_id),
        )
        .where(BankVersion.question_id == question_id)
        .order_by(CourseVersion.id.desc(), VersionQuestion.item_id)
        .limit(MOST_USES)
    )
    return [Use(*row) for row in db.session.execute(rows)]


def find_held(bank_id: int, key: str, *, locks: bool = False) -> HeldFile | None:
    """A file that was sent for a bank and is not yet taken."""
    asked = select(HeldFile).where(HeldFile.bank_id == bank_id, HeldFile.key == key)
    return db.session.scalar(asked.with_for_update() if locks else asked)
