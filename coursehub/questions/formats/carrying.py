"""What a format can carry of a question, and what is lost; writers write what is left.

Reading a written file gives exactly the questions that are left here, ids of parts aside.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from coursehub.content.formats.questions import GAP
from coursehub.foundation.language import _
from coursehub.questions.formats.embedded import EMBEDDED
from coursehub.questions.formats.taking import TITLE_CHARACTERS, Json
from coursehub.questions.formats.weights import of_hundred

TEXTS = ("text", "feedback", "match", "guidance", "if_true", "if_false", "title")
# No XML can hold these.
UNWRITABLE = re.compile("[\ufffe\uffff\ud800-\udfff]")
MOST_IN_A_CELL = 32_000
USUAL_WORDS = 500


@dataclass
class Carried:
    """What is written of one question: none, or itself, or for a case its questions."""

    questions: list[Json] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def lose(self, what: str) -> None:
        if what not in self.lost:
            self.lost.append(what)


def title_of(question: Json) -> str:
    """What a question is called where it needs a name: how it begins."""
    words = GAP.sub("___", next(iter(question["text"].values())))
    return " ".join(words.split())[:TITLE_CHARACTERS]


def by_gift(question: Json, language: str) -> Carried:
    """GIFT has one language, no points, no units, no gaps and no files."""
    carried = _in_pieces(question, language)
    carried.questions = [one for one in carried.questions if not _no_gift(carried, one)]
    for one in carried.questions:
        _usual(carried, one, "points", 1.0, _("points"))
        _usual(carried, one, "shuffle", True, _("the fixed order of the answers"))
        _usual(carried, one, "units", [], _("units"))
        _usual(carried, one, "needs_unit", False, _("units"))
        _usual(carried, one, "forgives_case", True, _("that upper and lower case count"))
        _usual(carried, one, "most_words", USUAL_WORDS, _("the number of words"))
        _without(carried, one, "guidance", _("the guidance for marking"))
    return carried


def _no_gift(carried: Carried, question: Json) -> bool:
    """Whether GIFT has no way to write a question; says so."""
    why = None
    if question["type"] in ("cloze", "file"):
        why = _("the whole question: GIFT has no type “%(type)s”", type=question["type"])
    elif any("->" in _only(one["text"]) for one in question.get("pairs", ())) or any(
        "->" in _only(one["text"]) for one in question.get("accepted", ())
    ):
        why = _("the whole question: GIFT cannot write -> in an answer")
    elif any(_only(one["text"]).startswith("//") for one in question.get("steps", ())):
        why = _("the whole question: GIFT cannot write // at the beginning of a step")
    if why:
        carried.lose(why)
    return why is not None


def by_moodle_xml(question: Json, language: str) -> Carried:
    """Moodle XML has one language here, no rubric and no cases."""
    carried = _in_pieces(question, language)
    for one in carried.questions:
        for unit in one.get("units", ()):
            _replace(carried, unit, "factor", factor_again(unit["factor"]), _("digits of a unit"))
        if one["type"] == "cloze":
            _gaps(carried, one)
    return carried


def by_spreadsheet(question: Json, _language: str) -> Carried:
    """Our spreadsheet has everything but from which text a translation was made."""
    carried = Carried()
    whole = _copied(question, lambda text: _cell(carried, text))
    for one in (whole, *whole.get("questions", ())):
        tags = [tag.replace(",", " ") for tag in one["tags"]]
        _tags(carried, one, tags)
    carried.questions = [whole]
    return carried


def multiplier_of(factor: float) -> str:
    """How many of a unit are one of the first, as Moodle writes it."""
    return f"{1 / factor:.15g}"


def factor_again(factor: float) -> float:
    return float(f"{1 / float(multiplier_of(factor)):.12g}")


def hundred(share: float) -> str:
    """A share as per cent, written out."""
    return format((Decimal(repr(share)) * 100).normalize(), "f")


def _in_pieces(question: Json, language: str) -> Carried:
    """A question in one language, without what neither Moodle format has; a case in pieces."""
    carried = Carried()
    whole = _copied(question, lambda text: _one_language(carried, text, language))
    pieces = list(_pieces(carried, whole))
    for one in pieces:
        _without(carried, one, "objective", _("the objective"))
        _usual(carried, one, "rubric", [], _("the rubric"))
        _usual(carried, one, "forgives_accents", True, _("that accents count"))
        _tags(carried, one, [tag.replace("]", ")") for tag in one["tags"]])
        for part in _credited(one):
            share = max(round(part["credit"], 12), 1e-12)
            _replace(
                carried, part, "credit", of_hundred(float(hundred(share))), _("digits of a share")
            )
    carried.questions = pieces
    return carried


def _pieces(carried: Carried, question: Json) -> Iterator[Json]:
    if question["type"] != "case":
        yield question
        return
    carried.lose(_("the case: its questions stand alone, each behind the case's text"))
    for one in question["questions"]:
        text = {
            code: f"{words}\n\n{_only(one['text'])}" for code, words in question["text"].items()
        }
        yield one | {"text": text, "tags": list(dict.fromkeys([*question["tags"], *one["tags"]]))}


def _copied(thing: Json, text: Callable[[dict[str, str]], dict[str, str]]) -> Json:
    """A copy with every text put through a function, without fingerprints."""
    copy: Json = {}
    for key, value in thing.items():
        if key in TEXTS and isinstance(value, dict):
            copy[key] = text(value)
        elif isinstance(value, list):
            copy[key] = [_copied(one, text) if isinstance(one, dict) else one for one in value]
        elif key == "from":
            copy[key] = {}
        else:
            copy[key] = value
    return copy


def _one_language(carried: Carried, text: dict[str, str], language: str) -> dict[str, str]:
    known = language if language in text else next(iter(text))
    others = sorted(set(text) - {known})
    if others:
        carried.lose(_("texts in other languages (%(codes)s)", codes=", ".join(others)))
    if known != language:
        why = _(
            "that a text is in “%(code)s”, not in “%(language)s”", code=known, language=language
        )
        carried.lose(why)
    return {language: _written(carried, text[known])}


def _cell(carried: Carried, text: dict[str, str]) -> dict[str, str]:
    cells = {code: _written(carried, words) for code, words in text.items()}
    if any(len(words) > MOST_IN_A_CELL for words in cells.values()):
        carried.lose(_("the end of a text: a cell holds %(most)s characters", most=MOST_IN_A_CELL))
    return {code: words[:MOST_IN_A_CELL].strip() for code, words in cells.items()}


def _written(carried: Carried, words: str) -> str:
    left = UNWRITABLE.sub("", words).strip() or "…"
    if left != words.strip():
        carried.lose(_("characters that no file of this kind can hold"))
    return left


def _only(text: dict[str, str]) -> str:
    return next(iter(text.values()))


def _tags(carried: Carried, question: Json, wanted: list[str]) -> None:
    tags = [" ".join(UNWRITABLE.sub("", tag).split())[:80].strip() for tag in wanted]
    _replace(carried, question, "tags", list(dict.fromkeys(filter(None, tags))), _("signs in tags"))


def _usual(carried: Carried, question: Json, key: str, usual: object, what: str) -> None:
    """Nothing but the usual value can be written."""
    if key in question:
        _replace(carried, question, key, usual, what)


def _without(carried: Carried, question: Json, key: str, what: str) -> None:
    if question.pop(key, None) is not None:
        carried.lose(what)


def _replace(carried: Carried, thing: Json, key: str, value: object, what: str) -> None:
    if thing[key] != value:
        carried.lose(what)
        thing[key] = value


def _credited(question: Json) -> Iterator[Json]:
    for holder in (question, *question.get("gaps", ())):
        for name in ("answers", "choices", "accepted", "amounts"):
            yield from (part for part in holder.get(name) or () if "credit" in part)


def _gaps(carried: Carried, question: Json) -> None:
    """A cloze as Moodle writes one: gaps count in whole numbers, answers stand on one line."""
    text = _only(question["text"])
    plain = GAP.sub("", text)
    if "[[" in plain or EMBEDDED.search(plain) or "{" in plain:
        pieces = GAP.split(text)
        pieces[::2] = [one.replace("[[", "[ [").replace("{", "(") for one in pieces[::2]]
        text = "".join(f"[[{one}]]" if n % 2 else one for n, one in enumerate(pieces))
        carried.lose(_("braces in the text of a cloze"))
    question["text"] = dict.fromkeys(question["text"], text)
    for gap in question["gaps"]:
        points = float(min(max(round(gap["points"]), 1), 9999))
        _replace(carried, gap, "points", points, _("fractions of points of a gap"))
        _usual(carried, gap, "forgives_accents", True, _("that accents count"))
        if "accepted" not in gap:
            _usual(carried, gap, "forgives_case", True, _("that upper and lower case count"))
        for name in ("choices", "accepted", "amounts"):
            for part in gap.get(name) or ():
                _flat(carried, part)


def _flat(carried: Carried, part: Json) -> None:
    for name in ("text", "feedback"):
        if name in part:
            flat = {code: " ".join(words.split()) for code, words in part[name].items()}
            _replace(carried, part, name, flat, _("line ends and spaces in the answers of a cloze"))
