"""What people type about certificates: a name, a reason."""

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from coursehub.certificates.formats.lettering import cannot_print
from coursehub.certificates.rules import why_not_print
from coursehub.foundation.forms import Form, Required, at_least, at_most, plain_text
from coursehub.foundation.language import _l

NAME_LENGTH = 120


class NameForm(Form):
    """The name exactly as it will be printed."""

    name = StringField(
        _l("Your name on the certificate"), [Required(), plain_text, at_most(NAME_LENGTH)]
    )

    def validate_name(self, field: Any) -> None:
        if reason := why_not_print(field.data, cannot_print(field.data)):
            raise ValidationError(reason)


class CorrectionForm(NameForm):
    """The right name, typed by staff."""

    name = StringField(
        _l("The name as it should be"), [Required(), plain_text, at_most(NAME_LENGTH)]
    )


class RevocationForm(Form):
    """Why a certificate holds no more; anybody who checks it reads this."""

    reason = TextAreaField(_l("Reason"), [Required(), plain_text, at_least(10), at_most(300)])
