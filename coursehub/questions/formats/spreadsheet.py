"""Our spreadsheet: a row for each question, and below it a row for each of its parts.

`what` names the part, the other columns say what it has. Texts stand in columns by language.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from coursehub.foundation.language import _
from coursehub.foundation.tables import Row
from coursehub.questions.formats.plain import text_of
from coursehub.questions.formats.taking import (
    Draft,
    Json,
    Outcome,
    Refusal,
    Unreadable,
    at_line,
    refused,
)
from coursehub.questions.formats.weights import share_of

LANGUAGES = ("es", "pt", "en")
COLUMNS = [
    *("what", "type", "id", "right", "credit", "points", "value", "tolerance", "name"),
    *(f"{text} {code}" for text in ("text", "match", "feedback") for code in LANGUAGES),
    *("tags", "objective", "options"),
]
# The rows of a question's parts: where they belong, and which columns they have.
LISTS = {
    "answer": ("answers", ("id", "right", "credit", "text", "feedback")),
    "pair": ("pairs", ("id", "text", "match")),
    "decoy": ("decoys", ("id", "text")),
    "step": ("steps", ("id", "text")),
    "accepted": ("accepted", ("credit", "text", "feedback")),
    "amount": ("amounts", ("value", "tolerance", "credit", "feedback")),
    "unit": ("units", ("name", "value")),
    "gap": ("gaps", ("id", "points")),
    "criterion": ("rubric", ("id", "text")),
    "level": ("levels", ("points", "text")),
    "question in case": ("questions", ()),
}
SINGLE = {"if true": "if_true", "if false": "if_false", "guidance": "guidance"}
# Columns that a part calls otherwise.
CALLED = {("unit", "value"): "factor", ("criterion", "text"): "title"}
YES = {"yes", "true", "1", "x", "sí", "si", "sim", "s", "y"}
NO = {"no", "false", "0", "não", "nao", "n"}


def read_rows(rows: Iterable[Row], language: str) -> Iterator[Outcome]:
    """Every question of a table, as a draft or a refusal."""
    mine: list[Row] = []
    for line, cells in rows:
        what = _what(cells)
        if what == "question" and mine:
            yield _read(mine, language)
            mine = []
        if what == "question" or mine:
            mine.append((line, cells))
        else:
            yield Refusal(at_line(line), _("a part that belongs to no question"))
    if mine:
        yield _read(mine, language)


def _what(cells: dict[str, str]) -> str:
    return " ".join(cells.get("what", "").lower().split())


def _read(rows: list[Row], language: str) -> Outcome:
    draft = Draft(rows[0][0], language)
    reading = Reading(draft)
    try:
        for line, cells in rows:
            reading.line = line
            reading.add(_what(cells), cells)
    except Unreadable as unreadable:
        inside = "" if reading.line == draft.line else f"{at_line(reading.line)}: "
        return refused(draft, f"{inside}{unreadable.why}")
    draft.key, draft.said = reading.question.pop("id", ""), reading.question
    draft.tags = reading.question.pop("tags", [])
    return draft


class Reading:
    """One question, row by row; a part goes into what stands above it."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.line = draft, draft.line
        self.question: Json = {}
        self.asked: Json = {}  # the question that parts belong to: in a case, the inner one

    def add(self, what: str, cells: dict[str, str]) -> None:
        if what == "question":
            self.question = self.asked = self._question(cells)
        elif what == "question in case":
            self.asked = self._question(cells)
            self.question.setdefault("questions", []).append(self.asked)
        elif what in SINGLE:
            self.asked[SINGLE[what]] = self._text(cells, "text")
        elif what in LISTS:
            self._part(what, cells)
        else:
            raise Unreadable(_("“%(what)s” is no part of a question", what=what[:40]))

    def _question(self, cells: dict[str, str]) -> Json:
        kind = cells.get("type", "").strip().lower().replace(" ", "_")
        question: Json = {"type": kind, "text": self._text(cells, "text")}
        question |= self._present(cells, ("id", "points", "objective"))
        question["feedback"] = self._text(cells, "feedback")
        if kind == "true_false":
            question["is_true"] = _yes(cells.get("right", ""))
        if tags := [tag.strip() for tag in cells.get("tags", "").split(",") if tag.strip()]:
            question["tags"] = tags
        question |= _options(cells.get("options", ""))
        return {key: value for key, value in question.items() if value is not None}

    def _part(self, what: str, cells: dict[str, str]) -> None:
        name, columns = LISTS[what]
        part: Json = {}
        for column in columns:
            value = self._value(column, cells)
            if value is not None:
                part[CALLED.get((what, column), column)] = value
        part |= _options(cells.get("options", ""))
        holder, name = self._holder(what, name)
        holder.setdefault(name, []).append(part)

    def _holder(self, what: str, name: str) -> tuple[Json, str]:
        """What a part belongs to: the last gap, the last criterion, or the question."""
        if what == "level":
            if not self.asked.get("rubric"):
                raise Unreadable(_("a level stands below a criterion"))
            return self.asked["rubric"][-1], name
        if what in ("answer", "accepted", "amount") and self.asked.get("gaps"):
            return self.asked["gaps"][-1], "choices" if what == "answer" else name
        return self.asked, name

    def _present(self, cells: dict[str, str], columns: tuple[str, ...]) -> Json:
        return {
            column: value for column in columns if (value := self._value(column, cells)) is not None
        }

    def _value(self, column: str, cells: dict[str, str]) -> Any:
        if column in ("text", "match", "feedback"):
            return self._text(cells, column)
        raw = cells.get(column, "").strip()
        return VALUES[column](raw) if raw else None

    def _text(self, cells: dict[str, str], column: str) -> dict[str, str] | None:
        texts: dict[str, str] = {}
        for code, name in (
            (self.draft.language, column),
            *((c, f"{column} {c}") for c in LANGUAGES),
        ):
            said = text_of(cells.get(name, ""), "plain").text
            if said:
                texts[code] = self._clean(said)
        return texts or None

    def _clean(self, said: str) -> str:
        text = self.draft.text(said)
        return next(iter(text.values())) if text else "…"


def _right(raw: str) -> bool | None:
    return True if _yes(raw) else None


def _yes(raw: str) -> bool:
    said = raw.strip().lower()
    if said not in YES | NO | {""}:
        raise Unreadable(_("“%(said)s” is neither yes nor no", said=raw[:40]))
    return said in YES


VALUES: dict[str, Callable[[str], Any]] = {
    "id": str,
    "name": str,
    "objective": str,
    "right": _right,
    "credit": share_of,
    "points": share_of,
    "value": share_of,
    "tolerance": share_of,
}
OPTIONS: dict[str, Callable[[str], Any]] = {
    "shuffle": _yes,
    "forgives_case": _yes,
    "forgives_accents": _yes,
    "needs_unit": _yes,
    "most_words": lambda raw: int(share_of(raw)),
    "most_files": lambda raw: int(share_of(raw)),
    "kinds": lambda raw: [kind.strip() for kind in raw.split(",")],
}


def _options(raw: str) -> Json:
    options = {}
    for option in filter(str.strip, raw.split(";")):
        name, _sign, value = (piece.strip() for piece in option.partition("="))
        if name not in OPTIONS:
            raise Unreadable(_("unknown option “%(name)s”", name=name[:40]))
        options[name] = OPTIONS[name](value)
    return options
