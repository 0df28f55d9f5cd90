"""A certificate as Typst, from which its tagged PDF is made: one A4 page, all its text selectable.

The QR code is drawn as lines, not as dots of a picture.
"""

import io
import json
from dataclasses import dataclass

import segno

SIZE = '(paper: "a4", flipped: true, margin: 0pt)'
STYLE = """
#set text(font: "Andada Pro", size: 11pt, hyphenate: false, fill: rgb("#1a1e32"))
#set par(leading: 0.62em, spacing: 0.9em)
#show link: set text(fill: rgb("#2b418f"))
#let plain(size: 9pt, body) = text(
  font: "Atkinson Hyperlegible Next", size: size, fill: rgb("#434860"), body
)
#let weave = tiling(size: (20pt, 12pt))[
  #place(dx: 1pt, rect(width: 8pt, height: 12pt, fill: rgb("#5a70be")))
  #place(dx: 10pt, dy: 2pt, rect(width: 10pt, height: 8pt, fill: rgb("#20306f")))
]
#let band = rect(width: 100%, height: 12pt, fill: weave)
#let under(body) = block(stroke: (bottom: 2.2pt + rgb("#e8b93e")), inset: (bottom: 7pt), body)
#let rule = (top: 0.6pt + rgb("#1a1e32"))
#let above(body) = block(width: 100%, stroke: rule, inset: (top: 5pt), body)
"""


PLAIN = "Atkinson Hyperlegible Next"
FEW = 8  # parts of a course that stand below each other


@dataclass(frozen=True, slots=True)
class Line:
    """Words, in a language that may be another than the page's."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything the page says; `link` is what the QR code holds, `address` what is printed."""

    language: str
    brand: str
    heading: str
    name: str
    says: str
    course: Line
    parts_heading: str
    parts: list[str]
    facts: list[str]
    signers: list[list[str]]
    qr_alt: str
    checking: list[str]
    code: str
    link: str
    address: str
    title: str


def qr_code(text: str) -> str:
    """The text as a QR code in SVG. ValueError if it is longer than any code can hold."""
    code = io.BytesIO()
    segno.make(text, error="l", boost_error=True, micro=False).save(
        code, kind="svg", border=4, xmldecl=False, svgns=True, light="#fff", omitsize=True
    )
    return code.getvalue().decode()


def qr_picture(text: str) -> str:
    """The QR code of a page's address, as an address that holds the picture itself."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_data_uri(border=4, light="#fff", dark="#111737", omitsize=True))


def typst(paper: Paper, qr: str) -> str:
    """The Typst source. `qr` is the name of the file that holds the QR code."""
    return "\n".join(
        [
            f"#set document(title: {_q(paper.title)}, author: (), date: none)",
            f"#set page{SIZE}",
            f"#set text(lang: {_q(paper.language)})",
            STYLE,
            "#pdf.artifact(place(top, band))",
            "#pdf.artifact(place(bottom, band))",
            "#block(width: 100%, height: 100%, inset: (x: 2.4cm, top: 1.9cm, bottom: 1.7cm))[",
            "#grid(columns: (1fr, 5.4cm), rows: (1fr,), column-gutter: 0.8cm,",
            f"[{_front(paper)}], [{_side(paper, qr)}])",
            "]",
        ]
    )


def _front(paper: Paper) -> str:
    name_size = _size(len(paper.name), (34, "34pt"), (60, "26pt"), (10_000, "19pt"))
    course_size = _size(len(paper.course.words), (90, "17pt"), (10_000, "13pt"))
    # Many parts stand in two columns and small: everything has room on one page.
    parts_size = _size(len(paper.parts), (FEW, "11pt"), (2 * FEW, "9.5pt"), (10_000, "8pt"))
    return "\n\n".join(
        [
            f'#text(size: 15pt, weight: "semibold")[#{_q(paper.brand)}]',
            "#v(1fr)",
            f'#heading(level: 1, text(size: 14pt, weight: "regular", {_q(paper.heading)}))',
            f'#under(text(size: {name_size}, weight: "bold", {_q(paper.name)}))',
            "#v(0.2em)",
            f"#{_q(paper.says)}",
            f'#text(size: {course_size}, weight: "bold", lang: {_q(paper.course.language)}, '
            f"{_q(paper.course.words)})",
            f"#{_q(paper.parts_heading)}",
            f"#text(size: {parts_size})[{_parts(paper.parts)}]",
            "#v(0.3em)",
            *(f"#plain(size: 10pt)[#{_q(one)}]" for one in paper.facts),
            "#v(1fr)",
            f"#grid(columns: {len(paper.signers)}, column-gutter: 1cm, {_signers(paper)})",
        ]
    )


def _parts(parts: list[str]) -> str:
    items = [f"#list.item[#{_q(one)}]" for one in parts]
    half = len(items) if len(items) <= FEW else -(-len(items) // 2)
    columns = [" ".join(items[at : at + half]) for at in range(0, len(items), half)]
    widths = ", ".join(["1fr"] * len(columns))
    return f"#grid(columns: ({widths},), column-gutter: 1cm, [{'], ['.join(columns)}])"


def _size(length: int, *steps: tuple[int, str]) -> str:
    """The first size that has room for so much."""
    return next(size for most, size in steps if length <= most)


def _signers(paper: Paper) -> str:
    return ", ".join(
        "above(" + " + linebreak() + ".join(f"plain[#{_q(line)}]" for line in lines) + ")"
        for lines in paper.signers
    )


def _side(paper: Paper, qr: str) -> str:
    printed = paper.address.partition("://")[2]
    lines = " #parbreak() ".join(f"#{_q(one)}" for one in paper.checking)
    return (
        "#set align(bottom)\n"
        f"#image({_q(qr)}, width: 100%, alt: {_q(paper.qr_alt)})\n\n"
        f"#plain(size: 8.5pt)[{lines}]\n\n"
        f"#plain(size: 8.5pt)[#link({_q(paper.address)})[#{_q(printed)}]]\n\n"
        f"#set text(font: {_q(PLAIN)})\n\n"
        f'#text(size: 9.5pt, weight: "bold", {_q(paper.code)})'
    )


def _q(text: str) -> str:
    # A string in Typst's code mode: what JSON writes, Typst reads, but for the escape of \\u.
    return json.dumps("".join(c if c >= " " else " " for c in text), ensure_ascii=False)
