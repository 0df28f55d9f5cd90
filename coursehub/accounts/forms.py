"""What people type to get in, to create an account and to say who they are."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import Optional, ValidationError

from coursehub.accounts.formats import TIME_ZONES, is_latin
from coursehub.foundation.forms import (
    EMAIL_LENGTH,
    Choice,
    Form,
    Required,
    at_least,
    at_most,
    email_address,
    plain_text,
)
from coursehub.foundation.language import NAMES, _, _l

NAME_LENGTH = 120
PASSWORD_LENGTH = (10, 200)
ANOTHER_COUNTRY = "other"
# WTForms lists a child's fields after its parent's; the pages ask in this order.
ASKED = (
    "csrf_token",
    "name",
    "latin_name",
    "email",
    "country",
    "institution",
    "position",
    "language",
    "time_zone",
    "accepts",
)


def _email(label: str) -> EmailField:
    checks = [Required(_l("Write your email address.")), at_most(EMAIL_LENGTH), email_address]
    return EmailField(label, checks, render_kw={"autocomplete": "email"})


def _new_password(label: str, *more: Any) -> PasswordField:
    checks = [*more, at_least(PASSWORD_LENGTH[0]), at_most(PASSWORD_LENGTH[1])]
    return PasswordField(label, checks, render_kw={"autocomplete": "new-password"})


def _own_password(label: str) -> PasswordField:
    checks = [Required(_l("Write your password.")), at_most(PASSWORD_LENGTH[1])]
    return PasswordField(label, checks, render_kw={"autocomplete": "current-password"})


class SignInForm(Form):
    """By password or, with the second button, by a mailed link, for which no password is needed."""

    email = _email(_l("Email address"))
    password = PasswordField(
        _l("Password"),
        [at_most(PASSWORD_LENGTH[1])],
        render_kw={"autocomplete": "current-password"},
    )
    by = StringField()

    @property
    def asks_for_link(self) -> bool:
        return bool(self.by.data == "link")

    def validate_password(self, field: Any) -> None:
        if not field.data and not self.asks_for_link:
            raise ValidationError(_("Write your password, or ask for a link by email instead."))


class AboutYou(Form):
    """What an account says about a person; `sign-up` and the profile both ask for it."""

    name = StringField(
        _l("Full name"),
        [plain_text, Required(_l("Write your name.")), at_most(NAME_LENGTH)],
        render_kw={"autocomplete": "name"},
    )
    country = Choice(_l("Country"), [Required(_l("Choose your country."))])
    institution = StringField(
        _l("Institution"), [plain_text, at_most(200)], render_kw={"autocomplete": "organization"}
    )
    position = StringField(
        _l("Position"), [plain_text, at_most(120)], render_kw={"autocomplete": "organization-title"}
    )
    language = Choice(_l("Language of pages and emails"), [Required()], choices=NAMES)

    @property
    def errors(self) -> dict[str, Any]:
        """What is wrong, by field, in the order in which the page asks."""
        mistakes: dict[str, Any] = super().errors
        return {name: mistakes[name] for name in sorted(mistakes, key=ASKED.index)}

    def offer_countries(self, countries: list[tuple[str, str]]) -> None:
        """Let the person choose among the States of the Network and another country."""
        another = (ANOTHER_COUNTRY, _("Another country"))
        self.country.choices = dict([("", _("Choose a country")), *countries, another])

    @property
    def country_code(self) -> str:
        """The chosen State's code, empty for another country."""
        return "" if self.country.data == ANOTHER_COUNTRY else str(self.country.data)


class SignUpForm(AboutYou):
    email = _email(_l("Email address"))
    accepts = BooleanField(
        _l("I have read the privacy notice and I accept the terms of use"),
        [Required(_l("To create an account, accept the privacy notice and the terms of use."))],
    )

    def details(self, documents: Iterable[tuple[str, str]], after: str) -> dict[str, str]:
        """What is kept until the address is confirmed: words only, as a job carries them."""
        return {
            "name": self.name.data,
            "country": self.country_code,
            "institution": self.institution.data,
            "position": self.position.data,
            "language": self.language.data,
            "after": after,
            **{f"accepted_{document}": version for document, version in documents},
        }


class ConfirmForm(Form):
    """The button of a confirmed address, with a password for those who want one."""

    password = _new_password(_l("Password"), Optional())


class ButtonForm(Form):
    """A button alone, protected against forged requests."""


class AddressForm(Form):
    email = _email(_l("Email address"))


class NewPasswordForm(Form):
    password = _new_password(_l("New password"))


class ChangePasswordForm(NewPasswordForm):
    current = _own_password(_l("Current password"))


class NewEmailForm(Form):
    email = _email(_l("New email address"))


class ChangeEmailForm(NewEmailForm):
    current = _own_password(_l("Current password"))


class ProfileForm(AboutYou):
    latin_name = StringField(_l("Name in Latin letters"), [plain_text, at_most(NAME_LENGTH)])
    time_zone = Choice(_l("Time zone"), [Required()])

    def validate_latin_name(self, field: Any) -> None:
        if not is_latin(field.data):
            raise ValidationError(_("Write this name with letters of the Latin alphabet only."))

    def profile(self) -> dict[str, str | None]:
        """What was typed, as the account keeps it."""
        return {
            "name": self.name.data,
            "latin_name": self.latin_name.data or "",
            "country_code": self.country_code or None,
            "institution": self.institution.data,
            "position": self.position.data,
            "language": self.language.data,
            "time_zone": self.time_zone.data,
        }

    def offer_time_zones(self, chosen: str, label: Any) -> None:
        """Let the person choose a zone; one they have stays on offer even if the list lacks it."""
        zones = sorted({*TIME_ZONES, chosen})
        self.time_zone.choices = {zone: label(zone) for zone in zones}
