"""What a survey asks: to rate statements, to choose, to write; every text in its languages.

The same shape stands in a course's files and in a published version. A survey knows no points:
`right` is for reading the results, and what `measures` the same is compared between two surveys.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator as By
from pydantic import Field, Tag, model_validator

from coursehub.content.formats.questions import Asked, Named
from coursehub.content.formats.texts import Slug, Text

MOST_STATEMENTS = 30
MOST_OPTIONS = 30
MOST_CHARACTERS = 10_000
Shape = tuple[object, ...]


class Point(Named):
    """A point of a scale, or what somebody may say instead."""

    text: Text


class Statement(Named):
    """Something to be rated."""

    text: Text
    measures: Slug | None = None


class Option(Named):
    """Something to be chosen; `right` is for reading the results."""

    text: Text
    right: bool = False


class Posed(Asked):
    """What all questions of a survey have: whether they may be left out."""

    required: bool = False


class Likert(Posed):
    """Statements, each rated on a scale in words; `apart` stands beside it: “does not apply”."""

    type: Literal["likert"]
    statements: list[Statement] = Field(min_length=1, max_length=MOST_STATEMENTS)
    scale: list[Point] = Field(min_length=2, max_length=11)
    apart: Point | None = None


class Scale(Posed):
    """Statements, each rated with a number; `low` and `high` say what its ends mean."""

    type: Literal["scale"]
    statements: list[Statement] = Field(min_length=1, max_length=MOST_STATEMENTS)
    lowest: int = Field(ge=0, le=1)
    highest: int = Field(ge=2, le=10)
    low: Text
    high: Text


class Choice(Posed):
    type: Literal["choice"]
    options: list[Option] = Field(min_length=2, max_length=MOST_OPTIONS)
    several: bool = False
    measures: Slug | None = None

    @model_validator(mode="after")
    def has_what_it_measures(self) -> "Choice":
        if self.measures and not any(option.right for option in self.options):
            raise ValueError("a choice that “measures” something has a right option")
        return self


class Open(Posed):
    """A text in the words of whoever answers."""

    type: Literal["text"]
    most_characters: int = Field(default=2000, ge=1, le=MOST_CHARACTERS)


def _type_of(value: Any) -> str:
    named = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return str(named)


SurveyQuestion = Annotated[
    Annotated[Likert, Tag("likert")]
    | Annotated[Scale, Tag("scale")]
    | Annotated[Choice, Tag("choice")]
    | Annotated[Open, Tag("text")],
    By(_type_of),
]


def measures_in(questions: Iterable[Posed]) -> Iterator[tuple[str, Shape]]:
    """What a survey measures, and how: only what has the same shape can be compared."""
    for question in questions:
        match question:
            case Choice(measures=str(name)):
                yield name, ("choice",)
            case Likert() | Scale():
                shape = _shape_of(question)
                yield from ((one.measures, shape) for one in question.statements if one.measures)


def _shape_of(question: Likert | Scale) -> Shape:
    if isinstance(question, Scale):
        return "scale", question.lowest, question.highest
    return "likert", len(question.scale)
