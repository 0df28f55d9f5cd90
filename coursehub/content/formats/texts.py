"""The texts that stand in a course's files, and the mappings that hold them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, StringConstraints

from coursehub.content.formats.findings import fingerprint_of

if TYPE_CHECKING:
    Language = str  # to the type checker: a mapping by language may be asked for any text
else:
    Language = Literal["es", "pt", "en"]
HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def _is_seen(text: str) -> str:
    hidden = HIDDEN.search(text)
    if hidden:
        raise ValueError(f"the character U+{ord(hidden.group()):04X} stands in no text")
    return text


Words = Annotated[
    str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_is_seen)
]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,39}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


class Text(RootModel[dict[Language, Words]]):
    """One text in several languages."""


class Texts(RootModel[dict[Language, list[Words]]]):
    """One list of sentences in several languages."""


class Strict(BaseModel):
    """A mapping in a file: unknown keys are mistakes."""

    # Strict: true is no number, and no number is a text.
    model_config = ConfigDict(extra="forbid", strict=True)

    def texts(self) -> Iterator[tuple[str, Text | Texts]]:
        """The texts that stand directly in this mapping, by key."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Text | Texts):
                yield name, value


class Translated(Strict):
    """A mapping with texts; `from` says from which state of the source a translation was made."""

    id: Id | None = None
    made_from: dict[Language, str] = Field(default_factory=dict, alias="from")

    def revision(self, language: str) -> str:
        """The fingerprint of the texts in a language: what a translation is made from."""
        return fingerprint_of({name: text.root.get(language) for name, text in self.texts()})
