"""Moodle XML: the types that we have are read, the others refused by their names."""

import re
from collections.abc import Callable, Iterator

from coursehub.foundation.language import _
from coursehub.questions.formats.embedded import with_gaps
from coursehub.questions.formats.gift import category_tag
from coursehub.questions.formats.kinds import ROOT
from coursehub.questions.formats.plain import bare
from coursehub.questions.formats.taking import Draft, Json, Outcome, Unreadable, refused
from coursehub.questions.formats.weights import choice, credited, share_of
from coursehub.questions.formats.xml_tree import Node, Subtrees

FORMATS = {"html": "html", "moodle_auto_format": "auto", "plain_text": "plain", "markdown": "plain"}
BOX = re.compile(r"\[\[(\d{1,3})\]\]")
KINDS = ("pdf", "docx", "odt", "txt", "jpg", "png", "xlsx", "pptx")
MOST_WORDS = 10_000
WRONG_FEEDBACK = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def read_moodle_xml(text: str, language: str) -> Iterator[Outcome]:
    """Every question of a Moodle XML file, as a draft or a refusal."""
    if (root := ROOT.match(text)) and root[1] == "question":
        text = _in_a_quiz(text)
    category = ""
    for node in Subtrees("question").read(text):
        if node.attributes.get("type") == "category":
            category = node.said("category", "text")
        else:
            yield _read(node, category, language)


def _in_a_quiz(text: str) -> str:
    """A piece of a file, made whole without moving a line."""
    return f"<quiz>{re.sub(r'<[?]xml.*?[?]>', '', text, count=1, flags=re.DOTALL)}</quiz>"


def _read(node: Node, category: str, language: str) -> Outcome:
    kind = node.attributes.get("type", "").strip()
    draft = Draft(node.line, language, title=bare(node.said("name", "text")))
    draft.key = node.said("idnumber").strip()
    draft.tags = [tag.said("text") for tags in node.all("tags") for tag in tags.all("tag")]
    draft.tags += category_tag(category)
    try:
        reader = READERS.get(kind)
        if reader is None:
            named = kind[:60] or _("question without a type")
            raise Unreadable(_("%(kind)s: questions of this type are not kept", kind=named))
        draft.said["text"] = _text(draft, node.one("questiontext"))
        draft.said |= reader(draft, node)
        _about(draft, node)
    except Unreadable as unreadable:
        return refused(draft, unreadable.why)
    return draft


def _text(draft: Draft, node: Node | None, usual: str = "auto") -> dict[str, str] | None:
    if node is None:
        return None
    for _file in node.all("file"):
        draft.note(_("files inside texts dropped"))
    raw = node.said("text") or node.text
    return draft.text(raw, FORMATS.get(node.attributes.get("format", ""), usual))


def _needed(draft: Draft, node: Node) -> dict[str, str]:
    text = _text(draft, node)
    if text is None:
        raise Unreadable(_("an answer without a text"))
    return text


def _about(draft: Draft, node: Node) -> None:
    """What all types have, and what of it we do not keep."""
    if draft.said["text"] is None and draft.title:
        draft.said["text"] = draft.needed(draft.title)
    draft.said["feedback"] = _text(draft, node.one("generalfeedback"))
    points = share_of(node.said("defaultgrade") or "0")
    if points > 0:
        draft.said["points"] = points
    if any(hint.said("text").strip() for hint in node.all("hint")):
        draft.note(_("hints dropped"))
    if any(node.said(name, "text").strip() for name in WRONG_FEEDBACK):
        draft.note(_("feedback for right, partly right and wrong answers as a whole dropped"))
    if draft.said["type"] != "true_false" and share_of(node.said("penalty") or "0") > 0:
        draft.note(_("the penalty for each further try dropped"))
    if node.one("image_base64") or node.said("image").strip():
        draft.images.append(bare(node.said("image"))[:80] or "…")


def _answers(draft: Draft, node: Node) -> list[tuple[float, Json]]:
    return [
        (
            share_of(answer.attributes.get("fraction") or "0"),
            {
                "text": _text(draft, answer),
                "feedback": _text(draft, answer.one("feedback")),
            },
        )
        for answer in node.all("answer")
    ]


def _choice(draft: Draft, node: Node) -> Json:
    answers = _answers(draft, node)
    if any(answer["text"] is None for _weight, answer in answers):
        raise Unreadable(_("an answer without a text"))
    made = choice(draft, answers, is_single=_is(node, "single"))
    return made if _is(node, "shuffleanswers") else made | {"shuffle": False}


def _is(node: Node, tag: str, usual: str = "true") -> bool:
    return (node.said(tag).strip().lower() or usual) in ("1", "true")


def _true_false(draft: Draft, node: Node) -> Json:
    said = {bare(one.said("text") or one.text).lower(): one for one in node.all("answer")}
    if set(said) != {"true", "false"}:
        raise Unreadable(_("malformed: the answers are not “true” and “false”"))
    worth = {name: share_of(one.attributes.get("fraction") or "0") for name, one in said.items()}
    if worth["true"] == worth["false"]:
        raise Unreadable(_("malformed: no answer is right"))
    return {
        "type": "true_false",
        "is_true": worth["true"] > worth["false"],
        "if_true": _text(draft, said["true"].one("feedback")),
        "if_false": _text(draft, said["false"].one("feedback")),
    }


def _short_text(draft: Draft, node: Node) -> Json:
    draft.note(_("accents are forgiven"))
    accepted = credited(draft, _answers(draft, node))
    case = {"forgives_case": False} if _is(node, "usecase", "0") else {}
    return {"type": "short_text", "accepted": accepted} | case


def _numeric(draft: Draft, node: Node) -> Json:
    amounts = []
    for answer in node.all("answer"):
        weight = share_of(answer.attributes.get("fraction") or "100")
        said: Json = {"feedback": _text(draft, answer.one("feedback"))}
        raw = bare(answer.said("text") or answer.text)
        if weight > 0 or raw != "*":
            tolerance = answer.said("tolerance").strip() or "0"
            said |= {"value": share_of(raw), "tolerance": abs(share_of(tolerance))}
        amounts.append((weight, said))
    return {"type": "numeric", "amounts": credited(draft, amounts)} | _units(node)


def _units(node: Node) -> Json:
    listed = node.one("units")
    units = []
    for unit in listed.all("unit") if listed else ():
        factor = share_of(unit.said("multiplier") or "1")
        if factor <= 0:
            raise Unreadable(_("malformed: a unit's multiplier is not above zero"))
        # There it is how many of this unit are one of the first, here the other way round.
        units.append({"name": bare(unit.said("unit_name")), "factor": float(f"{1 / factor:.12g}")})
    needs = {"needs_unit": True} if _is(node, "unitgradingtype", "0") and units else {}
    return {"units": units} | needs if units else {}


def _matching(draft: Draft, node: Node) -> Json:
    pairs, decoys = [], []
    for sub in node.all("subquestion"):
        answer = sub.one("answer")
        said = _text(draft, sub)
        match = draft.text(answer.said("text") or answer.text) if answer else None
        if match is None:
            raise Unreadable(_("malformed: a pair of a matching question has no answer"))
        if said:
            pairs.append({"text": said, "match": match})
        else:
            decoys.append({"text": match})
    return {"type": "matching", "pairs": pairs, "decoys": decoys}


def _ordering(draft: Draft, node: Node) -> Json:
    answers = sorted(_answers(draft, node), key=lambda one: one[0])
    if any(answer["feedback"] for _place, answer in answers):
        draft.note(_("feedback on single steps dropped"))
    steps = [{"text": answer["text"]} for _place, answer in answers if answer["text"]]
    if node.said("selecttype").strip() not in ("", "ALL", "0"):
        draft.note(_("all steps are shown, not a part of them"))
    return {"type": "ordering", "steps": steps}


def _essay(draft: Draft, node: Node) -> Json:
    said: Json = {"guidance": _text(draft, node.one("graderinfo"))}
    attachments = int(share_of(node.said("attachments").strip() or "0"))
    if node.said("responseformat").strip() == "noinline":
        return _upload(draft, node, attachments) | said
    if attachments:
        draft.note(_("files beside the text dropped"))
    if node.said("responsetemplate", "text").strip():
        draft.note(_("the text to begin with dropped"))
    most = int(share_of(node.said("maxwordlimit").strip() or "0"))
    if most > 0:
        said["most_words"] = min(most, MOST_WORDS)
    return {"type": "essay"} | said


def _upload(draft: Draft, node: Node, attachments: int) -> Json:
    said = {"type": "file", "most_files": min(max(attachments, 1), 5)}
    if said["most_files"] != attachments:
        draft.note(_("the number of files is now %(number)s", number=said["most_files"]))
    listed = [one.strip(" .") for one in re.split(r"[,;\s]+", node.said("filetypeslist"))]
    kinds = [one for one in listed if one in KINDS]
    if [one for one in listed if one and one not in KINDS]:
        draft.note(_("kinds of files we do not take dropped"))
    return said | ({"kinds": kinds} if kinds else {})


def _cloze(draft: Draft, node: Node) -> Json:
    asked = node.one("questiontext")
    raw = (asked.said("text") or asked.text) if asked else ""
    markup = FORMATS.get(asked.attributes.get("format", ""), "auto") if asked else "auto"
    draft.forget()  # what the gaps look like inside HTML says nothing yet
    made = with_gaps(draft, raw, markup)
    return made | {"points": sum(gap["points"] for gap in made["gaps"])}


def _words_to_choose(draft: Draft, node: Node) -> Json:
    """Words dragged or chosen into gaps: [[2]] is the gap whose answer is the second word."""
    boxes = [*node.all("selectoption"), *node.all("dragbox")]
    words = [(_needed(draft, box), box.said("group").strip() or "1") for box in boxes]
    text = next(iter((draft.said["text"] or {"": ""}).values()))
    gaps: list[Json] = []

    def gap_of(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        if not 0 <= at < len(words):
            raise Unreadable(_("malformed: there is no word number %(number)s", number=at + 1))
        chosen = [
            {"text": word} | ({"right": True} if n == at else {})
            for n, (word, group) in enumerate(words)
            if group == words[at][1]
        ]
        gaps.append({"id": f"new-{len(gaps)}", "choices": chosen})
        return f"[[new-{len(gaps) - 1}]]"

    made = BOX.sub(gap_of, text)
    if not gaps:
        raise Unreadable(_("malformed: a cloze without answers in its text"))
    draft.note(_("each gap is now a list to choose from"))
    return {"type": "cloze", "text": {draft.language: made}, "gaps": gaps}


READERS: dict[str, Callable[[Draft, Node], Json]] = {
    "multichoice": _choice,
    "truefalse": _true_false,
    "shortanswer": _short_text,
    "numerical": _numeric,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _words_to_choose,
    "ddwtos": _words_to_choose,
}
