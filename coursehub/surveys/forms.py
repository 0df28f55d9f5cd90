"""What the form of a survey sends."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from werkzeug.datastructures import MultiDict

from coursehub.learning.queries import Reading
from coursehub.surveys.formats import sealed
from coursehub.surveys.rules import Json, code_of, why_not_code
from coursehub.surveys.rules.answering import Fields, read_answers

CODE = "code"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was typed, what it means, and a sentence for each field that is wrong."""

    fields: Fields
    answers: Json
    mistakes: Mapping[str, str]


NOTHING = Sent({}, {}, {})


def sent_by_form(form: MultiDict[str, str], survey: Json) -> Sent:
    """The answers that a form sends, and its code if the survey is one of a pair."""
    fields = {name: [value.replace("\0", "") for value in form.getlist(name)] for name in form}
    answers, mistakes = read_answers(survey, fields)
    if survey["keeping"] == "paired" and (why := why_not_code(fields.get(CODE, [""])[0])):
        mistakes = {CODE: why} | mistakes
    return Sent(fields, answers, mistakes)


def code_in(sent: Sent, reading: Reading, survey: Json) -> str | None:
    """What is stored of the code that was sent; it takes its time, so not while others wait."""
    if survey["keeping"] != "paired":
        return None
    key = current_app.secret_key
    secret = key if isinstance(key, bytes) else str(key).encode()
    return sealed(code_of(sent.fields[CODE][0]), secret, reading.edition_id, survey["pair"])
