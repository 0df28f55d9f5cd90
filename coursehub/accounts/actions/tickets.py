"""Links that are mailed: made, used once, made useless."""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import update

from coursehub.accounts.formats import email_key, fingerprint
from coursehub.accounts.models import Purpose, Ticket
from coursehub.accounts.queries import find_ticket, letters_lately
from coursehub.accounts.rules import MOST_LETTERS
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import later
from coursehub.foundation.language import _
from coursehub.foundation.refusal import Refused

LINK_LASTS = {
    Purpose.SIGN_UP: timedelta(hours=48),
    Purpose.SIGN_IN: timedelta(minutes=30),
    Purpose.RESET_PASSWORD: timedelta(minutes=60),
    Purpose.CHANGE_EMAIL: timedelta(hours=24),
}


def mail_link(
    letter: Callable[..., None],
    purpose: Purpose,
    email: str,
    person_id: int | None,
    details: Mapping[str, str],
) -> None:
    """Make a link for one purpose and have the letter that carries it written."""
    # More than a handful in half an hour is someone using us to fill another's mailbox.
    if letters_lately(email) >= MOST_LETTERS:
        return
    token = secrets.token_urlsafe(32)
    ticket = Ticket(
        token_hash=fingerprint(token),
        purpose=purpose,
        person_id=person_id,
        email=email,
        email_key=email_key(email),
        details=dict(details),
        created_at=now(),
        expires_at=now() + LINK_LASTS[purpose],
    )
    db.session.add(ticket)
    db.session.flush()
    later(letter, ticket_id=ticket.id, token=token)


def use(token: str, purpose: Purpose) -> tuple[Ticket, bool]:
    """A mailed link, and whether its button is pressed for the first time; refuse if it is dead."""
    ticket = find_ticket(token, purpose)
    if ticket is None:
        raise Refused(
            _("This link no longer works: it was used or has expired. Ask for another one.")
        )
    unused = update(Ticket).where(Ticket.id == ticket.id, Ticket.used_at.is_(None))
    used = db.session.execute(unused.values(used_at=now()).returning(Ticket.id)).all()
    return ticket, bool(used)  # of two who press at once, one is the second


def person_of(ticket: Ticket) -> int:
    """Whose link it is; links to sign up are nobody's yet."""
    if ticket.person_id is None:
        raise LookupError(f"link {ticket.id} belongs to nobody")
    return ticket.person_id


def void_used(person_id: int) -> None:
    """End the moment in which a link that was used takes a second press."""
    used = update(Ticket).where(Ticket.person_id == person_id, Ticket.used_at.is_not(None))
    db.session.execute(used.values(voided_at=now()))


def void(person_id: int, *, but: Ticket | None = None) -> None:
    """Make every link mailed to someone useless, `but` the one whose button is being pressed."""
    others = update(Ticket).where(Ticket.person_id == person_id, Ticket.voided_at.is_(None))
    if but is not None:
        others = others.where(Ticket.id != but.id)
    db.session.execute(others.values(voided_at=now()))
