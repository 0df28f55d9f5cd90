"""Many people at once beside one whose line is very slow."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from coursehub.demo.actions import PASSWORD, PEOPLE
from tests.program import TOKEN, Program, Visitor, figure

SIGN_INS = 300
THREADS = 5
DRIP_SECONDS = 20
BETWEEN_BYTES = 0.2
FEWEST_BYTES = int(DRIP_SECONDS / BETWEEN_BYTES)
MOST_BYTES = 100_000  # hours of them


def drip(served: Program, is_over: threading.Event) -> tuple[int, int]:
    """A sign-in whose body comes byte by byte until the others are there, but 20 s at least.

    Return how many bytes were sent so and the status of the answer.
    """
    visitor = Visitor(served.url)
    token = TOKEN.search(visitor.get("/sign-in").text)
    assert token
    fields = {"csrf_token": token[1], "email": PEOPLE[0].email, "password": PASSWORD}
    body = urlencode(fields | {"more": "x" * MOST_BYTES}).encode()
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    head = (
        f"POST /sign-in HTTP/1.1\r\nHost: {visitor.host}\r\nCookie: {cookies}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    sent = 0
    with socket.create_connection(("127.0.0.1", served.port)) as line:
        line.sendall(head.encode())
        while sent < FEWEST_BYTES or not is_over.is_set():
            line.sendall(body[sent : sent + 1])
            sent += 1
            time.sleep(BETWEEN_BYTES)
        line.sendall(body[sent:])
        return sent, int(line.makefile("rb").readline().split()[1])


def test_done_4_three_hundred_sign_ins_beside_a_dripping_post(program):
    served = program(COURSEHUB_SIGN_IN_LIMIT="5000 per 15 minutes")
    served.start()
    is_over = threading.Event()

    def sign_in(number: int) -> tuple[int, int]:
        someone = PEOPLE[number % len(PEOPLE)]
        visitor = Visitor(served.url)
        answer = visitor.post("/sign-in", email=someone.email, password=PASSWORD)
        return answer.status, visitor.get("/me").status

    with ThreadPoolExecutor(THREADS + 1) as pool:
        dripping = pool.submit(drip, served, is_over)
        began = time.monotonic()
        try:
            answers = list(pool.map(sign_in, range(SIGN_INS)))
            assert not dripping.done()
        finally:
            is_over.set()
        took = time.monotonic() - began
        sent, status = dripping.result()
    figure(f"{SIGN_INS} sign-ins in {took:.1f} s beside {sent} dripped bytes")

    assert set(answers) == {(303, 200)}
    assert status == 303
    said = served.log.read_text()
    assert "database is locked" not in said
    assert "Traceback" not in said
    assert "ERROR" not in said.upper()
