"""A lesson's stored HTML as Typst, from which a tagged PDF is made.

Typst: https://typst.app/docs/reference/ . Every text goes through `_quoted`, so nothing that a
person wrote is ever read as markup.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from coursehub.content.formats.markup_tree import Element, tree
from coursehub.content.formats.words import word

STYLE = """
#set page(paper: "a4", margin: (x: 2.4cm, y: 2.4cm), numbering: "1")
#set text(font: "Andada Pro", size: 11pt, hyphenate: true)
#set par(leading: 0.72em, spacing: 1.1em)
#show heading: set text(weight: "semibold")
#show heading: set block(above: 1.6em, below: 0.8em)
#show link: set text(fill: rgb("#23407c"))
#set table(stroke: (x, y) => (bottom: 0.5pt + rgb("#b9b3a6")), inset: (x: 6pt, y: 5pt), align: left)
#show figure.caption: set text(size: 9.5pt)
#show figure: set block(breakable: false)
#let bar = (left: 2.5pt + rgb("#23407c"))
#let callout(title, body) = block(width: 100%, inset: 10pt, stroke: bar, fill: rgb("#f3f1ea"))[
  #block(sticky: true, below: 0.7em, text(weight: "semibold", title))
  #body
]
#let small(body) = text(font: "Atkinson Hyperlegible Next", size: 9.5pt, body)
"""


@dataclass(frozen=True)
class Lesson:
    """One lesson to be set."""

    title: str
    summary: str
    html: str
    content_note: str | None = None


@dataclass(frozen=True)
class Paper:
    """What is printed: title, a line above it, and lessons; a module also has aims and reading."""

    title: str
    above: str
    language: str
    lessons: list[Lesson]
    summary: str = ""
    objectives: list[str] = field(default_factory=list)
    reading: list[str] = field(default_factory=list)


def typst(paper: Paper, images: Mapping[str, str]) -> str:
    """The Typst source. `images` gives, for each address in the HTML, the file's name to be set."""
    setter = _Setter(images, paper.language)
    is_module = len(paper.lessons) > 1 or bool(paper.objectives)
    parts = [
        f"#set document(title: {_quoted(paper.title)}, author: (), date: none)",
        STYLE,
        f"#set text(lang: {_quoted(paper.language)})",
        f"#small[#{_quoted(paper.above)}]",
        f"#heading(level: 1, {_quoted(paper.title)})",
    ]
    if is_module:
        parts += _front(paper)
    for lesson in paper.lessons:
        parts += _lesson(lesson, setter, is_module=is_module)
    if paper.reading:
        parts += [
            f"#heading(level: 2, {_quoted(word(paper.language, 'reading'))})",
            _list(paper.reading),
        ]
    return "\n\n".join(parts)


def _front(paper: Paper) -> list[str]:
    parts = [f"#emph[#{_quoted(paper.summary)}]"] if paper.summary else []
    if paper.objectives:
        heading = _quoted(word(paper.language, "objectives"))
        parts += [f"#heading(level: 2, {heading})", _list(paper.objectives)]
    return parts


def _lesson(lesson: Lesson, setter: "_Setter", *, is_module: bool) -> list[str]:
    parts = []
    if is_module:
        parts += ["#pagebreak(weak: true)", f"#heading(level: 2, {_quoted(lesson.title)})"]
    if lesson.content_note:
        title = _quoted(word(setter.language, "before"))
        parts.append(f"#callout({title})[#{_quoted(lesson.content_note)}]")
    parts.append(f"#emph[#{_quoted(lesson.summary)}]")
    return [*parts, setter.lesson(tree(lesson.html), 1 if is_module else 0)]


def _list(entries: list[str]) -> str:
    return "#list(" + ", ".join(f"[#{_quoted(entry)}]" for entry in entries) + ")"


def _quoted(text: str) -> str:
    # A string in Typst's code mode: what JSON writes, Typst reads, but for the escape of \\u.
    kept = "".join(c if c >= " " else " " for c in text)
    return json.dumps(kept, ensure_ascii=False)


class _Setter:
    """Turns elements into Typst."""

    def __init__(self, images: Mapping[str, str], language: str) -> None:
        self.images, self.language = images, language
        self.notes: dict[str, Element] = {}
        self.said: set[str] = set()
        self.deeper = self.number = 0

    def lesson(self, root: Element, deeper: int) -> str:
        self.deeper, self.number = deeper, self.number + 1
        self.said.clear()
        self.notes = {
            item.attributes.get("id", ""): item
            for section in root.find_all("section")
            if "ch-notes" in section.classes
            for item in section.find_all("li")
        }
        gentle = Element("div", {}, _equivalents_first(root.children))
        return f"#counter(footnote).update(0)\n\n{self.blocks(gentle)}"

    def blocks(self, element: Element) -> str:
        """The block elements within one, inline runs between them as paragraphs."""
        parts: list[str] = []
        run: list[Element | str] = []
        for child in element.children:
            if isinstance(child, Element) and child.tag in BLOCKS:
                parts += self._paragraph(run)
                run = []
                parts.append(self.block(child))
            else:
                run.append(child)
        return "\n\n".join(part for part in [*parts, *self._paragraph(run)] if part)

    def _paragraph(self, run: list[Element | str]) -> list[str]:
        text = self.run(run)
        return [text] if text.strip() else []

    def block(self, element: Element) -> str:
        match element.tag:
            case "p" if "ch-download" not in element.classes:
                return self.inline(element)
            case "p":
                return f"#small[{self.inline(element)}]"
            case "blockquote":
                return f"#quote(block: true)[{self.blocks(element)}]"
            case "section" if "ch-notes" in element.classes:
                return ""  # notes stand at the foot of the page
            case "hr":
                return "#line(length: 100%, stroke: 0.5pt)"
        draw = SHAPES.get(element.tag)
        return draw(self, element) if draw else self.blocks(element)

    def _heading(self, element: Element) -> str:
        level = int(element.tag[1]) + self.deeper
        return f"#heading(level: {level})[{self.inline(element)}]"

    def _list(self, element: Element) -> str:
        kind = "list" if element.tag == "ul" else "enum"
        items = [f"[{self.blocks(one)}]" for one in element.elements() if one.tag == "li"]
        return f"#{kind}({', '.join(items)})"

    def _box(self, element: Element) -> str:
        titles = [one for one in element.elements() if one.tag == "summary" or one.classes & TITLES]
        body = Element("div", {}, [one for one in element.children if one not in titles])
        inner = [one for one in element.elements() if one.tag == "div"]
        if not titles and len(inner) == 1 and any(e.classes & TITLES for e in inner[0].elements()):
            return self._box(inner[0])
        if not titles:
            return self.blocks(element)
        words = self.blocks(body)
        if "ch-case" in element.classes:
            words = f"#emph({_quoted(word(self.language, 'hard'))})\n\n{words}"
        return f"#callout([{self.inline(titles[0])}])[{words}]"

    def _definitions(self, element: Element) -> str:
        parts = []
        for child in element.elements():
            if child.tag == "dt":
                parts.append(f"#block(sticky: true, strong[{self.inline(child)}])")
            else:
                parts.append(f"#pad(left: 1.2em)[{self.blocks(child)}]")
        return "\n\n".join(parts)

    def _table(self, element: Element) -> str:
        rows = list(element.find_all("tr"))
        head = [row for row in rows if any(cell.tag == "th" for cell in row.elements())]
        cells = [self._cells(row) for row in rows if row not in head]
        header = f"table.header({', '.join(self._cells(row) for row in head)}), " if head else ""
        return f"#table(columns: ({_widths(rows)}), {header}{', '.join(cells)})"

    def _cells(self, row: Element) -> str:
        return ", ".join(
            f"[#strong[{self.inline(cell)}]]" if cell.tag == "th" else f"[{self.inline(cell)}]"
            for cell in row.elements()
        )

    def _figure(self, element: Element) -> str:
        caption = next(element.find_all("figcaption"), Element("figcaption"))
        image = next(element.find_all("img"), None)
        if image is None or image.attributes.get("src") not in self.images:
            return f"#small[{self.inline(caption)}]"
        name = self.images[image.attributes["src"]]
        alt = _quoted(image.attributes.get("alt", ""))
        picture = f"image({_quoted(name)}, width: 100%, alt: {alt})"
        return f"#figure({picture}, alt: {alt}, caption: [{self.inline(caption)}], numbering: none)"

    def inline(self, element: Element) -> str:
        return self.run(element.children)

    def run(self, children: list[Element | str]) -> str:
        return "".join(self._piece(child) for child in children)

    def _piece(self, child: Element | str) -> str:
        if isinstance(child, str):
            return f"#{_quoted(child)};" if child.strip() else " "
        if child.tag in MARKS:
            return f"#{MARKS[child.tag]}[{self.inline(child)}]"
        match child.tag:
            case "code":
                return f"#raw({_quoted(child.text)})"
            case "br":
                return "#linebreak();"
            case "sup" if "ch-ref" in child.classes:
                return self._footnote(child)
            case "a":
                return self._link(child)
        return self.block(child) if child.tag in BLOCKS else self.inline(child)

    def _link(self, element: Element) -> str:
        href = element.attributes.get("href", "")
        if not href.startswith("https://"):
            return self.inline(element)  # on paper there is nowhere to go within the site
        return f"#link({_quoted(href)})[{self.inline(element)}]"

    def _footnote(self, element: Element) -> str:
        link = next(element.find_all("a"), None)
        key = link.attributes.get("href", "#")[1:] if link else ""
        if key not in self.notes:
            return ""
        label = f"<l{self.number}-{key}>"
        if key in self.said:  # a note that is named again keeps its number
            return f"#footnote({label});"
        self.said.add(key)
        return f"#[#footnote[{self.run(_without_back(self.notes[key]).children)}]{label}];"


def _equivalents_first(children: list[Element | str]) -> list[Element | str]:
    # Paper cannot fold: who would rather not read the case meets its equivalent before it.
    placed = [child for child in children if isinstance(child, Element)]
    for at, (here, after) in enumerate(pairwise(placed)):
        if "ch-case" in here.classes and "ch-equivalent" in after.classes:
            placed[at : at + 2] = [after, here]
    return list(placed)


def _widths(rows: list[Element]) -> str:
    """Columns of a word or a number are as wide as these; the others share what is left."""
    columns = zip_longest(*([len(cell.text) for cell in row.elements()] for row in rows))
    short = [max(length or 0 for length in column) <= SHORT for column in columns]
    widths = ["auto" if one and not all(short) else "1fr" for one in short] or ["1fr"]
    return ", ".join([*widths, ""])


def _without_back(element: Element) -> Element:
    children: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str):
            children.append(child)
        elif child.tag == "p":
            children += _without_back(child).children
        elif "ch-back" not in child.classes:
            children.append(child)
    return Element(element.tag, element.attributes, children)


SHORT = 14  # letters
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
MARKS = {"strong": "strong", "b": "strong", "em": "emph", "i": "emph"}
SHAPES: dict[str, Callable[[_Setter, Element], str]] = {
    **dict.fromkeys(HEADINGS, _Setter._heading),
    **dict.fromkeys(("ul", "ol"), _Setter._list),
    **dict.fromkeys(("details", "section", "div"), _Setter._box),
    "dl": _Setter._definitions,
    "table": _Setter._table,
    "figure": _Setter._figure,
}
BLOCKS = frozenset({*SHAPES, "p", "blockquote", "hr", "figcaption"})
TITLES = frozenset({"ch-callout-t", "ch-think-t", "ch-alert-t"})
