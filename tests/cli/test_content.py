"""Courses as files, from the command line: found mistakes, ids, versions, the same bytes back."""

import json
import shutil
from pathlib import Path

import pytest

from coursehub.demo.formats import write_course
from tests.cli.answers import misused, refused
from tests.cli.conftest import COURSE
from tests.program import Program

LESSON = "modules/m01/leccion-1.es.md"


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.fixture
def program(migrated) -> Program:
    return migrated


def test_a_course_without_mistakes_is_found_whole(program, folder):
    assert program.did("content", "check", str(folder)) == "No mistakes.\n"
    empty = json.loads(program.did("content", "check", str(folder), "--json"))
    assert empty == {"errors": [], "changed": []}


def test_every_mistake_is_listed_with_file_and_line(program, folder):
    (folder / "course.yaml").write_text((folder / "course.yaml").read_text() + "colour: red\n")
    (folder / LESSON).write_text(
        (folder / LESSON).read_text() + "\n[x](gone.pdf)\n\n![](none.png)\n"
    )
    (folder / "modules/m01/leccion-2.pt.md").unlink()

    done = program("content", "check", str(folder))
    assert (done.returncode, done.stderr) == (1, "")
    assert f"{folder / 'course.yaml'}:" in done.stdout
    assert f"{folder / LESSON}:" in done.stdout

    done = program("content", "check", str(folder), "--json")
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert found["changed"] == []
    assert all({"file", "line", "message"} <= one.keys() for one in found["errors"])
    assert {one["file"] for one in found["errors"]} >= {"course.yaml", LESSON}
    assert all(one["line"] >= 1 and one["message"] for one in found["errors"])


def test_missing_ids_are_written_and_nothing_else_is_touched(program, tmp_path):
    folder = write_course(tmp_path / "sin-id", lessons=2, words=80)
    assert program("content", "check", str(folder)).returncode == 1

    first = json.loads(program.did("content", "ids", str(folder), "--json"))
    written = bytes_of(folder)
    again = json.loads(program.did("content", "ids", str(folder), "--json"))

    assert first["errors"] == again["errors"] == again["changed"] == []
    assert LESSON in first["changed"]
    assert bytes_of(folder) == written
    program.did("content", "check", str(folder))


def test_ids_say_what_else_is_wrong_and_never_that_nothing_was_missing(program, tmp_path):
    folder = write_course(tmp_path / "con-error", lessons=2, words=80)
    module = folder / "modules/m01/module.yaml"
    module.write_text(module.read_text() + "x: [\n")

    done = program("content", "ids", str(folder), "--json")

    assert done.returncode == 1
    assert [one["file"] for one in json.loads(done.stdout)["errors"]] == ["modules/m01/module.yaml"]


@pytest.mark.parametrize("spoilt", [("---\n", "---\nid:\n"), ("title: ", "{title: ")])
def test_ids_damage_no_file_that_they_cannot_be_written_into(program, tmp_path, spoilt):
    folder = write_course(tmp_path / "entre-llaves", lessons=2, words=80)
    text = (folder / LESSON).read_text().replace(*spoilt, 1)
    (folder / LESSON).write_text(text)
    before = bytes_of(folder)

    done = program("content", "ids", str(folder))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (folder / LESSON).read_bytes() == before[LESSON]
    assert not [name for name in bytes_of(folder) if ".md." in name]


def test_a_copied_folder_is_loaded_under_its_name_only_when_that_is_meant(folder, tmp_path):
    own = Program(tmp_path / "own")
    own.did("migrate")
    own.did("content", "sync", str(folder))
    copy = shutil.copytree(folder, tmp_path / "copia")

    assert "--rename" in refused(own("content", "sync", str(copy)))
    renamed = json.loads(own.did("content", "sync", str(copy), "--rename", "--json"))

    assert [one["change"] for one in renamed["changed"]] == ["renamed"]
    assert "renamed" in own.did("content", "sync", str(folder), "--rename")


def test_a_folder_with_mistakes_is_not_loaded(program, folder):
    (folder / LESSON).write_text((folder / LESSON).read_text() + "\n[x](gone.pdf)\n")
    before = bytes_of(folder)

    done = program("content", "sync", str(folder), "--json")

    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["errors"][0]["file"] == LESSON
    assert bytes_of(folder) == before
    refused(program("content", "export", COURSE, str(folder.parent / "out")))


def test_a_folder_that_is_no_course_is_refused(program, tmp_path):
    for command in ("check", "sync", "ids"):
        done = program("content", command, str(tmp_path))
        assert done.returncode == 1, command
        assert "course.yaml" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_sync_says_what_changed_and_export_gives_the_same_bytes(loaded, tmp_path):
    out, edited = tmp_path / "out", tmp_path / COURSE
    first = json.loads(loaded.did("content", "export", COURSE, str(out), "--json"))
    source = loaded.folder.parent / COURSE
    assert bytes_of(out) == bytes_of(source)
    assert first["changed"] == sorted(bytes_of(source))

    loaded.did("content", "export", COURSE, str(edited))
    unchanged = json.loads(loaded.did("content", "sync", str(edited), "--json"))
    assert (unchanged["version"], unchanged["changed"]) == (first["version"], [])

    text = (edited / LESSON).read_text()
    (edited / LESSON).write_text(text.replace("Este párrafo", "Este mismo párrafo", 1))
    changed = json.loads(loaded.did("content", "sync", str(edited), "--json"))
    assert changed["version"] == first["version"] + 1
    assert "Lección 1 (es)" in {one["title"] for one in changed["changed"]}
    assert changed["warnings"], "the translations have fallen behind"

    old = ("content", "export", COURSE, str(tmp_path / "old"), "--version", str(first["version"]))
    loaded.did(*old)
    assert bytes_of(tmp_path / "old") == bytes_of(source)


def test_what_is_not_there_cannot_be_exported(loaded, tmp_path):
    refused(loaded("content", "export", "nothing", str(tmp_path / "out")))
    refused(loaded("content", "export", COURSE, str(tmp_path / "out"), "--version", "999"))
    assert not (tmp_path / "out").exists()
    misused(loaded("content", "export", COURSE))


def test_export_never_mixes_with_what_is_there_already(loaded, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")

    done = loaded("content", "export", COURSE, str(tmp_path / "out"))

    assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"
