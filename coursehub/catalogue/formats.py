"""The feed of new editions, as Atom: typed values in, bytes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

ATOM = "http://www.w3.org/2005/Atom"
# A feed without entries has to say when it changed last, too.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is new; its id never changes."""

    id: str
    title: str
    summary: str
    address: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """What is new, the newest first."""

    id: str
    title: str
    author: str
    address: str
    page: str
    language: str
    entries: Sequence[Entry]

    @property
    def updated_at(self) -> datetime:
        return max((entry.at for entry in self.entries), default=NEVER)


def atom(feed: Feed) -> bytes:
    """The feed as RFC 4287 writes it."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated_at.isoformat())
    SubElement(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    _add(SubElement(root, "author"), "name", feed.author)
    for entry in feed.entries:
        _add_entry(root, entry)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entry(root: Element, entry: Entry) -> None:
    element = SubElement(root, "entry", {"xml:lang": entry.language})
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", entry.at.isoformat())
    SubElement(element, "link", rel="alternate", type="text/html", href=entry.address)
    _add(element, "summary", entry.summary)


def _add(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text
