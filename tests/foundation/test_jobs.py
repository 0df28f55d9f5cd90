"""Work for later is done once, whatever happens to whoever does it."""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from coursehub.foundation import jobs
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.foundation.jobs import Job
from coursehub.network.models import Country
from coursehub.settings import PROJECT
from tests.foundation import works


def queue(work, **given) -> int:
    with writing():
        jobs.later(work, **given)
        db.session.flush()
        return db.session.scalars(select(func.max(Job.id))).one()


def row(job_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_job_is_run_once_with_what_it_was_given(app, run_jobs):
    queue(works.note, number=7)

    assert (run_jobs(), run_jobs()) == (1, 0)
    assert works.ran == [7]


def test_what_a_job_was_given_is_forgotten_when_it_is_done(app, run_jobs):
    job_id = queue(works.note, number=7)

    run_jobs()

    assert row(job_id).done_at is not None
    assert row(job_id).arguments == {}


def test_a_unit_of_work_that_fails_queues_nothing(app, run_jobs):
    def half() -> None:
        with writing():
            jobs.later(works.note, number=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()

    assert run_jobs() == 0


def test_only_what_is_marked_can_be_queued(app):
    with pytest.raises(LookupError):
        jobs.later(print)


def test_jobs_are_run_in_the_order_in_which_they_were_asked_for(app, run_jobs):
    for number in (3, 1, 2):
        queue(works.note, number=number)

    run_jobs()

    assert works.ran == [3, 1, 2]


def test_what_a_job_returns_is_written_together_with_its_end(app, run_jobs):
    job_id = queue(works.found_country, code="UY")

    assert run_jobs() == 1
    assert db.session.scalars(select(Country.code)).all() == ["UY"]
    assert row(job_id).done_at is not None


def test_a_job_whose_write_fails_is_not_done_and_writes_nothing(app, run_jobs):
    queue(works.found_country, code="UY")
    again = queue(works.found_country, code="UY")

    assert run_jobs() == 1
    assert row(again).done_at is None
    assert "IntegrityError" in row(again).last_error


def test_a_job_that_writes_by_itself_is_refused(app, run_jobs):
    job_id = queue(works.write_at_once, code="UY")

    assert run_jobs() == 0
    assert "must return what it writes" in row(job_id).last_error
    assert db.session.scalars(select(Country)).all() == []


def test_a_failure_keeps_the_row_and_is_written_to_the_log(app, run_jobs, log_lines):
    job_id = queue(works.fail, number=7)

    assert run_jobs() == 0

    assert (row(job_id).attempts, row(job_id).arguments) == (1, {"number": 7})
    assert "the printer is on fire" in row(job_id).last_error
    (line,) = [line for line in log_lines() if line["level"] == "error"]
    assert line["event"] == f"job {job_id} failed"
    assert "the printer is on fire" in line["exception"]


def test_one_failure_does_not_keep_the_others_from_running(app, run_jobs):
    queue(works.fail, number=1)
    queue(works.note, number=2)

    assert run_jobs() == 1
    assert works.ran == [2]


def test_a_failed_job_is_tried_again_later_and_later_and_then_given_up(app, run_jobs, clock):
    journey = clock(now())
    job_id = queue(works.fail, number=1)
    pauses = []

    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        assert run_jobs() == 0
        assert row(job_id).attempts == attempt
        pauses.append((row(job_id).due_at - now()) // timedelta(minutes=1))
        run_jobs()
        assert row(job_id).attempts == attempt  # not before its time
        journey.shift(timedelta(minutes=pauses[-1], seconds=1))

    run_jobs()
    assert row(job_id).attempts == jobs.MOST_ATTEMPTS
    assert pauses[:5] == [1, 3, 7, 15, 31]
    assert jobs.waiting() == 0


def test_work_that_no_longer_exists_does_not_stop_the_runner(app, run_jobs):
    with writing():
        db.session.add(Job(work="gone.away", arguments={}, due_at=now() - timedelta(days=1)))
    queue(works.note, number=1)

    assert run_jobs() == 1
    assert works.ran == [1]


def test_a_key_is_queued_once(app, run_jobs):
    for _ in range(3):
        with writing():
            jobs.later(works.note, key="welcome/1", number=1)

    assert run_jobs() == 1
    with writing():
        jobs.later(works.note, key="welcome/1", number=1)
    assert run_jobs() == 0


def at_the_same_time(app, *calls) -> list:
    def in_context(call):
        with app.app_context():
            return call()

    with ThreadPoolExecutor(len(calls)) as runners:
        return list(runners.map(in_context, calls))


def test_many_runners_queue_the_work_of_a_day_once(app, run_jobs, clock):
    clock(now())
    at_the_same_time(app, *[jobs.queue_daily] * 4)

    keys = db.session.scalars(select(Job.key)).all()
    assert len(keys) == len(jobs.every_day) == len(set(keys))
    run_jobs()
    assert works.ran.count("tick") == 1


def test_the_work_of_a_day_comes_back_the_next_day(app, run_jobs, clock):
    journey = clock(now())
    for _ in range(2):
        jobs.queue_daily()
        jobs.queue_daily()
        run_jobs()
        journey.shift(timedelta(days=1))

    assert works.ran.count("tick") == 2


def test_what_ended_is_deleted_a_week_later_and_nothing_else(app, clock):
    done, given_up, killed = (
        {"done_at": now()},
        {"attempts": jobs.MOST_ATTEMPTS},
        {"attempts": jobs.MOST_ATTEMPTS, "leased_until": now() + jobs.LEASE},
    )
    waiting, failed = {}, {"attempts": 1, "last_error": "the printer is on fire"}
    ids = [an_old_job(**how) for how in (done, given_up, killed, waiting, failed)]
    journey = clock(now() + timedelta(days=6))

    forget_ended()
    assert all_jobs() == ids
    journey.shift(timedelta(days=1, minutes=10))
    leased = {"attempts": jobs.MOST_ATTEMPTS, "leased_until": now() + jobs.LEASE}
    running = an_old_job(due_at=now() - timedelta(days=30), **leased)
    forget_ended()
    assert all_jobs() == [*ids[3:], running]


def an_old_job(**given) -> int:
    with writing():
        old = Job(**{"work": "gone.away", "arguments": {}, "due_at": now()} | given)
        db.session.add(old)
    return old.id


def forget_ended() -> None:
    with writing():
        jobs.forget_ended()()


def all_jobs() -> list[int]:
    return list(db.session.scalars(select(Job.id).order_by(Job.id)))


def test_the_runners_look_walks_through_no_job_that_is_done(app, statements):
    with writing():
        db.session.add_all(
            Job(work="gone.away", arguments={}, due_at=now(), done_at=now()) for _ in range(500)
        )
    with statements() as asked:
        jobs.run_due()
    [look] = [words for words in asked if words.startswith("SELECT jobs.id")]

    assert "ix_jobs_open" in plan_of(look)


def plan_of(statement: str) -> str:
    """How the database finds what the runner asks for, in its own words."""
    moment = now().replace(tzinfo=None)
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        given = (str(moment), jobs.MOST_ATTEMPTS, str(moment), 1, 0)
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
    else:
        db.session.execute(text("ANALYZE jobs"))
        named = dict.fromkeys(re.findall(r"%\((\w+)\)s", statement), moment)
        named |= {"attempts_1": jobs.MOST_ATTEMPTS, "param_1": 1}
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", named)
    return " ".join(str(row) for row in rows)


def test_many_runners_do_each_job_once(app):
    for number in range(12):
        queue(works.note, number=number)

    done = at_the_same_time(app, *[jobs.run_due] * 4)

    assert sorted(works.ran) == list(range(12))
    assert sum(done) == 12


def test_the_job_of_a_killed_process_is_done_by_another_exactly_once(
    app, database, run_jobs, clock, tmp_path
):
    hold = tmp_path / "hold"
    hold.touch()
    job_id = queue(works.found_country, code="UY", hold=str(hold))
    with runner(database) as other:
        wait_for(Path(f"{hold}.began"), other)
        other.kill()
    hold.unlink()

    journey = clock(row(job_id).leased_until - timedelta(seconds=1))
    assert run_jobs() == 0  # the dead one's lease still holds
    journey.shift(timedelta(seconds=2))
    assert (run_jobs(), run_jobs()) == (1, 0)
    assert row(job_id).attempts == 2
    assert db.session.scalars(select(Country.code)).all() == ["UY"]


def test_a_server_does_the_work_in_a_thread_and_goes_on_after_a_failure(app, database):
    failed = queue(works.fail, number=1)
    job_id = queue(works.found_country, code="UY")

    with runner(database, "beside-a-server") as server:
        while row(job_id).done_at is None:
            assert server.poll() is None
            time.sleep(0.1)
        server.kill()

    assert "the printer is on fire" in row(failed).last_error
    keys = db.session.scalars(select(Job.key).where(Job.key.is_not(None))).all()
    # Midnight may pass meanwhile: then the work of two days is queued.
    queued = {key.rpartition("/")[0] for key in keys}
    assert queued == {f"{work.__module__}.{work.__name__}" for work in jobs.every_day}


def runner(database, *arguments: str) -> subprocess.Popen:
    own = {
        "COURSEHUB_DATA_DIR": str(database.data_dir),
        "COURSEHUB_DATABASE_URL": database.database_url,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.foundation.runner", *arguments],
        cwd=PROJECT,
        env={**os.environ, **own},
        stdin=subprocess.PIPE,
    )


def wait_for(file: Path, process: subprocess.Popen) -> None:
    while not file.exists():
        assert process.poll() is None, "the other process ended by itself"
        time.sleep(0.05)
