"""Whether every text stands in every language, and which translations lag behind their source."""

from collections.abc import Iterator

from coursehub.content.formats import yaml_files
from coursehub.content.formats.course import CourseFolder, bank_file
from coursehub.content.formats.findings import Finding, Findings
from coursehub.content.formats.lessons import Block, Lesson
from coursehub.content.formats.texts import Strict, Text, Texts, Translated

RUN_IDS = "run “coursehub content ids” when the translation is up to date"


def check(course: CourseFolder, findings: Findings) -> None:
    """Add what is missing or outdated in the languages that a course offers."""
    source = course.head.source_language
    others = [code for code in course.head.languages if code != source]
    for file, where, thing in mappings(course):
        for name, text in thing.texts():
            line = course.line(file, (*where, name))
            findings += [Finding(file, line, *why) for why in _gaps(name, text, source, others)]
        if isinstance(thing, Translated):
            _check_revision(thing, file, course.line(file, where), source, others, findings)
    for _, _, languages in course.lessons():
        if languages[source].head.minutes is None:
            findings.error(languages[source].file, 2, "the key “minutes” is missing")
        for code in others:
            if code in languages:
                _check_lesson(languages[code], languages[source], findings)


def mappings(course: CourseFolder) -> Iterator[tuple[str, yaml_files.Where, Strict]]:
    """Every mapping with texts in the YAML files: its file, its path there, and itself."""
    yield "course.yaml", (), course.head
    for module in course.modules:
        yield module.file, (), module.head
        for n, item in enumerate(module.head.items):
            if item.planned:
                yield module.file, ("items", n, "planned"), item.planned
        for name, activity in module.activities.items():
            yield module.file_of(name), (), activity
    for name, bank in course.banks.items():
        yield bank_file(name), (), bank
    yield from course.own_parts()
    for n, term in enumerate(course.terms):
        yield "glossary.yaml", ("terms", n), term


def is_outdated(thing: Translated, language: str, source: str) -> bool:
    """Whether a mapping's translation was made from an earlier state of its source."""
    return thing.made_from.get(language) != thing.revision(source)


def outdated_blocks(lesson: Lesson, source: Lesson) -> list[str]:
    """The ids of source blocks that a translation lacks or was made from an earlier state of."""
    mine = {block.id: block for block in lesson.blocks}
    return [
        block.id
        for block in source.blocks
        if block.id not in mine or mine[block.id].made_from != block.revision
    ]


def _gaps(
    name: str, text: Text | Texts, source: str, others: list[str]
) -> Iterator[tuple[str, bool]]:
    """What a text lacks in some language, and whether that is an error."""
    written: dict[str, str | list[str]] = dict(text.root)
    if source not in written:
        yield f"“{name}” is missing in the source language “{source}”", True
    elif name != "aliases":  # each language has its own
        for code in others:
            if code not in written:
                yield f"“{name}” is missing in “{code}”", False
            elif (mine := _entries(written[code])) != (theirs := _entries(written[source])):
                why = f"has {mine} entries in “{code}” and {theirs} in “{source}”"
                yield f"“{name}” {why}", True


def _entries(written: str | list[str]) -> int:
    return len(written) if isinstance(written, list) else 1


def _check_revision(
    thing: Translated,
    file: str,
    line: int,
    source: str,
    others: list[str],
    findings: Findings,
) -> None:
    for code in others:
        if not any(code in text.root for _, text in thing.texts()):
            continue
        if code not in thing.made_from:
            findings.error(file, line, f"“from” is missing for “{code}”: {RUN_IDS}")
        elif is_outdated(thing, code, source):
            findings.warning(file, line, f"the translation into “{code}” is older than its source")


def _check_lesson(lesson: Lesson, source: Lesson, findings: Findings) -> None:
    head = lesson.head
    if head.id != source.head.id:
        findings.error(
            lesson.file, 2, f"the id is “{head.id}” here and “{source.head.id}” in the source"
        )
    if head.minutes is not None or head.completion is not None:
        findings.error(lesson.file, 2, "minutes and completion stand in the source language only")
    if (head.content_note is None) != (source.head.content_note is None):
        findings.error(lesson.file, 2, "a content_note stands in all languages or in none")
    if head.made_from is None:
        findings.error(lesson.file, 2, f"“from” is missing: {RUN_IDS}")
    elif head.made_from != source.head.revision():
        findings.warning(lesson.file, 2, "the front matter is older than its source")
    _check_blocks(lesson, source, findings)


def _check_blocks(lesson: Lesson, source: Lesson, findings: Findings) -> None:
    theirs = {block.id: block for block in source.blocks if block.id}
    mine = {block.id: block for block in lesson.blocks if block.id}
    for block in lesson.blocks:
        if block.id:
            _check_block(block, theirs.get(block.id), lesson, findings)
    for key, block in theirs.items():
        if key not in mine:
            findings.warning(
                lesson.file, 1, f"the block “{key}” of the source (line {block.line}) is missing"
            )
    both = [key for key in theirs if key in mine]
    if len(mine) != len([block for block in lesson.blocks if block.id]):
        findings.error(lesson.file, 1, "an id is used twice in this file")
    elif [key for key in mine if key in theirs] != both:
        findings.error(lesson.file, 1, "the blocks stand in another order than in the source")


def _check_block(block: Block, origin: Block | None, lesson: Lesson, findings: Findings) -> None:
    if origin is None:
        findings.error(lesson.file, block.line, f"the source has no block “{block.id}”")
    elif not block.made_from:
        findings.error(lesson.file, block.line, f"“from=” is missing: {RUN_IDS}")
    elif block.made_from != origin.revision:
        findings.warning(lesson.file, block.line, "this translation is older than its source")
