"""Data folders of the command line's own."""

from pathlib import Path

import pytest

from coursehub.demo.formats import write_course
from tests.program import Program

COURSE = "curso-de-prueba"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Program:
    """An empty, migrated database."""
    program = Program(tmp_path_factory.mktemp("migrated") / "data")
    program.did("migrate")
    return program


@pytest.fixture
def folder(tmp_path) -> Path:
    """A small course without mistakes, its ids written."""
    path = write_course(tmp_path / COURSE, lessons=2, words=80)
    Program(tmp_path / "data").did("content", "ids", str(path))
    return path


@pytest.fixture(scope="session")
def loaded(tmp_path_factory) -> Program:
    """A program with a small course in its first version."""
    home = tmp_path_factory.mktemp("loaded")
    program = Program(home / "data")
    program.did("migrate")
    path = str(write_course(home / COURSE, lessons=2, words=80))
    program.did("content", "ids", path)
    program.did("content", "sync", path)
    return program


@pytest.fixture(scope="session")
def with_demo(tmp_path_factory) -> Program:
    """A program with the course of the Network, the demo people and their editions."""
    program = Program(tmp_path_factory.mktemp("demo") / "data")
    program.did("migrate")
    program.did("content", "sync", "course_content/introduccion-prevencion-genocidio")
    program.did("demo", "load")
    return program
