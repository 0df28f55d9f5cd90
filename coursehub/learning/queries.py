"""Reading a course: the edition with its outline, a lesson, what is completed, and search.

These pages are asked for most, so they are SQL text: a fixed number of statements each.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, bindparam, or_, select, text, true

from coursehub.accounts.models import Scope, Viewer
from coursehub.catalogue.models import Edition
from coursehub.content.models import VersionFile, VersionPage
from coursehub.content.queries import file_of_version
from coursehub.foundation import search
from coursehub.foundation.database import UtcDateTime, db
from coursehub.learning.rules import (
    Json,
    Progress,
    is_open,
    items_of,
    may_read_course,
    may_teach,
    progress,
    reads_as_staff,
)

MOST_HITS = 30
MOST_TAUGHT = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """An edition as one person reads it in one language."""

    edition_id: int
    edition: str
    starts_on: date
    ends_on: date
    version_id: int
    is_whole: bool
    source_language: str
    course_id: int
    course_slug: str
    course: Json
    outline: list[Json]
    is_enrolled: bool
    bookmark: int | None

    def find_item(self, slug: str) -> tuple[Json, Json] | None:
        """Anything in a module, with the module, whether or not it is open yet."""
        for module, item in items_of(self.outline):
            if item["slug"] == slug:
                return module, item
        return None

    def find_lesson(self, slug: str) -> tuple[Json, Json] | None:
        """A lesson that is open to learners, with its module."""
        return self.find_open("lesson", slug)

    def find_open(self, kind: str, slug: str) -> tuple[Json, Json] | None:
        """Something of a kind that is open to learners, with its module."""
        found = self.find_item(slug)
        return found if found and found[1]["kind"] == kind and is_open(found[1]) else None

    def find_module(self, slug: str) -> Json | None:
        return next((module for module in self.outline if module["slug"] == slug), None)

    def around(self, item_id: int) -> tuple[Json | None, Json | None]:
        """What stands before and after something that is open to learners."""
        items = [item for _m, item in items_of(self.outline) if is_open(item)]
        at = next(n for n, item in enumerate(items) if item["id"] == item_id)
        before = items[at - 1] if at else None
        return before, items[at + 1] if at + 1 < len(items) else None

    def progress(self, completed: Mapping[int, datetime]) -> Progress:
        return progress(self.outline, completed, is_whole=self.is_whole)


READING = text(
    """
    SELECT e.id AS edition_id, e.slug AS edition, e.starts_on, e.ends_on, e.version_id,
           v.is_whole, v.source_language, c.id AS course_id, c.slug AS course_slug,
           p.course, p.outline, n.id IS NOT NULL AS is_enrolled, b.item_id AS bookmark
    FROM editions e
    JOIN courses c ON c.id = e.course_id
    JOIN course_versions v ON v.id = e.version_id
    JOIN version_pages p ON p.version_id = e.version_id AND p.language = :language
    LEFT JOIN enrolments n ON n.edition_id = e.id AND n.person_id = :person AND n.ended_at IS NULL
    LEFT JOIN bookmarks b ON b.edition_id = e.id AND b.person_id = :person
    WHERE e.slug = :slug
    """
).columns(
    course=JSON, outline=JSON, starts_on=Date, ends_on=Date, is_enrolled=Boolean, is_whole=Boolean
)


def find_reading(viewer: Viewer, edition: str, language: str) -> Reading | None:
    """The edition for this reader, or None if there is none or they may not read it."""
    row = db.session.execute(
        READING, {"slug": edition, "person": viewer.person_id, "language": language}
    ).one_or_none()
    if row is None:
        return None
    if not may_read_course(
        viewer, is_enrolled=row.is_enrolled, course=row.course_id, edition=row.edition_id
    ):
        return None
    return Reading(**row._mapping)


def find_taught(viewer: Viewer, edition: str, language: str) -> Reading | None:
    """The edition for someone who teaches it, or None if there is none or they do not."""
    reading = find_reading(viewer, edition, language)
    if reading is None or not may_teach(
        viewer, course=reading.course_id, edition=reading.edition_id
    ):
        return None
    return reading


@dataclass(frozen=True, slots=True)
class Page:
    """A lesson as it is shown; `files` holds the bytes of what can be taken away, by form."""

    title: str
    html: str
    language: str
    details: Json
    files: Mapping[str, int]


LESSON = text(
    """
    SELECT r.title, r.html, r.language, r.details,
      (SELECT size_bytes FROM printouts o WHERE o.version_id = l.version_id
         AND o.language = r.language AND o.item_id = l.item_id AND o.form = 'pdf') AS lesson_pdf,
      (SELECT size_bytes FROM printouts o WHERE o.version_id = l.version_id
         AND o.language = l.language AND o.item_id = :module AND o.form = 'pdf') AS module_pdf,
      (SELECT size_bytes FROM printouts o WHERE o.version_id = l.version_id
         AND o.language = l.language AND o.item_id = :module AND o.form = 'html') AS module_html
    FROM version_lessons l JOIN renditions r ON r.id = l.rendition_id
    WHERE l.version_id = :version AND l.language = :language AND l.slug = :slug
    """
).columns(details=JSON)


def find_page(reading: Reading, module: Json, slug: str, language: str) -> Page | None:
    """A lesson's stored HTML in a language, or in its source language if it is not translated."""
    row = db.session.execute(
        LESSON,
        {"version": reading.version_id, "language": language, "slug": slug, "module": module["id"]},
    ).one_or_none()
    if row is None:
        return None
    forms = ("lesson_pdf", "module_pdf", "module_html")
    files = {form: size for form in forms if (size := getattr(row, form)) is not None}
    return Page(row.title, row.html, row.language, row.details, files)


COMPLETED = text(
    """
    SELECT f.item_id, f.revision, f.details, f.happened_at FROM facts f
    WHERE f.edition_id = :edition AND f.kind = 'completed'
      AND f.person_id IN (SELECT id FROM people WHERE id = :person OR merged_into = :person)
      AND NOT EXISTS (
        SELECT 1 FROM facts g WHERE g.person_id = f.person_id AND g.event_id = f.event_id
          AND g.revision > f.revision)
    """
).columns(details=JSON, happened_at=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person has said of the items of an edition: when each was done, and the last revision.

    What was taken back is not done, and has a revision.
    """

    done: Mapping[int, datetime]
    revisions: Mapping[int, int]


def said_by(person_id: int | None, edition_id: int) -> Said:
    """When a person completed each item of an edition, by item."""
    rows = db.session.execute(COMPLETED, {"person": person_id, "edition": edition_id}).all()
    done = {row.item_id: row.happened_at for row in rows if row.details["is_done"]}
    return Said(done, {row.item_id: row.revision for row in rows})


EVERYONES = """
    SELECT coalesce(p.merged_into, p.id) AS person_id, f.item_id, f.details, f.happened_at
    FROM facts f JOIN people p ON p.id = f.person_id
    WHERE f.edition_id = :edition AND f.kind = 'completed'
      AND NOT EXISTS (
        SELECT 1 FROM facts g WHERE g.person_id = f.person_id AND g.event_id = f.event_id
          AND g.revision > f.revision)
    """
SOMES = f"{EVERYONES} AND coalesce(p.merged_into, p.id) IN :people"


def completions_in(
    edition_id: int, people: Collection[int] | None = None
) -> dict[int, dict[int, datetime]]:
    """What everyone completed in an edition, or these people, by person and item."""
    asked, given = text(EVERYONES), {"edition": edition_id}
    if people is not None:
        asked = text(SOMES).bindparams(bindparam("people", list(people), expanding=True))
    rows = asked.columns(details=JSON, happened_at=UtcDateTime)
    completed: dict[int, dict[int, datetime]] = {}
    for row in db.session.execute(rows, given):
        if row.details["is_done"]:
            completed.setdefault(row.person_id, {})[row.item_id] = row.happened_at
    return completed


SHELF = text(
    """
    SELECT e.id AS edition_id, e.slug AS edition, e.starts_on, e.ends_on, e.version_id,
           v.is_whole, v.source_language, c.id AS course_id, c.slug AS course_slug,
           p.course, p.outline, true AS is_enrolled, b.item_id AS bookmark
    FROM enrolments n
    JOIN editions e ON e.id = n.edition_id
    JOIN courses c ON c.id = e.course_id
    JOIN course_versions v ON v.id = e.version_id
    JOIN version_pages p ON p.version_id = e.version_id AND p.language = :language
    LEFT JOIN bookmarks b ON b.edition_id = e.id AND b.person_id = n.person_id
    WHERE n.person_id = :person AND n.ended_at IS NULL
    ORDER BY b.reached_at IS NULL, b.reached_at DESC, n.began_at DESC
    """
).columns(
    course=JSON, outline=JSON, starts_on=Date, ends_on=Date, is_enrolled=Boolean, is_whole=Boolean
)

ALL_COMPLETED = text(
    """
    SELECT f.edition_id, f.item_id, f.details, f.happened_at FROM facts f
    WHERE f.kind = 'completed'
      AND f.person_id IN (SELECT id FROM people WHERE id = :person OR merged_into = :person)
      AND NOT EXISTS (
        SELECT 1 FROM facts g WHERE g.person_id = f.person_id AND g.event_id = f.event_id
          AND g.revision > f.revision)
    """
).columns(details=JSON, happened_at=UtcDateTime)


def shelf_of(viewer: Viewer, language: str) -> list[tuple[Reading, Progress]]:
    """The editions someone has a place in, the last one read first, with how far they have come."""
    rows = db.session.execute(SHELF, {"person": viewer.person_id, "language": language}).all()
    completed: dict[int, dict[int, datetime]] = {}
    for fact in db.session.execute(ALL_COMPLETED, {"person": viewer.person_id}):
        if fact.details["is_done"]:
            completed.setdefault(fact.edition_id, {})[fact.item_id] = fact.happened_at
    readings = [Reading(**row._mapping) for row in rows]
    return [
        (reading, reading.progress(completed.get(reading.edition_id, {}))) for reading in readings
    ]


@dataclass(frozen=True, slots=True)
class Taught:
    """An edition that someone reads by their role."""

    edition: str
    course: Json
    starts_on: date
    ends_on: date


def editions_read_as_staff(viewer: Viewer, language: str) -> list[Taught]:
    """The editions `may_read_course` opens to someone by their roles, the latest first.

    At most MOST_TAUGHT; people without such a role cost no statement.
    """
    courses, editions = reads_as_staff(viewer, Scope.COURSE), reads_as_staff(viewer, Scope.EDITION)
    has_all = bool(reads_as_staff(viewer, Scope.SITE))
    if not (has_all or courses or editions):
        return []
    covered = or_(
        Edition.course_id.in_([int(number) for number in courses]),
        Edition.id.in_([int(number) for number in editions]),
    )
    rows = (
        select(Edition.slug, VersionPage.course, Edition.starts_on, Edition.ends_on)
        .join(VersionPage, VersionPage.version_id == Edition.version_id)
        .where(VersionPage.language == language, true() if has_all else covered)
        .order_by(Edition.starts_on.desc(), Edition.id.desc())
        .limit(MOST_TAUGHT)
    )
    return [Taught(*row) for row in db.session.execute(rows)]


@dataclass(frozen=True, slots=True)
class Hit:
    """A block with what was found: pieces of its text, and whether each is what was asked."""

    slug: str
    title: str
    block: str
    heading: str
    language: str
    pieces: list[tuple[str, bool]]


HITS = {
    "sqlite": """
        SELECT l.slug, r.title, r.language, x.block, x.heading, x.body
        FROM search_index i
        JOIN search_entries x ON x.id = i.rowid
        JOIN renditions r ON r.id = x.rendition_id
        JOIN version_lessons l ON l.rendition_id = r.id
        WHERE search_index MATCH :asked AND l.version_id = :version AND l.language = :language
        ORDER BY i.rank, x.id LIMIT :most
        """,
    "postgresql": """
        SELECT l.slug, r.title, r.language, x.block, x.heading, x.body
        FROM search_entries x
        JOIN renditions r ON r.id = x.rendition_id
        JOIN version_lessons l ON l.rendition_id = r.id
        WHERE to_tsvector('simple', x.terms) @@ to_tsquery('simple', :asked)
          AND l.version_id = :version AND l.language = :language
        ORDER BY ts_rank(to_tsvector('simple', x.terms), to_tsquery('simple', :asked)) DESC, x.id
        LIMIT :most
        """,
}


def search_course(reading: Reading, words: str, language: str) -> list[Hit]:
    """Blocks of the course that hold all the words, best first, at most MOST_HITS."""
    spoken = {code: search.asked(words, code) for code in (language, reading.source_language)}
    dialect = db.session.get_bind().dialect.name
    asked = _question([terms for terms in spoken.values() if terms], dialect)
    if not asked:
        return []
    given = {"asked": asked, "version": reading.version_id, "language": language, "most": MOST_HITS}
    rows = db.session.execute(text(HITS[dialect]), given)
    return [
        Hit(
            row.slug,
            row.title,
            row.block,
            row.heading,
            row.language,
            search.excerpt(row.body, spoken.get(row.language, []), row.language),
        )
        for row in rows
        if reading.find_lesson(row.slug)
    ]


def _question(wishes: list[list[str]], dialect: str) -> str:
    together, either, quote = ("AND", "OR", '"') if dialect == "sqlite" else ("&", "|", "'")
    groups = [f" {together} ".join(f"{quote}{term}{quote}" for term in terms) for terms in wishes]
    return f" {either} ".join(f"({group})" for group in groups)


GLOSSARY = text(
    "SELECT glossary FROM version_pages WHERE version_id = :version AND language = :language"
).columns(glossary=JSON)


def glossary_of(reading: Reading, language: str) -> list[Json]:
    """Every term of the course, in the order of the language's alphabet."""
    row = db.session.execute(GLOSSARY, {"version": reading.version_id, "language": language}).one()
    return sorted(row.glossary, key=lambda term: search.fold(term["term"]))


def find_media(reading: Reading, fingerprint: str, name: str) -> VersionFile | None:
    """A picture or recording of the version, if its content is the one the address names."""
    file = file_of_version(reading.version_id, name)
    if file is None or not file.is_media or file.sha256[:16] != fingerprint:
        return None
    return file


PRINTOUT = text(
    "SELECT sha256 FROM printouts WHERE version_id = :version AND language = :language "
    "AND item_id = :item AND form = :form"
)


def find_printout(reading: Reading, item_id: int, language: str, form: str) -> str | None:
    """The key in the file store of something made to be taken away."""
    given = {"version": reading.version_id, "language": language, "item": item_id, "form": form}
    key: str | None = db.session.scalar(PRINTOUT, given)
    return key


FILES = text(
    "SELECT item_id, form, size_bytes FROM printouts "
    "WHERE version_id = :version AND language = :language"
)


def printouts_of(reading: Reading, language: str) -> dict[tuple[int, str], int]:
    """Bytes of everything that can be taken away, by item and form."""
    rows: Any = db.session.execute(FILES, {"version": reading.version_id, "language": language})
    return {(row.item_id, row.form): row.size_bytes for row in rows}
