"""What becomes of a question whose key was wrong, as those who teach decide it."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from coursehub.foundation.forms import Form, Required, at_most
from coursehub.foundation.language import _, _l
from coursehub.questions.rules import Json
from coursehub.questions.rules.correcting import CHOICES, NEEDS_A_KEY, WITH_A_FORM, Remedy, with_key
from coursehub.questions.rules.numbers import number_in
from coursehub.questions.rules.telling import said

REMEDIES = {
    Remedy.NEW_KEY: _l("Only another answer is right"),
    Remedy.ACCEPT_BOTH: _l("Another answer is right too"),
    Remedy.DROP: _l("Leave the question out for everyone"),
    Remedy.FULL_MARKS: _l("Give everyone the full points"),
    Remedy.AS_PUBLISHED: _l("Mark it as it was published"),
}


TRUTHS = [SelectChoice("true", _l("True")), SelectChoice("false", _l("False"))]


class CorrectionForm(Form):
    """A remedy and, for those that need one, the right answer by the type of the question."""

    remedy = RadioField(
        _l("What should hold from now on?"),
        [Required(_l("Choose one of the options."))],
        choices=[SelectChoice(*one) for one in REMEDIES.items()],
    )
    right = SelectMultipleField(
        _l("Right answers"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    is_true = RadioField(
        _l("The statement is"),
        choices=TRUTHS,
    )
    value = StringField(_l("The right number"), [at_most(40)])
    tolerance = StringField(_l("How far an answer may be off"), [at_most(40)])
    texts = TextAreaField(_l("Accepted texts, one on each line"), [at_most(5_000)])
    reason = TextAreaField(_l("Reason, as those concerned will read it"), [at_most(1_000)])

    def __init__(
        self,
        question: Json,
        newest: Json | None,
        language: str,
        source: str,
        typed: MultiDict[str, str],
    ) -> None:
        # What is only asked about comes by GET; for what is sent the application checks the token.
        super().__init__(typed or None, meta={"csrf": False})
        self._question, self._newest = question, newest
        self.right.choices = [
            SelectChoice(one["id"], said(one["text"], language, source)[0])
            for one in question.get("answers", ())
        ]
        self.correction: Json | None = None

    @property
    def key_fields(self) -> list[Any]:
        """The fields that name the right answer of this type of question."""
        match self._question["type"]:
            case kind if kind in CHOICES:
                return [self.right]
            case "true_false":
                return [self.is_true]
            case "numeric":
                return [self.value, self.tolerance]
            case "short_text":
                return [self.texts]
        return []

    def reads(self, *, is_final: bool) -> bool:
        """Whether what was typed is whole; then `correction` is set. Final ones have a reason."""
        # What does not belong to this type of question was not asked.
        self.is_true.validate_choice = False
        is_whole = bool(self.validate())
        if is_final and not (self.reason.data or "").strip():
            self.reason.errors = [_("Write the reason.")]
            is_whole = False
        if not is_whole:
            return False
        self.correction = {"remedy": self.remedy.data}
        return self.remedy.data not in NEEDS_A_KEY or self._reads_key()

    def _reads_key(self) -> bool:
        assert self.correction is not None  # noqa: S101 - set just before
        if self._question["type"] not in WITH_A_FORM:
            if self._newest is None:
                self.remedy.errors = [
                    _(
                        "For this type of question the key is corrected in the course’s files "
                        "first. Publish them, and then choose this again."
                    )
                ]
                return False
            self.correction["question"] = self._newest
            return True
        try:
            self.correction["question"] = with_key(self._question, self._key())
        except (KeyError, ValueError):
            self.key_fields[0].errors = [_("Give the right answer.")]
            return False
        return True

    def _key(self) -> Json:
        match self._question["type"]:
            case kind if kind in CHOICES:
                return {"right": self.right.data or []}
            case "true_false":
                return {"is_true": {"true": True, "false": False}[self.is_true.data or ""]}
            case "numeric":
                return {"value": _number(self.value), "tolerance": _number(self.tolerance, "0")}
        return {"texts": [line.strip() for line in self.texts.data.splitlines() if line.strip()]}


def _number(field: StringField, otherwise: str = "") -> float:
    read = number_in((field.data or "").strip() or otherwise)
    if read is None:
        raise ValueError(field.name)
    return read[0]
