"""Writes the ids and fingerprints that are missing into a course's files, and nothing else."""

import random
import re
from collections.abc import Iterator
from itertools import pairwise

from ruamel.yaml.nodes import CollectionNode, Node

from coursehub.content.formats import schema
from coursehub.content.formats.assignments import RubricCriterion
from coursehub.content.formats.checks import all_ids
from coursehub.content.formats.course import CourseFolder, Folder
from coursehub.content.formats.findings import Findings
from coursehub.content.formats.folder import read_course
from coursehub.content.formats.lessons import MARK, Block, Lesson, split
from coursehub.content.formats.questions import Asked
from coursehub.content.formats.texts import Strict, Translated
from coursehub.content.formats.translations import mappings
from coursehub.content.formats.yaml_files import Document, Where
from coursehub.foundation.search import fold

Edit = tuple[int, str]  # where in a text, and what is put there

# No letters and digits that are read for one another.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
PREFIX = {
    "heading": "h",
    "figure": "f",
    "table": "t",
    "bullet_list": "l",
    "ordered_list": "l",
    "dl": "d",
}


class Ids:
    """Ids for one course, none of them used before."""

    def __init__(self, used: set[str], source_of_chance: random.Random) -> None:
        self.used, self.chance = used, source_of_chance

    def named(self, wish: str) -> str:
        """The wish as an id, with something added if it is taken."""
        plain = re.sub(r"[^a-z0-9]+", "-", fold(wish)).strip("-")[:32].strip("-")
        if not re.match(r"[a-z][a-z0-9-]{2}", plain):
            plain = f"x-{plain}".strip("-")
        if len(plain) < 3 or plain in self.used:
            return self.drawn(plain[:1])
        self.used.add(plain)
        return plain

    def drawn(self, prefix: str) -> str:
        while True:
            made = f"{prefix}-{''.join(self.chance.choices(ALPHABET, k=5))}"
            if made not in self.used:
                self.used.add(made)
                return made


def with_ids(folder: Folder, chance: random.Random) -> dict[str, bytes]:
    """The files to write, by name, so that nothing lacks an id. Run again, it writes none.

    Ids come first; the fingerprints of translations are made from the files that have them.
    """
    changed: dict[str, bytes] = {}
    for step in (_ids, _revisions):
        course = read_course(folder, Findings())
        if course is None:
            return {}
        for file, content in step(course, folder, chance):
            if content != folder.texts[file]:
                folder.texts[file] = changed[file] = content
    return changed


def _ids(
    course: CourseFolder, folder: Folder, chance: random.Random
) -> Iterator[tuple[str, bytes]]:
    ids = Ids({key for _, _, _, key in all_ids(course) if key}, chance)
    yield from _into_yaml(course, folder, ids)
    for _, name, languages in course.lessons():
        source = languages[course.head.source_language]
        head_id = source.head.id or ids.named(name)
        keys = [block.id or ids.drawn(PREFIX.get(block.kind, "p")) for block in source.blocks]
        for lesson in languages.values():
            mine = keys if lesson is source else _aligned(lesson, source, keys)
            text = folder.texts[lesson.file].decode()
            yield lesson.file, _mark(text, lesson, head_id, mine).encode()


def _aligned(lesson: Lesson, source: Lesson, keys: list[str]) -> list[str]:
    """The ids of a translation's blocks: those of the source's blocks in the same place.

    Between two blocks that are known, the blocks correspond only if there are equally many.
    """
    places = {block.id: n for n, block in enumerate(source.blocks) if block.id}
    made = [block.id for block in lesson.blocks]
    known = [(n, places[key]) for n, key in enumerate(made) if key in places]
    ends = [(-1, -1), *known, (len(made), len(keys))]
    for (mine, theirs), (mine_end, theirs_end) in pairwise(ends):
        if mine_end - mine == theirs_end - theirs:
            made[mine + 1 : mine_end] = keys[theirs + 1 : theirs_end]
    return made


def _mark(text: str, lesson: Lesson, head_id: str, keys: list[str]) -> str:
    lines = text.split("\n")
    for block, key in reversed(list(zip(lesson.blocks, keys, strict=True))):
        if key and not block.id:
            lines.insert(block.line - 1, f"{{#{key}}}")
    if lesson.head.id is None:
        lines.insert(1, f"id: {head_id}")
    return "\n".join(lines)


def _into_yaml(course: CourseFolder, folder: Folder, ids: Ids) -> Iterator[tuple[str, bytes]]:
    edits: dict[str, list[Edit]] = {}
    for file, where, thing in mappings(course):
        if hasattr(thing, "id") and thing.id is None:
            mapping = course.documents[file].nodes[where]
            piece = f"id: {_new_id(thing, course, file, ids)}"
            edits.setdefault(file, []).append(_at_head(mapping, piece))
    for file, wanted in edits.items():
        yield file, _inserted(folder.texts[file].decode(), wanted).encode()


def _new_id(thing: Strict, course: CourseFolder, file: str, ids: Ids) -> str:
    source = course.head.source_language
    match thing:
        case schema.CourseFile():
            return ids.named(course.slug)
        case schema.ModuleFile():
            return ids.named(thing.slug)
        case schema.Planned():
            return ids.named(thing.title.root[source])
        case schema.Activity():
            return ids.named("-".join(file.removesuffix(".yaml").split("/")[1:]))
        case schema.Term():
            return ids.named(thing.term.root.get("en", thing.term.root[source]))
        case Asked():
            return ids.drawn("q")
        case RubricCriterion():
            return ids.drawn("c")
        case _:
            return ids.drawn("a")


def _revisions(
    course: CourseFolder, folder: Folder, _random: random.Random
) -> Iterator[tuple[str, bytes]]:
    source = course.head.source_language
    edits: dict[str, list[Edit]] = {}
    for file, where, thing in mappings(course):
        if isinstance(thing, Translated) and (codes := _undated(thing, course)):
            revision = thing.revision(source)
            pairs = [f"{code}: {revision}" for code in codes]
            edits.setdefault(file, []).append(_made_from(course.documents[file], where, pairs))
    for file, wanted in edits.items():
        yield file, _inserted(folder.texts[file].decode(), wanted).encode()
    for _, _, languages in course.lessons():
        for code, lesson in languages.items():
            if code != source:
                text = folder.texts[lesson.file].decode()
                yield lesson.file, _dated(text, lesson, languages[source]).encode()


def _undated(thing: Translated, course: CourseFolder) -> list[str]:
    """The languages into which something is translated without saying from which state."""
    written = {code for _, text in thing.texts() for code in text.root}
    dated = {course.head.source_language, *thing.made_from}
    return [code for code in course.head.languages if code in written - dated]


def _made_from(document: Document, where: Where, pairs: list[str]) -> Edit:
    mapping, present = document.nodes[where], document.nodes.get((*where, "from"))
    if present is not None:
        return _at_head(present, *pairs)
    piece = f"from: {{{', '.join(pairs)}}}"
    at = document.nodes[(*where, "id")].end_mark.index  # ids are written before
    return at, f", {piece}" if _is_flow(mapping) else f"\n{_margin(mapping)}{piece}"


def _dated(text: str, lesson: Lesson, source: Lesson) -> str:
    origin = {block.id: block for block in source.blocks}
    lines = text.split("\n")
    for block in reversed(lesson.blocks):
        if block.id in origin and not block.made_from:
            _date(lines, block, origin[block.id])
    if lesson.head.made_from is None:
        head, _, _ = split(text)
        at = next((n for n, line in enumerate(head.split("\n"), 1) if line.startswith("id:")), 0)
        lines.insert(at + 1, f"from: {source.head.revision()}")
    return "\n".join(lines)


def _date(lines: list[str], block: Block, origin: Block) -> None:
    for n in range(block.line - 2, -1, -1):
        if MARK.match(lines[n]):
            lines[n] = f"{{#{block.id} from={origin.revision}}}"
            return


def _at_head(mapping: Node, *pieces: str) -> Edit:
    """The entries put before a mapping's first one, in the manner in which it is written."""
    if _is_flow(mapping):
        rest = ", " if mapping.value else ""
        return mapping.start_mark.index + 1, ", ".join(pieces) + rest
    return mapping.start_mark.index, "".join(f"{piece}\n{_margin(mapping)}" for piece in pieces)


def _is_flow(node: Node) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _margin(mapping: Node) -> str:
    return " " * int(mapping.start_mark.column)


def _inserted(text: str, edits: list[Edit]) -> str:
    for at, piece in sorted(edits, reverse=True):
        text = text[:at] + piece + text[at:]
    return text
