"""A lesson as clean HTML, with everything that the pages around it want to know."""

from copy import copy
from dataclasses import dataclass, field
from typing import Any

from markdown_it.token import Token
from markupsafe import escape

from coursehub.content.formats import schema
from coursehub.content.formats.lessons import Block, Lesson, parser
from coursehub.content.formats.media import Media, dimensions, type_of
from coursehub.content.formats.terms import NO_LINK, Glossary, Linker
from coursehub.content.formats.words import language_named, word
from coursehub.foundation import richtext
from coursehub.foundation.language import size

# Raise it when the HTML made of the same text changes: what is stored is then made anew.
RENDERER = 2


@dataclass(frozen=True)
class Entry:
    """A block as search knows it."""

    block: str
    heading: str
    body: str


@dataclass
class Rendered:
    """A lesson's clean HTML, its headings, the terms linked in it, and its text for search."""

    html: str
    toc: list[tuple[str, str]] = field(default_factory=list)
    terms: list[tuple[str, str]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def render(lesson: Lesson, glossary: Glossary, media: dict[str, Media]) -> Rendered:
    """Draw a lesson that has been checked."""
    work = _Work(lesson, Linker(glossary), media)
    tokens = work.tokens()
    markdown = parser()
    html = richtext.clean(markdown.renderer.render(tokens, markdown.options, lesson.env))
    return Rendered(html, work.toc, work.linker.found, work.entries)


class _Work:
    """Turns the parser's tokens into those that are drawn."""

    def __init__(self, lesson: Lesson, linker: Linker, media: dict[str, Media]) -> None:
        self.lesson, self.linker, self.media = lesson, linker, media
        self.language = lesson.language
        self.toc: list[tuple[str, str]] = []
        self.entries: list[Entry] = []
        self.heading = lesson.head.title

    def tokens(self) -> list[Token]:
        blocks = {block.first: block for block in self.lesson.blocks}
        drawn: list[Token] = []
        block: Block | None = None
        in_heading = False
        for n, original in enumerate(self.lesson.tokens):
            token = copy(original)
            token.attrs = dict(original.attrs)
            if n in blocks:
                block = blocks[n]
                self._index(block)
                token.attrs["id"] = block.id
            elif block is not None and n > block.last:
                block = None
            in_heading = token.type == "heading_open" or (
                in_heading and token.type != "heading_close"
            )
            if token.type == "inline":
                self._inline(token, block, in_heading=in_heading)
            drawn += self._drawn(n, token)
        return drawn

    def _index(self, block: Block) -> None:
        text = _plain(self.lesson.tokens[block.first : block.last + 1])
        if block.kind == "heading":
            self.heading = text
            if self.lesson.tokens[block.first].tag == "h2":
                self.toc.append((block.id, text))
        fields = self.lesson.fields.get(block.first)
        if isinstance(fields, schema.Figure):
            text = f"{fields.caption} {fields.alt}"
        elif fields is not None:
            text = getattr(fields, "title", "")
        if text:
            self.entries.append(Entry(block.id, self.heading, text))

    def _inline(self, token: Token, block: Block | None, *, in_heading: bool) -> None:
        token.children = [copy(child) for child in token.children or []]
        for child in token.children:
            child.attrs = dict(child.attrs)
            if child.type == "link_open":
                child.attrs["href"] = self._href(str(child.attrs.get("href", "")))
        if block is not None and not in_heading:
            self.linker.link(token, block.id)
            return
        for child in token.children:
            child.content = NO_LINK.sub(r"\1", child.content)

    def _href(self, href: str) -> str:
        if href.startswith("lesson:"):
            return href.removeprefix("lesson:")  # lessons stand side by side
        if href in self.media:
            return self.media[href].address
        return href

    def _drawn(self, n: int, token: Token) -> list[Token]:
        if token.type.startswith("footnote"):
            return [_html(self._note(token))]
        match token.type:
            case "directive_open" | "directive_close":
                return [_html(_opening(token) if token.nesting == 1 else _closing(token))]
            case "directive_fields":
                return [_html(self._with_fields(n, token))]
            case "table_open":
                return [_html(self._around_table(token)), token]
            case "table_close":
                return [token, _html("</div>")]
            case "th_open" | "td_open":
                _align(token)
            case "inline":
                token.children = [self._reference(child) for child in token.children or []]
        return [token]

    def _around_table(self, token: Token) -> str:
        label = escape(f"{word(self.language, 'table')}: {self.heading}")
        block_id = _attribute("id", token.attrs.pop("id", None))
        token.attrs["class"] = "table"
        return f'<div class="ch-scroll"{block_id} tabindex="0" role="region" aria-label="{label}">'

    def _note(self, token: Token) -> str:
        match token.type:
            case "footnote_block_open":
                label = word(self.language, "notes")
                return f'<section class="ch-notes ch-ui" aria-label="{label}"><ol>'
            case "footnote_block_close":
                return "</ol></section>"
            case "footnote_open":
                return f'<li id="fn-{token.meta["id"] + 1}">'
            case "footnote_close":
                return "</li>"
        return self._back(token)  # footnote_anchor

    def _reference(self, token: Token) -> Token:
        if token.type != "footnote_ref":
            return token
        number, anchor, _again = _note_of(token)
        label = f"{word(self.language, 'note')} {number}"
        html = (
            f'<sup class="ch-ref"><a id="{anchor}" href="#fn-{number}" aria-label="{label}">'
            f"{number}</a></sup>"
        )
        return Token("html_inline", "", 0, content=html)

    def _back(self, token: Token) -> str:
        number, anchor, again = _note_of(token)
        label = f"{word(self.language, 'back')} {number}" + (f" ({again + 1})" if again else "")
        return f' <a class="ch-back" href="#{anchor}" aria-label="{label}">↩</a>'

    def _with_fields(self, n: int, token: Token) -> str:
        fields, block_id = self.lesson.fields[n], _attribute("id", token.attrs.get("id"))
        if isinstance(fields, schema.Figure):
            return self._figure(fields, block_id)
        if isinstance(fields, schema.Recording):
            return self._recording(fields, block_id, token.meta["name"])
        return self._download(schema.Download.model_validate(fields), block_id)

    def _download(self, fields: schema.Download, block_id: str) -> str:
        file = self.media[fields.src]
        weight = f"{file.suffix[1:].upper()}, {self._size(file)}"
        return (
            f'<p class="ch-download"{block_id}>'
            f'<a href="{file.address}" download="{escape(file.name)}">'
            f"{escape(fields.title)} ({weight})</a></p>"
        )

    def _figure(self, figure: schema.Figure, block_id: str) -> str:
        file = self.media[figure.src]
        box = dimensions(file.path.read_bytes())
        sides = f' width="{box[0]}" height="{box[1]}"' if box else ""
        return (
            f'<figure class="ch-fig"{block_id}>'
            f'<img src="{file.address}" alt="{escape(figure.alt)}"{sides} loading="lazy">'
            f"<figcaption>{escape(figure.caption)} "
            f'<span class="ch-credit">{escape(figure.credit)}</span></figcaption></figure>'
        )

    def _recording(self, fields: schema.Recording, block_id: str, kind: str) -> str:
        file = self.media[fields.src]
        tracks = "".join(self._track(one) for one in fields.captions)
        lighter = [("light", fields.small), ("sound", fields.audio)]
        links = "".join(
            f'<a href="{self.media[src].address}">'
            f"{word(self.language, name)} ({self._size(self.media[src])})</a> "
            for name, src in lighter
            if src
        )
        length = word(self.language, "minutes", n=fields.minutes)
        return (
            f'<figure class="ch-media"{block_id}>'
            f'<{kind} controls preload="none" aria-label="{escape(fields.title)}">'
            f'<source src="{file.address}" type="{type_of(file.name)}">{tracks}</{kind}>'
            f"<figcaption><b>{escape(fields.title)}</b> {length} · {self._size(file)} "
            f'<span class="ch-vopts">{links}</span> '
            f'<span class="ch-credit">{escape(fields.credit)}</span>'
            "</figcaption></figure>"
        )

    def _track(self, captions: schema.Captions) -> str:
        label = language_named(self.language, captions.language)
        src = self.media[captions.src].address
        return f'<track kind="captions" src="{src}" srclang="{captions.language}" label="{label}">'

    def _size(self, file: Media) -> str:
        return size(file.size_bytes, self.language)


def _opening(token: Token) -> str:
    name, title = token.meta["name"], escape(token.meta["title"])
    key = token.attrs.get("id")
    block_id = _attribute("id", key)
    match name:
        case "note" | "important":
            return (
                f'<div class="ch-callout ch-callout-{name}"{block_id} role="note">'
                f'<p class="ch-callout-t">{title}</p>'
            )
        case "think":
            return (
                f'<section class="ch-think ch-ui"{block_id} aria-labelledby="{key}-t">'
                f'<p class="ch-think-t" id="{key}-t">{title}</p>'
            )
        case "content-note":
            return (
                f'<div class="ch-alert ch-alert-note"{block_id} role="note"><div>'
                f'<p class="ch-alert-t">{title}</p>'
            )
        case _:
            return (
                f'<details class="ch-det ch-{name}"{block_id}><summary>{title}</summary>'
                f'<div class="ch-det-in">'
            )


def _closing(token: Token) -> str:
    match token.meta["name"]:
        case "note" | "important":
            return "</div>"
        case "think":
            return "</section>"
        case "content-note":
            return "</div></div>"
        case _:
            return "</div></details>"


def _align(token: Token) -> None:
    # The parser writes style="text-align:…", which the security policy forbids.
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrs["class"] = "text-" + style.rpartition(":")[2].strip()
    if token.type == "th_open":
        token.attrs["scope"] = "col"


def _plain(tokens: list[Token]) -> str:
    words: list[str] = []
    for token in tokens:
        if token.type == "directive_open":
            words.append(token.meta["title"])
        if token.type == "inline":
            words.append("".join(_content(child) for child in token.children or []))
    return " ".join(NO_LINK.sub(r"\1", " ".join(words)).split())


def _content(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content


def _attribute(name: str, value: Any) -> str:
    return f' {name}="{escape(value)}"' if value else ""


def _html(content: str) -> Token:
    return Token("html_block", "", 0, content=content, block=True)


def _note_of(token: Token) -> tuple[int, str, int]:
    """A footnote's number, the anchor of one reference to it, and how many came before that."""
    number, again = token.meta["id"] + 1, token.meta.get("subId", 0)
    return number, f"fnref-{number}" + (f"-{again}" if again else ""), again
