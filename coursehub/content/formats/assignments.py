"""What an assignment may say: what is handed in, until when, and the rubric it is marked by."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from coursehub.content.formats.findings import fingerprint_of
from coursehub.content.formats.questions import Number, parts_of
from coursehub.content.formats.texts import Strict, Text, Translated

Way = Literal["text", "file", "link"]
HandedInKind = Literal["pdf", "docx", "odt", "txt", "jpg", "png"]
Points = Annotated[Number, Field(ge=0, le=1000)]


class RubricLevel(Strict):
    """How well a criterion can be met, and from how many points to how many that is."""

    title: Text
    text: Text
    least: Points
    most: Points

    @model_validator(mode="after")
    def rises(self) -> "RubricLevel":
        if self.least > self.most:
            raise ValueError("“least” is more than “most”")
        return self


class RubricCriterion(Translated):
    """One line of a rubric: what is looked at. Without levels it is commented on, not marked."""

    title: Text
    levels: list[RubricLevel] = Field(default_factory=list, max_length=10)

    @property
    def most(self) -> float:
        return max((level.most for level in self.levels), default=0.0)

    def revision(self, language: str) -> str:
        """The fingerprint of all its texts in a language, those of its levels included."""
        inner = [text.root.get(language) for _, part in parts_of(self) for _, text in part.texts()]
        return fingerprint_of([super().revision(language), inner])

    @model_validator(mode="after")
    def falls_from_level_to_level(self) -> "RubricCriterion":
        if any(lower.most >= higher.least for higher, lower in pairwise(self.levels)):
            raise ValueError("levels stand from the best to the least, and share no points")
        return self


class HandedInFiles(Strict):
    """Which files are taken: kinds, how many, and how large each may be."""

    kinds: list[HandedInKind] = Field(min_length=1)
    most_files: int = Field(default=1, ge=1, le=10)
    most_megabytes: int = Field(default=10, ge=1, le=100)


class PeerReview(Strict):
    """How many works of others everyone reviews, how many reviews a work gets, and how long.

    More are given than got: a few who give none take nothing from anybody.
    """

    give: int = Field(ge=1, le=6)
    get: int = Field(ge=1, le=5)
    days: int = Field(ge=1, le=60)

    @model_validator(mode="after")
    def gives_more_than_it_gets(self) -> "PeerReview":
        if self.give <= self.get:
            raise ValueError("“give” is more than “get”")
        return self


def why_not_pass(criteria: list[RubricCriterion], pass_points: float) -> str | None:
    """The reason nobody could reach the points that are asked for, or None."""
    out_of = sum(criterion.most for criterion in criteria)
    if not any(criterion.levels for criterion in criteria):
        return "at least one criterion has levels: without any there are no points"
    if pass_points > out_of:
        return f"“pass_points” asks for more than the {out_of:g} points of the rubric"
    return None


def why_not_accept(ways: list[Way], files: HandedInFiles | None, words: int | None) -> str | None:
    """The reason what is said of files and words contradicts what may be handed in, or None."""
    if ("file" in ways) != (files is not None):
        return "“files” says which files are taken, where “accepts” names “file”, and only there"
    if words is not None and "text" not in ways:
        return "“most_words” counts the words of a text: “accepts” names none"
    return None
