"""HTML from people: Markdown in, clean HTML out. The one import of bleach.

Raw HTML in Markdown is off; what the renderer makes is cleaned by bleach and then by nh3; the
Content-Security-Policy stands behind both. It is slow: called at publication and posting, never to
show a page.
"""

import re
from functools import cache
from typing import Any

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

TAGS = frozenset(
    """
    a abbr aside audio b blockquote br caption cite code dd del details div dl dt em figcaption
    figure h2 h3 h4 h5 hr i img li ol p pre q s section small source span strong sub summary sup
    table tbody td th thead time tr track ul video
    """.split()  # noqa: SIM905 - read as a list of words, it is short enough to be checked
)
ATTRIBUTES = {
    "*": {
        "id",
        "class",
        "lang",
        "title",
        "role",
        "aria-label",
        "aria-labelledby",
        "aria-describedby",
        "hidden",
    },
    "a": {"href", "hreflang", "rel", "download", "aria-haspopup"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "audio": {"src", "controls", "preload"},
    "video": {"src", "controls", "preload", "poster", "width", "height"},
    "source": {"src", "type"},
    "track": {"src", "kind", "srclang", "label"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "div": {"tabindex"},
    "section": {"tabindex"},
    "time": {"datetime"},
}
FOLDED = re.compile(r"<details (?![^>]*\bch-case\b)")
SCHEMES = frozenset({"https", "mailto"})


def clean(html: str) -> str:
    """The HTML with nothing in it that the two lists above do not name."""
    return _by_nh3(_by_bleach(html))


def safe(stored: str) -> Markup:
    """Mark HTML that `clean` made and the database kept as ready to be shown."""
    return Markup(stored)  # noqa: S704 - only ever what `clean` returned


def opened(stored: str) -> Markup:
    """The same unfolded, but for hard passages: those open only when somebody asks."""
    return safe(FOLDED.sub('<details open="" ', stored))


def parser() -> MarkdownIt:
    """CommonMark with tables, footnotes and definition lists; no raw HTML."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return markdown.use(footnote_plugin).use(deflist_plugin)


def render(text: str) -> str:
    """Clean HTML of a Markdown text."""
    markdown = parser()
    env: dict[str, Any] = {}
    tokens = markdown.parse(text, env)
    _classes_for_alignment(tokens)
    return clean(markdown.renderer.render(tokens, markdown.options, env))


def _classes_for_alignment(tokens: list[Token]) -> None:
    # The renderer writes style="text-align:…", which the security policy forbids.
    for token in tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            token.attrs["class"] = "text-" + str(token.attrs.pop("style")).rsplit(":", 1)[1]
        if token.type == "th_open":
            token.attrs["scope"] = "col"


def _by_bleach(html: str) -> str:
    return str(_bleach().clean(html))


def _by_nh3(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel=None,
        generic_attribute_prefixes=None,
    )


@cache
def _bleach() -> bleach.Cleaner:
    attributes = {tag: sorted(names) for tag, names in ATTRIBUTES.items()}
    return bleach.Cleaner(tags=TAGS, attributes=attributes, protocols=SCHEMES, strip=True)
