"""Writes our spreadsheet as XLSX; with no questions in it, it is the template."""

from collections.abc import Iterable, Iterator
from typing import Any

from coursehub.foundation.tables import table_as
from coursehub.questions.formats.spreadsheet import CALLED, COLUMNS, LISTS, SINGLE
from coursehub.questions.formats.taking import Json

FLAGS = {"shuffle": True, "forgives_case": True, "forgives_accents": True, "needs_unit": False}
# Texts stand in columns by language, so they are no column's name by themselves.
TEXTS = ("text", "match", "feedback")
ORDER = ("guidance", "if_true", "if_false")


def xlsx_of(questions: Iterable[Json]) -> bytes:
    """A workbook with one sheet."""
    rows = [[cells.get(name, "") for name in COLUMNS] for cells in _rows(questions)]
    wide = {n for n, name in enumerate(COLUMNS) if name.startswith(TEXTS)}
    return table_as("xlsx", [COLUMNS, *rows], wide)


def _rows(questions: Iterable[Json]) -> Iterator[dict[str, str]]:
    for question in questions:
        yield from _question("question", question)


def _question(what: str, question: Json) -> Iterator[dict[str, str]]:
    cells = {"what": what, "type": question["type"], "id": question["id"]}
    cells |= _texts(question, ("text", "feedback"))
    cells |= {"points": _said(question["points"]), "tags": ", ".join(question["tags"])}
    cells["objective"] = question.get("objective") or ""
    cells["options"] = _options(question)
    if question["type"] == "true_false":
        cells["right"] = _said(question["is_true"])
    yield {name: value for name, value in cells.items() if value}
    for what_is, name in SINGLE.items():
        if question.get(name):
            yield {"what": what_is} | _texts({"text": question[name]}, ("text",))
    yield from _parts(question)


def _parts(holder: Json) -> Iterator[dict[str, str]]:
    for what, (name, columns) in LISTS.items():
        for part in holder.get(name) or ():
            if what == "question in case":
                yield from _question(what, part)
            else:
                yield _part(what, columns, part)
                yield from _parts(part)
    for part in holder.get("choices") or ():  # of a gap, where they are called so
        yield _part("answer", LISTS["answer"][1], part)


def _part(what: str, columns: tuple[str, ...], part: Json) -> dict[str, str]:
    cells = {"what": what}
    for column in columns:
        value = part.get(CALLED.get((what, column), column))
        if column in TEXTS:
            cells |= _texts({column: value} if value else {}, (column,))
        elif value is not None and value is not False:
            cells[column] = _said(value)
    cells["options"] = _options(part)
    return {name: value for name, value in cells.items() if value}


def _texts(holder: Json, names: Iterable[str]) -> dict[str, str]:
    return {
        f"{name} {code}": words
        for name in names
        for code, words in (holder.get(name) or {}).items()
    }


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value!r}" if isinstance(value, float) else str(value)


def _options(thing: Json) -> str:
    options = [
        f"{name}={_said(thing[name])}"
        for name, usual in FLAGS.items()
        if name in thing and thing[name] != usual
    ]
    options += [f"{name}={thing[name]}" for name in ("most_words", "most_files") if name in thing]
    if "kinds" in thing:
        options.append(f"kinds={','.join(thing['kinds'])}")
    return "; ".join(options)
