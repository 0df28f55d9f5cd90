"""A lesson's file: its head, its blocks with their ids, and what is wrong with them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel

from coursehub.content.formats import directives, schema, yaml_files
from coursehub.content.formats.findings import Findings, fingerprint
from coursehub.foundation import richtext

MARK = re.compile(r"^\{#([a-z][a-z0-9-]{2,39})(?:\s+from=([0-9a-f]{10}))?\}\s*$")
NOTE = re.compile(r"^\[\^([^\]\s]+)\]:")
CITATION = re.compile(r"\[\^([^\]\s]+)\](?!:)")
LIKE_A_MARK = re.compile(r"^\{#")
FIELDS: dict[str, type[BaseModel]] = {
    "figure": schema.Figure,
    "audio": schema.Recording,
    "video": schema.Recording,
    "download": schema.Download,
}


@dataclass
class Block:
    """A piece of a lesson with an id of its own: `text` is its exact source without the mark.

    `notes` are the footnotes that it cites: a translation is made from them too.
    """

    id: str
    made_from: str
    line: int
    kind: str
    text: str
    first: int = 0  # the token that opens it
    last: int = 0
    notes: str = ""

    @property
    def revision(self) -> str:
        return fingerprint(f"{self.text}\n\n{self.notes}" if self.notes else self.text)


@dataclass
class Lesson:
    """One lesson in one language, as its file says it. Lines count from one."""

    file: str
    name: str
    language: str
    head: schema.FrontMatter
    head_line: int
    body_line: int
    tokens: list[Token]
    env: dict[str, Any]
    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)  # the line of each footnote, by name
    fields: dict[int, BaseModel] = field(default_factory=dict)  # directives by their token


@cache
def parser() -> MarkdownIt:
    return richtext.parser().use(directives.plugin)


def split(text: str) -> tuple[str, str, int]:
    """Head, body and the number of lines before the body. ValueError without a head."""
    if not text.startswith("---\n"):
        raise ValueError("the file must begin with a line --- and its front matter")
    end = text.find("\n---\n", 3)
    if end < 0:
        raise ValueError("the front matter does not end with a line ---")
    head, body = text[4 : end + 1], text[end + 5 :]
    return head, body, head.count("\n") + 2


def read_lesson(
    text: str, file: str, name: str, language: str, findings: Findings
) -> Lesson | None:
    """The lesson, or None where not even its head can be read."""
    try:
        head_text, body, head_lines = split(text)
        document = yaml_files.read(head_text)
    except yaml_files.BadYaml as error:
        findings.error(file, error.line + 2, f"the front matter is not readable: {error}")
        return None
    except ValueError as error:
        findings.error(file, 1, str(error))
        return None
    head = yaml_files.validated(schema.FrontMatter, document, file, findings, first_line=2)
    if head is None:  # the mistakes of the text below are to be found all the same
        head = _as_far_as_it_goes(document.value)
    # Reported as a mistake already; to Markdown it would end a line that no editor counts.
    lines = body.replace("\r", " ").split("\n")
    plain = "\n".join("" if LIKE_A_MARK.match(line) else line for line in lines)
    env: dict[str, Any] = {}
    lesson = Lesson(file, name, language, head, 2, head_lines + 1, parser().parse(plain, env), env)
    begun = ((n, NOTE.match(line)) for n, line in enumerate(lines))
    lesson.notes = {found[1]: n + lesson.body_line for n, found in begun if found}
    _find_blocks(lesson, lines, findings)
    _read_fields(lesson, findings)
    return lesson


def _as_far_as_it_goes(value: object) -> schema.FrontMatter:
    """A head with mistakes, as it stands: nobody publishes it."""
    said = value if isinstance(value, dict) else {}
    names = {field.alias or name: name for name, field in schema.FrontMatter.model_fields.items()}
    known = {names[key]: one for key, one in said.items() if key in names and isinstance(one, str)}
    as_it_stands: dict[str, Any] = {"title": "", "summary": "", **known, "minutes": 1}
    return schema.FrontMatter.model_construct(None, **as_it_stands)


def top_level(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """First and last token of each block of a lesson, footnotes left out."""
    n = 0
    while n < len(tokens):
        last = n
        if tokens[n].nesting == 1:
            depth = 1
            while depth:
                last += 1
                depth += tokens[last].nesting
        if tokens[n].map is not None and not tokens[n].type.startswith("footnote"):
            yield n, last
        n = last + 1


def lines_of(token: Token) -> tuple[int, int]:
    """The first line of a token of the top level and the one after its last, from nought."""
    first, end = token.map or (0, 0)
    return first, end


def notes_in(lines: list[str]) -> dict[str, str]:
    """The source of each footnote by its name: its line and what is indented below."""
    notes: dict[str, str] = {}
    name = ""
    for line in lines:
        begun = NOTE.match(line)
        if begun:
            name = begun[1]
            notes[name] = line
        elif name and (not line.strip() or line.startswith("    ")):
            notes[name] += f"\n{line}"
        else:
            name = ""
    return {name: note.rstrip() for name, note in notes.items()}


def _cited(text: str, notes: dict[str, str]) -> str:
    names = dict.fromkeys(CITATION.findall(text))  # each once, in the order of the text
    return "\n".join(notes[name] for name in names if name in notes)


def _find_blocks(lesson: Lesson, lines: list[str], findings: Findings) -> None:
    used: set[int] = set()
    notes = notes_in(lines)
    for first, last in top_level(lesson.tokens):
        token = lesson.tokens[first]
        start, end = lines_of(token)
        mark_line, mark = _mark_above(lines, start)
        used.add(mark_line)
        text = "\n".join(line for line in lines[start:end] if not LIKE_A_MARK.match(line)).strip()
        kind = token.meta["name"] if token.type.startswith("directive") else token.type[:-5]
        line = start + lesson.body_line
        if mark is None:
            findings.error(lesson.file, line, "this block has no id: run “coursehub content ids”")
        lesson.blocks.append(
            Block(
                mark[1] if mark else "",
                (mark[2] or "") if mark else "",
                line,
                kind,
                text,
                first,
                last,
                _cited(text, notes),
            )
        )
    for n, line_text in enumerate(lines):
        if LIKE_A_MARK.match(line_text) and n not in used:
            findings.error(lesson.file, n + lesson.body_line, _why_unused(line_text))


def _why_unused(line: str) -> str:
    if MARK.match(line):
        return "this id stands above no block"
    return "an id is written {#id} or {#id from=fingerprint}: small letters, digits and hyphens"


def _mark_above(lines: list[str], start: int) -> tuple[int, re.Match[str] | None]:
    above = start - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    mark = MARK.match(lines[above]) if above >= 0 else None
    return (above, mark) if mark else (-1, None)


def _read_fields(lesson: Lesson, findings: Findings) -> None:
    for n, token in enumerate(lesson.tokens):
        if token.type == "directive_broken":
            line = lines_of(token)[0] + lesson.body_line
            findings.error(lesson.file, line, _why_broken(token))
        elif token.type == "directive_fields":
            _read_one(lesson, n, token, findings)


def _why_broken(token: Token) -> str:
    if token.meta["name"] not in directives.NAMES:
        names = ", ".join(sorted(directives.NAMES))
        return f"there is no “:::{token.meta['name']}”; there are {names}"
    return f"“:::{token.meta['name']}” is never closed with a line :::"


def _read_one(lesson: Lesson, n: int, token: Token, findings: Findings) -> None:
    line = lines_of(token)[0] + lesson.body_line + 1
    try:
        document = yaml_files.read(token.content)
    except yaml_files.BadYaml as error:
        findings.error(lesson.file, line + error.line, f"not readable: {error}")
        return
    model = FIELDS[token.meta["name"]]
    fields = yaml_files.validated(model, document, lesson.file, findings, first_line=line)
    if fields is not None:
        lesson.fields[n] = fields
