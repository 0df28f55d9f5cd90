"""What a quiz's form and a device's script send."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.datastructures import MultiDict

from coursehub.quizzes.actions import Change
from coursehub.quizzes.rules import MOST_CHARACTERS, MOST_VALUES, mark_of

FORM = "form"  # the device of a browser that runs no script
UUID = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
Name = Annotated[str, Field(max_length=100)]
Value = Annotated[str, Field(max_length=MOST_CHARACTERS)]


class _Change(BaseModel):
    model_config = ConfigDict(extra="ignore")

    question: Name
    event: UUID
    at: int = Field(ge=0, le=10**14)
    fields: dict[Name, Annotated[list[Value], Field(max_length=MOST_VALUES)]] = Field(
        max_length=MOST_VALUES
    )
    flagged: bool = False


class _Sent(BaseModel):
    model_config = ConfigDict(extra="ignore")

    device: UUID
    changes: list[_Change] = Field(max_length=200)


def sent_by_script(body: bytes) -> tuple[str, list[Change]] | None:
    """The device and its changes, or None if this is not what our script sends."""
    try:
        sent = _Sent.model_validate_json(body)
    except ValidationError:
        return None
    return sent.device, [
        Change(
            one.question,
            one.event,
            _without_nul(one.fields),
            datetime.fromtimestamp(one.at / 1000, UTC),
            one.flagged,
        )
        for one in sent.changes
    ]


def sent_by_form(
    form: MultiDict[str, str], questions: Mapping[str, object], moment: datetime
) -> Iterator[Change]:
    """The changes made on a page: what differs from the marks that it was drawn with.

    A page that was left open in another tab says nothing of what was answered since elsewhere.
    """
    for key in questions:
        if f"was.{key}" not in form:
            continue
        fields = {
            name.removeprefix(key).removeprefix("."): form.getlist(name)
            for name in form
            if name == key or name.startswith(f"{key}.")
        }
        fields = _without_nul(fields)
        is_flagged = f"flag.{key}" in form
        was_flagged = form.get(f"flagged.{key}") == "1"
        if mark_of(fields) != form[f"was.{key}"] or is_flagged != was_flagged:
            yield Change(key, str(uuid4()), fields, moment, is_flagged)


def _without_nul(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same without a character that PostgreSQL does not take."""
    return {
        name.replace("\0", ""): [value.replace("\0", "") for value in values]
        for name, values in fields.items()
    }
