"""The base of every form and what all of them ask of a text: clean, not too long, kept as typed."""

import unicodedata
from collections.abc import Callable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField
from wtforms.validators import DataRequired, StopValidation

from coursehub.foundation.language import _, _l, _n

Validator = Callable[[Any, Field], None]

# Characters that turn the direction of the text around them: they make a name look like another.
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters by their category, which leave no mark on paper or screen.
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
EMAIL_LENGTH = 254


class Form(FlaskForm):
    """A form protected against forged requests, whose mistakes stand beside their fields."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            # Texts only: a file or a JSON value in a text's place is as if nothing had come.
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if form.is_submitted() else None


class Choice(SelectField):
    """One of a list; anything else is refused in our own words."""

    def __init__(self, label: str, validators: list[Any], **options: Any) -> None:
        options.setdefault("invalid_choice_message", _l("Choose one of the options in the list."))
        super().__init__(label, validators, **options)


class Required(DataRequired):
    """Something that can be seen was typed, chosen or ticked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message)

    def __call__(self, form: Any, field: Field) -> None:
        typed = field.data
        if isinstance(typed, str):
            typed = any(_can_be_seen(character) for character in typed)
        if not typed:
            raise StopValidation(str(self.message or _("Fill in this field.")))


def _can_be_seen(character: str) -> bool:
    # Letters, numbers, symbols and punctuation; an accent alone (M) has nothing to stand on.
    return unicodedata.category(character)[0] in "LNSP" and character not in BLANKS


def plain_text(form: Any, field: Field) -> None:
    """One line of text without control characters; spaces around it go, letters are composed."""
    _refuse_hidden(field)
    field.data = unicodedata.normalize("NFC", field.data or "").strip()


def email_address(form: Any, field: Field) -> None:
    """An address a letter can be sent to, as far as its form tells."""
    _refuse_hidden(field)
    typed = (field.data or "").strip()
    try:
        # test_environment lets the domains through that stand in examples and tests.
        checked = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise StopValidation(
            _("Write an email address such as name@institution.gov, without spaces.")
        ) from error
    field.data = checked.normalized


def at_most(limit: int) -> Validator:
    """The text has no more than `limit` characters; the message says how many it has."""

    def check(form: Any, field: Field) -> None:
        length = len(field.data or "")
        if length > limit:
            raise StopValidation(
                _(
                    "Write at most %(limit)s characters; there are %(length)s.",
                    limit=limit,
                    length=length,
                )
            )

    return check


def at_least(limit: int) -> Validator:
    """The text has at least `limit` characters."""

    def check(form: Any, field: Field) -> None:
        if len(field.data or "") < limit:
            raise StopValidation(
                _n("Write at least %(num)s character.", "Write at least %(num)s characters.", limit)
            )

    return check


def _refuse_hidden(field: Field) -> None:
    text = field.data or ""
    if any(_is_control(character) for character in text):
        raise StopValidation(
            _("This text contains invisible control characters. Type it again without them.")
        )
    if any(character in TURNS for character in text):
        raise StopValidation(
            _("This text contains invisible marks that turn its direction. Type it again.")
        )


def _is_control(character: str) -> bool:
    # Cc: controls, NUL among them; Cs: halves of characters; Zl and Zp: hidden line ends.
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
