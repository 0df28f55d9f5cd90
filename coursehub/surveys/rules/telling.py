"""Results in words, for a page and for a table to take away, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from coursehub.foundation.language import _
from coursehub.questions.rules.telling import Said, said
from coursehub.surveys.rules import Json
from coursehub.surveys.rules.answering import names_of, numbers_of, options_of
from coursehub.surveys.rules.counting import Answers

NO_WORDS: Said = ("", "")


@dataclass(frozen=True, slots=True)
class Bar:
    """How often one answer was given."""

    words: Said
    count: int
    percent: float
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A question, or one of its statements: how many answered it and what; None if too few did."""

    statement: Said
    n: int | None
    bars: list[Bar]
    mean: float | None
    texts: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """A question with its lines."""

    words: Said
    type: str
    lines: list[Line]


def labels_of(survey: Json, language: str, source: str) -> dict[str, str]:
    """What each field of a survey is called."""
    return {
        name: str(said(part["text"], language, source)[0])
        for name, _question, part in names_of(survey)
    }


def results_in_words(
    survey: Json, figures: Mapping[str, Any], language: str, source: str
) -> list[Told]:
    """Every question of which figures may be shown, in the survey's order.

    What is compared with another survey is told by `comparison_in_words`.
    """
    is_compared = survey["keeping"] == "paired"
    told: list[Told] = []
    known = None
    for name, question, part in names_of(survey):
        if is_compared and part.get("measures"):
            continue
        if question is not known:
            words = said(question["text"], language, source)
            told.append(Told(words, question["type"], []))
            known = question
        statement = NO_WORDS if part is question else said(part["text"], language, source)
        told[-1].lines.append(_line(question, statement, figures.get(name), language, source))
    return told


def _line(question: Json, statement: Said, figure: Json | None, language: str, source: str) -> Line:
    if figure is None:
        return Line(statement, None, [], None, [])
    counts, n = figure.get("counts", {}), figure["n"]
    bars = [
        Bar(words, counts.get(key, 0), 100 * counts.get(key, 0) / n, is_right)
        for key, words, is_right in _answers(question, language, source)
    ]
    return Line(statement, n, bars, _mean(question, counts), figure.get("texts", []))


def _answers(question: Json, language: str, source: str) -> Iterator[tuple[str, Said, bool]]:
    if question["type"] == "scale":
        yield from ((str(n), (str(n), language), False) for n in numbers_of(question))
    for option in options_of(question):
        yield option["id"], said(option["text"], language, source), option.get("right", False)


def _mean(question: Json, counts: Mapping[str, int]) -> float | None:
    places = [str(n) for n in numbers_of(question)] if question["type"] == "scale" else []
    values = [int(place) for place in places for _n in range(counts.get(place, 0))]
    return fmean(values) if values else None


@dataclass(frozen=True, slots=True)
class Change:
    """What a thing that was measured twice was before and after, in per cent."""

    words: Said
    n: int
    before: float
    after: float
    improved: float
    is_known: bool

    @property
    def gain(self) -> float:
        return self.after - self.before

    @property
    def share_of_possible_gain(self) -> float | None:
        """How much of what was still to be gained was gained: the normalised gain."""
        return 100 * self.gain / (100 - self.before) if self.before < 100 else None

    @property
    def is_to_be_reviewed(self) -> bool:
        """Whether more than half still answer wrongly after the course."""
        return self.is_known and self.after < 50


def comparison_in_words(
    survey: Json, comparison: Mapping[str, Any], language: str, source: str
) -> tuple[list[Change], list[Change]]:
    """What changed on the whole, and in each thing that was measured, in the words of a survey."""
    totals = {"knowledge": _("Knowledge"), "rating": _("What people say of themselves")}
    whole = [
        _change((words, language), comparison[kind], is_known=False)
        for kind, words in totals.items()
        if comparison.get(kind)
    ]
    parts = [
        _change(said(part["text"], language, source), figure, is_known=question["type"] == "choice")
        for _name, question, part in names_of(survey)
        if (figure := comparison.get("measures", {}).get(part.get("measures")))
    ]
    return whole, parts


def _change(words: Said, figure: Json, *, is_known: bool) -> Change:
    before, after, improved = (100 * figure[name] for name in ("before", "after", "improved"))
    return Change(words, figure["n"], before, after, improved, is_known)


def answers_in_words(
    survey: Json, answers: Answers, language: str, source: str
) -> list[tuple[Said, list[Said]]]:
    """What one person answered with their name: each question or statement, and the answer."""
    told = []
    for name, question, part in names_of(survey):
        if name not in answers:
            continue
        options = {key: words for key, words, _right in _answers(question, language, source)}
        given = answers[name]
        chosen = given if isinstance(given, list) else [given]
        lines = [options.get(str(one), (str(one), language)) for one in chosen]
        told.append((said(part["text"], language, source), lines))
    return told


def as_table(told: list[Told], changes: list[Change]) -> Iterator[list[object]]:
    """The same results as rows: what the page shows, and nothing else."""
    yield [
        _("Question"),
        _("Statement"),
        _("Answer"),
        _("How often"),
        _("Of how many"),
        _("Per cent"),
        _("Before, per cent"),
        _("After, per cent"),
    ]
    for question in told:
        for line in question.lines:
            start = [question.words[0], line.statement[0]]
            for bar in line.bars:
                yield [*start, bar.words[0], bar.count, line.n, round(bar.percent, 1), "", ""]
            for text in line.texts:
                yield [*start, text, "", line.n, "", "", ""]
    for one in changes:
        yield [one.words[0], "", "", "", one.n, "", round(one.before, 1), round(one.after, 1)]
