"""The files people take away: lessons and modules as PDF, modules as one self-contained page.

They are made after publication by a job for each module and language; until then their links are
not shown.
"""

import base64
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from coursehub.content.formats.markup_tree import tree
from coursehub.content.formats.media import type_of
from coursehub.content.formats.offline import Chapter, one_page
from coursehub.content.formats.pdf import pdfs
from coursehub.content.formats.typesetting import Lesson, Paper
from coursehub.content.formats.typesetting import typst as typst_source
from coursehub.content.formats.words import word
from coursehub.content.models import (
    Printout,
    Rendition,
    VersionFile,
    VersionLesson,
    VersionPage,
)
from coursehub.foundation import storage
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job, later
from coursehub.settings import LANGUAGES

Made = list[tuple[int, str, bytes]]
Json = dict[str, Any]


def queue_printouts(version_id: int, outline: list[Json]) -> None:
    """Have the files of every module with open lessons made, for readers of each language."""
    for language in LANGUAGES:
        for module in outline:
            if any(_is_open(item) for item in module["items"]):
                later(
                    make_printouts,
                    key=f"printouts/{version_id}/{language}/{module['id']}",
                    version_id=version_id,
                    language=language,
                    module_id=module["id"],
                )


@job
def make_printouts(version_id: int, language: str, module_id: int) -> Callable[[], None]:
    """Make one module's files in one language and keep them in the file store."""
    page = db.session.get_one(VersionPage, (version_id, language))
    module = next(module for module in page.outline if module["id"] == module_id)
    lessons = _lessons(version_id, language, module)
    files = _files(version_id, [rendition.html for _, rendition in lessons])
    made = _papers(page.course, module, lessons, language, files)
    made.append((module_id, "html", _one_page(page.course, module, lessons, language, files)))
    kept = [(item_id, form, storage.put(content), len(content)) for item_id, form, content in made]

    def finish() -> None:
        for item_id, form, key, size in kept:
            db.session.merge(
                Printout(
                    version_id=version_id,
                    language=language,
                    item_id=item_id,
                    form=form,
                    sha256=key,
                    size_bytes=size,
                )
            )

    return finish


def _is_open(item: Json) -> bool:
    return bool(item["kind"] == "lesson" and item["state"] == "ready")


Lessons = list[tuple[Json, Rendition]]


def _lessons(version_id: int, language: str, module: Json) -> Lessons:
    rows = db.session.execute(
        select(VersionLesson.item_id, Rendition)
        .join(Rendition, Rendition.id == VersionLesson.rendition_id)
        .where(VersionLesson.version_id == version_id, VersionLesson.language == language)
    )
    found = dict(rows.all())
    return [(item, found[item["id"]]) for item in module["items"] if _is_open(item)]


def _files(version_id: int, pages: list[str]) -> dict[str, VersionFile]:
    """The pictures shown in these pages, by the address they have there."""
    shown = {image.attributes["src"] for html in pages for image in tree(html).find_all("img")}
    names = {address: f"media/{address.rpartition('/')[2]}" for address in shown}
    rows = db.session.scalars(
        select(VersionFile).where(
            VersionFile.version_id == version_id, VersionFile.path.in_(names.values())
        )
    )
    by_path = {file.path: file for file in rows}
    return {address: by_path[path] for address, path in names.items() if path in by_path}


def _papers(
    course: Json, module: Json, lessons: Lessons, language: str, files: dict[str, VersionFile]
) -> Made:
    with tempfile.TemporaryDirectory() as folder:
        images = {}
        for n, (address, file) in enumerate(files.items()):
            name = f"{n}{Path(file.path).suffix}"
            storage.copy_to(file.sha256, Path(folder) / name)
            images[address] = name
        above = f"{course['title']} · {word(language, 'module', n=module['number'])}"
        papers = [
            (item["id"], Paper(rendition.title, above, rendition.language, [_set(rendition)]))
            for item, rendition in lessons
        ]
        whole = Paper(
            module["title"],
            above,
            module["language"],
            [_set(rendition) for _, rendition in lessons],
            module["summary"],
            module["objectives"],
            module["reading"],
        )
        papers.append((module["id"], whole))
        made = pdfs(Path(folder), [typst_source(paper, images) for _, paper in papers])
        return [(item_id, "pdf", pdf) for (item_id, _), pdf in zip(papers, made, strict=True)]


def _set(rendition: Rendition) -> Lesson:
    details = rendition.details
    return Lesson(rendition.title, details["summary"], rendition.html, details["content_note"])


def _one_page(
    course: Json, module: Json, lessons: Lessons, language: str, files: dict[str, VersionFile]
) -> bytes:
    chapters = [
        Chapter(
            slug=item["slug"],
            title=rendition.title,
            language=rendition.language,
            summary=rendition.details["summary"],
            content_note=rendition.details["content_note"],
            html=rendition.html,
        )
        for item, rendition in lessons
    ]
    pictures = {address: _as_data(file) for address, file in files.items()}
    return one_page(course, module, chapters, pictures, language)


def _as_data(file: VersionFile) -> str:
    content = base64.b64encode(storage.get(file.sha256)).decode()
    return f"data:{type_of(file.path)};base64,{content}"
