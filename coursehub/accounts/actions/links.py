"""What a mailed link does: confirm an account, let someone in, reset a password, move an address.

Whoever asks for a link is answered before the address is looked up: a job does that, so that
neither the answer nor the time it takes tells who has an account.
"""

from collections.abc import Callable, Mapping
from functools import partial

from coursehub.accounts import mail
from coursehub.accounts.actions.passwords import change_password, forget_failures
from coursehub.accounts.actions.people import create_person
from coursehub.accounts.actions.tickets import mail_link, person_of, use, void
from coursehub.accounts.formats import email_key
from coursehub.accounts.models import Account, Purpose
from coursehub.accounts.queries import find_account, taken_keys
from coursehub.accounts.rules import why_not_create_account
from coursehub.foundation.database import db
from coursehub.foundation.jobs import job, later
from coursehub.foundation.refusal import flush_or_refuse

Write = Callable[[], None]


def ask_to_sign_up(email: str, details: Mapping[str, str]) -> None:
    """Mail an address that wants an account a link to confirm it or, if it has one, to sign in."""
    later(answer_sign_up, email=email, **details)


@job
def answer_sign_up(email: str, **details: str) -> Write:
    account = find_account(email)
    if account is None:
        return partial(mail_link, mail.send_sign_up, Purpose.SIGN_UP, email, None, details)
    return _sign_in_link(mail.send_already_known, account, details["after"])


def confirm_sign_up(token: str, password_hash: str | None) -> int:
    """Make the account that was asked for, its address being confirmed; return whose it is."""
    ticket, is_first = use(token, Purpose.SIGN_UP)
    made = None if is_first else find_account(ticket.email)
    if made is not None:
        return made.person_id
    details = ticket.details
    return create_person(
        ticket.email,
        details["name"],
        details["language"],
        country=details["country"] or None,
        institution=details["institution"],
        position=details["position"],
        password_hash=password_hash,
        accepted=[
            (key.removeprefix("accepted_"), version)
            for key, version in details.items()
            if key.startswith("accepted_")
        ],
    )


def ask_for_link(email: str, after: str) -> None:
    """Mail a link that signs in, if the address has an account; it then leads to `after`."""
    later(answer_sign_in, email=email, after=after)


@job
def answer_sign_in(email: str, after: str) -> Write | None:
    account = find_account(email)
    return _sign_in_link(mail.send_sign_in, account, after) if account else None


def _sign_in_link(letter: Callable[..., None], account: Account, after: str) -> Write:
    details = {"after": after}
    return partial(mail_link, letter, Purpose.SIGN_IN, account.email, account.person_id, details)


def sign_in_by_link(token: str) -> int:
    """Use up a mailed link; return whom it lets in."""
    ticket, _is_first = use(token, Purpose.SIGN_IN)
    forget_failures(ticket.email)
    return person_of(ticket)


def ask_to_reset(email: str) -> None:
    """Mail a link that sets a new password, if the address has an account."""
    later(answer_reset, email=email)


@job
def answer_reset(email: str) -> Write | None:
    account = find_account(email)
    if account is None:
        return None
    to, person_id = account.email, account.person_id
    return partial(mail_link, mail.send_reset, Purpose.RESET_PASSWORD, to, person_id, {})


def reset_password(token: str, password_hash: str) -> int:
    """Set a new password by a mailed link; every browser is signed out. Return whose it is."""
    ticket, is_first = use(token, Purpose.RESET_PASSWORD)
    person_id = person_of(ticket)
    if is_first:
        forget_failures(ticket.email)
        change_password(person_id, password_hash, by=ticket)
    return person_id


def ask_to_change_email(person_id: int, email: str) -> None:
    """Write to the new address: the change is made when the link in that letter is used."""
    later(answer_email_change, person_id=person_id, email=email)


@job
def answer_email_change(person_id: int, email: str) -> Write:
    taken = find_account(email)
    if taken is not None:
        return _sign_in_link(mail.send_already_known, taken, "")
    return partial(mail_link, mail.send_change_email, Purpose.CHANGE_EMAIL, email, person_id, {})


def confirm_email(token: str) -> None:
    """Move an account to its new address and tell the old one."""
    ticket, is_first = use(token, Purpose.CHANGE_EMAIL)
    if not is_first:
        return
    account = db.session.get_one(Account, person_of(ticket))
    old = account.email

    def move() -> None:
        account.email, account.email_key = ticket.email, email_key(ticket.email)

    flush_or_refuse(
        move, lambda: why_not_create_account(taken_keys(ticket.email), email_key(ticket.email))
    )
    void(account.person_id, but=ticket)
    later(mail.send_email_was_changed, person_id=account.person_id, to=old)
