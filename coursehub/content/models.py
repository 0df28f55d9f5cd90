"""Courses and their published versions, which never change once published.

A version names its files and, per language, what the catalogue, the outline and each lesson show.
Lessons' HTML stands in renditions, shared by all versions in which a lesson reads the same.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.database import Model, Row, append_only

SPOKEN = "language IN ('es', 'pt', 'en')"


class Course(Row):
    """A course for as long as it is known; `key` is its id in the files, `slug` its address."""

    __tablename__ = "courses"

    key: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class ItemKind(StrEnum):
    MODULE = "module"
    LESSON = "lesson"
    BLOCK = "block"
    QUIZ = "quiz"
    SURVEY = "survey"
    QUESTION = "question"
    ANSWER = "answer"
    TERM = "term"
    ASSIGNMENT = "assignment"
    CRITERION = "criterion"


class Item(Row):
    """An id that a course has ever used: what learners' facts point to. It never changes kind."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("course_id", "key"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    key: Mapped[str]
    kind: Mapped[ItemKind]


class CourseVersion(Row):
    """A published state of a course. Not whole: some parts are still being prepared."""

    __tablename__ = "course_versions"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        UniqueConstraint("course_id", "id"),  # what an edition of the same course points to
        CheckConstraint("number > 0", name="number_counts_from_one"),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    number: Mapped[int]
    published_at: Mapped[datetime]
    fingerprint: Mapped[str]
    source_language: Mapped[str]
    is_whole: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class Source(Model):
    """The exact bytes of a text file of a course."""

    __tablename__ = "sources"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class VersionFile(Model):
    """A file of a version: its text stands in `sources`, media in the file store."""

    __tablename__ = "version_files"
    __table_args__ = (CheckConstraint("size_bytes >= 0", name="size_is_a_count"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    size_bytes: Mapped[int]
    is_media: Mapped[bool]


class VersionPage(Model):
    """What the catalogue and the outline of a version say in one language."""

    __tablename__ = "version_pages"
    __table_args__ = (CheckConstraint(SPOKEN, name="language_is_spoken"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    course: Mapped[dict[str, Any]] = mapped_column(JSON)
    outline: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    glossary: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Rendition(Row):
    """A lesson as it is shown in one language: clean HTML, made once."""

    __tablename__ = "renditions"
    __table_args__ = (CheckConstraint(SPOKEN, name="language_is_spoken"),)

    fingerprint: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    title: Mapped[str]
    html: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class VersionLesson(Model):
    """Which rendition a version shows for a lesson to readers of a language."""

    __tablename__ = "version_lessons"
    __table_args__ = (
        UniqueConstraint("version_id", "language", "slug"),
        CheckConstraint(SPOKEN, name="language_is_spoken"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    slug: Mapped[str]
    rendition_id: Mapped[int] = mapped_column(ForeignKey("renditions.id"), index=True)


class VersionActivity(Model):
    """Something to be done in a version, as data in all its languages: a quiz, a survey …"""

    __tablename__ = "version_activities"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    activity: Mapped[dict[str, Any]] = mapped_column(JSON)


class QuestionState(StrEnum):
    DRAFT = "draft"
    READY = "ready"
    RETIRED = "retired"


class Bank(Row):
    """Questions kept together for a course, or for the site; `key` is its file's name."""

    __tablename__ = "banks"
    __table_args__ = (
        UniqueConstraint("course_id", "key"),
        Index(
            "uq_banks_site_key",
            "key",
            unique=True,
            sqlite_where=text("course_id IS NULL"),
            postgresql_where=text("course_id IS NULL"),
        ),
    )

    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    key: Mapped[str]
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class BankQuestion(Row):
    """A question for as long as a bank knows it; `number` is its newest version's.

    `words` is what it asks in all its languages, folded, for those who look for it.
    """

    __tablename__ = "bank_questions"
    __table_args__ = (
        UniqueConstraint("bank_id", "key"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
    )

    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    key: Mapped[str]
    number: Mapped[int]
    state: Mapped[QuestionState]
    words: Mapped[str]


class BankTag(Model):
    """A tag of a question's newest version."""

    __tablename__ = "bank_tags"

    question_id: Mapped[int] = mapped_column(ForeignKey("bank_questions.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class BankVersion(Row):
    """What a question says from some moment on; an edit is a new version."""

    __tablename__ = "bank_versions"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("number > 0", name="number_counts_from_one"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("bank_questions.id"))
    number: Mapped[int]
    question: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str]
    made_at: Mapped[datetime]


class VersionQuestion(Model):
    """Which version of a bank's question stands in a quiz of a course's version."""

    __tablename__ = "version_questions"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    bank_version_id: Mapped[int] = mapped_column(
        ForeignKey("bank_versions.id"), primary_key=True, index=True
    )


class SearchEntry(Row):
    """A block of a rendition as search knows it: its text, and its words as stems."""

    __tablename__ = "search_entries"

    rendition_id: Mapped[int] = mapped_column(ForeignKey("renditions.id"), index=True)
    block: Mapped[str]
    heading: Mapped[str]
    body: Mapped[str]
    terms: Mapped[str]


class Printout(Model):
    """A file made from a version to be kept or printed: PDF or one self-contained page."""

    __tablename__ = "printouts"

    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    form: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    size_bytes: Mapped[int]


class Export(Row):
    """A version was written out as a folder: the common ancestor of a later merge."""

    __tablename__ = "exports"
    __table_args__ = (Index(None, "version_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("course_versions.id"))
    exported_at: Mapped[datetime]


for published in (
    Item,
    CourseVersion,
    Source,
    VersionFile,
    VersionPage,
    Rendition,
    VersionLesson,
    VersionActivity,
    BankVersion,
    VersionQuestion,
    SearchEntry,
):
    append_only(published.__table__)  # type: ignore[arg-type]

# The index behind the search: FTS5 on SQLite, a GIN index on PostgreSQL, over the same stems.
for dialect, statement in (
    (
        "sqlite",
        "CREATE VIRTUAL TABLE search_index USING "
        "fts5(terms, content='search_entries', content_rowid='id', tokenize='unicode61')",
    ),
    (
        "sqlite",
        "CREATE TRIGGER search_entries_index AFTER INSERT ON search_entries BEGIN "
        "INSERT INTO search_index (rowid, terms) VALUES (new.id, new.terms); END",
    ),
    (
        "postgresql",
        "CREATE INDEX ix_search_entries_terms ON search_entries "
        "USING gin (to_tsvector('simple', terms))",
    ),
):
    event.listen(SearchEntry.__table__, "after_create", DDL(statement).execute_if(dialect=dialect))
