"""Moodle's embedded answers (Cloze): {2:SHORTANSWER:=Lima#Yes~%50%Callao} inside a text."""

import re

from coursehub.foundation.language import _
from coursehub.questions.formats.taking import Draft, Json, Unreadable
from coursehub.questions.formats.weights import credited, share_of, single_answers

EMBEDDED = re.compile(r"\{\s*+(\d{0,4})\s*+:\s*+([A-Z_]++)\s*+:((?:[^\\{}]|\\.)*+)\}", re.DOTALL)
PIECES = re.compile(r"(?:[^\\~]|\\.)+", re.DOTALL)
FEEDBACK = re.compile(r"((?:[^\\#]|\\.)*)#?(.*)", re.DOTALL)
WEIGHT = re.compile(r"\s*(?:(=)|%(-?\d{1,3}(?:\.\d{1,20})?)%)?(.*)", re.DOTALL)
SHORT = {"SHORTANSWER", "SA", "MW"}
SHORT_BY_CASE = {"SHORTANSWER_C", "SAC", "MWC"}
NUMBERS = {"NUMERICAL", "NM"}
CHOICES = {
    f"{kind}{tail}{order}"
    for kind, tails in (("MULTICHOICE", ("", "_V", "_H")), ("MC", ("", "V", "H")))
    for tail in tails
    for order in ("", "S" if kind == "MC" else "_S", "S")
}

Weighted = tuple[float, str, dict[str, str] | None]


def with_gaps(draft: Draft, raw: str, markup: str) -> Json:
    """A cloze from a text in which its answers stand."""
    gaps: list[Json] = []
    text, end = "", 0
    for found in EMBEDDED.finditer(raw):
        gaps.append(_gap(draft, f"new-{len(gaps)}", found[1], found[2], found[3]))
        text += f"{_without_gaps(raw[end : found.start()])}[[{gaps[-1]['id']}]]"
        end = found.end()
    text += _without_gaps(raw[end:])
    if not gaps:
        raise Unreadable(_("malformed: a cloze without answers in its text"))
    return {"type": "cloze", "text": draft.text(text, markup), "gaps": gaps}


def _without_gaps(text: str) -> str:
    """What stands around the gaps, in which nothing may look like one of ours."""
    return text.replace("[[", "[ [")


def _gap(draft: Draft, name: str, weight: str, kind: str, said: str) -> Json:
    gap: Json = {"id": name, "points": float(weight or 1) or 1.0}
    answers = [_weighted(draft, one) for one in PIECES.findall(said) if one.strip()]
    if kind in NUMBERS:
        return gap | {"amounts": credited(draft, [_amount(one) for one in answers])}
    if kind in SHORT | SHORT_BY_CASE:
        accepted = [(worth, _said(draft, text, feedback)) for worth, text, feedback in answers]
        case = {"forgives_case": kind in SHORT}
        draft.note(_("accents are forgiven"))
        return gap | case | {"accepted": credited(draft, accepted)}
    if kind in CHOICES:
        chosen = [(worth, _said(draft, text, feedback)) for worth, text, feedback in answers]
        if len(chosen) < 2:
            raise Unreadable(_("malformed: a choice has at least two answers"))
        return gap | {"choices": single_answers(draft, chosen)}
    raise Unreadable(_("%(kind)s: this kind of gap is not kept", kind=kind[:40]))


def _weighted(draft: Draft, piece: str) -> Weighted:
    found = WEIGHT.fullmatch(piece)
    assert found  # noqa: S101 - it matches every text
    is_right, weight, rest = found.groups()
    parts = FEEDBACK.fullmatch(rest)
    assert parts  # noqa: S101 - it matches every text
    worth = 100.0 if is_right else float(weight or 0)
    return worth, _bare(parts[1]), draft.text(_bare(parts[2]), "auto")


def _bare(piece: str) -> str:
    return re.sub(r"\\(.)", r"\1", piece, flags=re.DOTALL)


def _said(draft: Draft, text: str, feedback: dict[str, str] | None) -> Json:
    return {"text": draft.text(text, "auto"), "feedback": feedback}


def _amount(answer: Weighted) -> tuple[float, Json]:
    worth, text, feedback = answer
    if worth <= 0:
        return worth, {"feedback": feedback}
    value, _sign, tolerance = text.partition(":")
    said = {"value": share_of(value), "tolerance": abs(share_of(tolerance or "0"))}
    return worth, said | {"feedback": feedback}
