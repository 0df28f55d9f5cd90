"""A folder becomes a version; what changed is said; what is published never changes."""

import filecmp
import os
import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from coursehub.content.actions.exporting import export
from coursehub.content.models import Printout, VersionFile, VersionPage
from coursehub.content.queries import file_of_version, find_course, find_version, latest_version
from coursehub.foundation import storage
from coursehub.foundation.database import db, writing
from coursehub.foundation.refusal import Refused
from tests.content.stage import (
    CODES,
    FIRST,
    MODULE,
    SECOND,
    append,
    change,
    course,
    give_ids,
    item_keys,
    refused,
    shown,
    steps_of,
    sync,
    told,
    versions,
    with_bank,
)

PUBLISHED = (
    "items",
    "course_versions",
    "sources",
    "version_files",
    "version_pages",
    "renditions",
    "version_lessons",
    "version_activities",
    "bank_versions",
    "version_questions",
    "search_entries",
)


@pytest.fixture
def path(tmp_path) -> Path:
    return course(tmp_path)


def said(report) -> set[tuple[str, str, str]]:
    return {(one.what, one.change, one.language) for one in report.changed}


def outline(slug: str = "prueba", language: str = "es") -> list[dict]:
    db.session.expire_all()
    return db.session.get_one(VersionPage, (latest_version(slug).id, language)).outline


def slugs(language: str = "es") -> list[list[str]]:
    return [[item["slug"] for item in module["items"]] for module in outline(language=language)]


def test_a_folder_becomes_version_one(app, path):
    report = sync(path)
    assert report.version == 1
    assert said(report) == {
        ("module", "added", "*"),
        ("lesson", "added", "*"),
        ("planned", "added", "*"),
        ("quiz", "added", "*"),
    }
    assert slugs() == [["leccion-1", "m01-prueba"], ["leccion-2", ""]]
    version = latest_version("prueba")
    assert not version.is_whole
    assert version.facts["completeness"] == {"es": 100, "pt": 100, "en": 100}
    assert (version.facts["lessons"], version.facts["ready_lessons"]) == (3, 2)


def test_an_unchanged_folder_takes_no_step(app, path):
    sync(path)
    assert steps_of(path) == []
    assert sync(path).version == 1
    assert sync(path).changed == []


def test_touching_or_copying_files_changes_nothing(app, path, tmp_path):
    sync(path)
    shutil.copytree(path, tmp_path / "elsewhere" / "prueba")
    os.utime(path / FIRST, (0, 0))
    assert steps_of(tmp_path / "elsewhere" / "prueba") == steps_of(path) == []


def test_an_edited_block_makes_version_two_and_is_named(app, path):
    sync(path)
    change(path / FIRST, "Con **peso**", "Con *medida*")
    report = sync(path)
    assert report.version == 2
    assert [(one.what, one.change, one.language) for one in report.changed] == [
        ("block", "edited", "es")
    ]
    assert report.changed[0].id in (path / FIRST).read_text()
    assert "Con <em>medida</em>" in shown().html


def test_only_what_changed_is_drawn_again(app, path):
    sync(path)
    before = shown("leccion-2").id
    change(path / FIRST, "Con **peso**", "Con *medida*")
    sync(path)
    assert shown("leccion-2").id == before


def test_going_back_to_an_earlier_text_finds_it_drawn(app, path):
    sync(path)
    before = shown().id
    change(path / FIRST, "Con **peso**", "Con *medida*")
    sync(path)
    change(path / FIRST, "Con *medida*", "Con **peso**")
    assert sync(path).version == 3
    assert shown().id == before


def test_a_translation_is_outdated_when_its_source_changes(app, path):
    sync(path)
    assert shown(language="pt").details["stale"] == []
    change(path / FIRST, "Con **peso**", "Con *medida*")
    report = sync(path)
    assert {one.message for one in report.warnings} == {"this translation is older than its source"}
    assert len(shown(language="pt").details["stale"]) == 1
    assert shown(language="pt").details["is_stale"]
    assert not shown().details["is_stale"]


def test_a_translation_that_says_so_is_up_to_date_again(app, path):
    change(path / FIRST, "Con **peso**", "Con *medida*")
    for code in ("pt", "en"):
        file = path / FIRST.replace(".es.", f".{code}.")
        lines = file.read_text().split("\n")
        at = lines.index(":::note Una nota") - 1
        lines[at] = lines[at].split(" from=")[0] + "}"
        file.write_text("\n".join(lines))
    give_ids(path)
    sync(path)
    assert not shown(language="pt").details["is_stale"]


def added(path: Path, name: str = "nueva") -> None:
    for code in CODES:
        minutes = "minutes: 5\n" if code == "es" else ""
        head = f"---\ntitle: Nueva ({code})\nsummary: Algo.\n{minutes}---\n"
        (path / f"modules/m01/{name}.{code}.md").write_text(head + "\nTexto nuevo.\n")
    change(path / MODULE, "- quiz: prueba\n", f"- lesson: {name}\n- quiz: prueba\n")
    give_ids(path)


def test_a_lesson_is_added(app, path):
    sync(path)
    added(path)
    report = sync(path)
    assert [(one.what, one.change, one.title) for one in report.changed] == [
        ("lesson", "added", "Nueva (es)")
    ]
    assert slugs()[0] == ["leccion-1", "nueva", "m01-prueba"]


def test_a_lesson_is_removed_and_the_old_version_still_has_it(app, path):
    sync(path)
    change(path / "modules/m02/module.yaml", "- lesson: leccion-2\n", "")
    change(path / FIRST, "lesson:leccion-2", "lesson:leccion-1")
    for code in CODES:
        (path / SECOND.replace(".es.", f".{code}.")).unlink()
        file = path / FIRST.replace(".es.", f".{code}.")
        file.write_text(file.read_text().replace("lesson:leccion-2", "lesson:leccion-1"))
    report = sync(path)
    assert ("lesson", "removed", "*") in said(report)
    assert slugs()[1] == [""]
    old = find_version("prueba", 1)
    page = db.session.get_one(VersionPage, (old.id, "es"))
    assert page.outline[1]["items"][0]["slug"] == "leccion-2"


def test_a_lesson_that_is_renamed_keeps_its_id(app, path):
    sync(path)
    before = item_keys()
    for code in CODES:
        file = path / SECOND.replace(".es.", f".{code}.")
        change(file, "title: Lección 2", "title: Otro nombre")
        file.rename(file.with_name(f"otro-nombre.{code}.md"))
        first = path / FIRST.replace(".es.", f".{code}.")
        first.write_text(first.read_text().replace("lesson:leccion-2", "lesson:otro-nombre"))
    change(path / "modules/m02/module.yaml", "leccion-2", "otro-nombre")
    report = sync(path)
    assert ("lesson", "renamed", "*") in said(report)
    assert ("lesson", "added", "*") not in said(report)
    assert item_keys() == before
    assert shown("otro-nombre").title == "Otro nombre (es)"


def test_a_lesson_moves_to_another_module(app, path):
    sync(path)
    for code in CODES:
        file = path / SECOND.replace(".es.", f".{code}.")
        file.rename(path / f"modules/m01/leccion-2.{code}.md")
    change(path / "modules/m02/module.yaml", "- lesson: leccion-2\n", "")
    change(path / MODULE, "- quiz: prueba\n", "- lesson: leccion-2\n- quiz: prueba\n")
    report = sync(path)
    assert said(report) == {("lesson", "moved", "*")}
    assert slugs() == [["leccion-1", "leccion-2", "m01-prueba"], [""]]


def test_a_quiz_is_edited(app, path):
    sync(path)
    change(path / "modules/m01/prueba.yaml", "pass_percent: 70", "pass_percent: 80")
    assert said(sync(path)) == {("quiz", "edited", "*")}


def test_a_course_keeps_its_learners_when_its_folder_is_renamed(app, path):
    sync(path)
    known = find_course("prueba").id
    path = path.rename(path.with_name("otra"))
    report = sync(path, renames=True)
    assert report.version == 1
    assert [(one.change, one.title) for one in report.changed] == [("renamed", "prueba → otra")]
    assert find_course("otra").id == known
    assert steps_of(path) == []
    assert find_course("prueba") is None


def test_a_copy_of_a_folder_takes_no_address_from_the_course_it_was_copied_from(app, path):
    sync(path)
    with pytest.raises(Refused, match="--rename"):
        sync(Path(shutil.copytree(path, path.with_name("copia"))))
    assert find_course("prueba")
    assert find_course("copia") is None


def changed(path) -> set[tuple[str, str]]:
    return {(one.what, one.change) for one in sync(path).changed}


def test_every_new_version_says_what_is_new(app, path):
    sync(path)
    change(path / "media/figura.svg", "M0 0h40v30z", "M0 0h40v29z")
    assert ("media", "edited") in changed(path)
    for code in CODES:
        change(path / f"modules/m01/leccion-1.{code}.md", "[^1]: ", "[^1]: Véase ")
    assert ("block", "edited") in changed(path)
    modules = (path / "course.yaml").read_text()
    swapped = re.sub(r"m01(\W+)m02", r"m02\1m01", modules)
    assert swapped != modules
    (path / "course.yaml").write_text(swapped)
    assert ("module", "moved") in changed(path)
    append(path / "course.yaml", "# a comment alone\n")
    assert changed(path) == {("file", "edited")}
    assert versions() == 5


def test_blocks_that_changed_places_are_said_to_have_moved(app, path):
    sync(path)
    for code in CODES:
        file = path / f"modules/m01/leccion-1.{code}.md"
        head, _, body = file.read_text().partition("\n---\n")
        first, second, rest = body.strip().split("\n\n", 2)
        file.write_text(f"{head}\n---\n\n{second}\n\n{first}\n\n{rest}\n")
    assert ("block", "moved") in changed(path)


def test_a_footnote_that_changes_makes_the_translations_that_cite_it_outdated(app, path):
    change(path / FIRST, "[^1]: ", "[^1]: Véase también ")
    older = [line for line in told(path) if "older than its source" in line]
    assert {line.partition(":")[0].split(".")[-2] for line in older} == {"pt", "en"}


def test_two_courses_cannot_have_one_address(app, path):
    sync(path)
    change(path / "course.yaml", "id: prueba", "id: otra-cosa")
    with pytest.raises(Refused, match="another course has the address"):
        sync(path)
    assert versions() == 1


def test_an_id_never_becomes_the_id_of_another_kind_of_thing(app, path):
    sync(path)
    for code in CODES:
        change(path / SECOND.replace(".es.", f".{code}."), "id: leccion-2", "id: leccion-dos")
    change(path / "modules/m02/module.yaml", "id: m02", "id: leccion-2")
    with pytest.raises(Refused, match="belonged to a lesson"):
        sync(path)
    assert versions() == 1


def test_an_export_is_the_folder_byte_for_byte(app, path, tmp_path):
    sync(path)
    written = export(latest_version("prueba"), tmp_path / "out")
    assert sorted(written) == files_in(path) == files_in(tmp_path / "out")
    assert filecmp.cmpfiles(path, tmp_path / "out", written, shallow=False)[0] == written


def files_in(path: Path) -> list[str]:
    return sorted(one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())


def test_an_export_brings_an_older_version_back(app, path, tmp_path):
    sync(path)
    kept = (path / FIRST).read_bytes()
    change(path / FIRST, "Con **peso**", "Con *medida*")
    sync(path)
    export(find_version("prueba", 1), tmp_path / "out")
    assert (tmp_path / "out" / FIRST).read_bytes() == kept


def test_an_export_into_the_folder_that_was_loaded_changes_nothing(app, path):
    sync(path)
    export(latest_version("prueba"), path)
    assert steps_of(path) == []


def test_an_export_overwrites_nothing(app, path):
    sync(path)
    change(path / FIRST, "Con **peso**", "Con *medida*")
    (path / SECOND).unlink()
    with pytest.raises(Refused, match="exists and differs"):
        export(latest_version("prueba"), path)
    assert "Con *medida*" in (path / FIRST).read_text()
    assert not (path / SECOND).exists()


def test_an_export_follows_no_link_out_of_its_folder(app, path, tmp_path):
    sync(path)
    out, outside = tmp_path / "out", tmp_path / "outside"
    outside.mkdir()
    out.mkdir()
    (out / "modules").symlink_to(outside)
    with pytest.raises(Refused, match="leads out of"):
        export(latest_version("prueba"), out)
    assert list(outside.iterdir()) == []


def test_a_version_knows_its_files(app, path):
    sync(path)
    version = latest_version("prueba")
    file = file_of_version(version.id, "guia.pdf")
    assert storage.get(file.sha256) == (path / "media/guia.pdf").read_bytes()
    assert file_of_version(version.id, "../course.yaml") is None
    names = set(db.session.scalars(select(VersionFile.path)))
    assert {"course.yaml", "glossary.yaml", FIRST, SECOND, "media/figura.svg"} <= names


@pytest.mark.parametrize("table", PUBLISHED)
def test_what_is_published_can_be_neither_changed_nor_deleted(app, path, table):
    sync(with_bank(path))
    column = next(iter(db.session.execute(text(f"SELECT * FROM {table}")).keys()))
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"), writing():
            db.session.execute(text(statement))
    assert versions() == 1


def test_a_folder_with_mistakes_leaves_the_old_version(app, path):
    sync(path)
    change(path / FIRST, "Con **peso**", "<b>peso</b>")
    assert refused(path)
    assert versions() == 1


def test_printouts_are_made_by_jobs_after_publication(app, path, run_jobs):
    sync(path)
    assert db.session.scalars(select(Printout)).all() == []
    assert run_jobs() == 6
    forms = [one.form for one in db.session.scalars(select(Printout))]
    assert (forms.count("pdf"), forms.count("html")) == (12, 6)


def test_search_finds_the_words_of_a_block(app, path):
    sync(path)
    found = db.session.execute(
        text("SELECT block, heading FROM search_entries WHERE terms LIKE '%rectangul%'")
    ).all()
    assert {row.heading for row in found} == {"Todo lo que cabe"}
    assert len({row.block for row in found}) == 1
