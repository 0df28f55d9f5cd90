"""YAML as plain values that remember their lines, so that every mistake can say where it stands."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from coursehub.content.formats.findings import Findings

Where = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)


class BadYaml(ValueError):
    """The text is not YAML that we take; `line` counts from zero."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Document:
    """The values of a YAML text, and for each path into them its node."""

    value: Any
    nodes: dict[Where, Node] = field(default_factory=dict)

    def line(self, where: Where) -> int:
        """The line of what stands at a path, or of the nearest thing around it; from zero."""
        while where and where not in self.nodes:
            where = where[:-1]
        node = self.nodes.get(where)
        return int(node.start_mark.line) if node is not None else 0

    def path(self, location: Where) -> Where:
        """The path into the text of what a validator complains of; it adds names of its own."""
        where: Where = ()
        for n, part in enumerate(location):
            if (*where, part) in self.nodes or n == len(location) - 1:
                where = (*where, part)
        return where


def read(text: str) -> Document:
    """Read YAML without aliases, tags or repeated keys. BadYaml says what is wrong and where."""
    loader = YAML(typ="safe", pure=True)
    try:
        root = loader.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYaml(error.problem or "not readable", mark.line if mark else 0) from None
    except YAMLError as error:
        raise BadYaml(str(error).splitlines()[0], 0) from None
    except RecursionError:  # thousands of brackets: an attack on the reader's stack
        raise BadYaml("lists and mappings stand too deep inside one another", 0) from None
    document = Document(None)
    document.value = _value(root, (), document, set()) if root is not None else None
    return document


def validated(
    model: type[M], document: Document, file: str, findings: Findings, *, first_line: int = 1
) -> M | None:
    """The document as `model`, with a finding for each mistake; None if there is no reading it.

    Unknown keys alone hide nothing: what else stands there is read, and its mistakes found too.
    """
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        mistakes = error.errors()
    unknown = {document.path(mistake["loc"]) for mistake in mistakes}
    for mistake in mistakes:
        where = document.path(tuple(part for part in mistake["loc"] if part != "[key]"))
        if mistake["type"] == "union_tag_invalid":
            where = (*where, "type")
        findings.error(file, document.line(where) + first_line, _sentence(mistake, where))
    if any(mistake["type"] != "extra_forbidden" for mistake in mistakes):
        return None
    with suppress(ValidationError):
        return model.model_validate(_without(document.value, unknown))
    return None


def _without(value: Any, unknown: set[Where], where: Where = ()) -> Any:
    """The value without what stands at these paths."""
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if (*where, key) not in unknown}
        return {key: _without(one, unknown, (*where, key)) for key, one in kept.items()}
    if isinstance(value, list):
        return [_without(one, unknown, (*where, n)) for n, one in enumerate(value)]
    return value


def _sentence(mistake: Any, where: Where) -> str:
    name = where[-1] if where else "file"
    match mistake["type"]:
        case "missing":
            return f"the key “{name}” is missing"
        case "model_type":
            return "here stand keys with values, one below the other"
        case "union_tag_invalid":
            return f"“type” is none of {mistake['ctx']['expected_tags']}".replace("'", "")
        case "extra_forbidden":
            return f"unknown key “{name}”"
        case _:
            return f"“{name}”: {mistake['msg'].removeprefix('Value error, ')}"


def _value(node: Node, where: Where, document: Document, seen: set[int]) -> Any:
    if id(node) in seen:
        raise BadYaml("aliases (*name) are not taken", node.start_mark.line)
    seen.add(id(node))
    document.nodes[where] = node
    is_plain = str(node.tag).endswith((":map", ":seq"))
    if isinstance(node, MappingNode | SequenceNode) and not is_plain:
        raise BadYaml(f"tags ({node.tag}) are not taken", node.start_mark.line)
    if isinstance(node, MappingNode):
        return _mapping(node, where, document, seen)
    if isinstance(node, SequenceNode):
        return [_value(one, (*where, n), document, seen) for n, one in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: MappingNode, where: Where, document: Document, seen: set[int]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for key, content in node.value:
        name = str(key.value)
        if name in value:
            raise BadYaml(f"the key “{name}” stands here twice", key.start_mark.line)
        value[name] = _value(content, (*where, name), document, seen)
    return value


def _scalar(node: Node) -> Any:
    text, kind = node.value, str(node.tag).rpartition(":")[2]
    try:
        match kind:
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "bool":
                return text.lower() == "true"
            case "null":
                return None
            case "str" | "timestamp":  # a date stays as it was written
                return text
    except ValueError:
        pass
    raise BadYaml(f"“{text}” is not a text, a number, true or false", node.start_mark.line)
