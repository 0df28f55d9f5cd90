"""Small courses as files, what is said about them, and what a version of them shows."""

import random
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import func, select

from coursehub.content.actions.publication import NotPublished, Report, check, publication
from coursehub.content.formats.findings import Findings
from coursehub.content.formats.folder import open_folder
from coursehub.content.formats.ids import with_ids
from coursehub.content.models import CourseVersion, Item, Rendition, VersionLesson
from coursehub.content.queries import latest_version
from coursehub.demo.formats import write_course
from coursehub.foundation.database import db, writing
from tests.content.texts import BANK, GLOSSARY, OUTLOOK, PICTURE, QUIZ, RICH

FIRST = "modules/m01/leccion-1.es.md"
SECOND = "modules/m02/leccion-2.es.md"
MODULE = "modules/m01/module.yaml"
QUIZ_FILE = "modules/m01/prueba.yaml"
BANK_FILE = "bank/carta.yaml"
CODES = ("es", "pt", "en")
MP4 = b"\x00\x00\x00\x18ftypisom"  # how such a file begins


def course(folder: Path) -> Path:
    """A course of two lessons in three languages, with a quiz, a glossary, media and ids."""
    path = folder / "prueba"
    shutil.copytree(_with_ids(), path)
    return path


@cache
def _with_ids() -> Path:
    path = without_ids(Path(mkdtemp()))
    give_ids(path)
    return path


def without_ids(folder: Path) -> Path:
    """The same course as someone writes it, before it has any id."""
    path = write_course(folder / "prueba", lessons=2, words=140, lessons_per_module=1)
    media = path / "media"
    media.mkdir()
    (media / "figura.svg").write_text(PICTURE)
    (media / "guia.pdf").write_bytes(b"%PDF-1.7 guide")
    begins = {"voz.mp3": b"ID3", "escena.mp4": MP4, "escena-liviana.mp4": MP4}
    for name, begin in begins.items():
        (media / name).write_bytes(begin + name.encode() * 1000)
    (media / "voz.es.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHola\n")
    (path / "glossary.yaml").write_text(GLOSSARY)
    (path / QUIZ_FILE).write_text(QUIZ)
    append(path / MODULE, "- quiz: prueba\n")
    append(path / "modules/m02/module.yaml", OUTLOOK)
    for code in CODES:
        append(path / f"modules/m01/leccion-1.{code}.md", RICH)
    return path


def with_bank(path: Path) -> Path:
    """The course with a bank of three questions, one of which its quiz uses."""
    (path / "bank").mkdir()
    (path / BANK_FILE).write_text(BANK)
    give_ids(path)
    append(path / QUIZ_FILE, "- use: q-carta\n")
    return path


def give_ids(path: Path) -> dict[str, bytes]:
    """What `coursehub content ids` does."""
    written = with_ids(open_folder(path, Findings()), random.Random(1))  # noqa: S311 - no secret
    for name, content in written.items():
        (path / name).write_bytes(content)
    return written


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{old!r} does not stand in {file}"
    file.write_text(text.replace(old, new, 1))


def told(path: Path) -> list[str]:
    """Everything that `check` says, a line each."""
    return [f"{one.file}:{one.line}: {one.message}" for one in check(path)]


def line_with(file: Path, text: str) -> int:
    """The number of the first line of a file in which a text stands."""
    lines = file.read_text(errors="replace").split("\n")
    return next(n for n, line in enumerate(lines, 1) if text in line)


def sync(path: Path, *, renames: bool = False) -> Report:
    """What `coursehub content sync` does."""
    report = Report(path.name)
    for step in publication(path, report, renames=renames):
        with writing():
            step()
    return report


def refused(path: Path) -> list[str]:
    """The mistakes for which a folder is not loaded."""
    try:
        sync(path)
    except NotPublished as error:
        return [one.message for one in error.findings]
    return []


def steps_of(path: Path) -> list:
    return list(publication(path, Report(path.name)))


def versions() -> int:
    return db.session.scalar(select(func.count()).select_from(CourseVersion))


def shown(slug: str = "leccion-1", language: str = "es", course_slug: str = "prueba") -> Rendition:
    """What the newest version shows for a lesson."""
    db.session.expire_all()
    version = latest_version(course_slug)
    return db.session.scalars(
        select(Rendition)
        .join(VersionLesson, VersionLesson.rendition_id == Rendition.id)
        .where(
            VersionLesson.version_id == version.id,
            VersionLesson.slug == slug,
            VersionLesson.language == language,
        )
    ).one()


def item_keys() -> dict[str, int]:
    db.session.expire_all()
    return {row.key: row.id for row in db.session.execute(select(Item.key, Item.id))}
