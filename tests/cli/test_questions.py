"""Files of questions from the command line: what was taken, changed and refused, and out again."""

import json

import pytest

from tests.cli.answers import misused, refused
from tests.program import Program

GIFT = """\
// [id:q-carta] [tag:carta]
::Carta::¿De qué año es la Carta?{=1948 ~%-50%[html]<b>1945</b>}

Un texto.
"""


@pytest.fixture
def program(tmp_path) -> Program:
    made = Program(tmp_path / "data")
    made.did("migrate")
    return made


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "preguntas.txt"
    path.write_text(GIFT)
    return path


def test_what_was_taken_changed_and_refused_is_said(program, file):
    done = program("questions", "import", str(file), "--dry-run", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert said["taken"] == [{"title": "Carta", "type": "single_choice"}]
    assert {one["title"] for one in said["changed"]} == {"Carta"}
    assert said["refused"] == [{"where": "line 4", "why": "description: a text without a question"}]
    assert said["new"] == 0


def test_importing_twice_changes_nothing_and_an_edit_is_a_new_version(program, file):
    def imported() -> tuple[int, int, int]:
        done = program("questions", "import", str(file), "--bank", "Módulo 1", "--json")
        said = json.loads(done.stdout)
        assert said["bank"] == "modulo-1"
        return said["new"], said["newer"], said["same"]

    assert imported() == (1, 0, 0)
    assert imported() == (0, 0, 1)
    file.write_text(GIFT.replace("1945", "1946"))
    assert imported() == (0, 1, 0)


@pytest.mark.parametrize("ending", ["gift", "xml", "xlsx"])
def test_done_3_a_bank_comes_back_from_its_export(program, file, tmp_path, ending):
    program("questions", "import", str(file), "--bank", "uno")
    out = tmp_path / f"bank.{ending}"
    said = json.loads(program.did("questions", "export", "uno", str(out), "--json"))
    assert said == {"written": 1, "lost": []}
    again = json.loads(program.did("questions", "import", str(out), "--bank", "uno", "--json"))
    assert (again["same"], again["refused"]) == (1, [])


def test_a_bank_is_written_as_a_file_of_a_course_too(program, file, tmp_path):
    program("questions", "import", str(file), "--bank", "uno")
    program.did("questions", "export", "uno", str(tmp_path / "uno.yaml"))
    assert "id: q-carta" in (tmp_path / "uno.yaml").read_text()


def test_what_cannot_be_done_is_said_in_one_line(program, file, tmp_path):
    assert "no bank" in refused(program("questions", "export", "nada", "x.gift"))
    assert "no file ending in .pdf" in refused(program("questions", "export", "nada", "x.pdf"))
    where = str(file)
    assert "no course" in refused(program("questions", "import", where, "--bank", "nada/uno"))
    assert misused(program("questions", "import", str(tmp_path / "missing.gift")))
