"""Killed at any moment, a publication leaves the old version whole, and the next one goes on."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from coursehub.content.actions.publication import BATCH
from coursehub.content.models import CourseVersion, Rendition, VersionLesson
from coursehub.content.queries import latest_version
from coursehub.demo.formats import write_course
from coursehub.foundation.database import db, writing
from tests.content.loader import killed
from tests.content.stage import give_ids, steps_of, sync

LESSONS = 9
DRAWN = 3 * LESSONS
STEPS = -(-DRAWN // BATCH) + 1


@pytest.fixture
def path(app, tmp_path) -> Path:
    """A course that was published, and edited in every block since."""
    path = write_course(tmp_path / "prueba", lessons=LESSONS, words=70)
    give_ids(path)
    sync(path)
    for file in path.rglob("*.es.md"):
        file.write_text(file.read_text().replace("Este párrafo", "Aquel párrafo"))
    return path


def served() -> tuple[int, int, bool]:
    """The newest version, how many lessons it shows, and whether any of them is the edited text."""
    db.session.rollback()
    db.session.expire_all()
    version = latest_version("prueba")
    pages = db.session.scalars(
        select(Rendition.html)
        .join(VersionLesson, VersionLesson.rendition_id == Rendition.id)
        .where(VersionLesson.version_id == version.id)
    ).all()
    return version.number, len(pages), any("Aquel párrafo" in page for page in pages)


@pytest.mark.parametrize(
    ("step", "moment"),
    [(1, "inside"), (1, "after"), (STEPS, "inside")],
)
def test_killed_before_the_last_step_is_done_nothing_of_it_is_seen(database, path, step, moment):
    killed(database, path, step, moment)
    assert served() == (1, DRAWN, False)
    left = STEPS - (step if moment == "after" else step - 1)
    assert len(steps_of(path)) == left
    assert sync(path).version == 2
    assert served() == (2, DRAWN, True)


def test_killed_right_after_the_last_step_everything_is_seen(database, path):
    killed(database, path, STEPS, "after")
    assert served() == (2, DRAWN, True)
    assert steps_of(path) == []


def test_two_who_load_the_same_folder_at_once_do_no_harm(path):
    late = steps_of(path)
    sync(path)
    assert sync(path).version == 2
    drawn = select(func.count()).select_from(Rendition)
    kept = db.session.scalar(drawn)
    for step in late:
        with writing():
            step()
    assert db.session.scalar(drawn) == kept
    assert db.session.scalar(select(func.count()).select_from(CourseVersion)) == 2
