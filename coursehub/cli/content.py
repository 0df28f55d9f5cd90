"""Courses as files: check them, give them ids, load them, write them out."""

import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import click

from coursehub.cli.opening import answer, as_json, opened
from coursehub.content.actions.exporting import export as write_out
from coursehub.content.actions.exporting import remember_export
from coursehub.content.actions.publication import NotPublished, Report, publication
from coursehub.content.actions.publication import check as check_folder
from coursehub.content.formats.course import Folder
from coursehub.content.formats.findings import Finding, Findings
from coursehub.content.formats.folder import open_folder, read_course
from coursehub.content.formats.ids import with_ids
from coursehub.content.queries import find_version, latest_version
from coursehub.foundation.database import writing
from coursehub.foundation.refusal import Refused

folder_argument = click.argument(
    "path", type=click.Path(exists=True, file_okay=False, path_type=Path)
)


@click.group()
def content() -> None:
    """Courses as files."""


@content.command()
@folder_argument
@as_json
def check(path: Path, wants_json: bool) -> None:
    """Report every mistake in a course's folder with file and line."""
    findings = sorted(check_folder(path))
    document = {"errors": [one.as_json() for one in findings], "changed": []}
    answer(wants_json, document, lambda: _said(findings, path))
    sys.exit(1 if findings else 0)


@content.command()
@folder_argument
@as_json
def ids(path: Path, wants_json: bool) -> None:
    """Write missing ids and fingerprints into the files; touch nothing else."""
    if not (path / "course.yaml").is_file():
        raise Refused(f"there is no course.yaml in {path}")
    findings = Findings()
    folder = open_folder(path, findings)
    before = _errors_of(folder)
    changed = with_ids(folder, random.SystemRandom())  # in the folder's texts, not on the disk yet
    left = [*findings.errors, *_errors_of(folder)]
    if spoilt := [one for one in left if one.file in changed and not _is_among(one, before)]:
        raise Refused(
            f"{path / spoilt[0].file} cannot be given ids as it is written ({spoilt[0].message}): "
            "write its keys one below the other and leave none empty. Nothing was written"
        )
    for name, text in changed.items():
        _replace(path / name, text)

    def lines() -> Iterator[str]:
        yield from (f"written: {path / name}" for name in changed)
        if left:
            yield from _said(sorted(left), path)
        else:
            yield "Nothing was missing." if not changed else f"{len(changed)} files changed."

    errors = [one.as_json() for one in sorted(left)]
    answer(wants_json, {"errors": errors, "changed": sorted(changed)}, lines)
    sys.exit(1 if left else 0)


def _errors_of(folder: Folder) -> list[Finding]:
    findings = Findings()
    read_course(folder, findings)
    return findings.errors


def _is_among(one: Finding, known: list[Finding]) -> bool:
    # Lines move when ids are written above them.
    return any((one.file, one.message) == (other.file, other.message) for other in known)


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, whatever happens meanwhile."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


@content.command()
@folder_argument
@click.option("--rename", is_flag=True, help="The folder's new name is the course's new address.")
@as_json
def sync(path: Path, rename: bool, wants_json: bool) -> None:
    """Load a course's folder as its newest version; the files are not changed."""
    with opened():
        try:
            report = sync_folder(path, renames=rename)
        except NotPublished as refused:
            _refuse(sorted(refused.findings), path, wants_json)
    document = {
        "errors": [],
        "course": report.course,
        "version": report.version,
        "changed": [asdict(change) for change in report.changed],
        "warnings": [one.as_json() for one in report.warnings],
    }
    answer(wants_json, document, lambda: _told(report))


@content.command()
@click.argument("course")
@click.argument("path", type=click.Path(file_okay=False, path_type=Path))
@click.option("--version", "number", type=click.IntRange(1), help="Default: the newest.")
@as_json
def export(course: str, path: Path, number: int | None, wants_json: bool) -> None:
    """Write a course's version as a folder, byte for byte as it was loaded."""
    with opened():
        version = find_version(course, number) if number else latest_version(course)
        if version is None:
            raise Refused(f"there is no course “{course}” with such a version")
        version_id, shown = version.id, version.number
        files = write_out(version, path)
        with writing():
            remember_export(version_id)
    document = {"errors": [], "course": course, "version": shown, "changed": sorted(files)}
    answer(wants_json, document, lambda: iter([f"{len(files)} files of version {shown} in {path}"]))


def sync_folder(path: Path, *, renames: bool = False) -> Report:
    """Load one course in its steps, each permanent by itself. NotPublished if it has mistakes.

    Refused if another folder held the course before, unless this `renames` it.
    """
    report = Report(path.resolve().name)
    for step in publication(path, report, renames=renames):
        with writing():
            step()
    return report


def sync_all(folder: Path, say: Callable[[str], None]) -> None:
    """Load every course of a folder. Refused if one has mistakes."""
    for path in sorted(one.parent for one in folder.glob("*/course.yaml")):
        try:
            report = sync_folder(path)
        except NotPublished as refused:
            raise Refused(
                f"{path.name} has {len(refused.findings)} mistakes, so it was not loaded. "
                f"See them with: coursehub content check {path}"
            ) from refused
        if report.changed:
            say(f"Loaded {report.course}, version {report.version}.")


def _refuse(findings: list[Finding], path: Path, wants_json: bool) -> NoReturn:
    document = {"errors": [one.as_json() for one in findings], "changed": []}
    answer(wants_json, document, lambda: _said(findings, path))
    sys.exit(1)


def _said(findings: list[Finding], path: Path) -> Iterator[str]:
    for one in findings:
        warning = "" if one.is_error else "warning: "
        yield f"{path / one.file}:{one.line}: {warning}{one.message}"
    yield f"{len(findings)} found." if findings else "No mistakes."


def _told(report: Report) -> Iterator[str]:
    for one in report.warnings:
        yield f"{one.file}:{one.line}: warning: {one.message}"
    for change in report.changed:
        language = "" if change.language == "*" else f" ({change.language})"
        yield f"{change.change:8} {change.what:7} {change.id}{language}: {change.title}"
    same = "nothing changed" if not report.changed else f"{len(report.changed)} changes"
    yield f"{report.course}: version {report.version}, {same}."
