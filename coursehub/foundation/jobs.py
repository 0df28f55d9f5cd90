"""Work for after the response: a row written in its cause's transaction, run by a thread or worker.

The row is the truth. Whoever runs it takes a lease first; a runner that is killed leaves a lease
that runs out, and the next one takes the job up. A job reads, sends and computes while it holds no
lock; what it wants to write it returns as a function, which is made permanent together with the
row's end. A runner that is slow rather than dead may have been overtaken by the next one: the first
of the two to come to the end writes.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import NamedTuple, TypeVar

from flask import Flask
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Index,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from coursehub.foundation.clock import now
from coursehub.foundation.database import Row, UtcDateTime, db, writing
from coursehub.foundation.logs import without_people

log = logging.getLogger(__name__)
Work = Callable[..., Callable[[], None] | None]
W = TypeVar("W", bound=Work)
registry: dict[str, Work] = {}
every_day: list[Work] = []

MOST_ATTEMPTS = 6
LEASE = timedelta(minutes=5)
PAUSE_SECONDS = 1.0
ENDED_ROWS_STAY = timedelta(days=7)
Argument = int | str


class Job(Row):
    """Something that has to be done once, after the moment that asked for it."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_is_a_count"),
        # The runners look every second: they walk through no row that is done.
        Index(
            "ix_jobs_open",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    work: Mapped[str]
    arguments: Mapped[dict[str, Argument]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(unique=True)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]


class Lease(NamedTuple):
    """A job that a runner has taken, and which of its attempts that is."""

    job_id: int
    attempt: int


def job(work: W) -> W:
    """Allow a function to be run later. It takes ids, not rows: rows go stale."""
    registry[_name(work)] = work
    return work


def daily(work: W) -> W:
    """Have a job without arguments done once every day, by whichever runner is first."""
    every_day.append(job(work))
    return work


QUEUE_ONCE = text(
    """
    INSERT INTO jobs (work, arguments, key, due_at, attempts)
    VALUES (:work, :arguments, :key, :due_at, 0) ON CONFLICT (key) DO NOTHING
    """
).bindparams(bindparam("arguments", type_=JSON), bindparam("due_at", type_=UtcDateTime))


def at(moment: datetime, work: Work, *, key: str | None = None, **arguments: Argument) -> None:
    """Have `work` done soon after a moment to come; at most once for a `key`."""
    row = {"work": _known(work), "arguments": arguments, "due_at": moment}
    if key is None:
        db.session.add(Job(**row))
    else:
        db.session.execute(QUEUE_ONCE, row | {"key": key})


def later(work: Work, *, key: str | None = None, **arguments: Argument) -> None:
    """Have `work` done soon after this unit of work is permanent; at most once for a `key`."""
    at(now(), work, key=key, **arguments)


def run_due() -> int:
    """Run every job that is due, each in its own unit of work; return how many succeeded."""
    done = 0
    while (lease := _take()) is not None:
        done += _run(lease)
    return done


def queue_daily() -> None:
    """Queue what has to be done today and is not queued yet."""
    keys = {f"{_name(work)}/{now():%Y-%m-%d}": work for work in every_day}
    known = set(db.session.scalars(select(Job.key).where(Job.key.in_(keys))))
    db.session.rollback()
    if keys.keys() - known:
        with writing():
            for key, work in keys.items():
                later(work, key=key)


def waiting() -> int:
    """How many jobs are neither done nor given up; what is agreed for later does not wait yet."""
    begun = or_(Job.due_at <= now(), Job.attempts > 0)
    rows = select(func.count()).where(Job.done_at.is_(None), Job.attempts < MOST_ATTEMPTS, begun)
    return db.session.scalars(rows).one()


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
        queue_daily()
        run_due()
    except Exception:  # the thread must outlive a database that is away for a moment
        log.exception("the job runner failed")
    finally:
        db.session.remove()


def _take() -> Lease | None:
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
        if job_id is None:
            return None
        taken = update(Job).where(Job.id == job_id).returning(Job.attempts)
        values = taken.values(leased_until=moment + LEASE, attempts=Job.attempts + 1)
        return Lease(job_id, db.session.scalars(values).one())


def _run(lease: Lease) -> bool:
    row = db.session.get_one(Job, lease.job_id)
    try:
        finish = _found(row.work)(**row.arguments)
        if db.session.new or db.session.dirty or db.session.deleted:
            raise RuntimeError(f"{row.work} must return what it writes as a function")
        with writing():
            if not _end(lease):
                return False
            if finish is not None:
                finish()
    except Exception as error:
        log.exception("job %s failed", lease.job_id)
        _put_back(lease, error)
        return False
    return True


def _end(lease: Lease) -> bool:
    """Mark a job as done; False if another runner has done it meanwhile."""
    open_one = update(Job).where(Job.id == lease.job_id, Job.done_at.is_(None)).returning(Job.id)
    # Addresses and mailed links are not kept longer than needed.
    ended = open_one.values(done_at=now(), arguments={})
    return db.session.scalar(ended) is not None


def _found(name: str) -> Work:
    """The job of this name. Its module is read when first needed: a server that never makes a PDF
    does not carry what makes them."""
    module, _, _function = name.rpartition(".")
    if name not in registry and module.startswith("coursehub."):
        import_module(module)
    return registry[name]


def _put_back(lease: Lease, error: Exception) -> None:
    said = without_people(f"{type(error).__name__}: {error}")
    values: dict[str, object] = {"arguments": {}} if lease.attempt >= MOST_ATTEMPTS else {}
    with writing():
        mine = update(Job).where(
            Job.id == lease.job_id, Job.done_at.is_(None), Job.attempts == lease.attempt
        )
        db.session.execute(
            mine.values(
                last_error=said[:500],
                leased_until=None,
                due_at=now() + timedelta(minutes=2**lease.attempt - 1),
                **values,
            )
        )


def _known(work: Work) -> str:
    name = _name(work)
    if name not in registry:
        raise LookupError(f"{name} is not marked @job")
    return name


def _name(work: Work) -> str:
    return f"{work.__module__}.{work.__name__}"


@daily
def forget_ended() -> Callable[[], None]:
    """Delete jobs that ended a week ago, and empty those whose last runner was killed."""
    return _forget_ended


def _forget_ended() -> None:
    moment, week_ago = now(), now() - ENDED_ROWS_STAY
    given_up = (Job.done_at.is_(None), Job.attempts >= MOST_ATTEMPTS)
    killed = update(Job).where(*given_up, Job.leased_until < moment)  # nobody tries them again
    db.session.execute(killed.values(arguments={}))
    is_over = or_(Job.leased_until.is_(None), Job.leased_until < week_ago)
    db.session.execute(delete(Job).where(Job.done_at < week_ago))
    db.session.execute(delete(Job).where(*given_up, Job.due_at < week_ago, is_over))
