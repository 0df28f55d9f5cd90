"""What people type and send to keep questions."""

from typing import Any

from wtforms import FileField, StringField

from coursehub.foundation.forms import Choice, Form, Required, at_most, plain_text
from coursehub.foundation.language import NAMES, _, _l

TITLE_LENGTH = 120


class BankForm(Form):
    title = StringField(
        _l("Name of the bank"),
        [Required(_l("Write a name.")), at_most(TITLE_LENGTH), plain_text],
    )
    course = Choice(_l("For"), [])

    def offer(self, courses: list[tuple[str, str]], *, site: bool) -> "BankForm":
        """Let one of these courses be chosen, and the site where that is permitted."""
        self.course.choices = ({"": _("All courses")} if site else {}) | dict(courses)
        return self


class ImportForm(Form):
    """The file itself comes beside the form: `sent` says whether there is one."""

    file = FileField(_l("File"))
    language = Choice(_l("Language of its texts"), [], choices=NAMES)

    def accepts(self, content: bytes) -> bool:
        """Whether everything is there; if not, the fields say what is missing."""
        is_valid: Any = self.validate_on_submit()
        if not content:
            self.file.errors = [_("Choose a file that is not empty.")]
        return bool(is_valid and content)
