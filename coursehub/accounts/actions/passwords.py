"""Passwords: stored so that they cannot be read, tried a limited number of times, changed."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select

from coursehub.accounts import mail
from coursehub.accounts.actions.sessions import sign_out_everywhere
from coursehub.accounts.formats import email_key
from coursehub.accounts.models import Account, SignInFailure, Ticket
from coursehub.accounts.queries import failures_lately
from coursehub.accounts.rules import why_not_sign_in
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import later
from coursehub.foundation.refusal import refuse_if

# 19 MiB, two passes, one lane: what OWASP recommends for Argon2id at the least.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """What is stored of a password. Slow on purpose: call it before `writing()`."""
    return HASHER.hash(_composed(password))


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long where there is none, so that time is silent."""
    try:
        HASHER.verify(password_hash or _nobodys_hash(), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def _composed(password: str) -> str:
    # The same keys make ñ out of one character on some machines and of two on others.
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_hex())


def try_password(email: str, *, matches: bool) -> bool:
    """Count a wrong password, forget the count after a right one; refuse when there were too many.

    Whether it matches was found out before, outside the unit of work: that is slow.
    """
    account = select(Account.person_id).where(Account.email_key == email_key(email))
    db.session.execute(account.with_for_update())  # one try at a time, or the limit could be outrun
    refuse_if(why_not_sign_in(failures_lately(email)))
    if matches:
        forget_failures(email)
    else:
        db.session.add(SignInFailure(email_key=email_key(email), failed_at=now()))
    return matches


def forget_failures(email: str) -> None:
    """Let passwords be tried again for an address."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.email_key == email_key(email)))


def change_password(
    person_id: int, password_hash: str, *, but: int | None = None, by: Ticket | None = None
) -> None:
    """Set a new password and tell the person by letter.

    Every session ends `but` one, and every link that was mailed except the one `by` which it is.
    """
    account = db.session.get_one(Account, person_id)
    account.password_hash = password_hash
    sign_out_everywhere(person_id, but=but, by=by)
    later(mail.send_password_was_changed, person_id=person_id)
