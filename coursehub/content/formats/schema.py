"""What the YAML files of a course may say, key by key; course_content/README.md explains it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from coursehub.content.formats import assignments
from coursehub.content.formats.findings import fingerprint_of
from coursehub.content.formats.questions import Question
from coursehub.content.formats.surveys import SurveyQuestion, measures_in
from coursehub.content.formats.texts import (
    Id,
    Language,
    Slug,
    Strict,
    Text,
    Texts,
    Translated,
    Words,
)

FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
# Beside the lessons of a course stand these pages; no lesson may have their address.
RESERVED = frozenset(
    {"search", "glossary", "media", "modules", "quizzes", "surveys", "assignments"}
    | {"end", "files", "certificate", "grades"}
)


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
    """One line of a module's items: exactly one of them."""

    lesson: Slug | None = None
    quiz: Slug | None = None
    survey: Slug | None = None
    assignment: Slug | None = None
    planned: Planned | None = None

    @property
    def activity(self) -> tuple[str, str] | None:
        """The kind and the name of what is done rather than read, or None."""
        named = ((kind, getattr(self, kind)) for kind in ACTIVITIES)
        return next(((kind, name) for kind, name in named if name), None)

    @model_validator(mode="after")
    def is_one_thing(self) -> "ItemLine":
        if len(self.model_fields_set) != 1 or not any(self.__dict__.values()):
            raise ValueError("an item is one of lesson, quiz, survey, assignment or planned")
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


class Activity(Translated):
    """What learners do rather than read; each kind has a file of its own in its module's folder."""

    title: Text
    state: Literal["ready", "preparing"]


class Draw(Strict):
    """How many questions with a tag each attempt is given."""

    tag: Words
    count: int = Field(ge=1, le=200)


class QuizFile(Activity):
    """A quiz. Its numbers hold for everyone; some people are given more (accommodations)."""

    text: Text | None = None
    minutes: int | None = Field(default=None, ge=1, le=1440)
    wait_hours: int = Field(default=0, ge=0, le=720)
    counts: Literal["best", "last", "average"] = "best"
    review: Literal["full", "hints", "marks", "later"] = "full"
    shuffle: bool = False
    anonymous: bool = False
    draw: list[Draw] = Field(default_factory=list, max_length=50)
    pass_percent: int = Field(ge=0, le=100)
    attempts: int = Field(ge=1, le=100)
    questions: list[Question] = Field(min_length=1)

    @model_validator(mode="after")
    def can_be_drawn(self) -> "QuizFile":
        for rule in self.draw:
            tagged = sum(rule.tag in question.tags for question in self.questions)
            if tagged < rule.count:
                raise ValueError(f"only {tagged} questions have the tag “{rule.tag}”")
        return self


class SurveyFile(Activity):
    """A survey. `keeping` says what is kept of whoever answers, and the page says it too."""

    text: Text | None = None
    keeping: Literal["anonymous", "paired", "identified"]
    pair: Slug | None = None
    when: Literal["before", "after"] | None = None
    required: bool = False
    questions: list[SurveyQuestion] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def is_paired_or_not(self) -> "SurveyFile":
        is_paired = self.keeping == "paired"
        if {is_paired, self.pair is not None, self.when is not None} != {is_paired}:
            raise ValueError("“keeping: paired”, “pair” and “when” stand together or not at all")
        if not is_paired and any(True for _ in measures_in(self.questions)):
            raise ValueError("“measures” stands in surveys of a pair only")
        return self


class AssignmentFile(Activity):
    """Something to be handed in and marked by a person, by a rubric."""

    text: Text
    accepts: list[assignments.Way] = Field(min_length=1)
    files: assignments.HandedInFiles | None = None
    least_words: int | None = Field(default=None, ge=1, le=20_000)
    most_words: int | None = Field(default=None, ge=1, le=20_000)
    due_days_before_end: int | None = Field(default=None, ge=0, le=365)
    late: Literal["accepted", "refused", "deducted"] = "accepted"
    percent_per_day: int = Field(default=0, ge=0, le=100)
    grace_hours: int = Field(default=0, ge=0, le=168)
    attempts: int = Field(default=1, ge=1, le=20)
    anonymous: bool = False
    peers: assignments.PeerReview | None = None
    pass_points: assignments.Points
    rubric: list[assignments.RubricCriterion] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def can_be_handed_in_and_passed(self) -> "AssignmentFile":
        words = self.most_words or self.least_words
        if (self.late == "deducted") != (self.percent_per_day > 0):
            raise ValueError("“late: deducted” and “percent_per_day” go together")
        why = assignments.why_not_accept(self.accepts, self.files, words)
        if why := why or assignments.why_not_pass(self.rubric, self.pass_points):
            raise ValueError(why)
        return self


ACTIVITIES: dict[str, type[Activity]] = {
    "quiz": QuizFile,
    "survey": SurveyFile,
    "assignment": AssignmentFile,
}


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
