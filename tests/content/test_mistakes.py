"""Every departure from the format is reported with file and line, and then nothing is loaded."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursehub.content.formats.yaml_files import BadYaml, read
from tests.content.mistakes import DEEP, GLOSSARY, PORTUGUESE, WRITTEN
from tests.content.stage import (
    CODES,
    FIRST,
    MODULE,
    QUIZ_FILE,
    SECOND,
    append,
    change,
    course,
    give_ids,
    line_with,
    refused,
    shown,
    sync,
    told,
    versions,
)


@pytest.fixture
def path(tmp_path) -> Path:
    return course(tmp_path)


@pytest.mark.parametrize("mistake", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_mistake_is_reported_with_file_and_line(path, mistake):
    name, old, new, at, says = mistake
    file = path / name
    file.touch()
    if old:
        change(file, old, new)
    else:
        append(file, new)
    found = [line for line in told(path) if says in line]
    assert found, told(path)
    if at:
        assert f"{name}:{line_with(file, at)}: " in "\n".join(found)


def copied(path: Path) -> None:
    text = (path / FIRST).read_text()
    first, second = re.findall(r"^\{#[a-z0-9-]+\}$", text, re.MULTILINE)[:2]
    change(path / FIRST, second, first)


def shared(path: Path) -> None:
    taken = re.search(r"\{#([a-z0-9-]+)\}", (path / FIRST).read_text())[1]
    question = re.search(r"- id: (q-[a-z0-9]+)", (path / QUIZ_FILE).read_text())[1]
    change(path / QUIZ_FILE, question, taken)


def without_file(name: str) -> Callable[[Path], None]:
    return lambda path: (path / name).unlink()


def with_bytes(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda path: (path / name).write_bytes(content)


def in_bytes(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        content = (path / name).read_bytes()
        assert old in content
        (path / name).write_bytes(content.replace(old, new))

    return edit


def linked(name: str, target: str) -> Callable[[Path], None]:
    return lambda path: (path / name).symlink_to(target)


def emptied(path: Path) -> None:
    for code in CODES:
        file = path / SECOND.replace(".es.", f".{code}.")
        file.write_text(file.read_text().partition("\n---\n")[0] + "\n---\n")


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda path: change(path / name, old, new)


DRAWN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
HEAVY = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">' + b" " * 80_000 + b"</svg>"
DONE = {
    "footnote that is nowhere": (
        edited(FIRST, "[enlace]", "[^nada] y [enlace]"),
        f"{FIRST}:",
        "no footnote “nada”",
    ),
    "footnote that nobody cites": (
        edited(FIRST, "[^1]: ", "[^sobra]: Nada.\n\n[^1]: "),
        f"{FIRST}:",
        "nothing cites the footnote “sobra”",
    ),
    "reference without address": (
        edited(FIRST, "Con **peso**", "Con [peso][ref]"),
        f"{FIRST}:",
        "right behind it",
    ),
    "link without text": (edited(FIRST, "[lección]", "[]"), f"{FIRST}:", "this link has no text"),
    "empty heading": (edited(FIRST, "## Todo lo que cabe", "## "), f"{FIRST}:", "heading is empty"),
    "damaged picture": (with_bytes("media/x.png", b"hello"), "media/x.png:1", "no PNG"),
    "empty recording": (with_bytes("media/x.mp4", b""), "media/x.mp4:1", "no MP4"),
    "captions that are none": (with_bytes("media/x.vtt", b"no"), "media/x.vtt:1", "no VTT"),
    "damaged drawing": (with_bytes("media/x.svg", DRAWN + b"<g>"), "media/x.svg:1", "damaged"),
    "drawing that runs": (
        with_bytes("media/x.svg", DRAWN + b"<script/></svg>"),
        "media/x.svg:1",
        "no <script>",
    ),
    "drawing that listens": (
        with_bytes("media/x.svg", DRAWN + b'<g onclick="a()"/></svg>'),
        "media/x.svg:1",
        "“onclick”",
    ),
    "drawing that fetches": (
        with_bytes("media/x.svg", DRAWN + b'<image href="https://evil.example/"/></svg>'),
        "media/x.svg:1",
        "“href”",
    ),
    "drawing with entities": (
        with_bytes("media/x.svg", b'<!DOCTYPE x [<!ENTITY a "b">]>' + DRAWN + b"</svg>"),
        "media/x.svg:1",
        "DOCTYPE",
    ),
    "drawing for a voice": (
        edited(FIRST, "src: media/voz.mp3", "src: media/figura.svg"),
        f"{FIRST}:",
        "is no audio",
    ),
    "NUL in an escape": (
        edited("course.yaml", "es: Curso de prueba", 'es: "a \\0 b"'),
        "course.yaml:",
        "U+0000",
    ),
    "text that turns": (edited(FIRST, "Con **peso**", "Con \u202epeso"), f"{FIRST}:", "U+202E"),
    "number in quotes": (
        edited("course.yaml", "hours: 10", 'hours: "10"'),
        "course.yaml:",
        "hours",
    ),
    "tag": (
        edited(GLOSSARY, "term: {", "term: !!python/object:os.system {"),
        f"{GLOSSARY}:",
        "tags (",
    ),
    "duplicate id": (copied, f"{FIRST}:", "is used already in"),
    "id of a block for a question": (shared, f"{QUIZ_FILE}:8", "is used already in"),
    "image over budget": (with_bytes("media/x.svg", HEAVY), "media/x.svg:1", "80 kB"),
    "drawing without size": (with_bytes("media/x.svg", b"<svg/>"), "media/x.svg:1", "viewBox"),
    "unknown kind of media": (with_bytes("media/x.exe", b"x"), "media/x.exe:1", "media/ takes"),
    "name with blanks": (with_bytes("media/a b.pdf", b"x"), "media/a b.pdf:1", "a file's name"),
    "no UTF-8": (in_bytes(FIRST, "ó".encode(), b"\xf3"), f"{FIRST}:3", "not UTF-8"),
    "byte order mark": (in_bytes(FIRST, b"---\nid", b"\xef\xbb\xbf---\nid"), f"{FIRST}:1", "mark"),
    "lines ended by carriage returns": (
        lambda path: (path / FIRST).write_bytes((path / FIRST).read_bytes() + b"\n\r0\n" * 30),
        f"{FIRST}:",
        "Unix",
    ),
    "carriage return": (in_bytes(FIRST, b"\nminutes", b"\r\nminutes"), f"{FIRST}:4", "Unix"),
    "NUL": (in_bytes(FIRST, b"Con **peso**", b"\0"), f"{FIRST}:", "U+0000"),
    "backspace": (in_bytes(FIRST, b"Con **peso**", b"\b"), f"{FIRST}:", "U+0008"),
    "link to a file": (linked("modules/x.md", "/etc/passwd"), "modules/x.md:1", "not followed"),
    "link to media": (linked("media/x.pdf", "/etc/passwd"), "media/x.pdf:1", "not followed"),
    "link to a folder": (linked("modules/m09", "/etc"), "modules/m09:1", "not followed"),
    "dead link": (linked("media/x.pdf", "/nowhere"), "media/x.pdf:1", "not followed"),
    "a pipe": (lambda path: os.mkfifo(path / "x.md"), "x.md:1", "neither a file nor a folder"),
    "too long": (with_bytes("x.md", b"x" * 2_000_001), "x.md:1", "at most 2000000 bytes"),
    "empty lesson": (emptied, f"{SECOND}:7", "this lesson is empty"),
    "missing translation": (without_file(PORTUGUESE), f"{PORTUGUESE}:1", "into “pt” is missing"),
    "missing source": (without_file(FIRST), f"{FIRST}:1", "this file is missing"),
    "no course": (without_file("course.yaml"), "course.yaml:1", "this file is missing"),
    "deep YAML": (with_bytes("course.yaml", DEEP.encode()), "course.yaml:1", "too deep"),
    "empty YAML": (with_bytes(GLOSSARY, b""), f"{GLOSSARY}:1", "keys with values"),
    "a list for a mapping": (
        with_bytes("course.yaml", b"- a\n"),
        "course.yaml:1",
        "keys with values",
    ),
    "folder in media": (
        lambda path: ((path / "media/x").mkdir(), (path / "media/x/a.pdf").touch()),
        "media/x/a.pdf:1",
        "not in a folder",
    ),
}


@pytest.mark.parametrize("mistake", DONE.values(), ids=DONE.keys())
def test_what_is_wrong_with_a_file_is_reported(path, mistake):
    do, where, says = mistake
    do(path)
    assert any(line.startswith(where) and says in line for line in told(path)), told(path)


def test_all_mistakes_are_listed_and_nothing_is_loaded(app, path):
    sync(path)
    before = shown().html
    change(path / FIRST, "lesson:leccion-2", "lesson:gone")
    change(path / FIRST, "Con **peso**", "<b>peso</b>")
    change(path / QUIZ_FILE, "pass_percent: 70", "pass_percent: 700")
    append(path / "course.yaml", "colour: red\n")
    (path / "media" / "x.exe").touch()
    messages = "\n".join(told(path))
    for words in ("pass_percent", "colour"):
        assert words in messages
    change(path / "course.yaml", "colour: red\n", "")
    messages = "\n".join(refused(path))
    for words in ("“gone”", "raw HTML", "pass_percent", "media/ takes"):
        assert words in messages
    assert versions() == 1
    assert shown().html == before


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("course.yaml", "topic: ", "topic: x", "“topic”"),
        ("course.yaml", "hours: 10", "hours: true", "“hours”"),
        (MODULE, "state: ready", "state: nonsense", "“state”"),
        (FIRST, "minutes: ", "minutes: -", "“minutes”"),
    ],
)
def test_a_mistake_in_one_file_hides_none_below_it_and_makes_none_up(path, file, old, new, says):
    change(path / file, old, new)
    change(path / FIRST, "lesson:leccion-2", "lesson:gone")
    # What has changed in the source makes its translations older: no mistake.
    said = [line for line in told(path) if "older than its source" not in line]
    assert len(said) == 2, said
    assert any(line.startswith(f"{file}:") and says in line for line in said)
    assert any(line.startswith(f"{FIRST}:") and "“gone”" in line for line in said)


def test_a_folder_whose_name_is_no_address_is_refused(path):
    assert any("the course's address" in line for line in told(path.rename(path.parent / "Mi ñ")))


def test_a_module_that_is_no_yaml_makes_no_mistakes_up_about_what_it_holds(path):
    append(path / MODULE, "x: [\n")
    assert {line.partition(":")[0] for line in told(path)} == {MODULE}


def test_warnings_alone_do_not_keep_a_course_from_being_loaded(app, path):
    (path / PORTUGUESE).unlink()
    report = sync(path)
    assert [one.message for one in report.warnings] == ["the translation into “pt” is missing"]
    assert shown("leccion-2", "pt").language == "es"


def test_a_bomb_of_aliases_is_refused_at_once():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}]\n"
        for old, new in zip("abcdefghijklmno", "bcdefghijklmnop", strict=True)
    )
    with pytest.raises(BadYaml, match="aliases"):
        read(bomb)


@pytest.mark.parametrize(
    "words",
    [
        "مرحبا",
        "e\u0301\u0323\u0327",
        "🌱👩🏽‍⚖️",
        "O’Neill 李",
        "D'Ávila",
        "‏x‏",
        "a < b && c > d",
        "﷽",
    ],
)
def test_letters_of_all_the_world_are_kept(app, path, words):
    change(path / FIRST, "Con **peso**", words)
    change(path / FIRST, "title: Lección 1 (es)", f"title: {json.dumps(words, ensure_ascii=False)}")
    sync(path)
    assert shown().title == words
    html = shown().html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert words in html


@given(st.text(max_size=200))
def test_any_text_is_yaml_or_said_to_be_none(text):
    try:
        read(text)
    except BadYaml as error:
        line = error.line
    else:
        line = 0
    assert 0 <= line <= len(text)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory) -> Path:
    return course(tmp_path_factory.mktemp("course"))


@settings(max_examples=25)
@given(text=st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_lesson_can_be_checked(lasting, text):
    file = lasting / SECOND
    kept = file.read_bytes()
    try:
        file.write_bytes(b"---\nid: x-1\ntitle: T\nsummary: S\n---\n" + text.encode())
        assert told(lasting)
        give_ids(lasting)
    finally:
        file.write_bytes(kept)
