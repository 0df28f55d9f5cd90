"""Starting and ending the program: quickly, cleanly, and with one line where it cannot be."""

import os
import signal
import socket
import time
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from tests.program import TOKEN, Program, Visitor, figure


def one_line(done) -> str:
    """What a refused start says: one line, no stack trace."""
    assert done.returncode not in (0, None)
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("CourseHub: ")
    return done.stderr


def test_done_1_a_second_start_is_quick_and_ends_cleanly(program):
    again = program()
    figure(f"second start: {again.start():.1f} s")
    assert Visitor(again.url).get("/courses").status == 200

    assert again.stop() == 0
    assert again.processes() == []
    said = again.log.read_text()
    assert "Traceback" not in said
    assert again.url in said
    assert "participante.pe@example.org" in said


def test_a_request_under_way_is_answered_before_the_end(program):
    served = program()
    served.start()
    visitor = Visitor(served.url)
    token = TOKEN.search(visitor.get("/").text)
    assert token
    body = urlencode({"csrf_token": token[1], "language": "pt", "next": "/courses"}).encode()

    with socket.create_connection(("127.0.0.1", served.port)) as line:
        line.sendall(form_head("/language", visitor, len(body)))
        said = line.makefile("rb")
        assert b" 100 " in said.readline()  # the server has begun to take the form in
        assert said.readline() == b"\r\n"
        line.sendall(body[:20])
        os.kill(served.server.pid, signal.SIGTERM)
        wait_until_nobody_else_is_let_in(served)
        line.sendall(body[20:])
        assert b" 303 " in said.readline()
    assert served.server.wait() == 0
    assert served.processes() == []


def form_head(path: str, visitor: Visitor, size: int) -> bytes:
    """The head of a form whose sender waits to be told to go on."""
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {visitor.host}\r\nCookie: {cookies}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {size}\r\nExpect: 100-continue\r\n\r\n"
    )
    return head.encode()


def wait_until_nobody_else_is_let_in(served: Program) -> None:
    with suppress(ConnectionRefusedError):
        while True:
            assert served.server.poll() is None, "it ended without answering"
            socket.create_connection(("127.0.0.1", served.port)).close()
            time.sleep(0.01)


def test_a_taken_port_is_said_in_one_line(program):
    late = program()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", late.port))
        taken.listen()
        said = one_line(late("run"))
    assert f"127.0.0.1:{late.port}" in said
    assert f"PORT={late.port + 1}" in said


EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is refused here


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.7", "courses.example.org"])
def test_demo_accounts_are_not_shown_to_other_machines(tmp_path, host):
    assert "HOST=127.0.0.1" in one_line(Program(tmp_path / "data", HOST=host)("run"))


@pytest.mark.parametrize("words", [("run",), ("migrate",)])
def test_a_folder_in_which_nothing_can_be_written_is_said_in_one_line(tmp_path, words):
    in_the_way = tmp_path / "file"
    in_the_way.touch()

    assert "COURSEHUB_DATA_DIR" in one_line(Program(in_the_way / "data")(*words))


def test_a_database_that_is_not_there_is_said_in_one_line(tmp_path):
    create = ("users", "create", "--email", "ana@example.org", "--name", "Ana")
    assert "database" in one_line(Program(tmp_path / "nothing")(*create))


@pytest.mark.parametrize("folder", ["/proc/coursehub", "/sys/coursehub"])
def test_a_system_that_lets_nobody_write_is_said_in_one_line(tmp_path, folder):
    done = Program(tmp_path / "data")("run", COURSEHUB_DATA_DIR=folder)

    assert "COURSEHUB_DATA_DIR" in one_line(done)


def test_a_folder_of_someone_else_is_said_in_one_line(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o500)
    if os.geteuid() == 0:
        (folder / "coursehub.sqlite").mkdir()  # nobody can open a folder as a database
    assert one_line(Program(folder)("run"))
