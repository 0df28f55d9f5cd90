"""Erasing someone: what identifies them goes, as PERSONAL declares; facts stay and name nobody."""

from collections.abc import Collection

from sqlalchemy import delete, or_, select, update

from coursehub.accounts.formats import email_key
from coursehub.accounts.models import Account, RoleGrant, Ticket
from coursehub.accounts.queries import about, is_last_administrator, numbers_of
from coursehub.accounts.rules import Erasure, tables_of, why_not_lose
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, metadata, not_before
from coursehub.foundation.jobs import Job
from coursehub.foundation.refusal import refuse_if


def erase_person(person_id: int) -> dict[str, int]:
    """Erase what is personal about someone; gives how many rows went, by table.

    Refused for the last administrator. Roles end here; places are ended by enrolment, which stands
    above, in the same unit of work.
    """
    numbers = numbers_of(person_id)
    refuse_if(why_not_lose(is_last_administrator=is_last_administrator(numbers)))
    accounts = db.session.scalars(select(Account).where(Account.person_id.in_(numbers))).all()
    words = {word for one in accounts for word in (one.email, one.email_key, one.name)}
    keys = {one.email_key for one in accounts}
    erased = {Job.__tablename__: _cancel_jobs(numbers, keys, words)}
    for name in sorted(tables_of(Erasure.ERASED) - erased.keys()):
        erased[name] = _delete(name, numbers, keys)
    held = update(RoleGrant).where(RoleGrant.person_id.in_(numbers), RoleGrant.ended_at.is_(None))
    db.session.execute(held.values(ended_at=not_before(RoleGrant.granted_at, now())))
    return erased


def _cancel_jobs(numbers: Collection[int], keys: Collection[str], words: Collection[str]) -> int:
    """End the jobs that name someone, and forget what went wrong with them; how many waited."""
    # A runner that is ending a job is waited for: what it writes is then seen below. One that has
    # not come so far finds its job done, and writes nothing.
    db.session.execute(
        select(Job.id).where(Job.done_at.is_(None)).order_by(Job.id).with_for_update()
    )
    own = select(Ticket.id).where(about(Ticket.__table__, numbers, keys))
    tickets = set(db.session.scalars(own))
    cancelled = 0
    for job in db.session.scalars(
        select(Job).where(or_(Job.done_at.is_(None), Job.last_error.is_not(None)))
    ):
        if job.done_at is None and _names(job, numbers, keys, tickets):
            job.done_at, job.arguments, job.last_error = now(), {}, None
            cancelled += 1
        elif any(word in (job.last_error or "") for word in words):
            job.last_error = None
    return cancelled


def _names(
    job: Job, numbers: Collection[int], keys: Collection[str], tickets: Collection[int]
) -> bool:
    given = job.arguments
    return (
        given.get("person_id") in numbers
        or given.get("ticket_id") in tickets
        or any(isinstance(word, str) and email_key(word) in keys for word in given.values())
    )


def _delete(name: str, numbers: Collection[int], keys: Collection[str]) -> int:
    table = metadata.tables[name]
    gone = delete(table).where(about(table, numbers, keys)).returning(*table.primary_key.columns)
    return len(db.session.execute(gone).all())
