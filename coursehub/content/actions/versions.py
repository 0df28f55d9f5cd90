"""The one step that makes a new version of a course the newest."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from coursehub.content.actions import changes, pages
from coursehub.content.actions.bank_files import keep_banks
from coursehub.content.actions.printing import queue_printouts
from coursehub.content.formats.checks import all_ids
from coursehub.content.formats.course import CourseFolder, Folder
from coursehub.content.models import (
    Course,
    CourseVersion,
    Item,
    ItemKind,
    Rendition,
    Source,
    VersionActivity,
    VersionFile,
    VersionLesson,
    VersionPage,
)
from coursehub.content.queries import latest_version
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.refusal import Refused
from coursehub.settings import LANGUAGES

if TYPE_CHECKING:
    from coursehub.content.actions.publication import Report

Fingerprints = dict[tuple[str, str], str]
KINDS = {
    "module": ItemKind.MODULE,
    "lesson": ItemKind.LESSON,
    "planned lesson": ItemKind.LESSON,
    "block": ItemKind.BLOCK,
    "quiz": ItemKind.QUIZ,
    "survey": ItemKind.SURVEY,
    "question": ItemKind.QUESTION,
    "answer": ItemKind.ANSWER,
    "term": ItemKind.TERM,
    "assignment": ItemKind.ASSIGNMENT,
    "criterion": ItemKind.CRITERION,
}


def publish(
    course: CourseFolder,
    folder: Folder,
    state: str,
    drawn: Fingerprints,
    report: "Report",
    *,
    renames: bool,
) -> None:
    """Make the folder its course's newest version. Refused if its ids contradict older ones."""
    row, old_slug = _course(course, renames=renames)
    if old_slug != row.slug:
        report.changed = [changes.Change("course", row.key, "renamed", f"{old_slug} → {row.slug}")]
    newest = latest_version(course.slug)
    if newest and newest.fingerprint == state:  # loaded by another meanwhile, or only renamed
        report.version = newest.number
        return
    items = _items(row.id, course)
    renditions = _renditions(drawn)
    version = CourseVersion(
        course_id=row.id,
        number=newest.number + 1 if newest else 1,
        published_at=now(),
        fingerprint=state,
        source_language=course.head.source_language,
        is_whole=pages.is_whole(course),
        facts=pages.facts(course),
    )
    db.session.add(version)
    db.session.flush()
    _keep_files(version.id, folder)
    sizes = {key: (rendition_id, size) for key, (rendition_id, size) in renditions.items()}
    for language in LANGUAGES:
        page = pages.page(course, items, language, sizes)
        db.session.execute(
            insert(VersionPage), [{"version_id": version.id, "language": language, **page}]
        )
    _insert(VersionLesson, _lessons(version.id, course, items, renditions))
    _insert(VersionActivity, _activities(version.id, course, items))
    keep_banks(version, course, items)
    queue_printouts(version.id, page["outline"])
    report.version = version.number
    report.changed += changes.between(newest.id if newest else None, version.id)


def _course(course: CourseFolder, *, renames: bool) -> tuple[Course, str]:
    """The course's row, and the address it had before."""
    row = db.session.scalar(select(Course).where(Course.key == course.head.id).with_for_update())
    other = db.session.scalar(select(Course).where(Course.slug == course.slug))
    if other is not None and other is not row:
        raise Refused(f"another course has the address “{course.slug}” already: rename the folder")
    if row is None:
        row = Course(key=course.head.id or "", slug=course.slug, created_at=now())
        db.session.add(row)
    old_slug = row.slug
    if old_slug != course.slug and not renames:
        raise Refused(
            f"the course with the id “{row.key}” has the address “{old_slug}”. If this folder is "
            "that course under a new address, say so with --rename; if it is a copy for a new "
            "course, take every id out of it and run: coursehub content ids"
        )
    row.slug = course.slug
    db.session.flush()
    return row, old_slug


def _items(course_id: int, course: CourseFolder) -> dict[str, int]:
    """Every id this course has ever used, by key. Refused if one has become another kind."""
    rows = db.session.execute(
        select(Item.key, Item.kind, Item.id).where(Item.course_id == course_id)
    )
    known = {key: (kind, number) for key, kind, number in rows}
    wanted = {key: KINDS[kind] for _, _, kind, key in all_ids(course) if kind in KINDS and key}
    for key, kind in wanted.items():
        if key in known and known[key][0] != kind:
            raise Refused(
                f"the id “{key}” belonged to a {known[key][0].value} "
                f"and cannot become a {kind.value}"
            )
    new = [
        {"course_id": course_id, "key": key, "kind": kind}
        for key, kind in wanted.items()
        if key not in known
    ]
    _insert(Item, new)
    rows = db.session.execute(
        select(Item.key, Item.kind, Item.id).where(Item.course_id == course_id)
    )
    return {key: number for key, _, number in rows}


def _renditions(drawn: Fingerprints) -> dict[tuple[str, str], tuple[int, int]]:
    """Row and bytes of each drawn lesson, by name and language."""
    found: dict[str, tuple[int, int]] = {}
    prints = list(drawn.values())
    for start in range(0, len(prints), 500):
        rows = db.session.execute(
            select(
                Rendition.fingerprint, Rendition.id, Rendition.details["bytes"].as_integer()
            ).where(Rendition.fingerprint.in_(prints[start : start + 500]))
        )
        found |= {fingerprint: (number, size) for fingerprint, number, size in rows}
    return {key: found[fingerprint] for key, fingerprint in drawn.items()}


def _keep_files(version_id: int, folder: Folder) -> None:
    import_rows = [
        {
            "version_id": version_id,
            "path": path,
            "sha256": media.sha256,
            "size_bytes": media.size_bytes,
            "is_media": True,
        }
        for path, media in folder.media.items()
    ]
    known = set(db.session.scalars(select(Source.sha256)))
    for path, content in folder.texts.items():
        digest = pages.sha256(content)
        if digest not in known:
            known.add(digest)
            db.session.execute(insert(Source), [{"sha256": digest, "content": content}])
        import_rows.append(
            {
                "version_id": version_id,
                "path": path,
                "sha256": digest,
                "size_bytes": len(content),
                "is_media": False,
            }
        )
    _insert(VersionFile, import_rows)


def _lessons(
    version_id: int,
    course: CourseFolder,
    items: dict[str, int],
    renditions: dict[tuple[str, str], tuple[int, int]],
) -> list[dict[str, Any]]:
    return [
        {
            "version_id": version_id,
            "language": language,
            "item_id": items[lessons[course.head.source_language].head.id or ""],
            "slug": name,
            "rendition_id": renditions[
                name, language if language in lessons else course.head.source_language
            ][0],
        }
        for language in LANGUAGES
        for _, name, lessons in course.lessons()
    ]


def _activities(
    version_id: int, course: CourseFolder, items: dict[str, int]
) -> list[dict[str, Any]]:
    return [
        {
            "version_id": version_id,
            "item_id": items[activity.id or ""],
            "activity": activity.model_dump(by_alias=True, mode="json", exclude_none=True),
        }
        for module in course.modules
        for activity in module.activities.values()
    ]


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> None:
    for batch in _batches(rows):
        db.session.execute(insert(model), batch)


def _batches(rows: list[dict[str, Any]], most: int = 500) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), most):
        yield rows[start : start + most]
