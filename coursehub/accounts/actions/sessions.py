"""Signed-in browsers: beginning and ending their sessions, and forgetting what is over."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, or_, update

from coursehub.accounts.actions.tickets import void
from coursehub.accounts.formats import fingerprint
from coursehub.accounts.models import Session, SignInFailure, Ticket
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import daily

SESSION_LASTS = timedelta(days=30)


def sign_in(person_id: int, device: str = "", *, instead_of: int | None = None) -> str:
    """A new session for someone, `instead_of` the one their browser had.

    The token is for that browser and stands nowhere else.
    """
    sign_out(instead_of)
    token = secrets.token_urlsafe(32)
    db.session.add(
        Session(
            token_hash=fingerprint(token),
            person_id=person_id,
            device=device[:200],
            began_at=now(),
            expires_at=now() + SESSION_LASTS,
        )
    )
    return token


def sign_out(session_id: int | None) -> None:
    """End one browser's session."""
    ended = update(Session).where(Session.id == session_id, Session.ended_at.is_(None))
    db.session.execute(ended.values(ended_at=now()))


def sign_out_everywhere(
    person_id: int, *, but: int | None = None, by: Ticket | None = None
) -> None:
    """End all of someone's sessions and every link mailed to them.

    `but` one session, and the link `by` which this is done, if they are given.
    """
    others = update(Session).where(Session.person_id == person_id, Session.ended_at.is_(None))
    if but is not None:
        others = others.where(Session.id != but)
    db.session.execute(others.values(ended_at=now()))
    void(person_id, but=by)


@daily
def forget_expired() -> Callable[[], None]:
    """Delete links, failures and sessions that can do nothing any more."""
    return _forget


def _forget() -> None:
    yesterday, month_ago = now() - timedelta(days=1), now() - SESSION_LASTS
    db.session.execute(delete(Ticket).where(Ticket.expires_at < yesterday))
    db.session.execute(delete(SignInFailure).where(SignInFailure.failed_at < yesterday))
    over = or_(Session.expires_at < month_ago, Session.ended_at < month_ago)
    db.session.execute(delete(Session).where(over))
