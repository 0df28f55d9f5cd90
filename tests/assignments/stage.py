"""What the tests of assignments need again and again."""

import io
import re
import zipfile
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select

from coursehub.accounts.models import Role
from coursehub.assignments.models import Draft, KeptFile, Mark, Submission
from coursehub.catalogue.models import Edition
from coursehub.foundation.clock import now
from coursehub.foundation.database import db
from tests import make

ASSIGNMENT = make.ASSIGNMENT
PDF = b"%PDF-1.7\n" + b"a plan " * 100
NAMED = re.compile(r'name="(page|seen|version)" value="([^"]*)"')


@dataclass
class Learner:
    """Someone in front of a browser, with a place in an edition that has an assignment."""

    person: int
    browser: FlaskClient
    edition: Edition

    @property
    def page(self) -> str:
        return f"/learn/{self.edition.slug}/assignments/module-2-plan"

    def sees(self, more: str = ""):
        return self.browser.get(f"{self.page}{more}", buffered=True)

    def hidden(self) -> dict[str, str]:
        """What the form of the page carries besides what is typed."""
        return dict(NAMED.findall(self.sees().text))

    def sends(self, do: str = "save", files=(), to: str = "", hidden=None, **fields):
        """Send the page's form, as a browser without scripts does."""
        form = (hidden or self.hidden()) | {"do": do} | fields
        form["file"] = [(io.BytesIO(content), name) for name, content in files]
        return self.browser.post(f"{self.page}{to}", data=form, content_type="multipart/form-data")

    def hands_in(self, text: str = "My plan.", **more):
        return self.sends("submit", text=text, **more)


@dataclass
class Teacher:
    """Someone who marks, in front of a browser."""

    person: int
    browser: FlaskClient
    edition: Edition

    @property
    def list(self) -> str:
        return f"/studio/editions/{self.edition.slug}/assignments"

    @property
    def queue(self) -> str:
        return f"{self.list}/module-2-plan"

    def sees(self, more: str = ""):
        return self.browser.get(f"{self.queue}{more}", buffered=True)

    def marks(self, submission: int, *points: float | str, do: str = "save", **more):
        """Give points for the first criteria, in order, as the form of the page does."""
        seen = re.search(r'name="seen" value="(\d+)"', self.sees(f"/{submission}").text)
        form = {"do": do, "seen": seen[1] if seen else "0"}
        form |= {f"points.c-{n}": str(given) for n, given in enumerate(points, 1)}
        return self.browser.post(f"{self.queue}/{submission}", data=form | more)


def seated(
    sign_in, changed: dict | None = None, edition: Edition | None = None, **given
) -> Learner:
    """Someone with a place in an edition with an assignment, changed so."""
    assignment = {k: v for k, v in (ASSIGNMENT | (changed or {})).items() if v is not None}
    # It ends while the sessions of these tests still last.
    given = {"ends_on": now().date() + 14 * make.DAY} | given
    edition = edition or make.taught(assignment=assignment, **given)
    person = make.person()
    make.enrolment(person_id=person, edition_id=edition.id)
    return Learner(person, sign_in(person), edition)


def teaching(sign_in, edition: Edition) -> Teacher:
    person = make.person(Role.INSTRUCTOR)
    return Teacher(person, sign_in(person), edition)


def all_of(model) -> list:
    """Every row of a table, as it stands now."""
    db.session.rollback()
    return list(db.session.scalars(select(model)))


def drafts() -> list[Draft]:
    return all_of(Draft)


def submissions() -> list[Submission]:
    return all_of(Submission)


def marks() -> list[Mark]:
    return all_of(Mark)


def files() -> list[KeptFile]:
    return all_of(KeptFile)


def zipped(entries: dict[str, bytes], *, packs: bool = False) -> bytes:
    """An archive with these entries."""
    made = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if packs else zipfile.ZIP_STORED
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()
