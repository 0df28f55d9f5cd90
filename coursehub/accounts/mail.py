"""The letters about accounts: links to confirm, to get in and to recover, and news of changes."""

from flask import current_app, render_template

from coursehub.accounts.models import Account, Ticket
from coursehub.accounts.queries import account_of
from coursehub.foundation import mail
from coursehub.foundation.addresses import whole_address
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job
from coursehub.foundation.language import _, day_and_time, speaking
from coursehub.network.queries import time_zone_of


@job
def send_sign_up(ticket_id: int, token: str) -> None:
    ticket = db.session.get_one(Ticket, ticket_id)
    with speaking(ticket.details["language"]):
        subject = _("Confirm your email address")
        zone = time_zone_of(ticket.details["country"])
        link = whole_address("accounts.confirm_sign_up", token=token)
        # Without the name: a stranger typed it, and the letter must not carry their words.
        body = _body("sign_up", "", link, day_and_time(ticket.expires_at, zone))
        _post(ticket, subject, body, ticket.details["language"])


@job
def send_already_known(ticket_id: int, token: str) -> None:
    ticket, account = _of(ticket_id)
    with speaking(account.language):
        link = whole_address("accounts.use_link", token=token)
        _send(account, _("You already have an account"), "already_known", link, ticket)


@job
def send_sign_in(ticket_id: int, token: str) -> None:
    ticket, account = _of(ticket_id)
    with speaking(account.language):
        link = whole_address("accounts.use_link", token=token)
        _send(account, _("Your link to sign in"), "sign_in", link, ticket)


@job
def send_reset(ticket_id: int, token: str) -> None:
    ticket, account = _of(ticket_id)
    with speaking(account.language):
        link = whole_address("accounts.reset_password", token=token)
        _send(account, _("Choose a new password"), "reset", link, ticket)


@job
def send_change_email(ticket_id: int, token: str) -> None:
    ticket, account = _of(ticket_id)
    with speaking(account.language):
        link = whole_address("accounts.confirm_email", token=token)
        _send(account, _("Confirm your new email address"), "change_email", link, ticket)


@job
def send_email_was_changed(person_id: int, to: str) -> None:
    """The letter goes to the old address, where whoever did not ask for the change reads it."""
    _send_news(person_id, "email_was_changed", to)


@job
def send_password_was_changed(person_id: int) -> None:
    _send_news(person_id, "password_was_changed")


def _of(ticket_id: int) -> tuple[Ticket, Account]:
    ticket = db.session.get_one(Ticket, ticket_id)
    return ticket, db.session.get_one(Account, ticket.person_id)


def _send(account: Account, subject: str, letter: str, link: str, ticket: Ticket) -> None:
    until = day_and_time(ticket.expires_at, account.time_zone)
    _post(ticket, subject, _body(letter, account.name, link, until), account.language)


def _post(ticket: Ticket, subject: str, body: str, language: str) -> None:
    # A job that is tried again sends the same letter, not one more.
    letter_id = f"link-{ticket.id}"
    mail.send(to=ticket.email, subject=subject, body=body, language=language, letter_id=letter_id)


def _send_news(person_id: int, letter: str, to: str = "") -> None:
    account = account_of(person_id)
    if account is None:
        return
    with speaking(account.language):
        subject = {
            "email_was_changed": _("Your email address was changed"),
            "password_was_changed": _("Your password was changed"),
        }[letter]
        body = _body(letter, account.name, whole_address("accounts.ask_reset"), "")
        mail.send(to=to or account.email, subject=subject, body=body, language=account.language)


def _body(letter: str, name: str, link: str, until: str) -> str:
    return render_template(
        f"accounts/pages/letters/{letter}.txt",
        name=name,
        link=link,
        until=until,
        contact_email=current_app.extensions["coursehub"].contact_email,
    )
