"""Work for after the response: a row written in its cause's transaction, run by a thread or worker.

The row is the truth. Whoever runs it takes a lease first; a runner that is killed leaves a lease
that runs out, and the next one takes the job up. A job runs inside its own unit of work, so what it
writes and the row's end are made permanent together.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import JSON, CheckConstraint, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.clock import now
from coursehub.foundation.database import Row, db, writing

log = logging.getLogger(__name__)
registry: dict[str, Callable[..., None]] = {}

MOST_ATTEMPTS = 6
LEASE = timedelta(minutes=5)
PAUSE_SECONDS = 1.0
Argument = int | str


class Job(Row):
    """Something that has to be done once, after the moment that asked for it."""

    __tablename__ = "jobs"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts_is_a_count"),)

    work: Mapped[str]
    arguments: Mapped[dict[str, Argument]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(unique=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]


def job(work: Callable[..., None]) -> Callable[..., None]:
    """Allow a function to be run later. It takes ids, not rows: rows go stale."""
    registry[_name(work)] = work
    return work


def later(work: Callable[..., None], *, key: str | None = None, **arguments: Argument) -> None:
    """Have `work` done soon after this unit of work is permanent; at most once for a `key`."""
    name = _name(work)
    if name not in registry:
        raise LookupError(f"{name} is not marked @job")
    if key and db.session.scalar(select(Job.id).where(Job.key == key)):
        return
    db.session.add(Job(work=name, arguments=arguments, key=key, due_at=now()))


def run_due() -> int:
    """Run every job that is due, each in its own unit of work; return how many succeeded."""
    done = 0
    while (job_id := _take()) is not None:
        done += _run(job_id)
    return done


def waiting() -> int:
    """How many jobs are not done and not given up."""
    rows = select(Job.id).where(Job.done_at.is_(None), Job.attempts < MOST_ATTEMPTS)
    return len(db.session.scalars(rows).all())


def start_thread(app: Flask) -> threading.Thread:
    """Run jobs beside the server in this process until it ends."""

    def forever() -> None:
        wait = threading.Event()
        while not wait.wait(PAUSE_SECONDS):
            with app.app_context():
                _sweep()

    thread = threading.Thread(target=forever, name="jobs", daemon=True)
    thread.start()
    return thread


def _sweep() -> None:
    try:
        run_due()
    except Exception:  # the thread must outlive a database that is away for a moment
        log.exception("the job runner failed")
    finally:
        db.session.remove()


def _take() -> int | None:
    """Lease the next due job, or None. Two runners never hold the same one."""
    moment = now()
    due = (
        select(Job.id)
        .where(
            Job.done_at.is_(None),
            Job.due_at <= moment,
            Job.attempts < MOST_ATTEMPTS,
            or_(Job.leased_until.is_(None), Job.leased_until < moment),
        )
        .order_by(Job.due_at, Job.id)
        .limit(1)
    )
    if db.session.scalar(due) is None:  # look before taking the write lock
        db.session.rollback()
        return None
    with writing():
        job_id = db.session.scalar(due.with_for_update(skip_locked=True))
        if job_id is not None:
            taken = update(Job).where(Job.id == job_id)
            db.session.execute(taken.values(leased_until=moment + LEASE, attempts=Job.attempts + 1))
    return job_id


def _run(job_id: int) -> bool:
    row = db.session.get_one(Job, job_id)
    work, arguments = registry[row.work], dict(row.arguments)
    try:
        with writing():
            work(**arguments)
            db.session.get_one(Job, job_id).done_at = now()
    except Exception as error:
        log.exception("job %s failed", job_id)
        _put_back(job_id, error)
        return False
    return True


def _put_back(job_id: int, error: Exception) -> None:
    with writing():
        row = db.session.get_one(Job, job_id)
        row.last_error = repr(error)[:500]
        row.leased_until = None
        row.due_at = now() + timedelta(minutes=2**row.attempts - 1)


def _name(work: Callable[..., None]) -> str:
    return f"{work.__module__}.{work.__name__}"
