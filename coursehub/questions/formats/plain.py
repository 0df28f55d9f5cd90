"""From HTML to the plain texts that questions hold, and what was lost on the way."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

TAGS = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+\d?);")
UNCLOSED = re.compile(r"<(?![a-zA-Z/!?][^<>]*>)")
IMAGE_DATA = re.compile(r"data:[\w.+/-]{1,60};base64,[A-Za-z0-9+/=\s]+")
MOST_MARKUP = 200_000
BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "li",
    }
)
HIDDEN_PARTS = frozenset({"script", "style", "template", "noscript", "head", "title"})
# What these say is said by lines as well.
LOSSLESS = frozenset({"p", "br", "div", "span", "html", "body"})
RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


@dataclass(frozen=True)
class Plain:
    text: str
    lost: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    is_whole: bool = True


def text_of(raw: str, markup: str) -> Plain:
    """A text without markup; `auto` is HTML if it looks so, `plain` and `markdown` stay."""
    raw = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if markup == "html" or (markup == "auto" and TAGS.search(raw)):
        return _reduced(raw)
    return Plain(raw.strip())


def _reduced(raw: str) -> Plain:
    raw = IMAGE_DATA.sub("data:", raw)
    if len(raw) > MOST_MARKUP:
        return Plain("", is_whole=False)
    reader = _Reader()
    # A text of nothing but beginnings of tags and comments would keep the reader busy for hours.
    reader.feed(UNCLOSED.sub("&lt;", _without_comments(raw)))
    reader.close()
    lines = ["".join(line).strip() for line in _lines(reader.pieces)]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Plain(text, sorted(reader.lost), list(dict.fromkeys(reader.images)))


def _without_comments(raw: str) -> str:
    first, *rest = raw.split("<!--")
    return first + "".join(piece.partition("-->")[2] if "-->" in piece else piece for piece in rest)


def _lines(pieces: list[str]) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    for piece in pieces:
        if piece == "\n":
            lines.append([])
        else:
            lines[-1].append(piece)
    return lines


class _Reader(HTMLParser):
    """Collects words and line ends; knows nothing of what it would look like."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.lost: set[str] = set()
        self.images: list[str] = []
        self.hidden, self.kept_lines = 0, 0
        self.shifts: list[dict[int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in LOSSLESS and tag != "img":
            self.lost.add(tag)
        self.hidden += tag in HIDDEN_PARTS
        self.kept_lines += tag == "pre"
        if act := STARTS.get(tag):
            act(self, {name: value or "" for name, value in attrs})
        elif tag in BLOCKS:
            self._break(2 if tag == "p" else 1)

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in HIDDEN_PARTS and self.hidden > 0
        self.kept_lines -= tag == "pre" and self.kept_lines > 0
        if tag in ("sup", "sub") and self.shifts:
            self.shifts.pop()
        elif tag in BLOCKS:
            self._break(2 if tag == "p" else 1)

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        data = data.replace("\xa0", " ")
        if self.shifts and all(ord(one) in self.shifts[-1] for one in data):
            data = data.translate(self.shifts[-1])
        if self.kept_lines:
            for n, line in enumerate(data.split("\n")):
                self.pieces += ["\n", line] if n else [line]
            return
        words = re.sub(r"\s+", " ", data)
        at_start = not self.pieces or self.pieces[-1] == "\n" or self.pieces[-1].endswith(" ")
        self.pieces.append(words.lstrip() if at_start else words)

    def picture(self, attrs: dict[str, str]) -> None:
        """What an image is called stands in its place."""
        source = attrs.get("src", "")
        name = "" if source.startswith("data:") else source.rpartition("/")[2][:80]
        shown = attrs.get("alt", "").strip() or name or "…"
        self.images.append(name or shown)
        self.pieces.append(f"[{shown}]")

    def line_end(self, _attrs: dict[str, str]) -> None:
        self.pieces.append("\n")

    def point(self, _attrs: dict[str, str]) -> None:
        self._break(1)
        self.pieces.append("– ")

    def cell(self, _attrs: dict[str, str]) -> None:
        if self.pieces and self.pieces[-1] != "\n":
            self.pieces.append(" | ")

    def raised(self, _attrs: dict[str, str]) -> None:
        self.shifts.append(RAISED)

    def lowered(self, _attrs: dict[str, str]) -> None:
        self.shifts.append(LOWERED)

    def _break(self, lines: int) -> None:
        """End the line, and leave one empty between paragraphs."""
        there = 0
        while there < len(self.pieces) and self.pieces[-1 - there] == "\n":
            there += 1
        if there < len(self.pieces):
            self.pieces += ["\n"] * (lines - there)


STARTS: dict[str, Callable[[_Reader, dict[str, str]], None]] = {
    "img": _Reader.picture,
    "br": _Reader.line_end,
    "li": _Reader.point,
    "td": _Reader.cell,
    "th": _Reader.cell,
    "sup": _Reader.raised,
    "sub": _Reader.lowered,
}


def bare(raw: str) -> str:
    """A short text on one line, without markup: a name, a tag."""
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", raw)).split())
