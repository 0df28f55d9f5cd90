"""How an edition is graded, what is decided about a grade, and files with marks."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice

from coursehub.foundation.forms import Form, Required, at_most
from coursehub.foundation.language import _, _l
from coursehub.gradebook.rules import MOST_CATEGORIES, Json, Missing, Work
from coursehub.questions.rules.numbers import number_in

SET, EXCUSE, WITHDRAW = "set", "excuse", "withdraw"


def percent_in(typed: str, most: float = 100) -> float | None:
    """A number from 0 to 100 (or to `most`) as people type it, or None."""
    read = number_in(typed.strip().removesuffix("%"))
    return read[0] if read and 0 <= read[0] <= most and not read[1] else None


class DecisionForm(Form):
    """A mark in place of what was earned, an excuse, or neither any more; always with a reason."""

    what = RadioField(
        _l("Decision"),
        [Required(_l("Choose one of the options."))],
        choices=[
            SelectChoice(SET, _l("Set this mark")),
            SelectChoice(EXCUSE, _l("Excuse: it does not count for this person")),
            SelectChoice(WITHDRAW, _l("Let what was earned count again")),
        ],
    )
    percent = StringField(_l("Mark, from 0 to 100"), [at_most(20)])
    reason = TextAreaField(
        _l("Reason, as this person will read it"),
        [Required(_l("Write the reason.")), at_most(1_000)],
    )

    def validate_percent(self, field: StringField) -> None:
        if self.what.data == SET and percent_in(field.data or "") is None:
            field.errors = [*field.errors, _("Write a number from 0 to 100.")]

    def is_whole(self) -> bool:
        """Whether everything that the decision needs was typed."""
        return bool(self.validate_on_submit()) and not self.percent.errors

    @property
    def share(self) -> float | None:
        """What was set, from 0 to 1; None for an excuse or a withdrawal."""
        percent = percent_in(self.percent.data or "") if self.what.data == SET else None
        return None if percent is None else percent / 100


class UploadForm(Form):
    file = FileField(_l("File (CSV or XLSX)"))


class ReasonForm(Form):
    reason = TextAreaField(
        _l("Reason, as those concerned will read it"),
        [Required(_l("Write the reason.")), at_most(1_000)],
    )


class SchemeForm(Form):
    """The scheme of an edition as typed: three empty rows are kept for new categories."""

    missing = RadioField(
        _l("Work that is not there when its time is over"),
        [Required(_l("Choose one of the options."))],
        choices=[
            SelectChoice(Missing.ZERO.value, _l("counts as zero")),
            SelectChoice(Missing.LEFT_OUT.value, _l("is left out of the grade")),
        ],
    )
    pass_percent = StringField(_l("To pass, from 0 to 100"), [at_most(20)])

    def read(self, typed: MultiDict[str, str], works: Iterable[Work]) -> Json | None:
        """The scheme that was typed, or None; then the fields say what is wrong."""
        is_whole = bool(self.validate_on_submit())
        percent = percent_in(self.pass_percent.data or "")
        if percent is None:
            self.pass_percent.errors = [
                *self.pass_percent.errors,
                _("Write a number from 0 to 100."),
            ]
        categories = [_category(typed, n) for n in range(MOST_CATEGORIES)]
        if "?" in categories:
            self.form_errors.append(
                _("A category has a weight from 0 to 1000 and leaves out a whole number of marks.")
            )
        if not is_whole or percent is None or "?" in categories:
            return None
        return {
            "categories": [one for one in categories if isinstance(one, dict)],
            "items": {
                str(work.item_id): {
                    "category": typed.get(f"category.{work.item_id}", ""),
                    "required": f"required.{work.item_id}" in typed,
                }
                for work in works
            },
            "missing": self.missing.data,
            "pass_percent": percent,
        }


def _category(typed: MultiDict[str, str], n: int) -> Any:
    """A category as typed, None for an empty row, and ? for one that cannot be read."""
    key = typed.get(f"key.{n}", "").strip()[:40]
    name, weight = typed.get(f"name.{n}", "").strip()[:80], typed.get(f"weight.{n}", "").strip()
    if not name and not weight:
        return None
    number, drop = percent_in(weight, 1000), percent_in(typed.get(f"drop.{n}", "") or "0", 50)
    if number is None or drop is None or not drop.is_integer():
        return "?"
    return {"key": key or f"c{n}", "name": name, "weight": number, "drop": int(drop)}
