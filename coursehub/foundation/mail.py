"""Hands a letter to the post: an SMTP server, or a folder of .eml files until one is set."""

import smtplib
import ssl
import uuid
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from coursehub.foundation.clock import now
from coursehub.settings import Settings

SMTP_SECONDS = 20


class Rules(policy.EmailPolicy):
    """How a letter is written down, with every space of its subject."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """A header's lines; Python 3.11 itself drops a space where it begins a new one."""
        if name != "Subject" or value.isascii():
            return super().fold_binary(name, value)
        subject = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {subject}{self.linesep}".encode()


def send(*, to: str, subject: str, body: str, language: str, letter_id: str = "") -> None:
    """Send one plain-text letter. With the same `letter_id` the receiver sees the same letter.

    Raises smtplib.SMTPException or OSError when the server does not take it; the job that called
    is then tried again.
    """
    settings: Settings = current_app.extensions["coursehub"]
    letter = EmailMessage(policy=Rules())
    letter["From"] = settings.mail_from
    letter["To"] = _one_line(to)
    letter["Subject"] = _one_line(subject)
    letter["Date"] = formatdate(now().timestamp())
    letter["Message-ID"] = f"<{letter_id or uuid.uuid4()}@{urlsplit(settings.public_url).hostname}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body, charset="utf-8", cte="quoted-printable")
    letter["Content-Language"] = language
    if settings.smtp_url:
        _post(letter, settings.smtp_url)
    else:
        _put_in(settings.data_dir / "outbox", letter)


def _one_line(text: str) -> str:
    # A line break in a header would let a name or title add headers of its own.
    return " ".join(text.split())


def _post(letter: EmailMessage, smtp_url: str) -> None:
    server = urlsplit(smtp_url)
    host, port = server.hostname or "localhost", server.port
    if server.scheme == "smtps":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port or 465, timeout=SMTP_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(host, port or 25, timeout=SMTP_SECONDS)
    with connection:
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(letter)


def _put_in(folder: Path, letter: EmailMessage) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now():%Y-%m-%dT%H-%M-%S-%f}-{uuid.uuid4().hex[:6]}.eml"
    unfinished = folder / f".{name}"
    # Encoded, the part of an address before the @ would be another address.
    rules = Rules(utf8=not letter["To"].isascii())
    unfinished.touch(mode=0o600)  # nobody else on the machine may follow its link
    unfinished.write_bytes(letter.as_bytes(policy=rules))
    unfinished.rename(folder / name)
