"""What the tests of courses being read need again and again."""

import atexit
import random
import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from flask.testing import FlaskClient
from sqlalchemy import select

from coursehub.catalogue.models import Edition
from coursehub.content.actions.publication import Report, publication
from coursehub.content.formats.findings import Findings
from coursehub.content.formats.folder import open_folder
from coursehub.content.formats.ids import with_ids
from coursehub.content.models import CourseVersion
from coursehub.content.queries import latest_version
from coursehub.demo.formats import write_course
from coursehub.foundation.database import db, writing
from coursehub.learning.models import Bookmark, Fact
from tests import make

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0h4v3z"/></svg>'
MODULE_IN_PREPARATION = """\
slug: later
title: {es: Más adelante, pt: Mais adiante, en: Later}
summary: {es: Más adelante, pt: Mais adiante, en: Later}
objectives: {es: [Algo], pt: [Algo], en: [Something]}
hours: 2
state: preparing
items:
- planned:
    title: {es: Una lección futura, pt: Uma lição futura, en: A lesson to come}
    minutes: 30
"""
GLOSSARY = """\
terms:
- term: {es: comisión de estudio, pt: comissão de estudo, en: study commission}
  definition: {es: Grupo que estudia., pt: Grupo que estuda., en: A group that studies.}
"""
FIGURE = """
:::figure
src: media/picture.svg
alt: Un triángulo
caption: Una figura
credit: CourseHub
:::
"""


@dataclass
class Seat:
    """Someone in front of a browser, with a place in an edition."""

    person: int
    browser: FlaskClient
    edition: Edition

    @property
    def base(self) -> str:
        return f"/learn/{self.edition.slug}"

    def reads(self, page: str = "", **more):
        return self.gets(f"{self.base}{page}", **more)

    def gets(self, address: str, **more):
        """The answer, read whole, so that a file that was sent is closed."""
        return self.browser.get(address, buffered=True, **more)

    def completes(self, lesson: str, **form):
        return self.browser.post(f"{self.base}/{lesson}/completion", data=form)

    def takes_back(self, lesson: str, **form):
        return self.browser.post(f"{self.base}/{lesson}/completion/end", data=form)


def seated(sign_in, edition: Edition, **person) -> Seat:
    """Someone with a place in the edition, signed in."""
    someone = make.person(**person)
    make.enrolment(person_id=someone, edition_id=edition.id)
    return Seat(someone, sign_in(someone), edition)


def watching(sign_in, edition: Edition, *roles, **person) -> Seat:
    """Someone without a place, signed in."""
    someone = make.person(*roles, **person)
    return Seat(someone, sign_in(someone), edition)


def words(response) -> str:
    """What a page says, without its markup."""
    return words_of(response.text)


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def facts() -> list[Fact]:
    db.session.rollback()  # to see what others wrote meanwhile
    return list(db.session.scalars(select(Fact).order_by(Fact.id)))


def bookmarks() -> dict[int, int]:
    """The item that each person is at."""
    db.session.rollback()
    return {row.person_id: row.item_id for row in db.session.scalars(select(Bookmark))}


def outline_of(edition: Edition, language: str = "es") -> list[dict]:
    from_page = CourseVersion.id == edition.version_id
    version = db.session.scalars(select(CourseVersion).where(from_page)).one()
    return db.session.get(make.VersionPage, (version.id, language)).outline


def item_id(edition: Edition, slug: str) -> int:
    return next(
        item["id"]
        for module in outline_of(edition)
        for item in module["items"]
        if item["slug"] == slug
    )


@cache
def trial_folder() -> Path:
    """A course as files: five lessons, one not in English, a figure, a term and a later module.

    The second lesson was changed in Spanish after it was translated.
    """
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    path = write_course(folder / "prueba", lessons=5, words=200)
    lessons = path / "modules" / "m01"
    (path / "media").mkdir()
    (path / "media" / "picture.svg").write_text(PICTURE)
    (path / "glossary.yaml").write_text(GLOSSARY)
    (path / "modules" / "later").mkdir()
    (path / "modules" / "later" / "module.yaml").write_text(MODULE_IN_PREPARATION)
    change(path / "course.yaml", "modules: [m01]", "modules: [m01, later]")
    (lessons / "leccion-3.en.md").unlink()
    for code in ("es", "pt", "en"):
        with (lessons / f"leccion-1.{code}.md").open("a") as first:
            first.write(FIGURE)
    give_ids(path)
    change(lessons / "leccion-2.es.md", "Este párrafo de prueba", "Este párrafo corregido")
    return path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def give_ids(path: Path) -> None:
    for name, text in with_ids(open_folder(path, Findings()), random.SystemRandom()).items():
        (path / name).write_bytes(text)


def published(path: Path) -> CourseVersion:
    """The newest version of a folder, published as `sync` does."""
    report = Report(path.name)
    for step in publication(path, report):
        with writing():
            step()
    return latest_version(path.name)


def trial(**given) -> Edition:
    """An edition of the trial course."""
    version = published(trial_folder())
    return make.edition(course_id=version.course_id, version_id=version.id, **given)
