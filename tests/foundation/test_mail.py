"""Letters reach the folder or a real server, whole, and to nobody else."""

import socket
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select

from coursehub.foundation import jobs, mail
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.foundation.jobs import Job, job
from tests.program import LONG_SECONDS

LETTER = {"to": "ana@example.org", "subject": "Su enlace", "body": "Hola.\n", "language": "es"}


@job
def write_to_ana(body: str) -> None:
    mail.send(**LETTER | {"body": body}, letter_id="ana-1")


class Postbox:
    """A mail server's memory: who wrote to whom, and the letter."""

    def __init__(self) -> None:
        self.letters = []
        self.refuses = False

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - its caller's name
        if self.refuses:
            return "451 try again later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((envelope.rcpt_tos, letter))
        return "250 taken"


@pytest.fixture
def post(app, monkeypatch):
    """A real mail server which the application uses."""
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(
        box,
        "127.0.0.1",
        port,
        ready_timeout=LONG_SECONDS,
        auth_require_tls=False,
        authenticator=lambda *given: AuthResult(success=given[-1].password == b"p@ss/word"),
    )
    settings = replace(app.extensions["coursehub"], smtp_url=f"smtp://127.0.0.1:{port}")
    monkeypatch.setitem(app.extensions, "coursehub", settings)
    server.start()
    yield box
    server.stop()


def use_server(app, monkeypatch, url: str) -> None:
    settings = replace(app.extensions["coursehub"], smtp_url=url)
    monkeypatch.setitem(app.extensions, "coursehub", settings)


def test_without_a_server_letters_go_to_the_outbox(app, outbox):
    mail.send(**LETTER)

    (letter,) = outbox()
    assert letter["To"] == "ana@example.org"
    assert letter["Content-Language"] == "es"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content() == "Hola.\n"


def test_letters_in_the_outbox_are_read_by_nobody_else_on_the_machine(app, database):
    """They hold links that let their owners in."""
    mail.send(**LETTER)

    folder = database.data_dir / "outbox"
    (letter,) = folder.iterdir()
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, letter)] == ["0o700", "0o600"]


def test_letters_in_the_outbox_are_whole_and_in_order(app, outbox):
    for number in range(5):
        mail.send(**LETTER | {"subject": f"Carta {number}"})

    assert [letter["Subject"] for letter in outbox()] == [f"Carta {n}" for n in range(5)]


def test_a_server_gets_the_letter(app, post):
    mail.send(**LETTER | {"subject": "Confirmación", "body": "Muñoz, D’Ávila, O’Neill 李.\n"})

    ((recipients, letter),) = post.letters
    assert recipients == ["ana@example.org"]
    assert letter["Subject"] == "Confirmación"
    assert letter.get_content().splitlines() == ["Muñoz, D’Ávila, O’Neill 李."]
    assert letter["From"].addresses[0].addr_spec == "no-reply@coursehub.invalid"
    assert letter["Message-ID"].endswith("@127.0.0.1>")


def test_a_user_name_and_password_open_the_server(app, post, monkeypatch):
    url = app.extensions["coursehub"].smtp_url.replace("//", "//red:p%40ss%2Fword@")
    use_server(app, monkeypatch, url)

    mail.send(**LETTER)

    assert len(post.letters) == 1


@pytest.mark.parametrize("field", ["subject", "to"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_nothing_in_a_name_or_title_becomes_a_header_or_a_recipient(app, post, field, end):
    attack = f"{LETTER[field]}{end}Bcc: everyone@example.org"

    try:
        mail.send(**LETTER | {field: attack})
    except (ValueError, OSError):
        return  # refused is as good
    ((recipients, letter),) = post.letters
    assert "everyone@example.org" not in recipients
    assert letter["Bcc"] is None


def test_an_address_that_is_not_plain_letters_is_written_as_it_is(app, post, outbox, monkeypatch):
    mail.send(**LETTER | {"to": "ñandú@example.org"})
    use_server(app, monkeypatch, "")
    mail.send(**LETTER | {"to": "ñandú@example.org"})

    assert post.letters[0][0] == ["ñandú@example.org"]
    (file,) = (app.extensions["coursehub"].data_dir / "outbox").glob("*.eml")
    assert "To: ñandú@example.org".encode() in file.read_bytes()


def test_a_long_subject_keeps_its_spaces(app, post, outbox, monkeypatch):
    subject = "Sua vaga em “Introdução à prevenção do genocídio e das atrocidades massivas”"
    mail.send(**LETTER | {"subject": subject})
    use_server(app, monkeypatch, "")
    mail.send(**LETTER | {"subject": subject})

    assert [post.letters[0][1]["Subject"], outbox()[0]["Subject"]] == [subject, subject]


def test_a_letter_that_is_refused_for_now_is_sent_later_as_the_same_letter(
    app, post, run_jobs, clock
):
    post.refuses = True
    with writing():
        jobs.later(write_to_ana, body="Hola.")
    assert run_jobs() == 0
    assert "451" in db.session.scalars(select(Job.last_error)).one()

    post.refuses = False
    clock(now() + timedelta(minutes=2))
    assert run_jobs() == 1

    ((_, letter),) = post.letters
    assert letter["Message-ID"] == "<ana-1@127.0.0.1>"


def test_a_letter_waits_for_a_server_that_is_away(app, run_jobs, monkeypatch, outbox, clock):
    use_server(app, monkeypatch, "smtp://127.0.0.1:1")
    with writing():
        jobs.later(write_to_ana, body="Hola.")
    assert run_jobs() == 0

    use_server(app, monkeypatch, "")
    clock(now() + timedelta(minutes=2))
    assert run_jobs() == 1
    assert len(outbox()) == 1
