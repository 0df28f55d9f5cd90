"""From a folder to a published version, in steps of which each is permanent or did not happen.

Reading, drawing and storing files is slow and holds no lock. The steps that write are handed to
the caller one by one: first the drawn lessons, which nobody sees yet, in batches; last, in one
unit of work, the version that shows them. Interrupted anywhere, the old version is still whole,
and the same call goes on where it stopped.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from coursehub.content.actions import changes
from coursehub.content.actions.versions import publish
from coursehub.content.formats import translations
from coursehub.content.formats.course import CourseFolder, Folder
from coursehub.content.formats.findings import Finding, Findings
from coursehub.content.formats.folder import open_folder, read_course
from coursehub.content.formats.lessons import Lesson
from coursehub.content.formats.rendering import RENDERER, Rendered, render
from coursehub.content.formats.terms import Glossary, glossary
from coursehub.content.models import Rendition, SearchEntry
from coursehub.content.queries import latest_version, pinned_in
from coursehub.foundation import search, storage
from coursehub.foundation.database import db

BATCH = 24
Step = Callable[[], None]


class NotPublished(Exception):
    """The folder has mistakes, so nothing of it was loaded."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} mistakes")
        self.findings = findings


@dataclass
class Report:
    """What a publication did; `version` is the number of the version that is now the newest."""

    course: str
    version: int = 0
    changed: list[changes.Change] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


@dataclass
class Drawing:
    """One lesson in one language that is to be drawn, under the name of everything it shows."""

    lesson: Lesson
    fingerprint: str
    stale: list[str]
    is_stale: bool


def check(path: Path) -> Findings:
    """Everything that is wrong with a folder."""
    findings = Findings()
    read_course(open_folder(path, findings), findings)
    return findings


def publication(path: Path, report: Report, *, renames: bool = False) -> Iterator[Step]:
    """The steps that load a folder. NotPublished if it has errors; no step if nothing changed."""
    findings = Findings()
    folder = open_folder(path, findings)
    report.course = folder.slug
    state = _fingerprint(folder)
    newest = latest_version(folder.slug)
    if newest and newest.fingerprint == state and not findings.errors:
        report.version = newest.number
        return
    course = read_course(folder, findings, pinned_in(folder.slug))
    if course is None or findings.errors:
        raise NotPublished(findings.errors)
    report.warnings = list(findings)
    for media in folder.media.values():
        storage.put_file(media.path, media.sha256)
    drawings = _drawings(course, folder)
    db.session.rollback()
    yield from _store(course, drawings)
    yield lambda: publish(course, folder, state, _by_language(drawings), report, renames=renames)


def _fingerprint(folder: Folder) -> str:
    digest = hashlib.sha256(f"{RENDERER}".encode())
    for name, content in sorted(folder.texts.items()):
        digest.update(f"\0{name}\0{hashlib.sha256(content).hexdigest()}".encode())
    for name, media in sorted(folder.media.items()):
        digest.update(f"\0{name}\0{media.sha256}".encode())
    return digest.hexdigest()


def _drawings(course: CourseFolder, folder: Folder) -> list[Drawing]:
    source = course.head.source_language
    terms = hashlib.sha256(folder.texts.get("glossary.yaml", b"")).hexdigest()
    drawings = []
    for _, _, languages in course.lessons():
        for lesson in languages.values():
            stale = (
                translations.outdated_blocks(lesson, languages[source])
                if lesson.language != source
                else []
            )
            is_stale = bool(stale) or (
                lesson.language != source
                and lesson.head.made_from != languages[source].head.revision()
            )
            shown = [course.media[path].sha256 for path in _media_of(lesson)]
            known_by = [RENDERER, lesson.language, lesson.name, terms, stale, is_stale, shown]
            text = json.dumps(known_by).encode() + folder.texts[lesson.file]
            text += str(languages[source].head.minutes).encode()
            drawings.append(Drawing(lesson, hashlib.sha256(text).hexdigest(), stale, is_stale))
    return drawings


def _media_of(lesson: Lesson) -> list[str]:
    named = (value for fields in lesson.fields.values() for value in fields.model_dump().values())
    linked = (
        str(child.attrs.get("href", ""))
        for token in lesson.tokens
        for child in token.children or []
        if child.type == "link_open"
    )
    captions = (
        one["src"]
        for fields in lesson.fields.values()
        for one in fields.model_dump().get("captions", [])
    )
    paths = {path for path in (*named, *linked, *captions) if isinstance(path, str)}
    return sorted(path for path in paths if path.startswith("media/"))


def _by_language(drawings: list[Drawing]) -> dict[tuple[str, str], str]:
    return {(one.lesson.name, one.lesson.language): one.fingerprint for one in drawings}


def _store(course: CourseFolder, drawings: list[Drawing]) -> Iterator[Step]:
    """Steps that keep the lessons which nobody has drawn before."""
    glossaries = {code: glossary(course.terms, code) for code in course.head.languages}
    missing = iter(_unknown(drawings))
    while batch := list(islice(missing, BATCH)):
        rows = [_row(one, course, glossaries[one.lesson.language]) for one in batch]
        yield partial(_insert, rows)


def _unknown(drawings: list[Drawing]) -> list[Drawing]:
    known: set[str] = set()
    prints = [one.fingerprint for one in drawings]
    for start in range(0, len(prints), 500):  # SQLite takes only so many values in one statement
        rows = select(Rendition.fingerprint).where(
            Rendition.fingerprint.in_(prints[start : start + 500])
        )
        known |= set(db.session.scalars(rows))
    db.session.rollback()
    return [one for one in drawings if one.fingerprint not in known]


Row = tuple[dict[str, Any], list[dict[str, Any]]]


def _row(drawing: Drawing, course: CourseFolder, terms: Glossary) -> Row:
    lesson = drawing.lesson
    rendered = render(lesson, terms, course.media)
    language = lesson.language
    entries = [
        {
            "block": entry.block,
            "heading": entry.heading,
            "body": entry.body,
            "terms": " ".join(search.terms(f"{entry.heading} {entry.body}", language)),
        }
        for entry in rendered.entries
    ]
    row = {
        "fingerprint": drawing.fingerprint,
        "language": language,
        "title": lesson.head.title,
        "html": rendered.html,
        "details": _details(drawing, rendered, course),
    }
    return row, entries


def _details(drawing: Drawing, rendered: Rendered, course: CourseFolder) -> dict[str, Any]:
    lesson = drawing.lesson
    return {
        "summary": lesson.head.summary,
        "content_note": lesson.head.content_note,
        "toc": rendered.toc,
        "terms": [_card(key, block, lesson.language, course) for key, block in rendered.terms],
        "blocks": [
            {"id": b.id, "revision": b.revision, "from": b.made_from} for b in lesson.blocks
        ],
        "stale": drawing.stale,
        "is_stale": drawing.is_stale,
        "bytes": len(gzip.compress(rendered.html.encode(), mtime=0)),
    }


def _card(key: str, block: str, language: str, course: CourseFolder) -> dict[str, Any]:
    term = next(term for term in course.terms if term.id == key)
    names: dict[str, str] = dict(term.term.root)
    definitions: dict[str, str] = dict(term.definition.root)
    source = course.head.source_language
    return {
        "id": key,
        "block": block,
        "term": names.get(language, names[source]),
        "definition": definitions.get(language, definitions[source]),
        "others": [[code, name] for code, name in names.items() if code != language],
    }


def _insert(rows: list[Row]) -> None:
    """Keep drawn lessons and what search knows of them; a lesson someone else kept stays theirs."""
    present = set(
        db.session.scalars(
            select(Rendition.fingerprint).where(
                Rendition.fingerprint.in_([row["fingerprint"] for row, _ in rows])
            )
        )
    )
    for row, entries in rows:
        if row["fingerprint"] in present:
            continue
        key = db.session.execute(insert(Rendition).returning(Rendition.id), [row]).scalar_one()
        if entries:
            db.session.execute(
                insert(SearchEntry), [{**entry, "rendition_id": key} for entry in entries]
            )
