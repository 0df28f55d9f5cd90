"""What the YAML files of a course may say, key by key; course_content/README.md explains it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    model_validator,
)

from coursehub.content.formats.findings import fingerprint_of

if TYPE_CHECKING:
    Language = str  # to the type checker: a mapping by language may be asked for any text
else:
    Language = Literal["es", "pt", "en"]
HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def _is_seen(text: str) -> str:
    hidden = HIDDEN.search(text)
    if hidden:
        raise ValueError(f"the character U+{ord(hidden.group()):04X} stands in no text")
    return text


Words = Annotated[
    str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_is_seen)
]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,39}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
# Beside the lessons of a course stand these pages; no lesson may have their address.
RESERVED = frozenset({"search", "glossary", "media", "modules", "end", "files"})


class Text(RootModel[dict[Language, Words]]):
    """One text in several languages."""


class Texts(RootModel[dict[Language, list[Words]]]):
    """One list of sentences in several languages."""


class Strict(BaseModel):
    """A mapping in a file: unknown keys are mistakes."""

    # Strict: true is no number, and no number is a text.
    model_config = ConfigDict(extra="forbid", strict=True)

    def texts(self) -> Iterator[tuple[str, Text | Texts]]:
        """The texts that stand directly in this mapping, by key."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Text | Texts):
                yield name, value


class Translated(Strict):
    """A mapping with texts; `from` says from which state of the source a translation was made."""

    id: Id | None = None
    made_from: dict[Language, str] = Field(default_factory=dict, alias="from")

    def revision(self, language: str) -> str:
        """The fingerprint of the texts in a language: what a translation is made from."""
        return fingerprint_of({name: text.root.get(language) for name, text in self.texts()})


class CourseFile(Translated):
    source_language: Language
    languages: list[Language] = Field(min_length=1)
    title: Text
    summary: Text
    topic: Literal["foundations", "memory", "protection", "equality", "tools"]
    weave: Literal["tafetan", "esterilla", "sarga", "espiga", "raso", "rombo", "quebrada", "panal"]
    formats: list[Literal["facilitated", "self_paced"]] = Field(min_length=1)
    hours: int = Field(ge=1, le=1000)
    weeks: int = Field(ge=1, le=104)
    audience: Text
    certificate: Text
    outcomes: Texts
    requirements: Texts
    reading: Texts | None = None
    modules: list[FileName] = Field(min_length=1)

    @model_validator(mode="after")
    def offers_its_source(self) -> "CourseFile":
        if self.source_language not in self.languages:
            raise ValueError("languages must contain source_language")
        return self


class Planned(Translated):
    title: Text
    minutes: int = Field(ge=1, le=600)


class ItemLine(Strict):
    """One line of a module's items: exactly one of the three."""

    lesson: Slug | None = None
    quiz: Slug | None = None
    planned: Planned | None = None

    @model_validator(mode="after")
    def is_one_thing(self) -> "ItemLine":
        if sum(thing is not None for thing in (self.lesson, self.quiz, self.planned)) != 1:
            raise ValueError("an item is one of lesson, quiz or planned")
        if self.lesson in RESERVED:
            raise ValueError(f"a lesson cannot be named “{self.lesson}”: another page stands there")
        return self


class ModuleFile(Translated):
    slug: Slug
    title: Text
    summary: Text
    objectives: Texts
    hours: float = Field(gt=0, le=1000)
    state: Literal["ready", "preparing"]
    reading: Texts | None = None
    items: list[ItemLine]


class Answer(Strict):
    id: Id | None = None
    right: bool = False
    text: Text


class Question(Translated):
    type: Literal["single_choice", "multiple_choice"]
    text: Text
    answers: list[Answer] = Field(min_length=2)
    feedback: Text

    @model_validator(mode="after")
    def has_right_answers(self) -> "Question":
        right = sum(answer.right for answer in self.answers)
        if right == 0 or (self.type == "single_choice" and right > 1):
            raise ValueError(
                "a single_choice question has exactly one right answer, others at least one"
            )
        return self

    def revision(self, language: str) -> str:
        answers = [answer.text.root.get(language) for answer in self.answers]
        return fingerprint_of([super().revision(language), answers])


class QuizFile(Translated):
    title: Text
    state: Literal["ready", "preparing"]
    pass_percent: int = Field(ge=0, le=100)
    attempts: int = Field(ge=1, le=100)
    questions: list[Question] = Field(min_length=1)


class Term(Translated):
    term: Text
    aliases: Texts | None = None
    definition: Text
    source: Words | None = None
    link: bool = True


class GlossaryFile(Strict):
    terms: list[Term]


class FrontMatter(Strict):
    """The head of a lesson's file."""

    id: Id | None = None
    title: Words
    summary: Words
    content_note: Words | None = None
    minutes: int | None = Field(default=None, ge=1, le=600)
    completion: Literal["marked", "opened"] | None = None
    made_from: str | None = Field(default=None, alias="from")

    def revision(self) -> str:
        return fingerprint_of([self.title, self.summary, self.content_note])


class Figure(Strict):
    src: Words
    alt: Words
    caption: Words
    credit: Words


class Captions(Strict):
    language: Language
    src: Words


class Recording(Strict):
    """Audio or video."""

    src: Words
    title: Words
    minutes: int = Field(ge=1, le=600)
    credit: Words
    small: Words | None = None
    audio: Words | None = None
    captions: list[Captions] = Field(default_factory=list)


class Download(Strict):
    src: Words
    title: Words
