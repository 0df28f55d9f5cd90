"""Work for the tests of the job runner; another process can import it too."""

import smtplib
import time
from pathlib import Path

from coursehub.accounts.models import Account, Person
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from coursehub.foundation.jobs import daily, job
from coursehub.network.models import Country, Standing

ran: list[object] = []


@job
def note(number: int) -> None:
    ran.append(number)


@job
def fail(number: int) -> None:
    raise RuntimeError(f"the printer is on fire, {number}")


@job
def found_country(code: str, hold: str = ""):
    """Returns what it writes; while the file `hold` is there, it does not come that far."""
    while hold and Path(hold).exists():
        Path(f"{hold}.began").touch()
        time.sleep(0.05)

    def write() -> None:
        names = {"name_es": code, "name_pt": code, "name_en": code}
        db.session.add(Country(code=code, standing=Standing.MEMBER, **names))

    return write


@job
def add_account(email: str, name: str):
    """Returns a write that fails, because there is such an account already."""

    def write() -> None:
        someone = Person(created_at=now())
        db.session.add(someone)
        db.session.flush()
        given = {"language": "en", "time_zone": "UTC", "email": email, "email_key": email}
        db.session.add(Account(person_id=someone.id, name=name, **given))

    return write


@job
def refuse_address(email: str) -> None:
    raise smtplib.SMTPRecipientsRefused({email: (550, f"no such user: {email}".encode())})


@job
def write_at_once(code: str) -> None:
    """Breaks the agreement: it writes by itself instead of returning what it writes."""
    found_country(code)()


@daily
def tick() -> None:
    ran.append("tick")
