"""What is wrong with a course's files, and the fingerprints by which translations are compared."""

import hashlib
import json
from dataclasses import dataclass

Json = dict[str, object]


@dataclass(frozen=True, order=True)
class Finding:
    """Something to put right in a file. Only an error keeps a course from being loaded."""

    file: str
    line: int
    message: str
    is_error: bool = True

    def as_json(self) -> dict[str, str | int]:
        return {
            "file": self.file,
            "line": self.line,
            "message": self.message,
            "severity": "error" if self.is_error else "warning",
        }


class Findings(list[Finding]):
    """The findings so far, in the order in which they were made."""

    def error(self, file: str, line: int, message: str) -> None:
        self.append(Finding(file, line, message))

    def warning(self, file: str, line: int, message: str) -> None:
        self.append(Finding(file, line, message, is_error=False))

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self if finding.is_error]


def fingerprint(text: str) -> str:
    """Ten characters that change when the text does, but not for blank space around it."""
    # It begins with a letter so that YAML never takes it for a number.
    return "f" + hashlib.sha256(text.strip().encode()).hexdigest()[:9]


def fingerprint_of(thing: object) -> str:
    """The fingerprint of anything that JSON can hold."""
    return fingerprint(json.dumps(thing, ensure_ascii=False, sort_keys=True))
