"""Files of questions: into a bank, and out of one."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from coursehub.cli.opening import answer, as_json, opened
from coursehub.content.actions.banks import Kept, bank_for, keep, newest_in
from coursehub.content.formats.banks import written_bank
from coursehub.content.models import Bank
from coursehub.content.queries import find_bank, find_course
from coursehub.foundation.database import writing
from coursehub.foundation.refusal import Refused, refuse_if
from coursehub.foundation.search import fold
from coursehub.questions.formats.reading import read_questions
from coursehub.questions.formats.taking import Import
from coursehub.questions.formats.writing import why_not_write, written
from coursehub.settings import LANGUAGES

in_language = click.option(
    "--language", type=click.Choice(LANGUAGES), default="es", show_default=True
)


@click.group()
def questions() -> None:
    """Files of questions, and the banks that keep them."""


@questions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bank", "name", help="BANK or COURSE/BANK. Default: the file's name, for the site.")
@in_language
@click.option("--dry-run", is_flag=True, help="Only say what would be taken, changed and refused.")
@as_json
def import_(file: Path, name: str | None, language: str, dry_run: bool, wants_json: bool) -> None:
    """Keep the questions of a GIFT, Moodle XML, Aiken, XLSX or CSV file in a bank.

    The kind is found by content. What is refused is said with its line, and ends with status 1.
    """
    with opened():
        read = read_questions(file.read_bytes(), language)
        kept, key = Kept(), ""
        if read.taken and not dry_run:
            course_id, key = _place(name or file.stem)
            with writing():
                bank = bank_for(course_id, key, {language: (name or file.stem).rpartition("/")[2]})
                kept = keep(bank, (one.question for one in read.taken))
    document = read.as_json() | {
        "bank": key,
        "new": kept.new,
        "newer": kept.changed,
        "same": kept.same,
    }
    answer(wants_json, document, lambda: _told(read, kept))
    sys.exit(1 if read.refused else 0)


@questions.command()
@click.argument("bank")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@in_language
@as_json
def export(bank: str, file: Path, language: str, wants_json: bool) -> None:
    """Write a bank to a file: .gift, .xml (Moodle), .xlsx or .yaml, by the file's ending.

    What such a file cannot carry is said. Retired questions are written to .yaml only.
    """
    ending = file.suffix.lower().removeprefix(".")
    with opened():
        if ending != "yaml":
            refuse_if(why_not_write(ending))
        found = _find(bank)
        rows = list(newest_in(found.id))
        if ending == "yaml":
            content, count = written_bank(found.title, rows).encode(), len(rows)
            lost: list[tuple[str, str]] = []
        else:
            out = written(
                (said for _key, state, said in rows if state != "retired"), ending, language
            )
            content, count, lost = out.content, out.count, out.lost
    file.write_bytes(content)
    document = {"written": count, "lost": [{"title": one, "what": what} for one, what in lost]}

    def lines() -> Iterator[str]:
        yield from (f"lost: {title}: {what}" for title, what in lost)
        yield f"{count} questions in {file}"

    answer(wants_json, document, lines)


def _place(name: str) -> tuple[int | None, str]:
    """The course and the key that a bank's name stands for. Refused if there is no such course."""
    course, _sign, bank = name.rpartition("/")
    key = re.sub(r"[^a-z0-9]+", "-", fold(bank)).strip("-")[:60].strip("-")
    if not key:
        raise Refused(f"“{name}” has no letters or digits: name the bank with --bank")
    if not course:
        return None, key
    found = find_course(course)
    if found is None:
        raise Refused(f"there is no course “{course}”")
    return found.id, key


def _find(name: str) -> Bank:
    bank = find_bank(*_place(name))
    if bank is None:
        raise Refused(f"there is no bank “{name}”")
    return bank


def _told(read: Import, kept: Kept) -> Iterator[str]:
    said = read.as_json()
    yield from (f"changed: {one['title']}: {one['what']}" for one in said["changed"])
    yield from (f"refused: {one['where']}: {one['why']}" for one in said["refused"])
    counted = f"{kept.new} new, {kept.changed} in a newer version, {kept.same} known already"
    yield f"{len(read.taken)} taken, {len(read.refused)} refused ({counted})."
