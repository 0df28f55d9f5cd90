"""Puts the questions of banks where a quiz names them; it is read as if they stood there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursehub.content.formats.banks import BankFile
from coursehub.content.formats.findings import Findings
from coursehub.content.formats.questions import Asking, as_data
from coursehub.content.formats.yaml_files import Document, Where

Json = dict[str, Any]
# What a question said in a version: its bank, its id, the version's number, what it says now.
Pinned = Callable[[str, str, int, Json], Json | None]
KEYS = ({"use"}, {"use", "version"}, {"tag"})


@dataclass(frozen=True)
class Use:
    """A question that stands in a bank; without a version the newest is meant."""

    key: str
    version: int | None = None


@dataclass
class Shelf:
    """Every question of a course's banks by id, and those that are ready by tag."""

    questions: dict[str, Asking] = field(default_factory=dict)
    banks: dict[str, str] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    ready: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, banks: Mapping[str, BankFile]) -> "Shelf":
        shelf = cls()
        for name, bank in banks.items():
            shelf.retired.update(bank.retired)
            hidden = {*bank.retired, *bank.drafts}
            for question in bank.questions:
                key = question.id or ""
                shelf.questions[key], shelf.banks[key] = question, name
                for tag in question.tags if key not in hidden else ():
                    shelf.ready.setdefault(tag, []).append(key)
        return shelf


class Filling:
    """The questions of one quiz, written there or used from a bank."""

    def __init__(self, file: str, shelf: Shelf, pinned: Pinned | None, findings: Findings) -> None:
        self.file, self.shelf, self.pinned, self.findings = file, shelf, pinned, findings
        self.used: dict[int, Use] = {}
        self.questions: list[Any] = []

    def fill(self, document: Document) -> Document:
        """The document with whole questions; what stood behind a use keeps its line."""
        value = document.value
        listed = value.get("questions") if isinstance(value, dict) else None
        if not isinstance(listed, list) or not any(map(_names_a_bank, listed)):
            return document
        nodes = {where: node for where, node in document.nodes.items() if not _is_inside(where)}
        for n, entry in enumerate(listed):
            line = document.line(("questions", n)) + 1
            for said, use in self._meant(entry, line):
                place = len(self.questions)
                if use:
                    self.used[place] = use
                    nodes["questions", place] = document.nodes["questions", n]
                else:
                    nodes |= _moved(document, n, place)
                self.questions.append(said)
        return Document({**value, "questions": self.questions}, nodes)

    def _meant(self, entry: Any, line: int) -> Iterator[tuple[Any, Use | None]]:
        if not _names_a_bank(entry):
            yield entry, None
            return
        if set(entry) not in KEYS or not isinstance(entry.get("version", 1), int):
            why = "a bank's question is named by “use” and perhaps “version”, or several by “tag”"
            self.findings.error(self.file, line, why)
        elif "tag" in entry:
            yield from self._tagged(str(entry["tag"]), line)
        else:
            yield from self._named(str(entry["use"]), entry.get("version"), line)

    def _tagged(self, tag: str, line: int) -> Iterator[tuple[Json, Use]]:
        keys = self.shelf.ready.get(tag, [])
        if not keys:
            self.findings.error(self.file, line, f"no ready question of a bank has the tag “{tag}”")
        there = {use.key for use in self.used.values()}
        for key in keys:
            if key not in there:
                yield as_data(self.shelf.questions[key]), Use(key)

    def _named(self, key: str, version: int | None, line: int) -> Iterator[tuple[Json, Use]]:
        question = self.shelf.questions.get(key)
        if question is None:
            self.findings.error(self.file, line, f"no bank of this course has the question “{key}”")
            return
        if key in {use.key for use in self.used.values()}:
            self.findings.error(self.file, line, f"the question “{key}” stands here twice")
            return
        if key in self.shelf.retired:
            self.findings.warning(self.file, line, f"the question “{key}” is retired")
        said: Json | None = as_data(question)
        if version is not None and self.pinned and said:
            said = self.pinned(self.shelf.banks[key], key, version, said)
        if said is None:
            self.findings.error(self.file, line, f"“{key}” has no version {version}")
            return
        yield said, Use(key, version)


def _names_a_bank(entry: Any) -> bool:
    return isinstance(entry, dict) and "type" not in entry and bool({"use", "tag"} & set(entry))


def _is_inside(where: Where) -> bool:
    return len(where) > 1 and where[0] == "questions"


def _moved(document: Document, old: int, new: int) -> dict[Where, Any]:
    """The nodes of a question written in the quiz, at the place that it has now."""
    return {
        ("questions", new, *where[2:]): node
        for where, node in document.nodes.items()
        if where[:2] == ("questions", old)
    }
