"""What a lesson and its course must fulfil beyond their shape: links, headings, pictures, names."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urlsplit

from markdown_it.token import Token

from coursehub.content.formats import assignments, questions, schema, surveys
from coursehub.content.formats.course import CourseFolder
from coursehub.content.formats.directives import WITH_TEXT
from coursehub.content.formats.findings import Findings
from coursehub.content.formats.lessons import CITATION, Lesson
from coursehub.content.formats.media import (
    IMAGES,
    MOST_IMAGE_BYTES,
    TYPES,
    dimensions,
    type_of,
    why_not_media,
)

Named = Iterator[tuple[str, int, str]]  # file, line, a name that nothing else of its kind has
UNTITLED = frozenset({"transcript"})
ALONE = frozenset({"think", "transcript", "content-note", "case", "equivalent"})
# Who cannot hear, or would rather not read, finds the same in the next block.
FOLLOWED_BY = {"audio": "transcript", "video": "transcript", "case": "equivalent"}
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
RAW_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(\s[^<>]*)?/?>|<!--")


def check_lesson(lesson: Lesson, course: CourseFolder, findings: Findings) -> None:
    """Add what is wrong with one lesson in one language."""
    if not lesson.blocks:
        findings.error(lesson.file, lesson.body_line, "this lesson is empty")
    _check_text(lesson, findings)
    _check_notes(lesson, findings)
    _check_empty(lesson, findings)
    _check_headings(lesson, findings)
    _check_directives(lesson, findings)
    _check_links(lesson, course, findings)
    _check_fields(lesson, course, findings)


def check_names(course: CourseFolder, findings: Findings) -> None:
    """Add every id that is missing or used twice, and every address used twice."""
    ids: dict[str, str] = {}
    for file, line, kind, key in all_ids(course):
        if key is None:
            findings.error(file, line, f"this {kind} has no id: run “coursehub content ids”")
        elif key in ids:
            findings.error(file, line, f"the id “{key}” is used already in {ids[key]}")
        elif key:  # a block without an id has been reported when it was read
            ids[key] = f"{file}, line {line}"
    _once(_addresses_of_modules(course), findings)
    _once(_addresses_of_items(course), findings)


def all_ids(course: CourseFolder) -> Iterator[tuple[str, int, str, str | None]]:
    """File, line, kind and id of everything in a course that has one."""
    yield "course.yaml", course.line("course.yaml"), "course", course.head.id
    for module in course.modules:
        yield module.file, course.line(module.file), "module", module.head.id
        for n, item in enumerate(module.head.items):
            if item.planned:
                line = course.line(module.file, ("items", n, "planned"))
                yield module.file, line, "planned lesson", item.planned.id
        for languages in module.lessons.values():
            yield from _ids_of_lesson(languages[course.head.source_language])
        for name, activity in module.activities.items():
            file = module.file_of(name)
            kind = next(
                kind for kind, one in schema.ACTIVITIES.items() if isinstance(activity, one)
            )
            yield file, course.line(file), kind, activity.id
    yield from _ids_of_parts(course)
    for n, term in enumerate(course.terms):
        yield "glossary.yaml", course.line("glossary.yaml", ("terms", n)), "term", term.id


def _ids_of_lesson(lesson: Lesson) -> Iterator[tuple[str, int, str, str | None]]:
    yield lesson.file, lesson.head_line, "lesson", lesson.head.id
    for block in lesson.blocks:
        yield lesson.file, block.line, "block", block.id


def _ids_of_parts(course: CourseFolder) -> Iterator[tuple[str, int, str, str | None]]:
    for file, where, part in course.own_parts():
        if isinstance(part, questions.Asked | questions.Gap):
            yield file, course.line(file, where), "question", part.id
        elif isinstance(part, questions.Named):
            yield file, course.line(file, where), "answer", part.id
        elif isinstance(part, assignments.RubricCriterion):
            yield file, course.line(file, where), "criterion", part.id


def _addresses_of_modules(course: CourseFolder) -> Named:
    for module in course.modules:
        yield module.file, course.line(module.file, ("slug",)), module.head.slug


def _addresses_of_items(course: CourseFolder) -> Named:
    for module in course.modules:
        for n, item in enumerate(module.head.items):
            line = course.line(module.file, ("items", n))
            if item.lesson:
                yield module.file, line, item.lesson
            elif item.activity:
                yield module.file, line, f"{module.head.slug}-{item.activity[1]}"


def check_questions(course: CourseFolder, findings: Findings) -> None:
    """Add every question that asks for a file: quizzes cannot take one yet."""
    for module in course.modules:
        for name, activity in module.activities.items():
            for where, part in questions.parts_of(activity):
                if isinstance(part, questions.Upload):
                    line = course.line(module.file_of(name), where)
                    why = f"a question of the type “{part.type}” cannot be taken yet"
                    findings.error(module.file_of(name), line, why)


def check_pairs(course: CourseFolder, findings: Findings) -> None:
    """Add every survey whose answers could not be compared with those of its other half."""
    halves: dict[tuple[str, str], dict[str, surveys.Shape]] = {}
    places: dict[tuple[str, str], str] = {}
    for module in course.modules:
        for name, activity in module.activities.items():
            if isinstance(activity, schema.SurveyFile) and activity.pair and activity.when:
                half, file = (activity.pair, activity.when), module.file_of(name)
                if half in places:
                    why = f"the pair “{activity.pair}” has its “{activity.when}” already in"
                    findings.error(file, 1, f"{why} {places[half]}")
                halves[half] = dict(surveys.measures_in(activity.questions))
                places[half] = file
    for (pair, when), measures in halves.items():
        other = halves.get((pair, "after" if when == "before" else "before"))
        if other is None:
            findings.error(places[pair, when], 1, f"the pair “{pair}” lacks its other survey")
        elif when == "before" and other != measures:
            names = {name for name, _ in measures.items() ^ other.items()}
            why = "what is measured before and after is not the same"
            findings.error(places[pair, when], 1, f"{why}: {', '.join(sorted(names))}")


def check_media(course: CourseFolder, findings: Findings) -> None:
    """Add every file in media/ that is of no kind we serve, or too heavy for a slow line."""
    for path, media in course.media.items():
        if path.count("/") > 1:
            findings.error(path, 1, "files stand in media/ itself, not in a folder below it")
        if not FILE_NAME.fullmatch(media.name):
            why = "a file's name is made of letters without accents, digits, points and hyphens"
            findings.error(path, 1, why)
        if media.suffix == ".svg" and dimensions(media.path.read_bytes()) is None:
            findings.error(path, 1, "a drawing says how large it is: “viewBox” is missing")
        if damage := why_not_media(media):
            findings.error(path, 1, damage)
        if media.suffix not in TYPES:
            findings.error(path, 1, f"media/ takes {', '.join(sorted(TYPES))}")
        if media.is_image and media.size_bytes > MOST_IMAGE_BYTES:
            weight = f"{media.size_bytes // 1000} kB"
            findings.error(
                path, 1, f"this image weighs {weight}, more than {MOST_IMAGE_BYTES // 1000} kB"
            )


def _once(named: Named, findings: Findings) -> None:
    seen: set[str] = set()
    for file, line, name in named:
        if name and name in seen:
            findings.error(file, line, f"the name “{name}” is used twice in this course")
        seen.add(name)


def _check_headings(lesson: Lesson, findings: Findings) -> None:
    level = 1
    for token in lesson.tokens:
        if token.type != "heading_open" or token.map is None:
            continue
        now, line = int(token.tag[1]), _line(token, lesson)
        if now == 1:
            findings.error(
                lesson.file, line, "headings begin at ##: the title is the page's only #"
            )
        elif now > level + 1:
            findings.error(
                lesson.file, line, f"the heading jumps from level {level} to level {now}"
            )
        level = now


def _check_directives(lesson: Lesson, findings: Findings) -> None:
    opened = [token for token in lesson.tokens if token.type == "directive_open" and token.map]
    thinks = [token for token in opened if token.meta["name"] == "think"]
    for token in thinks[1:]:
        findings.error(lesson.file, _line(token, lesson), "a lesson has at most one “:::think”")
    for token in opened:
        name = token.meta["name"]
        if not token.meta["title"] and name in WITH_TEXT - UNTITLED:
            why = f"“:::{name}” needs a title: “:::{name} Title”"
            findings.error(lesson.file, _line(token, lesson), why)
        if token.level and name in ALONE:
            why = f"“:::{name}” stands by itself, not inside another block"
            findings.error(lesson.file, _line(token, lesson), why)
    _check_alternatives(lesson, findings)


def _check_alternatives(lesson: Lesson, findings: Findings) -> None:
    kinds = [*(block.kind for block in lesson.blocks), ""]
    for n, block in enumerate(lesson.blocks):
        after = kinds[n + 1]
        wanted = FOLLOWED_BY.get(block.kind, after)
        if after != wanted:
            why = f"after “:::{block.kind}” comes its “:::{wanted}”"
            findings.error(lesson.file, block.line, why)


def _check_text(lesson: Lesson, findings: Findings) -> None:
    for line, token in _inline(lesson):
        if token.type != "text":
            continue
        tag = RAW_HTML.search(token.content)
        if tag:
            findings.error(lesson.file, line, f"raw HTML is not taken: “{tag.group()}”")
        for name in CITATION.findall(token.content):
            findings.error(lesson.file, line, f"there is no footnote “{name}” in this lesson")
        if "][" in token.content:
            findings.error(lesson.file, line, "a link's address stands right behind it: [text](…)")
        if "](" in token.content:
            why = "this link cannot be read: it is none of https://…, lesson:name, media/file"
            findings.error(lesson.file, line, f"{why} or #block")


def _check_notes(lesson: Lesson, findings: Findings) -> None:
    cited = {name for block in lesson.blocks for name in CITATION.findall(block.text)}
    for name, line in lesson.notes.items():
        if name not in cited:
            findings.error(lesson.file, line, f"nothing cites the footnote “{name}”")


def _check_empty(lesson: Lesson, findings: Findings) -> None:
    for n, token in enumerate(lesson.tokens):
        if token.type == "heading_open" and not lesson.tokens[n + 1].content.strip():
            findings.error(lesson.file, _line(token, lesson), "this heading is empty")
        for one, following in pairwise(token.children or []):
            if (one.type, following.type) == ("link_open", "link_close"):
                findings.error(lesson.file, _line(token, lesson), "this link has no text")


def _check_links(lesson: Lesson, course: CourseFolder, findings: Findings) -> None:
    ids = {block.id for block in lesson.blocks}
    names = course.lesson_names()
    for line, token in _inline(lesson):
        if token.type == "image":
            findings.error(
                lesson.file, line, "a picture is written as :::figure, with alt, caption and credit"
            )
        elif token.type == "link_open":
            why = _why_dead(str(token.attrs.get("href", "")), ids, names, course)
            if why:
                findings.error(lesson.file, line, why)


def _why_dead(href: str, ids: set[str], names: set[str], course: CourseFolder) -> str | None:
    if href.startswith("lesson:"):
        name = href.removeprefix("lesson:")
        return None if name in names else f"there is no lesson “{name}” in this course"
    if href.startswith("#"):
        return None if href[1:] in ids else f"there is no block “{href[1:]}” in this lesson"
    if href.startswith("media/"):
        return None if href in course.media else f"there is no file “{href}”"
    address = urlsplit(href)
    if address.scheme != "https" or not address.hostname:
        return f"the link “{href}” is none of https://…, lesson:name, media/file or #block"
    return None


def _inline(lesson: Lesson) -> Iterator[tuple[int, Token]]:
    for token in lesson.tokens:
        if token.type == "inline" and token.children:
            yield from ((_line(token, lesson), child) for child in token.children)


def _line(token: Token, lesson: Lesson) -> int:
    return (token.map[0] if token.map else 0) + lesson.body_line


def _check_fields(lesson: Lesson, course: CourseFolder, findings: Findings) -> None:
    blocks = {block.first: block for block in lesson.blocks}
    for n, fields in lesson.fields.items():
        token = lesson.tokens[n]
        line = _line(token, lesson)
        for path in _paths(fields):
            if path not in course.media:
                findings.error(lesson.file, line, f"there is no file “{path}”")
        if isinstance(fields, schema.Figure) and not _is_image(fields.src):
            findings.error(
                lesson.file, line, f"“{fields.src}” is no picture ({', '.join(sorted(IMAGES))})"
            )
        if isinstance(fields, schema.Recording):
            _check_recording(fields, token.meta["name"], lesson.file, line, findings)
            if n not in blocks:
                why = "audio and video stand by themselves, not inside another block"
                findings.error(lesson.file, line, why)


def _check_recording(
    fields: schema.Recording, directive: str, file: str, line: int, findings: Findings
) -> None:
    for path, kind in _kinds(fields, directive):
        if type_of(path).partition("/")[0] != kind:
            findings.error(file, line, f"“{path}” is no {kind}")


def _kinds(fields: schema.Recording, directive: str) -> Iterator[tuple[str, str]]:
    """The files of a recording, each with the kind that it has to be."""
    yield from ((path, directive) for path in (fields.src, fields.small) if path)
    if fields.audio:
        yield fields.audio, "audio"
    yield from ((one.src, "text") for one in fields.captions)


def _paths(fields: object) -> list[str]:
    paths = [getattr(fields, name, None) for name in ("src", "small", "audio")]
    captions = getattr(fields, "captions", [])
    return [path for path in [*paths, *(one.src for one in captions)] if path]


def _is_image(path: str) -> bool:
    return any(path.lower().endswith(suffix) for suffix in IMAGES)
