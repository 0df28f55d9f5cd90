"""The documents say what is so: their commands, paths, names and tables, compared with the code."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

import click
import pytest

from coursehub.cli import coursehub
from coursehub.settings import PREFIX, PROJECT, Settings
from tests.test_permissions import TABLE

DOCUMENTS = [*sorted(PROJECT.glob("*.md")), PROJECT / "course_content" / "README.md"]
GUIDES = sorted((PROJECT / "coursehub" / "documents" / "texts").glob("guia-*.md"))
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
LAYERS = {one["id"]: one.get("layers") for one in PYPROJECT["tool"]["importlinter"]["contracts"]}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HOST = re.compile(r"(?:https?://|@|\b)((?:[a-z0-9-]+\.)+(?:org|com|net|io|dev|invalid))\b")
FOLDERS = {".ci", "course_content", "coursehub", "docs", "migrations", "requirements", "tests"}
MOST_PICTURE_BYTES = 150_000


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def section(name: str, title: str) -> str:
    """What stands under a heading of a document, up to the next of its level."""
    return text_of(name).split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(table: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)


def lines_to_type(document: Path) -> Iterator[str]:
    """Every line of a block that is a command of ours."""
    for language, block in BLOCK.findall(document.read_text(encoding="utf-8")):
        if language == "sh":
            yield from (
                line for line in block.splitlines() if re.match(r"(coursehub|make)\b", line)
            )


def inline_code(document: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", BLOCK.sub("", document.read_text(encoding="utf-8")))


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and what is left for it."""
    command: click.Command = coursehub
    while isinstance(command, click.Group) and words:
        command, words = command.commands[words[0]], words[1:]
    return command, words


def targets() -> set[str]:
    return set(re.findall(r"^(\w+):", text_of("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("document", [*DOCUMENTS, *GUIDES], ids=name_of)
def test_every_line_to_type_is_a_command_with_these_options(document, monkeypatch):
    monkeypatch.chdir(PROJECT)
    for line in lines_to_type(document):
        program, *words = shlex.split(line)
        if program == "make":
            assert words[0] in targets(), line
        else:
            command, rest = command_of(words)
            command.make_context(line, rest)


@pytest.mark.parametrize("document", [*DOCUMENTS, *GUIDES], ids=name_of)
def test_every_command_named_in_a_sentence_exists(document):
    for code in inline_code(document):
        program, *words = code.split()
        if program == "make":
            assert words[0] in targets(), code
        elif program == "coursehub" and words and words[0].isalpha():
            command_of([word for word in words if word.isalpha() and word.islower()][:2])


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_every_command_line_of_a_guide_has_these_options(guide, monkeypatch):
    """In a guide they stand inside sentences, where a narrow screen can break them."""
    monkeypatch.chdir(PROJECT)
    for code in inline_code(guide):
        program, *words = shlex.split(code)
        if program == "coursehub":
            command, rest = command_of(words)
            if rest:  # else it is only named
                command.make_context(code, rest)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_path_that_is_named_exists(document):
    for code in inline_code(document):
        is_ours = "/" in code and code.split("/")[0] in FOLDERS
        if is_ours and not re.search(r"[<\s*…]", code):
            assert (PROJECT / code).exists(), code


@pytest.mark.parametrize("document", [PROJECT / "ARCHITECTURE.md", PROJECT / "CONTRIBUTING.md"])
def test_every_name_of_the_code_stands_in_the_code(document):
    places = [*(PROJECT / "coursehub").rglob("*.py"), *(PROJECT / "tests").rglob("*.py")]
    code = "\n".join(path.read_text() for path in places if path != Path(__file__))
    for name in inline_code(document):
        if re.fullmatch(r"@?[a-z]+(_[a-z]+)+", name):
            assert re.search(rf"\b{name.lstrip('@')}\b", code), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_to_a_file(document):
    for link in LINK.findall(BLOCK.sub("", document.read_text(encoding="utf-8"))):
        assert (document.parent / link.split("#")[0]).exists(), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_setting_that_is_named_exists(document):
    known = {PREFIX + one.name.upper() for one in fields(Settings)}
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", document.read_text(encoding="utf-8")))
    assert named <= known | {"COURSEHUB_TEST_POSTGRES"}


def test_the_table_of_settings_is_whole_and_has_their_defaults():
    rows = re.findall(
        r"^\| `COURSEHUB_(\w+)` \| (.+?) \|", section("OPERATIONS.md", "Settings"), re.M
    )
    said = {name.lower(): default for name, default in rows}
    assert sorted(said) == sorted(one.name for one in fields(Settings))
    for one in fields(Settings):
        default = {True: "yes", False: "no"}.get(one.default) if one.type is bool else one.default
        if said[one.name].startswith("`") and one.name != "data_dir":
            assert default is not MISSING
            assert said[one.name].strip("`") == str(default), one.name


def test_the_stack_is_the_one_that_is_checked():
    layers = [layer.strip("()") for layer in LAYERS["stack"]]
    assert first_cells(section("ARCHITECTURE.md", "The stack")) == layers


def test_the_files_of_a_feature_are_those_that_are_checked():
    said = section("ARCHITECTURE.md", "The files of a feature").split("`")[1]
    checked = re.findall(r"\w+", " ".join(LAYERS["slice"]))
    assert re.findall(r"\w+", said) == checked


def test_every_dependency_has_its_reason():
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["scale"]]
    names = {re.split(r"[\[<>=~]", one)[0] for one in wanted}
    said = first_cells(section("ARCHITECTURE.md", "Dependencies"))
    assert sorted(said) == sorted(names)


def test_every_permission_is_explained():
    rules = {row.rule.__name__ for row in TABLE}
    assert set(first_cells(section("ARCHITECTURE.md", "Who may do what"))) == rules


def test_the_checks_are_those_that_run():
    said = section("CONTRIBUTING.md", "What the checks check")
    run = re.findall(r'^    "([a-z ]+)": \[', text_of("tools/check.py"), re.MULTILINE)
    assert re.findall(r"^\| ([a-z ]+) \|", said, re.MULTILINE) == run


@pytest.mark.parametrize("document", ["README.md", "OPERATIONS.md"])
def test_the_oldest_python_is_the_one_that_is_required(document):
    oldest = PYPROJECT["project"]["requires-python"].removeprefix(">=")
    assert set(re.findall(r"Python (\d+\.\d+) or newer", text_of(document))) == {oldest}


def test_the_version_has_its_line():
    assert f"\n## [{PYPROJECT['project']['version']}]" in text_of("CHANGELOG.md")


@pytest.mark.parametrize("document", [*DOCUMENTS, *GUIDES], ids=name_of)
def test_no_document_names_a_host_or_a_machine_of_anybody(document):
    text = document.read_text(encoding="utf-8")
    hosts = {host for host in HOST.findall(text) if not host.endswith("example.org")}
    assert hosts <= {"coursehub.invalid"}
    assert not re.search(r"(?<![\w.])/(home|root|tmp|work|Users)\b/", text)


def test_the_picture_is_light():
    assert (PROJECT / "docs" / "lesson.png").stat().st_size <= MOST_PICTURE_BYTES
