"""The `:::name` blocks of lessons, as a rule of the Markdown parser."""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

OPENS = re.compile(r"^:::\s*([a-z][a-z-]*)\s*(.*)$")
CLOSES = re.compile(r"^:::\s*$")
WITH_TEXT = frozenset(
    {"note", "important", "think", "content-note", "case", "equivalent", "transcript"}
)
WITH_FIELDS = frozenset({"figure", "audio", "video", "download"})
NAMES = WITH_TEXT | WITH_FIELDS


def plugin(markdown: MarkdownIt) -> None:
    """Let the parser make `directive_open` … `directive_close`, or one `directive_fields` token.

    `meta` holds the name and title; the content of a token with fields is its YAML. A directive
    that never closes becomes a token `directive_broken`.
    """
    alternatives: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before("fence", "directive", _directive, alternatives)


def _directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    opening = OPENS.match(_line(state, start))
    if opening is None:
        return False
    if silent:
        return True
    meta = {"name": opening[1], "title": opening[2].strip()}
    closing = _closing(state, start, end)
    if closing is None or meta["name"] not in NAMES:
        token = state.push("directive_broken", "", 0)
        token.meta = meta | {"is_closed": closing is not None}
        last = closing if closing is not None else start
    elif meta["name"] in WITH_FIELDS:
        token = state.push("directive_fields", "", 0)
        token.meta = meta
        token.content = state.getLines(start + 1, closing, 0, True)
        last = closing
    else:
        _with_text(state, start, closing, meta)
        last = closing
    if meta["name"] not in WITH_TEXT or closing is None:
        token.map = [start, last + 1]
    state.line = last + 1
    return True


def _with_text(state: StateBlock, start: int, closing: int, meta: dict[str, Any]) -> None:
    opened = state.push("directive_open", "", 1)
    opened.meta, opened.map, opened.block = meta, [start, closing + 1], True
    parent, line_max = state.parentType, state.lineMax
    state.parentType, state.lineMax = "directive", closing
    state.md.block.tokenize(state, start + 1, closing)
    state.parentType, state.lineMax = parent, line_max
    closed = state.push("directive_close", "", -1)
    closed.meta, closed.block = meta, True


def _closing(state: StateBlock, start: int, end: int) -> int | None:
    depth = 1
    for line in range(start + 1, end):
        text = _line(state, line)
        if CLOSES.match(text):
            depth -= 1
        elif OPENS.match(text):
            depth += 1
        if depth == 0:
            return line
    return None


def _line(state: StateBlock, number: int) -> str:
    if state.sCount[number] - state.blkIndent >= 4 or state.sCount[number] < state.blkIndent:
        return ""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
