"""What people type to check a certificate."""

from typing import Any

from wtforms import StringField
from wtforms.validators import ValidationError

from coursehub.certificates.formats.codes import read_code
from coursehub.foundation.forms import Form, Required, at_most, plain_text
from coursehub.foundation.language import _, _l


class CodeForm(Form):
    """A certificate's code: sent in the address, so that the result can be shared."""

    class Meta:
        csrf = False  # it changes nothing

    code = StringField(_l("Code of the certificate"), [Required(), at_most(60)])

    def validate_code(self, field: Any) -> None:
        if read_code(field.data) is None:
            raise ValidationError(
                _(
                    "This is no whole code. It has sixteen letters and digits in groups of four; "
                    "compare it with the certificate once more."
                )
            )


class FileForm(Form):
    """A PDF to be compared; the file itself is read apart."""

    code = StringField(_l("Code of the certificate"), [plain_text, at_most(60)])
