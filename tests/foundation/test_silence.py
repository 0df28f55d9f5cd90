"""The log and the rows of failed jobs say what went wrong, and nothing about anybody."""

import json

from sqlalchemy import text

from coursehub.foundation import jobs
from coursehub.foundation.database import db, writing
from coursehub.foundation.jobs import Job
from tests import make
from tests.foundation import works
from tests.foundation.test_jobs import queue, row

ADDRESS = "ana.munoz@example.org"


def test_the_log_of_a_failed_statement_tells_nothing_that_was_in_it(app, run_jobs, log_lines):
    make.person(email=ADDRESS, name="Ana Muñoz")
    job_id = queue(works.add_account, email=ADDRESS, name="Ana Muñoz")

    assert run_jobs() == 0

    written = json.dumps([*log_lines(), row(job_id).last_error], ensure_ascii=False)
    assert "IntegrityError" in written
    assert ADDRESS not in written
    assert "Ana Muñoz" not in written


def test_the_log_of_a_post_that_refuses_an_address_does_not_name_it(app, run_jobs, log_lines):
    job_id = queue(works.refuse_address, email=ADDRESS)

    assert run_jobs() == 0

    written = json.dumps([*log_lines(), row(job_id).last_error], ensure_ascii=False)
    assert "SMTPRecipientsRefused" in written
    assert "550" in written
    assert ADDRESS not in written


def test_what_a_job_was_given_is_forgotten_when_it_is_given_up(app, run_jobs, clock):
    journey = clock(jobs.now())
    job_id = queue(works.fail, number=7)

    for _ in range(jobs.MOST_ATTEMPTS):
        assert row(job_id).arguments == {"number": 7}
        run_jobs()
        journey.shift(3 * 60 * 60)

    assert row(job_id).attempts == jobs.MOST_ATTEMPTS
    assert row(job_id).arguments == {}


def test_what_a_job_was_given_is_forgotten_too_when_its_last_runner_was_killed(
    app, run_jobs, clock
):
    journey = clock(jobs.now())
    job_id = queue(works.note, number=7)
    with writing():
        db.session.execute(
            text("UPDATE jobs SET attempts = :most, leased_until = due_at"),
            {"most": jobs.MOST_ATTEMPTS},
        )
    journey.shift(3 * 60 * 60)
    with writing():
        jobs.later(jobs.forget_ended)

    run_jobs()

    assert row(job_id).arguments == {}
    assert works.ran == []


def test_a_job_whose_lease_ran_out_while_it_ran_writes_once(app, run_jobs, clock):
    """Its first runner was slow, not dead: whoever comes to the end first is the one."""
    journey = clock(jobs.now())
    job_id = queue(works.found_country, code="UY")
    slow = jobs._take()
    journey.shift(jobs.LEASE.total_seconds() + 1)
    assert run_jobs() == 1

    assert jobs._run(slow) is False

    assert db.session.scalar(text("SELECT count(*) FROM countries")) == 1
    assert row(job_id).last_error is None


def test_a_slow_runner_that_fails_leaves_the_lease_of_the_next_one_alone(app, run_jobs, clock):
    journey = clock(jobs.now())
    job_id = queue(works.fail, number=7)
    slow = jobs._take()
    journey.shift(jobs.LEASE.total_seconds() + 1)
    assert jobs._take() is not None
    leased_until = row(job_id).leased_until

    assert jobs._run(slow) is False

    assert row(job_id).leased_until == leased_until
    assert row(job_id).attempts == 2


def test_given_up_jobs_are_not_waiting(app):
    with writing():
        db.session.add(Job(work="x", arguments={}, due_at=jobs.now(), attempts=jobs.MOST_ATTEMPTS))

    assert jobs.waiting() == 0


def test_what_is_agreed_for_later_does_not_wait_yet(app, clock):
    journey = clock(jobs.now())
    with writing():
        jobs.at(jobs.now() + jobs.LEASE, works.note, number=7)

    assert jobs.waiting() == 0
    assert jobs.run_due() == 0
    journey.shift(jobs.LEASE.total_seconds() + 1)
    assert jobs.waiting() == 1
    assert jobs.run_due() == 1
    assert works.ran == [7]
