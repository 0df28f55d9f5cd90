"""A course as its files say it, before anything is made of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from coursehub.content.formats import schema
from coursehub.content.formats.banks import BankFile
from coursehub.content.formats.lessons import Lesson
from coursehub.content.formats.media import Media
from coursehub.content.formats.questions import parts_of
from coursehub.content.formats.texts import Strict
from coursehub.content.formats.using import Use
from coursehub.content.formats.yaml_files import Document, Where


def bank_file(name: str) -> str:
    return f"bank/{name}.yaml"


@dataclass
class Folder:
    """The files of a course as they stand on disk: texts as bytes, media by fingerprint."""

    slug: str
    texts: dict[str, bytes] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)


@dataclass
class Module:
    """A module with its lessons by name and language, and its activities by name."""

    folder: str
    head: schema.ModuleFile
    lessons: dict[str, dict[str, Lesson]] = field(default_factory=dict)
    activities: dict[str, schema.Activity] = field(default_factory=dict)
    # Of each activity the places of the questions that stand in a bank.
    used: dict[str, dict[int, Use]] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return f"modules/{self.folder}/module.yaml"

    def file_of(self, activity: str) -> str:
        return f"modules/{self.folder}/{activity}.yaml"


@dataclass
class CourseFolder:
    """A course as its files say it."""

    slug: str
    head: schema.CourseFile
    modules: list[Module]
    terms: list[schema.Term]
    media: dict[str, Media]
    documents: dict[str, Document]  # the YAML files as they were read
    banks: dict[str, BankFile] = field(default_factory=dict)
    # What modules hold whose own file has mistakes: read, so that theirs are found too.
    loose: dict[str, dict[str, Lesson]] = field(default_factory=dict)

    def line(self, file: str, where: Where = ()) -> int:
        """The line at which something stands in a YAML file."""
        return self.documents[file].line(where) + 1

    def own_parts(self) -> Iterator[tuple[str, Where, Strict]]:
        """Every mapping inside the banks and activities: its file, its path there, and itself.

        What an activity uses of a bank stands there, so it is not told twice.
        """
        for name, bank in self.banks.items():
            yield from ((bank_file(name), where, part) for where, part in parts_of(bank))
        for module in self.modules:
            for name, activity in module.activities.items():
                used = module.used.get(name, {})
                for where, part in parts_of(activity):
                    if not (where[0] == "questions" and where[1] in used):
                        yield module.file_of(name), where, part

    def lessons(self) -> Iterator[tuple[Module, str, dict[str, Lesson]]]:
        """Every lesson: its module, its name and its languages."""
        for module in self.modules:
            for name, languages in module.lessons.items():
                yield module, name, languages

    def lesson_names(self) -> set[str]:
        return {name for _, name, _ in self.lessons()} | self.loose.keys()
