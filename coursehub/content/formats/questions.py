"""What a question may say: the twelve types, with every text in the languages it is written in.

The same shape stands in a course's files, in the bank and in a published version. Marks are
counted in shares from 0 to 1 of a question's points; `coursehub.questions.rules` gives them.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Tag, TypeAdapter, model_validator
from pydantic import Discriminator as By

from coursehub.content.formats.findings import fingerprint_of
from coursehub.content.formats.texts import Id, Strict, Text, Translated, Words

MOST_ANSWERS = 50
MOST_QUESTIONS_OF_A_CASE = 20
GAP = re.compile(r"\[\[([a-z][a-z0-9-]{2,39})\]\]")
Share = Annotated[float, Field(gt=0, le=1)]
Points = Annotated[float, Field(gt=0, le=1000)]
Where = tuple[str | int, ...]


def _as_float(value: object) -> object:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[float, BeforeValidator(_as_float), Field(allow_inf_nan=False)]


class Named(Strict):
    """A part of a question that learners' answers point to."""

    id: Id | None = None


class Answer(Named):
    """One of the answers of a choice; `credit` is what a partly right single choice earns."""

    right: bool = False
    credit: Share | None = None
    text: Text
    feedback: Text | None = None


class Pair(Named):
    """A thing and what belongs to it; several things may have the same `match`."""

    text: Text
    match: Text


class Step(Named):
    """A part of an order, or a match that belongs to nothing."""

    text: Text


class Accepted(Strict):
    """A text that is taken as an answer; `*` stands for any characters."""

    text: Text
    credit: Share = 1.0
    feedback: Text | None = None


class Amount(Strict):
    """A number that is taken, give or take `tolerance`, both in the question's first unit."""

    value: Number
    tolerance: Annotated[Number, Field(ge=0)] = 0.0
    credit: Share = 1.0
    feedback: Text | None = None


class Unit(Strict):
    """A unit and how many of the first unit it is: km beside m has the factor 1000."""

    name: Words
    factor: Annotated[Number, Field(gt=0)] = 1.0


class Level(Strict):
    points: Annotated[Number, Field(ge=0, le=1000)]
    text: Text


class Criterion(Named):
    """One line of a rubric: what is looked at, and what each level means."""

    title: Text
    levels: list[Level] = Field(min_length=1, max_length=10)


class Asked(Translated):
    """Anything that is asked, in a quiz or a survey: it is translated and dated as a whole."""

    text: Text

    def parts(self) -> Iterator[tuple[Where, Strict]]:
        """Every mapping inside this question, with its path, in the order of the file."""
        yield from parts_of(self)

    def revision(self, language: str) -> str:
        """The fingerprint of all its texts in a language, those of its parts included."""
        # A question inside a case is translated and dated by itself.
        inner = [
            text.root.get(language)
            for _, part in self.parts()
            if not isinstance(part, Translated)
            for _, text in part.texts()
        ]
        return fingerprint_of([super().revision(language), inner])


class Asking(Asked):
    """What all questions of a quiz have; `feedback` is shown whatever was answered."""

    feedback: Text | None = None
    points: Points = 1.0
    tags: list[Words] = Field(default_factory=list, max_length=30)
    objective: Words | None = None


class SingleChoice(Asking):
    type: Literal["single_choice"]
    answers: list[Answer] = Field(min_length=2, max_length=MOST_ANSWERS)
    shuffle: bool = True

    @model_validator(mode="after")
    def has_one_right_answer(self) -> "SingleChoice":
        if sum(answer.right for answer in self.answers) != 1:
            raise ValueError("a single_choice question has exactly one right answer")
        return self


class MultipleChoice(Asking):
    type: Literal["multiple_choice"]
    answers: list[Answer] = Field(min_length=2, max_length=MOST_ANSWERS)
    shuffle: bool = True

    @model_validator(mode="after")
    def has_right_answers(self) -> "MultipleChoice":
        if not any(answer.right for answer in self.answers):
            raise ValueError("a multiple_choice question has at least one right answer")
        if any(answer.credit for answer in self.answers):
            raise ValueError("“credit” stands in single_choice questions only")
        return self


class TrueFalse(Asking):
    type: Literal["true_false"]
    is_true: bool
    if_true: Text | None = None
    if_false: Text | None = None


class Matching(Asking):
    type: Literal["matching"]
    pairs: list[Pair] = Field(min_length=2, max_length=MOST_ANSWERS)
    decoys: list[Step] = Field(default_factory=list, max_length=MOST_ANSWERS)


class Ordering(Asking):
    """Its steps stand in the right order."""

    type: Literal["ordering"]
    steps: list[Step] = Field(min_length=2, max_length=20)


class Numeric(Asking):
    """With several units the first is the one that values and tolerances are written in."""

    type: Literal["numeric"]
    amounts: list[Amount] = Field(min_length=1, max_length=MOST_ANSWERS)
    units: list[Unit] = Field(default_factory=list, max_length=20)
    needs_unit: bool = False

    @model_validator(mode="after")
    def has_the_unit_it_needs(self) -> "Numeric":
        if self.needs_unit and not self.units:
            raise ValueError("a question that needs a unit names at least one")
        return self


class ShortText(Asking):
    type: Literal["short_text"]
    accepted: list[Accepted] = Field(min_length=1, max_length=MOST_ANSWERS)
    forgives_case: bool = True
    forgives_accents: bool = True


class Gap(Named):
    """A place in a text to be filled: exactly one of the three kinds."""

    points: Points = 1.0
    choices: list[Answer] | None = Field(default=None, min_length=2, max_length=MOST_ANSWERS)
    accepted: list[Accepted] | None = Field(default=None, min_length=1, max_length=MOST_ANSWERS)
    amounts: list[Amount] | None = Field(default=None, min_length=1, max_length=MOST_ANSWERS)
    forgives_case: bool = True
    forgives_accents: bool = True

    @model_validator(mode="after")
    def is_one_thing(self) -> "Gap":
        kinds = (self.choices, self.accepted, self.amounts)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("a gap has either choices, accepted or amounts")
        if self.choices and sum(answer.right for answer in self.choices) != 1:
            raise ValueError("a gap with choices has exactly one right answer")
        return self


class Cloze(Asking):
    """A text with gaps, written [[id-of-the-gap]]; every gap stands once in every language."""

    type: Literal["cloze"]
    gaps: list[Gap] = Field(min_length=1, max_length=MOST_ANSWERS)

    @model_validator(mode="after")
    def has_its_gaps(self) -> "Cloze":
        ids = [gap.id for gap in self.gaps]
        if None in ids:  # they stand in the text, so nobody else can write them
            raise ValueError("every gap of a cloze has an id, written in its text as [[id]]")
        for language, text in self.text.root.items():
            if Counter(GAP.findall(text)) != Counter(ids):
                why = f"the text in “{language}” has other gaps than the list"
                raise ValueError(f"{why}: each stands there once, as [[id]]")
        return self


class Essay(Asking):
    """A longer text, marked by a person; `guidance` is for whoever marks it."""

    type: Literal["essay"]
    most_words: int = Field(default=500, ge=1, le=10_000)
    guidance: Text | None = None
    rubric: list[Criterion] = Field(default_factory=list, max_length=20)


FileKind = Literal["pdf", "docx", "odt", "txt", "jpg", "png", "xlsx", "pptx"]


def _usual_kinds() -> list[FileKind]:
    return ["pdf", "docx", "odt"]


class Upload(Asking):
    """A file or several, marked by a person; `kinds` are file name endings."""

    type: Literal["file"]
    kinds: list[FileKind] = Field(default_factory=_usual_kinds, min_length=1)
    most_files: int = Field(default=1, ge=1, le=5)
    guidance: Text | None = None
    rubric: list[Criterion] = Field(default_factory=list, max_length=20)


def _type_of(value: Any) -> str:
    named = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return str(named)


Simple = Annotated[
    Annotated[SingleChoice, Tag("single_choice")]
    | Annotated[MultipleChoice, Tag("multiple_choice")]
    | Annotated[TrueFalse, Tag("true_false")]
    | Annotated[Matching, Tag("matching")]
    | Annotated[Ordering, Tag("ordering")]
    | Annotated[Numeric, Tag("numeric")]
    | Annotated[ShortText, Tag("short_text")]
    | Annotated[Cloze, Tag("cloze")]
    | Annotated[Essay, Tag("essay")]
    | Annotated[Upload, Tag("file")],
    By(_type_of),
]


class Case(Asking):
    """A text and several questions about it. Its points are those of its questions."""

    type: Literal["case"]
    questions: list[Simple] = Field(min_length=1, max_length=MOST_QUESTIONS_OF_A_CASE)


Question = Annotated[
    Annotated[SingleChoice, Tag("single_choice")]
    | Annotated[MultipleChoice, Tag("multiple_choice")]
    | Annotated[TrueFalse, Tag("true_false")]
    | Annotated[Matching, Tag("matching")]
    | Annotated[Ordering, Tag("ordering")]
    | Annotated[Numeric, Tag("numeric")]
    | Annotated[ShortText, Tag("short_text")]
    | Annotated[Cloze, Tag("cloze")]
    | Annotated[Essay, Tag("essay")]
    | Annotated[Upload, Tag("file")]
    | Annotated[Case, Tag("case")],
    By(_type_of),
]
QUESTION: TypeAdapter[Asking] = TypeAdapter(Question)


def parts_of(thing: Strict, where: Where = ()) -> Iterator[tuple[Where, Strict]]:
    """Every mapping inside another, with its path, in the order of the file."""
    for name in type(thing).model_fields:
        value = getattr(thing, name)
        for place, part in _listed(value, (*where, name)):
            yield place, part
            yield from parts_of(part, place)


def _listed(value: object, where: Where) -> Iterator[tuple[Where, Strict]]:
    if isinstance(value, Strict):
        yield where, value
    elif isinstance(value, list):
        yield from (((*where, n), one) for n, one in enumerate(value) if isinstance(one, Strict))


def as_data(question: Asking) -> dict[str, Any]:
    """A question as JSON, without what it does not say; QUESTION reads it again."""
    return question.model_dump(by_alias=True, mode="json", exclude_none=True)
