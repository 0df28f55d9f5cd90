"""The first command on a bare machine says in one line what is missing."""

import ast
import os
import subprocess
import sys

import pytest

from coursehub.settings import PROJECT

SETUP = PROJECT / "tools" / "setup.py"
PRETEND = """
import importlib.util, os, runpy, sys
{pretence}
sys.argv = ["tools/setup.py", "test"]
runpy.run_path({path!r}, run_name="__main__")
"""
OLD = "sys.version_info = (3, 9, 18, 'final', 0)"
BARE = """
import pathlib
find = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == "ensurepip" else find(name)
pathlib.Path.exists = lambda path: False
os.geteuid = lambda: 1000
"""


def run(pretence: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = PRETEND.format(pretence=pretence, path=str(SETUP))
    own = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=own
    )


@pytest.mark.parametrize("minor", [6, 7, 8, 9, 10])
def test_a_python_that_is_too_old_can_read_the_file_that_says_so(minor):
    ast.parse(SETUP.read_text(), feature_version=(3, minor))


def test_a_python_that_is_too_old_is_told_so_in_one_line():
    done = run(OLD)

    assert done.returncode == 1
    assert done.stderr == "CourseHub needs Python 3.11 or newer; this is 3.9.\n"


def test_without_the_venv_module_the_line_to_type_is_given():
    done = run(BARE)

    assert done.returncode == 1
    assert done.stderr == (
        "CourseHub: Python's venv module is missing. Type: sudo apt-get install -y python3-venv\n"
    )


def test_the_whole_check_is_the_two_commands_of_the_readme():
    script = PROJECT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-2:] == ["make test", "make check"]
    assert "COURSEHUB_NO_SKIPS=1" in script.read_text()


def test_where_nothing_may_be_skipped_a_skipped_test_fails(tmp_path):
    (tmp_path / "test_skip.py").write_text(
        "import pytest\n\n\ndef test_it():\n    pytest.skip('no browser')\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", str(tmp_path)]

    for strict, status in (("", 0), ("1", 1)):
        own = {**os.environ, "COURSEHUB_NO_SKIPS": strict}
        done = subprocess.run(command, cwd=PROJECT, env=own, capture_output=True, check=False)
        assert done.returncode == status, done.stdout.decode()[-2000:]
