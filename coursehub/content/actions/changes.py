"""What is different between two versions of a course, in a person's terms."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select

from coursehub.content.models import (
    CourseVersion,
    Item,
    Rendition,
    VersionActivity,
    VersionFile,
    VersionLesson,
    VersionPage,
)
from coursehub.foundation.database import db
from coursehub.settings import LANGUAGES

Json = dict[str, Any]
# Of a module or lesson: what is the same in every language, and what is worded in each.
SHARED = frozenset({"minutes", "completion", "state", "hours"})
WORDED = frozenset({"summary", "objectives", "reading"})


@dataclass(frozen=True)
class Change:
    """One thing that was added, removed, renamed, moved or edited, in one language or all (`*`)."""

    what: str
    id: str
    change: str
    title: str
    language: str = "*"

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def between(old: int | None, new: int) -> list[Change]:
    """The changes from one version to another; from none, everything is added."""
    then, since = _pages(old), _pages(new)
    source = db.session.get_one(CourseVersion, new).source_language
    before, after = (_parts(pages.get(source)) for pages in (then, since))
    found = []
    moved = _moved(before, after)
    for key in {**before, **after}:  # in the order of the old outline, then what is new
        change = _change(before.get(key), after.get(key)) or ("moved" if key in moved else None)
        if change:
            shown = after.get(key) or before[key]
            found.append(Change(shown["what"], key, change, shown["title"]))
    for code in (code for code in LANGUAGES if code in then and code in since):
        found += _reworded(then[code], since[code], "*" if code == source else code)
    found += (
        _edited_blocks(old, new) + _edited_activities(old, new) + _files(old, new, is_media=True)
    )
    # Whatever else may differ, nobody is told that a new version is the same as the old one.
    return found or _files(old, new, is_media=False)


def _moved(before: Iterable[str], after: Iterable[str]) -> set[str]:
    """What stands at another place among the rest: the fewest that had to move for it."""
    old, new = list(before), list(after)
    known = [key for key in new if key in set(old)]
    stayed = [key for key in old if key in set(new)]
    runs = SequenceMatcher(a=stayed, b=known, autojunk=False).get_matching_blocks()
    return set(known) - {known[run.b + n] for run in runs for n in range(run.size)}


def _files(old: int | None, new: int, *, is_media: bool) -> list[Change]:
    """The files with other bytes, by name; of a first version everything has been told already."""
    if old is None:
        return []
    before, after = (_fingerprints(version, is_media=is_media) for version in (old, new))
    what = "media" if is_media else "file"
    found = []
    for path in sorted({**before, **after}):
        if before.get(path) != after.get(path):
            change = "added" if path not in before else "edited" if path in after else "removed"
            found.append(Change(what, path, change, path))
    return found


def _fingerprints(version_id: int, *, is_media: bool) -> dict[str, str]:
    rows = db.session.execute(
        select(VersionFile.path, VersionFile.sha256).where(
            VersionFile.version_id == version_id, VersionFile.is_media.is_(is_media)
        )
    )
    return {row.path: row.sha256 for row in rows}


def _change(before: Json | None, after: Json | None) -> str | None:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    if before["title"] != after["title"] or before["slug"] != after["slug"]:
        return "renamed"
    if before["module"] != after["module"]:
        return "moved"
    return "edited" if any(before[key] != after[key] for key in SHARED | WORDED) else None


def _reworded(before: VersionPage, after: VersionPage, language: str) -> list[Change]:
    """What reads differently in one language: the course, its modules, the glossary's terms."""
    found = []
    course = [{**page.course, "size_bytes": 0} for page in (before, after)]
    if course[0] != course[1]:
        found.append(Change("course", "course", "edited", after.course["title"], language))
    if language != "*":  # the source's own modules and lessons have been compared already
        old, new = _parts(before), _parts(after)
        found += [
            Change(new[key]["what"], key, "edited", new[key]["title"], language)
            for key in new
            if key in old and any(old[key][name] != new[key][name] for name in WORDED | {"title"})
        ]
    return found + _terms(before.glossary, after.glossary, language)


def _terms(before: list[Json], after: list[Json], language: str) -> list[Change]:
    old, new = ({term["id"]: term for term in terms} for terms in (before, after))
    found = []
    for key in {**old, **new}:
        if old.get(key) != new.get(key):
            change = "added" if key not in old else "removed" if key not in new else "edited"
            found.append(Change("term", key, change, (new.get(key) or old[key])["term"], language))
    return found


def _pages(version_id: int | None) -> dict[str, VersionPage]:
    """What a version says in each language it is offered in."""
    version = db.session.get(CourseVersion, version_id) if version_id else None
    if version is None:
        return {}
    rows = db.session.scalars(select(VersionPage).where(VersionPage.version_id == version.id))
    return {row.language: row for row in rows if row.language in version.facts["languages"]}


def _parts(page: VersionPage | None) -> dict[str, Json]:
    """Modules and their items by key."""
    parts: dict[str, Json] = {}
    for module in page.outline if page else []:
        parts[module["key"]] = _part("module", module, "")
        for item in module["items"]:
            parts[item["key"]] = _part(item["kind"], item, module["key"])
    return parts


def _part(what: str, thing: Json, module: str) -> Json:
    compared = {name: thing.get(name) for name in SHARED | WORDED}
    known = {"title": thing["title"], "slug": thing["slug"]}
    return {"what": what, "module": module, **known, **compared}


def _edited_blocks(old: int | None, new: int) -> list[Change]:
    before, after = _blocks(old), _blocks(new)
    changes = []
    for key, blocks in after.items():
        _lesson, language = key
        moved = _moved(before.get(key, {}), blocks)
        for block, (revision, title) in blocks.items():
            known = before.get(key, {}).get(block)
            if key in before and known is None:
                changes.append(Change("block", block, "added", title, language))
            elif known and known[0] != revision:
                changes.append(Change("block", block, "edited", title, language))
            elif block in moved:
                changes.append(Change("block", block, "moved", title, language))
        gone = before.get(key, {}).keys() - blocks.keys()
        changes += [
            Change("block", block, "removed", before[key][block][1], language)
            for block in sorted(gone)
        ]
    return changes


def _blocks(version_id: int | None) -> dict[tuple[str, str], dict[str, tuple[str, str]]]:
    rows = db.session.execute(
        select(Item.key, Rendition.language, Rendition.title, Rendition.details)
        .join(VersionLesson, VersionLesson.item_id == Item.id)
        .join(Rendition, Rendition.id == VersionLesson.rendition_id)
        .where(VersionLesson.version_id == version_id, VersionLesson.language == Rendition.language)
        .order_by(Item.id)
    )
    return {
        (key, language): {b["id"]: (b["revision"], title) for b in details["blocks"]}
        for key, language, title, details in rows
    }


def _edited_activities(old: int | None, new: int) -> list[Change]:
    before, after = _activities(old), _activities(new)
    both = [key for key in after if key in before and before[key] != after[key]]
    return [Change(kind, key, "edited", key) for kind, key in both]


def _activities(version_id: int | None) -> dict[tuple[str, str], Any]:
    rows = db.session.execute(
        select(Item.kind, Item.key, VersionActivity.activity)
        .join(Item, Item.id == VersionActivity.item_id)
        .where(VersionActivity.version_id == version_id)
    )
    return {(kind.value, key): activity for kind, key, activity in rows}
