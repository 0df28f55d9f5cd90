"""What the catalogue and the outline of a version say, worked out once for each language."""

import hashlib
from typing import Any

from coursehub.content.formats import schema
from coursehub.content.formats.course import CourseFolder, Module
from coursehub.content.formats.texts import Text, Texts
from coursehub.content.formats.translations import mappings

# Where an activity's page stands under its edition's address.
PATHS = {"quiz": "quizzes", "survey": "surveys", "assignment": "assignments"}
Sizes = dict[tuple[str, str], tuple[int, int]]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def is_whole(course: CourseFolder) -> bool:
    """Whether no part of the course is still being prepared."""
    return all(
        module.head.state == "ready"
        and not any(item.planned for item in module.head.items)
        and all(activity.state == "ready" for activity in module.activities.values())
        for module in course.modules
    )


def facts(course: CourseFolder) -> dict[str, Any]:
    """Languages with the share of texts that each has, and how many lessons there are."""
    ready = sum(1 for _ in course.lessons())
    planned = sum(1 for module in course.modules for item in module.head.items if item.planned)
    return {
        "languages": list(course.head.languages),
        "completeness": {code: _completeness(course, code) for code in course.head.languages},
        "lessons": ready + planned,
        "ready_lessons": ready,
    }


def page(
    course: CourseFolder, items: dict[str, int], language: str, sizes: Sizes
) -> dict[str, Any]:
    """The JSON that a version keeps for readers of a language."""
    spoken = language if language in course.head.languages else course.head.source_language
    return {
        "course": _course(course, spoken, sizes),
        "outline": [
            _module(module, number, course, items, spoken)
            for number, module in enumerate(course.modules, 1)
        ],
        "glossary": [_term(term, course, spoken) for term in course.terms],
    }


def said(text: Text | Texts | None, language: str, source: str) -> Any:
    """A text in a language, or in the source language where it is not translated."""
    if text is None:
        return []
    written: dict[str, Any] = dict(text.root)
    return written.get(language, written.get(source))


def _completeness(course: CourseFolder, code: str) -> int:
    source = course.head.source_language
    texts = [
        text
        for _, _, thing in mappings(course)
        for name, text in thing.texts()
        if name != "aliases"
    ]
    done = [code in text.root for text in texts]
    for _, _, languages in course.lessons():
        mine = {block.id for block in languages[code].blocks} if code in languages else set()
        done += [block.id in mine for block in languages[source].blocks]
    return 100 * sum(done) // max(1, len(done))


def _course(course: CourseFolder, language: str, sizes: Sizes) -> dict[str, Any]:
    head, source = course.head, course.head.source_language
    spoken = language if language in head.title.root else source
    return {
        "title": said(head.title, language, source),
        "summary": said(head.summary, language, source),
        "language": spoken,
        "topic": head.topic,
        "weave": head.weave,
        "formats": list(head.formats),
        "hours": head.hours,
        "weeks": head.weeks,
        "audience": said(head.audience, language, source),
        "certificate": said(head.certificate, language, source),
        "outcomes": said(head.outcomes, language, source),
        "requirements": said(head.requirements, language, source),
        "reading": said(head.reading, language, source),
        "size_bytes": _size(course, language, sizes),
    }


def _size(course: CourseFolder, language: str, sizes: Sizes) -> int:
    """Compressed bytes of all lessons with their pictures; recordings are fetched if asked for."""
    source = course.head.source_language
    total, seen = 0, set()
    for _, name, languages in course.lessons():
        lesson = languages.get(language, languages[source])
        total += sizes[name, lesson.language][1]
        seen |= {f.src for f in lesson.fields.values() if isinstance(f, schema.Figure)}
    return total + sum(course.media[path].size_bytes for path in seen)


def _module(
    module: Module, number: int, course: CourseFolder, items: dict[str, int], language: str
) -> dict[str, Any]:
    head, source = module.head, course.head.source_language
    return {
        "id": items[head.id or ""],
        "key": head.id,
        "slug": head.slug,
        "number": number,
        "title": said(head.title, language, source),
        "summary": said(head.summary, language, source),
        "objectives": said(head.objectives, language, source),
        "reading": said(head.reading, language, source),
        "hours": head.hours,
        "state": head.state,
        "language": language if language in head.title.root else source,
        "items": _items(module, course, items, language),
    }


def _items(
    module: Module, course: CourseFolder, items: dict[str, int], language: str
) -> list[dict[str, Any]]:
    listed = []
    number = 0
    for line in module.head.items:
        if line.lesson and line.lesson in module.lessons:
            number += 1
            listed.append(_lesson(module, line.lesson, course, language))
        elif line.activity and line.activity[1] in module.activities:
            listed.append(_activity(module, *line.activity, course, language))
        elif line.planned:
            number += 1
            listed.append(_planned(line.planned, course, language))
        else:
            continue
        listed[-1]["number"] = None if line.activity else number
        listed[-1]["id"] = items[listed[-1]["key"]]
    return listed


def _lesson(module: Module, name: str, course: CourseFolder, language: str) -> dict[str, Any]:
    languages, source = module.lessons[name], course.head.source_language
    shown, origin = languages.get(language, languages[source]), languages[source].head
    return {
        "key": origin.id,
        "kind": "lesson",
        "slug": name,
        "path": name,
        "title": shown.head.title,
        "minutes": origin.minutes,
        "state": module.head.state,
        "completion": origin.completion or "marked",
        "language": shown.language,
    }


def _activity(
    module: Module, kind: str, name: str, course: CourseFolder, language: str
) -> dict[str, Any]:
    activity, source = module.activities[name], course.head.source_language
    return {
        "key": activity.id,
        "kind": kind,
        "slug": f"{module.head.slug}-{name}",
        "path": f"{PATHS[kind]}/{module.head.slug}-{name}",
        "title": said(activity.title, language, source),
        "minutes": None,
        "state": activity.state,
        "language": language if language in activity.title.root else source,
        "questions": len(getattr(activity, "questions", ())),
        "pass_percent": getattr(activity, "pass_percent", None),
        "pass_points": getattr(activity, "pass_points", None),
        **(_of_survey(activity) if isinstance(activity, schema.SurveyFile) else {}),
    }


def _of_survey(survey: schema.SurveyFile) -> dict[str, Any]:
    """What lists of surveys say of one, and whether a learner's progress asks for it."""
    return {
        "keeping": survey.keeping,
        "pair": survey.pair,
        "when": survey.when,
        "is_voluntary": not survey.required,
    }


def _planned(planned: schema.Planned, course: CourseFolder, language: str) -> dict[str, Any]:
    source = course.head.source_language
    return {
        "key": planned.id,
        "kind": "planned",
        "slug": "",
        "path": "",
        "title": said(planned.title, language, source),
        "minutes": planned.minutes,
        "state": "preparing",
        "language": language if language in planned.title.root else source,
    }


def _term(term: schema.Term, course: CourseFolder, language: str) -> dict[str, Any]:
    source = course.head.source_language
    names: dict[str, str] = dict(term.term.root)
    return {
        "id": term.id,
        "term": said(term.term, language, source),
        "definition": said(term.definition, language, source),
        "language": language if language in term.definition.root else source,
        "source": term.source or "",
        "others": [[code, name] for code, name in names.items() if code != language],
    }
