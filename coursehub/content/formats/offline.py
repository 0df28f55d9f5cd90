"""A module as one page that needs nothing else: pictures and style stand in the file itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from coursehub.content.formats.words import word
from coursehub.foundation import richtext

PACKAGE = Path(__file__).parent.parent.parent
TEMPLATES = Environment(
    loader=FileSystemLoader(PACKAGE), autoescape=True, trim_blocks=True, lstrip_blocks=True
)

# Both read only HTML that `richtext.clean` made: links never hold links, attributes are quoted.
LINK = re.compile(r'<a [^>]*?href="(?P<href>[^"]*)"[^>]*>(?P<words>.*?)</a>', re.DOTALL)
PLAYER = re.compile(r"<(audio|video) .*?</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A lesson as it stands in the page; `html` is clean, its pictures named by address."""

    slug: str
    title: str
    language: str
    summary: str
    content_note: str | None
    html: str


def one_page(
    course: Mapping[str, Any],
    module: Mapping[str, Any],
    chapters: Sequence[Chapter],
    pictures: Mapping[str, str],
    language: str,
) -> bytes:
    """The page as UTF-8. `pictures` gives a data address for each address in the HTML."""
    here = {chapter.slug for chapter in chapters}
    bodies = [(chapter, _body(chapter, pictures, here)) for chapter in chapters]
    page = TEMPLATES.get_template("content/pages/offline.html").render(
        course=course, module=module, chapters=bodies, language=language, word=word
    )
    return page.encode()


def _body(chapter: Chapter, pictures: Mapping[str, str], here: set[str]) -> Markup:
    html = PLAYER.sub("", chapter.html)  # what is said in a recording stands in its transcript
    html = LINK.sub(lambda link: _within(link, here), html)
    return richtext.opened(_own_notes(_inlined(html, pictures), chapter.slug))


def _within(link: re.Match[str], here: set[str]) -> str:
    """A link that leads somewhere from this page, or else its words alone."""
    href = link["href"]
    if href in here:
        return f'<a href="#l-{href}">{link["words"]}</a>'
    leads = href.startswith("https://") or (href.startswith("#") and not href.startswith("#g-"))
    return link.group() if leads else link["words"]


def _inlined(html: str, pictures: Mapping[str, str]) -> str:
    for address, content in pictures.items():
        html = html.replace(f'src="{address}"', f'src="{content}"')
    return html


def _own_notes(html: str, slug: str) -> str:
    # Notes are numbered in each lesson; on one page their ids must differ.
    for name in ("fn-", "fnref-"):
        html = html.replace(f'id="{name}', f'id="{slug}-{name}')
        html = html.replace(f'href="#{name}', f'href="#{slug}-{name}')
    return html
