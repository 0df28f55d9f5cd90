"""The program as its users have it: commands, a server of one's own, and someone who asks it."""

import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

PROGRAM = str(Path(sys.executable).parent / "coursehub")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
LINK = re.compile(r"https?://\S+/(?:sign-up|sign-in)/\S+")

# Longer than anything takes on a busy machine; whoever waits in vain waits no longer than that.
LONG_SECONDS = 180


class Program:
    """One data folder, the commands that work on it, and the server that serves it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder.with_name(folder.name + ".log")
        own = {name: "" for name in os.environ if name.startswith("COURSEHUB_")}
        own |= {"COURSEHUB_DATA_DIR": str(folder), "HOST": "127.0.0.1", "PORT": str(self.port)}
        self.environment = {**os.environ, **own, **settings}
        self.server: subprocess.Popen | None = None

    def __call__(
        self, *words: str, typed: str = "", **settings: str
    ) -> subprocess.CompletedProcess:
        """Run a command to its end."""
        return subprocess.run(
            [PROGRAM, *words],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONG_SECONDS,
            env=self.environment | settings,
        )

    def did(self, *words: str) -> str:
        """What a command printed that has to succeed."""
        done = self(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def work_to_the_end(self) -> None:
        """Do the background work that waits, beside what a server does of it; none of it fails."""
        while not self.did("work", "--once").endswith(" done, 0 waiting\n"):
            with closing(sqlite3.connect(self.folder / "coursehub.sqlite")) as database:
                failed = "SELECT work, last_error FROM jobs WHERE last_error IS NOT NULL"
                assert database.execute(failed).fetchall() == []
            time.sleep(0.1)

    def asked(self, query: str, *values: object) -> object:
        """The one value that a query of the database gives."""
        with closing(sqlite3.connect(self.folder / "coursehub.sqlite")) as database:
            return database.execute(query, values).fetchone()[0]

    def start(self, *words: str) -> float:
        """Start the server; return the seconds until it was ready."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [PROGRAM, *(words or ("run",)), "--port", str(self.port)],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while self.server.poll() is None and time.monotonic() < began + LONG_SECONDS:
            with suppress(OSError, http.client.HTTPException):
                if Visitor(self.url).get("/readyz").status == 200:
                    return time.monotonic() - began
            time.sleep(0.1)
        self.kill()
        raise AssertionError(f"the program did not start:\n{self.log.read_text()[-2000:]}")

    def stop(self, number: int = signal.SIGINT) -> int:
        """End the server as Ctrl-C does; return its exit status."""
        assert self.server
        os.killpg(self.server.pid, number)
        return self.server.wait(timeout=LONG_SECONDS)

    def kill(self) -> None:
        """Kill every process of the server at once, without a word."""
        if self.server:
            while self.server.poll() is None or self.processes():
                with suppress(ProcessLookupError):
                    os.killpg(self.server.pid, signal.SIGKILL)
                time.sleep(0.05)  # a process that is killed may take a moment to be gone

    def processes(self) -> list[int]:
        """The processes of the server that are still there."""
        assert self.server
        return [
            int(entry.name)
            for entry in Path("/proc").glob("[0-9]*")
            if group_of(entry) == self.server.pid
        ]

    def letters(self, to: str = "") -> list[EmailMessage]:
        """Every letter sent so far, oldest first, or those to one address."""
        return letters_in(self.folder, to)


def group_of(entry: Path) -> int:
    """The process group of a running process; 0 for one that has ended meanwhile."""
    try:
        state, _parent, group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return 0
    return 0 if state == "Z" else int(group)


def letters_in(folder: Path, to: str = "") -> list[EmailMessage]:
    files = sorted((folder / "outbox").glob("[!.]*.eml"))
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [letter for letter in letters if to in letter["To"]]


def letter_to(folder: Path, to: str) -> EmailMessage:
    """The newest letter to an address, once it has come."""
    until = time.monotonic() + LONG_SECONDS
    while time.monotonic() < until:
        if found := letters_in(folder, to):
            return found[-1]
        time.sleep(0.1)
    raise AssertionError(f"no letter to {to} came")


def link_in(letter: EmailMessage) -> str:
    """The address that a letter asks its reader to open."""
    body = letter.get_body(("plain",))
    assert body
    found = LINK.search(body.get_content())
    assert found, body.get_content()
    return found[0].rstrip(".")


class Answer:
    """What the server said."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        self.location = response.headers.get("Location", "")

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """A browser without a screen: keeps its cookies, follows nothing by itself."""

    def __init__(self, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=LONG_SECONDS)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, {"Cookie": cookies, **headers})
        answer = Answer(connection.getresponse())
        connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, token_from: str = "", **fields: str) -> Answer:
        """Send the form of a page, with the token that stands in it."""
        token = TOKEN.search(self.get(token_from or path).text)
        assert token, path
        body = urlencode({"csrf_token": token[1], **fields})
        return self.ask("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, email: str, password: str) -> "Visitor":
        answer = self.post("/sign-in", email=email, password=password)
        assert answer.status == 303, answer.text
        return self


def path_of(address: str) -> str:
    """The address without the site it is on."""
    return "/" + address.split("/", 3)[3]


def figure(says: str) -> None:
    """A measured figure, for whoever runs the tests with -s or -rP."""
    print(says)  # noqa: T201


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copied(seed: Path, to: Path) -> Path:
    """A data folder of one's own, as the one of a program that has been stopped."""
    return Path(shutil.copytree(seed, to))
