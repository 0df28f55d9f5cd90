"""Writes Moodle XML, of what Moodle XML can carry."""

import html
from collections.abc import Callable, Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from coursehub.content.formats.questions import GAP
from coursehub.questions.formats.carrying import hundred, multiplier_of, title_of
from coursehub.questions.formats.plain import TAGS
from coursehub.questions.formats.taking import Json

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\{}~#"})


def moodle_xml_of(questions: Iterable[Json]) -> str:
    """A Moodle XML file."""
    return HEAD + "".join(map(_question, questions)) + "</quiz>\n"


def _question(question: Json) -> str:
    kind, parts = WRITERS[question["type"]]
    lines = [
        f"<name><text>{escape(title_of(question))}</text></name>",
        _text("questiontext", _asked(question)),
        _text("generalfeedback", question.get("feedback")),
        _tag("defaultgrade", repr(question["points"])),
        _tag("penalty", "0"),
        _tag("hidden", "0"),
        _tag("idnumber", question["id"]),
        *parts(question),
    ]
    if question["tags"]:
        tags = "".join(f"<tag><text>{escape(tag)}</text></tag>" for tag in question["tags"])
        lines.append(f"<tags>{tags}</tags>")
    return f'<question type="{kind}">\n' + "".join(f"  {one}\n" for one in lines) + "</question>\n"


def _asked(question: Json) -> dict[str, str]:
    text: dict[str, str] = question["text"]
    if question["type"] != "cloze":
        return text
    gaps = {gap["id"]: gap for gap in question["gaps"]}
    return {
        code: GAP.sub(lambda found: _gap(gaps[found[1]]), words) for code, words in text.items()
    }


def _tag(name: str, said: object) -> str:
    return f"<{name}>{escape(str(said))}</{name}>"


def _text(name: str, text: dict[str, str] | None, inside: str = "", **attributes: str) -> str:
    """An element that holds a text, and what stands beside the text."""
    said = next(iter(text.values())) if text else ""
    marks = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f'<{name}{marks} format="plain_text"><text>{escape(said)}</text>{inside}</{name}>'


def _answer(fraction: str, part: Json, inside: str = "") -> str:
    feedback = _text("feedback", part.get("feedback"))
    return _text("answer", part["text"], inside + feedback, fraction=fraction)


def _single_choice(question: Json) -> Iterator[str]:
    yield from (_tag("single", "true"), _shuffle(question))
    for one in question["answers"]:
        yield _answer("100" if one["right"] else hundred(one.get("credit") or 0.0), one)


def _multiple_choice(question: Json) -> Iterator[str]:
    right = sum(one["right"] for one in question["answers"])
    wrong = len(question["answers"]) - right
    worth = {True: 100 / right, False: -100 / (wrong or 1)}
    yield from (_tag("single", "false"), _shuffle(question))
    for one in question["answers"]:
        yield _answer(f"{worth[one['right']]:.5f}", one)


def _shuffle(question: Json) -> str:
    return _tag("shuffleanswers", "true" if question["shuffle"] else "false")


def _true_false(question: Json) -> Iterator[str]:
    for name, is_right in (("true", question["is_true"]), ("false", not question["is_true"])):
        part = {"text": {"": name}, "feedback": question.get(f"if_{name}")}
        yield _answer("100" if is_right else "0", part)


def _matching(question: Json) -> Iterator[str]:
    yield _tag("shuffleanswers", "true")
    pairs = [(one["text"], one["match"]) for one in question["pairs"]]
    for text, match in [*pairs, *((None, one["text"]) for one in question["decoys"])]:
        said = escape(next(iter(match.values())))
        yield _text("subquestion", text, f"<answer><text>{said}</text></answer>")


def _ordering(question: Json) -> Iterator[str]:
    settings = {
        "layouttype": "VERTICAL",
        "selecttype": "ALL",
        "selectcount": "0",
        "gradingtype": "RELATIVE_ALL_PREVIOUS_AND_NEXT",
    }
    yield from (_tag(name, said) for name, said in settings.items())
    for n, step in enumerate(question["steps"], 1):
        yield _answer(str(n), step)


def _numeric(question: Json) -> Iterator[str]:
    for one in question["amounts"]:
        part = {"text": {"": repr(one["value"])}, "feedback": one.get("feedback")}
        yield _answer(hundred(one["credit"]), part, _tag("tolerance", repr(one["tolerance"])))
    units = question["units"]
    yield _tag("unitgradingtype", "1" if question["needs_unit"] else "0")
    yield _tag("unitpenalty", "1.0")
    yield _tag("showunits", "0" if units else "3")
    if units:
        listed = "".join(
            "<unit>"
            + _tag("multiplier", multiplier_of(unit["factor"]))
            + _tag("unit_name", unit["name"])
            + "</unit>"
            for unit in units
        )
        yield f"<units>{listed}</units>"


def _short_text(question: Json) -> Iterator[str]:
    yield _tag("usecase", "0" if question["forgives_case"] else "1")
    for one in question["accepted"]:
        yield _answer(hundred(one["credit"]), one)


def _essay(question: Json) -> Iterator[str]:
    yield _tag("responseformat", "plain")
    yield _tag("maxwordlimit", question["most_words"])
    yield _text("graderinfo", question.get("guidance"))


def _upload(question: Json) -> Iterator[str]:
    yield _tag("responseformat", "noinline")
    yield _tag("attachments", question["most_files"])
    yield _tag("attachmentsrequired", "1")
    yield _tag("filetypeslist", ",".join(f".{kind}" for kind in question["kinds"]))
    yield _text("graderinfo", question.get("guidance"))


def _nothing(_question: Json) -> Iterator[str]:
    yield from ()


def _gap(gap: Json) -> str:
    """A gap as it stands in the text: {1:SHORTANSWER:=Lima#Yes~%50%Callao}."""
    if gap.get("choices"):
        kind, answers = "MULTICHOICE", [_chosen(one) for one in gap["choices"]]
    elif gap.get("accepted"):
        kind = "SHORTANSWER" if gap["forgives_case"] else "SHORTANSWER_C"
        answers = [_worth(one["credit"]) + _inside(one["text"]) for one in gap["accepted"]]
    else:
        kind = "NUMERICAL"
        answers = [
            f"{_worth(one['credit'])}{one['value']!r}:{one['tolerance']!r}"
            for one in gap["amounts"]
        ]
    parts = gap.get("choices") or gap.get("accepted") or gap["amounts"]
    said = "~".join(
        f"{answer}#{_inside(part['feedback'])}" if part.get("feedback") else answer
        for answer, part in zip(answers, parts, strict=True)
    )
    return f"{{{int(gap['points'])}:{kind}:{said}}}"


def _chosen(answer: Json) -> str:
    worth = 1.0 if answer["right"] else answer.get("credit") or 0.0
    return ("=" if answer["right"] else f"%{hundred(worth)}%") + _inside(answer["text"])


def _worth(share: float) -> str:
    return "=" if share == 1 else f"%{hundred(share)}%"


def _inside(text: dict[str, str]) -> str:
    """A text inside a gap: there Moodle reads HTML."""
    words = next(iter(text.values()))
    return (html.escape(words, quote=False) if TAGS.search(words) else words).translate(SIGNS)


WRITERS: dict[str, tuple[str, Callable[[Json], Iterable[str]]]] = {
    "single_choice": ("multichoice", _single_choice),
    "multiple_choice": ("multichoice", _multiple_choice),
    "true_false": ("truefalse", _true_false),
    "matching": ("matching", _matching),
    "ordering": ("ordering", _ordering),
    "numeric": ("numerical", _numeric),
    "short_text": ("shortanswer", _short_text),
    "cloze": ("cloze", _nothing),
    "essay": ("essay", _essay),
    "file": ("essay", _upload),
}
