"""XML as a tree with lines, from files of strangers: no DOCTYPE, so no entities and no bombs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from coursehub.foundation.language import _
from coursehub.questions.formats.taking import Unreadable

MOST_DEEP = 200


@dataclass(slots=True)
class Node:
    tag: str
    line: int
    attributes: dict[str, str]
    children: "list[Node]" = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def all(self, tag: str) -> "Iterator[Node]":
        return (child for child in self.children if child.tag == tag)

    def one(self, tag: str) -> "Node | None":
        return next(self.all(tag), None)

    def said(self, *path: str) -> str:
        """The text at the end of a path of tags, or an empty one."""
        node: Node | None = self
        for tag in path:
            node = node.one(tag) if node else None
        return node.text if node else ""


class Subtrees:
    """Reads a text and gives each element of a name when it ends, and forgets it then."""

    def __init__(self, tag: str) -> None:
        self.tag, self.found = tag, list[Node]()
        self.open: list[Node] = []
        self.deep = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def read(self, text: str) -> Iterator[Node]:
        """The elements in turn. Unreadable if the text is no well-formed XML."""
        content = text.encode("utf-8", "replace")
        step = 1 << 16
        try:
            for start in range(0, len(content), step):
                self.parser.Parse(content[start : start + step], False)
                yield from self.found
                self.found.clear()
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            why = _("malformed XML (%(what)s)", what=expat.ErrorString(error.code))
            raise Unreadable(why, error.lineno) from None
        yield from self.found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.deep += 1
        if self.deep > MOST_DEEP:
            why = _("malformed XML (%(what)s)", what=_("too many elements inside one another"))
            raise Unreadable(why, self.parser.CurrentLineNumber)
        if self.open or tag == self.tag:
            node = Node(tag, self.parser.CurrentLineNumber, attributes)
            if self.open:
                self.open[-1].children.append(node)
            self.open.append(node)

    def _end(self, _tag: str) -> None:
        self.deep -= 1
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.found.append(node)

    def _characters(self, piece: str) -> None:
        if self.open:
            self.open[-1].pieces.append(piece)

    def _doctype(self, *_about: object) -> None:
        # Entities that stand for entities (“a billion laughs”) are declared there.
        raise Unreadable(_("XML with a DOCTYPE is not read"), self.parser.CurrentLineNumber)
