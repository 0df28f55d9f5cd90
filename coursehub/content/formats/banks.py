"""Banks of questions as files, and what stays the same when a question is written anew."""

from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

from pydantic import Field, model_validator
from ruamel.yaml import YAML

from coursehub.content.formats.findings import fingerprint_of
from coursehub.content.formats.questions import QUESTION, Question, parts_of
from coursehub.content.formats.texts import Id, Strict, Text
from coursehub.foundation.search import fold

Json = dict[str, Any]
WIDTH = 110
MOST_WORDS_KEPT = 4_000
# The lists of a question's parts that answers point to.
NAMED = ("answers", "pairs", "decoys", "steps", "rubric", "questions", "gaps", "choices")
WORDED = ("text", "match", "title")


class BankFile(Strict):
    """A bank of questions. What is in neither list of ids is ready to be asked."""

    title: Text
    drafts: list[Id] = Field(default_factory=list)
    retired: list[Id] = Field(default_factory=list)
    questions: list[Question] = Field(min_length=1)

    @model_validator(mode="after")
    def lists_its_own(self) -> "BankFile":
        listed = [*self.drafts, *self.retired]
        known = {question.id for question in self.questions}
        for key in listed:
            if key not in known or listed.count(key) > 1:
                raise ValueError(f"“{key}” stands in drafts or retired and is no question here")
        return self


def written_bank(title: Mapping[str, str], questions: Iterable[tuple[str, str, Json]]) -> str:
    """A bank as a file, from each question's id, state and what it says."""
    rows = list(questions)
    said: Json = {"title": dict(title)}
    for name, state in (("drafts", "draft"), ("retired", "retired")):
        if keys := [key for key, is_now, _question in rows if is_now == state]:
            said[name] = keys
    said["questions"] = [_written(question) for _key, _state, question in rows]
    writer, buffer = YAML(), StringIO()
    writer.width, writer.allow_unicode, writer.default_flow_style = WIDTH, True, False
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.dump(said, buffer)
    return buffer.getvalue()


def _written(question: Json) -> Json:
    """A question without what goes without saying, its id and type first."""
    model = QUESTION.validate_python(question)
    said = model.model_dump(by_alias=True, mode="json", exclude_none=True, exclude_defaults=True)
    first = {name: said[name] for name in ("id", "type", "text") if name in said}
    return first | said


def words_of(question: Json) -> str:
    """What a question asks and answers in all its languages, folded, to be looked for."""
    return fold(" ".join(_words(question)))[:MOST_WORDS_KEPT]


def _words(thing: Json) -> Iterator[str]:
    for name in WORDED:
        if isinstance(thing.get(name), dict):
            yield from thing[name].values()
    for name in (*NAMED, "accepted"):
        for part in thing.get(name) or ():
            yield from _words(part)


def with_known_ids(question: Json, before: Json) -> Json:
    """A new state of a question in which the parts that read as before have the ids they had.

    Files that know no ids of parts give new ones by place; learners' answers point to the old.
    """
    return question | {
        name: _known_parts(question[name], before[name], question["id"])
        for name in NAMED
        # A gap's id stands in the text as well.
        if name != "gaps" and question.get(name) and before.get(name)
    }


def _known_parts(parts: list[Json], before: list[Json], key: str) -> list[Json]:
    free = {part["id"]: _read_as(part) for part in before}
    taken: dict[int, str] = {}
    for n, part in enumerate(parts):
        same = [one for one, words in free.items() if words == _read_as(part)]
        if same:
            taken[n] = part["id"] if part["id"] in same else same[0]
            del free[taken[n]]
    used = {part["id"] for part in before} - set(free)
    named = []
    for n, part in enumerate(parts):
        wanted = taken.get(n) or _fresh(part, used, f"{key}/{n}")
        used.add(wanted)
        named.append(part | {"id": wanted})
    return named


def _read_as(part: Json) -> list[Any]:
    return [part.get(name) for name in WORDED]


def _fresh(part: Json, used: set[str], place: str) -> str:
    """The part's own id, unless that stands for another text already."""
    wanted: str = part["id"]
    while wanted in used:
        place += "'"
        wanted = f"{part['id'][0]}-{fingerprint_of([place, _read_as(part)])}"
    return wanted


def lacks_ids(question: Any) -> bool:
    """Whether a question or one of its parts has no id yet."""
    parts = (part for _where, part in parts_of(question))
    return question.id is None or any(hasattr(one, "id") and one.id is None for one in parts)
