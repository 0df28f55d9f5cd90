"""Units of work that write at the same time lose nothing and do not wait for slow senders."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

import pytest
from sqlalchemy import select, text
from werkzeug.serving import make_server

from coursehub.accounts.models import Account
from coursehub.foundation.database import db, writing
from coursehub.settings import THREADS
from tests import make

MANY = 40
MEANWHILE = 20


def take_a_seat(app, edition_id: int) -> None:
    with app.app_context(), writing():
        db.session.execute(
            text("UPDATE editions SET seats_taken = seats_taken + 1 WHERE id = :id"),
            {"id": edition_id},
        )


def seats_taken() -> int:
    db.session.rollback()
    return db.session.scalars(text("SELECT seats_taken FROM editions")).one()


def test_no_increment_is_lost_among_writers_at_the_same_time(app):
    edition_id = make.edition().id

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(lambda _: take_a_seat(app, edition_id), range(MANY)))

    assert seats_taken() == MANY


def test_every_thread_of_the_server_and_the_one_of_jobs_find_a_connection(app):
    with ExitStack() as threads:
        for _ in range(THREADS + 1):
            threads.enter_context(db.engine.connect())
        assert db.engine.pool.overflow() == 0
    db.engine.dispose()  # the database's server keeps none of them for the tests that follow


def test_a_unit_of_work_that_read_first_may_still_write(app):
    edition_id = make.edition().id
    seats_taken()
    db.session.execute(text("SELECT * FROM editions")).all()  # a reader's snapshot is open

    take_a_seat(app, edition_id)
    with writing():
        db.session.execute(text("UPDATE editions SET seats_taken = seats_taken + 1"))

    assert seats_taken() == 2


def test_a_unit_of_work_that_fails_changes_nothing(app):
    make.edition()

    def half() -> None:
        with writing():
            db.session.execute(text("UPDATE editions SET seats_taken = 5"))
            raise KeyboardInterrupt  # even what is not an error

    with pytest.raises(KeyboardInterrupt):
        half()

    assert seats_taken() == 0


class Body:
    """What a sender sends, as a server hands it on; says when the application begins to read it."""

    def __init__(self, sent: BinaryIO, begun: threading.Event) -> None:
        self.sent, self.begun = sent, begun

    def read(self, size: int = -1) -> bytes:
        self.begun.set()
        return self.sent.read(size)


@contextmanager
def served(app, begun: threading.Event) -> Iterator[int]:
    """The port of a real server which enters the application before a body has arrived."""

    def entered(environ, start_response):
        environ["wsgi.input"] = Body(environ["wsgi.input"], begun)
        try:
            return app(environ, start_response)
        finally:
            begun.set()  # an answer without having read is found to be the wrong one

    server = make_server("127.0.0.1", 0, entered, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def half_sent(port: int, cookie: str, body: bytes) -> Iterator[socket.socket]:
    """A line on which a form was begun; the second half of it is still to be sent."""
    head = (
        f"POST /me HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: coursehub={cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(head.encode() + body[: len(body) // 2])
        yield line


def test_a_form_that_drips_in_keeps_no_other_writer_waiting(app, sign_in):
    person_id, edition_id = make.person(), make.edition().id
    cookie = sign_in(person_id).get_cookie("coursehub").value
    body = b"name=Ana+Lenta&country=other&language=en&time_zone=UTC&institution=" + b"x" * 60
    begun = threading.Event()

    with served(app, begun) as port, half_sent(port, cookie, body) as line:
        begun.wait()  # from here on the application waits for the second half
        for number in range(1, MEANWHILE + 1):
            take_a_seat(app, edition_id)  # SQLite would give up in the end, PostgreSQL never
            assert seats_taken() == number
        line.sendall(body[len(body) // 2 :])
        answer = line.makefile("rb").readline()

    assert answer.split()[1] == b"303"
    db.session.rollback()
    assert "Ana Lenta" in db.session.scalars(select(Account.name)).all()
