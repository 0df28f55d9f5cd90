"""Hands a letter to the post: an SMTP server, or a folder of .eml files until one is set."""

import smtplib
import ssl
import uuid
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from coursehub.foundation.clock import now
from coursehub.settings import Settings

SMTP_SECONDS = 20


def send(*, to: str, subject: str, body: str, language: str, letter_id: str = "") -> None:
    """Send one plain-text letter. With the same `letter_id` the receiver sees the same letter.

    Raises smtplib.SMTPException or OSError when the server does not take it; the job that called
    is then tried again.
    """
    settings: Settings = current_app.extensions["coursehub"]
    letter = EmailMessage()
    letter["From"] = settings.mail_from
    letter["To"] = _one_line(to)
    letter["Subject"] = _one_line(subject)
    letter["Date"] = formatdate(now().timestamp())
    letter["Message-ID"] = f"<{letter_id or uuid.uuid4()}@{urlsplit(settings.public_url).hostname}>"
    letter["Content-Language"] = language
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body, charset="utf-8", cte="quoted-printable")
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
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{now():%Y-%m-%dT%H-%M-%S-%f}-{uuid.uuid4().hex[:6]}.eml"
    unfinished = folder / f".{name}"
    unfinished.write_bytes(letter.as_bytes())
    unfinished.rename(folder / name)
