"""GIFT: questions as text, one after another with an empty line between them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from coursehub.foundation.language import _
from coursehub.questions.formats.taking import Draft, Json, Outcome, Unreadable, refused
from coursehub.questions.formats.weights import choice, credited, share_of

# What follows a backslash stands for itself; meanwhile it is a character that no text has.
ESCAPED = {f"\\{sign}": chr(n) for n, sign in enumerate("\\:#={}~n", 1)}
STANDS_FOR = {ord(mark): "\n" if code == "\\n" else code[1] for code, mark in ESCAPED.items()}
ESCAPES = re.compile(r"\\[\\:#={}~n]")
MARKS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
FORMATS = {"html": "html", "moodle": "auto", "plain": "plain", "markdown": "markdown"}
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,20})?)%")
NAMED = re.compile(r"\[(id|tag):([^\]]+)\]")
ANSWER = re.compile(r"([=~])([^=~]*)")
EMBEDDED = re.compile(r"\s*\d*:[A-Z_]+:")
CATEGORY = re.compile(r"\$CATEGORY:\s*(.*)")
TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
GAP = "_____"


@dataclass
class Block:
    """The lines between two empty ones, and what the comments among them name."""

    line: int
    lines: list[str] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """A question's pieces, still escaped."""

    text: str
    answers: str
    markup: str


def read_gift(text: str, language: str) -> Iterator[Outcome]:
    """Every question of a GIFT file, as a draft or a refusal."""
    category = ""
    for block in _blocks(text):
        while block.lines and (found := CATEGORY.match(block.lines[0].strip())):
            category, block.lines, block.line = found[1], block.lines[1:], block.line + 1
        if block.lines:
            yield _read(block, category, language)


def category_tag(path: str) -> list[str]:
    """A Moodle category as a tag: its path without what names a place in Moodle."""
    parts = [part.strip() for part in path.split("/")]
    named = [part for part in parts if part and part != "top" and not part.startswith("$")]
    return ["/".join(named)] if named else []


def _blocks(text: str) -> Iterator[Block]:
    block = Block(1)
    for n, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare.startswith("//"):
            block.names += NAMED.findall(bare)
        elif bare:
            if not block.lines:
                block.line = n
            block.lines.append(line)
        elif block.lines:
            yield block
            block = Block(n)
    if block.lines:
        yield block


def _read(block: Block, category: str, language: str) -> Outcome:
    draft = Draft(block.line, language)
    draft.key = next((value.strip() for name, value in block.names if name == "id"), "")
    draft.tags = [value for name, value in block.names if name == "tag"] + category_tag(category)
    raw = MARKS.sub("", "\n".join(block.lines))
    raw = ESCAPES.sub(lambda found: ESCAPED[found[0]], raw)
    if title := TITLE.match(raw):
        draft.title, raw = _whole(title[1]).strip(), raw[title.end() :]
    try:
        _ask(draft, _pieces(draft, raw))
    except Unreadable as unreadable:
        return refused(draft, unreadable.why)
    return draft


def _whole(piece: str) -> str:
    return piece.translate(STANDS_FOR)


def _pieces(draft: Draft, raw: str) -> Asked:
    head, opened, rest = raw.partition("{")
    answers, closed, tail = rest.partition("}")
    if not opened and "}" not in head:
        raise Unreadable(_("description: a text without a question"))
    if not opened or not closed or "{" in answers:
        raise Unreadable(_("malformed: the braces around the answers do not close"))
    if "{" in tail or "}" in tail:
        raise Unreadable(_("malformed: several groups of answers in one question"))
    markup, head = _markup(head, "auto")
    if re.search(r"\w", _whole(tail)):
        head = f"{head.rstrip()} {GAP} {tail.strip()}"
    elif tail.strip():
        draft.note(_("“%(tail)s” behind the answers dropped", tail=_whole(tail).strip()))
    return Asked(head, answers.strip(), markup)


def _markup(piece: str, usual: str) -> tuple[str, str]:
    found = FORMAT.match(piece)
    return (FORMATS[found[1]], piece[found.end() :]) if found else (usual, piece)


def _ask(draft: Draft, asked: Asked) -> None:
    answers, _sign, general = asked.answers.partition("####")
    draft.said["text"] = draft.text(_whole(asked.text), asked.markup)
    if draft.said["text"] is None and draft.title:
        draft.said["text"] = draft.needed(draft.title)
    draft.said["feedback"] = _text(draft, general, asked.markup)
    asked = Asked(asked.text, answers.strip(), asked.markup)
    draft.said |= _reader_of(asked.answers)(draft, asked)


def _text(draft: Draft, piece: str, usual: str) -> dict[str, str] | None:
    markup, piece = _markup(piece, usual)
    return draft.text(_whole(piece), markup)


def _needed(draft: Draft, piece: str, usual: str) -> dict[str, str]:
    markup, piece = _markup(piece, usual)
    return draft.needed(_whole(piece), markup)


def _reader_of(answers: str) -> Callable[[Draft, Asked], Json]:
    if not answers:
        return _essay
    if answers.startswith(">"):
        return _ordering
    if answers.startswith("#"):
        return _numeric
    if EMBEDDED.match(answers):
        raise Unreadable(_("malformed: embedded answers (Cloze) are no part of GIFT"))
    if answers.partition("#")[0].strip().upper() in TRUTHS:
        return _true_false
    if "~" in answers:
        return _choice
    return _matching if "->" in answers else _short_text


def _essay(_draft: Draft, _asked: Asked) -> Json:
    return {"type": "essay"}


def _ordering(draft: Draft, asked: Asked) -> Json:
    # The first line says how the steps are laid out in Moodle; ours are always in one column.
    _layout, *lines = asked.answers.split("\n")
    steps = [_text(draft, line, asked.markup) for line in lines if line.strip()]
    return {"type": "ordering", "steps": [{"text": one} for one in steps if one]}


def _true_false(draft: Draft, asked: Asked) -> Json:
    said, *feedback = asked.answers.split("#")
    is_true = TRUTHS[said.strip().upper()]
    for_wrong, for_right = [*(_text(draft, one, asked.markup) for one in feedback), None, None][:2]
    if_true, if_false = (for_right, for_wrong) if is_true else (for_wrong, for_right)
    return {"type": "true_false", "is_true": is_true} | {
        name: text for name, text in (("if_true", if_true), ("if_false", if_false)) if text
    }


def _answers(asked: Asked, answers: str) -> Iterator[tuple[str, float | None, str, str]]:
    """The sign of each answer, its weight in per cent, its text and its feedback."""
    if ANSWER.sub("", answers, count=0).strip():
        raise Unreadable(_("malformed: an answer begins with = or ~"))
    for sign, rest in ANSWER.findall(answers):
        weight = WEIGHT.match(rest)
        said = rest[weight.end() :] if weight else rest
        text, _sign, feedback = said.partition("#")
        yield sign, float(weight[1]) if weight else None, text, feedback


def _choice(draft: Draft, asked: Asked) -> Json:
    read = list(_answers(asked, asked.answers))
    answers = []
    for sign, weight, text, feedback in read:
        usual = 100.0 if sign == "=" else 0.0
        answers.append(
            (
                usual if weight is None else weight,
                {
                    "text": _needed(draft, text, asked.markup),
                    "feedback": _text(draft, feedback, asked.markup),
                },
            )
        )
    return choice(draft, answers, is_single=any(sign == "=" for sign, *_rest in read))


def _matching(draft: Draft, asked: Asked) -> Json:
    pairs, decoys = [], []
    for _sign, _weight, text, _feedback in _answers(asked, asked.answers):
        thing, arrow, match = text.partition("->")
        if not arrow:
            raise Unreadable(_("malformed: a pair of a matching question has no ->"))
        said = _text(draft, thing, asked.markup)
        other = _needed(draft, match, "plain")
        if said:
            pairs.append({"text": said, "match": other})
        else:
            decoys.append({"text": other})
    return {"type": "matching", "pairs": pairs, "decoys": decoys}


def _short_text(draft: Draft, asked: Asked) -> Json:
    accepted = [
        (
            100.0 if weight is None else weight,
            {
                "text": _text(draft, text, "plain" if asked.markup == "plain" else "auto"),
                "feedback": _text(draft, feedback, asked.markup),
            },
        )
        for _sign, weight, text, feedback in _answers(asked, asked.answers)
    ]
    draft.note(_("accents are forgiven"))
    return {"type": "short_text", "accepted": credited(draft, accepted)}


def _numeric(draft: Draft, asked: Asked) -> Json:
    listed = asked.answers[1:].strip()
    if not listed.startswith(("=", "~")):
        listed = f"={listed}"
    amounts = []
    for _sign, weight, text, feedback in _answers(asked, listed):
        said = {"feedback": _text(draft, feedback, asked.markup)}
        if text.strip():
            said |= _amount(_whole(text))
        elif weight is None:
            weight = 0.0
        amounts.append((100.0 if weight is None else weight, said))
    return {"type": "numeric", "amounts": credited(draft, amounts)}


def _amount(text: str) -> Json:
    first, between, last = text.partition("..")
    if between:
        least, most = share_of(first), share_of(last)
        return {"value": (least + most) / 2, "tolerance": abs(most - least) / 2}
    value, _sign, tolerance = text.partition(":")
    return {"value": share_of(value), "tolerance": abs(share_of(tolerance or "0"))}
