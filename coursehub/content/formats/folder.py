"""A course's folder as one value: every file read, every mistake found."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from coursehub.content.formats import checks, schema, translations, yaml_files
from coursehub.content.formats.banks import BankFile
from coursehub.content.formats.course import CourseFolder, Folder, Module
from coursehub.content.formats.findings import Findings
from coursehub.content.formats.lessons import Lesson, read_lesson
from coursehub.content.formats.media import TYPES, media_at
from coursehub.content.formats.texts import Strict
from coursehub.content.formats.using import Filling, Pinned, Shelf
from coursehub.settings import LANGUAGES

MOST_TEXT_BYTES = 2_000_000
TEXTS = frozenset({".yaml", ".md"})
UNPRINTABLE = re.compile(r"^\ufeff|[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
ADDRESS = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
BANK = re.compile(r"bank/([a-z0-9][a-z0-9-]{0,59})\.yaml")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
F = TypeVar("F", bound=Strict)


def open_folder(path: Path, findings: Findings) -> Folder:
    """Read what stands in a folder, without following links out of it."""
    folder = Folder(path.resolve().name)
    for file in _files_in(path):
        name = file.relative_to(path).as_posix()
        if file.is_symlink():
            findings.error(name, 1, "links to other files are not followed: put a copy here")
        elif not file.is_file():
            findings.error(name, 1, "this is neither a file nor a folder")
        elif name.startswith("media/"):
            folder.media[name] = media_at(file, file.name)
        else:
            _take_text(folder, file, name, findings)
    return folder


def _files_in(path: Path) -> Iterator[Path]:
    """Everything in a folder but other folders; hidden files are no part of a course."""
    for place, folders, names in os.walk(path):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                yield Path(place) / name


def read_course(
    folder: Folder, findings: Findings, pinned: Pinned | None = None
) -> CourseFolder | None:
    """The course in a folder, checked; None where there is not enough of it to go on.

    A mistake in one file hides none in another: what a file names is read as far as it goes.
    `pinned` knows the older versions of questions; without it those of the files stand for them.
    """
    reader = _Reader(folder, findings, pinned)
    if not ADDRESS.fullmatch(folder.slug):
        why = "the folder's name is the course's address: small letters, digits and hyphens"
        findings.error("course.yaml", 1, why)
    head = reader.yaml("course.yaml", schema.CourseFile)
    listed = head or _as_far_as_it_goes(reader.documents.get("course.yaml"))
    if listed is None:
        return None
    banks = reader.read_banks()
    modules = [module for name in listed.modules if (module := reader.module(name, listed))]
    glossary = None
    if "glossary.yaml" in folder.texts:
        glossary = reader.yaml("glossary.yaml", schema.GlossaryFile)
    terms = glossary.terms if glossary else []
    course = CourseFolder(
        folder.slug, listed, modules, terms, folder.media, reader.documents, banks, reader.loose
    )
    if head is not None:
        checks.check_names(course, findings)
        translations.check(course, findings)
    checks.check_questions(course, findings)
    checks.check_pairs(course, findings)
    checks.check_media(course, findings)
    for languages in [*(lessons for _, _, lessons in course.lessons()), *reader.loose.values()]:
        for lesson in languages.values():
            checks.check_lesson(lesson, course, findings)
    reader.report_unused()
    findings.sort()
    return course if head is not None else None


def _as_far_as_it_goes(document: yaml_files.Document | None) -> schema.CourseFile | None:
    """What a course.yaml with mistakes says of its languages and modules, or None."""
    value = document.value if document else None
    if not isinstance(value, dict):
        return None
    spoken = [code for code in _names(value.get("languages")) if code in LANGUAGES]
    source = value.get("source_language")
    return schema.CourseFile.model_construct(
        source_language=source if source in LANGUAGES else LANGUAGES[0],
        languages=spoken or list(LANGUAGES),
        modules=_names(value.get("modules")),
    )


def _names(value: object) -> list[str]:
    """The texts in a list that can be a file's name; nothing else of it."""
    found = value if isinstance(value, list) else []
    return [name for name in found if isinstance(name, str) and NAME.fullmatch(name)]


class _Reader:
    """Reads files by name and remembers which were wanted."""

    def __init__(self, folder: Folder, findings: Findings, pinned: Pinned | None) -> None:
        self.folder, self.findings, self.pinned = folder, findings, pinned
        self.shelf = Shelf()
        self.documents: dict[str, yaml_files.Document] = {}
        self.loose: dict[str, dict[str, Lesson]] = {}
        self.wanted: set[str] = set()

    def text(self, file: str) -> str | None:
        self.wanted.add(file)
        if file not in self.folder.texts:
            self.findings.error(file, 1, "this file is missing")
            return None
        return self.folder.texts[file].decode("utf-8")

    def read_banks(self) -> dict[str, BankFile]:
        """The banks of the course, by name; from now on quizzes may use what is in them."""
        read: dict[str, BankFile] = {}
        for file in sorted(self.folder.texts):
            found = BANK.fullmatch(file)
            bank = self.yaml(file, BankFile) if found else None
            if found and bank:
                read[found[1]] = bank
        self.shelf = Shelf.of(read)
        return read

    def yaml(self, file: str, model: type[F], filling: Filling | None = None) -> F | None:
        text = self.text(file)
        if text is None:
            return None
        try:
            document = yaml_files.read(text)
        except yaml_files.BadYaml as error:
            self.findings.error(file, error.line + 1, str(error))
            return None
        if filling:
            document = filling.fill(document)
        self.documents[file] = document
        return yaml_files.validated(model, document, file, self.findings)

    def module(self, name: str, course: schema.CourseFile) -> Module | None:
        head = self.yaml(f"modules/{name}/module.yaml", schema.ModuleFile)
        if head is None:
            self._loose(name, course)
            return None
        module = Module(name, head)
        for item in head.items:
            if item.lesson:
                read = self._lesson(name, item.lesson, course)
                if course.source_language in read:
                    module.lessons[item.lesson] = read
            elif item.activity:
                self._activity(module, *item.activity)
        return module

    def _activity(self, module: Module, kind: str, name: str) -> None:
        file = module.file_of(name)
        filling = Filling(file, self.shelf, self.pinned, self.findings)
        activity = self.yaml(file, schema.ACTIVITIES[kind], filling)
        if activity:
            module.activities[name] = activity
            module.used[name] = filling.used

    def _loose(self, folder: str, course: schema.CourseFile) -> None:
        """Read what a module holds whose own file has mistakes."""
        document = self.documents.get(f"modules/{folder}/module.yaml")
        if document is None:  # not even YAML: nothing says what belongs to it
            prefix = f"modules/{folder}/"
            self.wanted |= {file for file in self.folder.texts if file.startswith(prefix)}
            return
        value = document.value
        items = value.get("items") if isinstance(value, dict) else None
        for item in items if isinstance(items, list) else []:
            named = item if isinstance(item, dict) else {}
            for name in _names([named.get("lesson")]):
                self.loose[name] = self._lesson(folder, name, course)
            for kind, model in schema.ACTIVITIES.items():
                for name in _names([named.get(kind)]):
                    file = f"modules/{folder}/{name}.yaml"
                    self.yaml(file, model, Filling(file, self.shelf, None, self.findings))

    def _lesson(self, folder: str, name: str, course: schema.CourseFile) -> dict[str, Lesson]:
        read: dict[str, Lesson] = {}
        for language in course.languages:
            file = f"modules/{folder}/{name}.{language}.md"
            if file not in self.folder.texts and language != course.source_language:
                self.findings.warning(file, 1, f"the translation into “{language}” is missing")
                continue
            text = self.text(file)
            lesson = text and read_lesson(text, file, name, language, self.findings)
            if lesson:
                read[language] = lesson
        return read

    def report_unused(self) -> None:
        for file in sorted(set(self.folder.texts) - self.wanted):
            self.findings.warning(file, 1, "no course.yaml or module.yaml names this file")


def _take_text(folder: Folder, path: Path, relative: str, findings: Findings) -> None:
    if path.suffix not in TEXTS:
        kinds = ", ".join(sorted(TYPES))
        findings.error(relative, 1, f"this file belongs into media/ (which takes {kinds})")
        return
    content = path.read_bytes()
    if len(content) > MOST_TEXT_BYTES:
        findings.error(relative, 1, f"a text may have at most {MOST_TEXT_BYTES} bytes")
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.error(relative, line, "this file is not UTF-8 text")
        return
    folder.texts[relative] = content
    wrong = UNPRINTABLE.search(text)
    if wrong:
        line = text.count("\n", 0, wrong.start()) + 1
        findings.error(relative, line, _why_not_text(wrong.group()))


def _why_not_text(character: str) -> str:
    if character == "\r":
        return "lines end with \\n alone: save the file with Unix line endings"
    if character == "\ufeff":
        return "the file begins with a byte order mark: save it as UTF-8 without one"
    return f"the character U+{ord(character):04X} stands in no text"
