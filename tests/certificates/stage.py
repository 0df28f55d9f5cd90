"""What the tests of certificates need again and again."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select

from coursehub.accounts.models import Role, Viewer
from coursehub.catalogue.models import Edition
from coursehub.certificates.actions import ask_for
from coursehub.certificates.models import Certificate, Holder, IssuedBy
from coursehub.foundation.clock import now
from coursehub.foundation.database import db, writing
from coursehub.learning.actions import completion_id
from coursehub.learning.models import Fact, FactKind
from coursehub.learning.queries import find_reading
from coursehub.learning.rules import items_of
from tests import make


@dataclass
class Learner:
    """Someone in front of a browser, with a place in an edition that issues certificates."""

    person: int
    browser: FlaskClient
    edition: Edition

    @property
    def page(self) -> str:
        return f"/learn/{self.edition.slug}/certificate"

    def finishes(self, *slugs: str) -> "Learner":
        """Complete these parts, or all of module 1."""
        finish(self.person, self.edition, *slugs)
        return self

    def confirms(self, name: str):
        return self.browser.post(self.page, data={"name": name})


def asking(
    modules=("module-1",), activities=(), hours=None, *, by=IssuedBy.RULE, **given
) -> Edition:
    """An edition whose certificate asks for module 1, which ends with a quiz."""
    edition = make.taught(**{"quiz": make.QUIZ} | given)
    with writing():
        ask_for(edition, modules, activities, by, hours)
    return edition


def seated(sign_in, edition: Edition | None = None, **given) -> Learner:
    edition = edition or asking()
    person = make.person(**given)
    make.enrolment(person_id=person, edition_id=edition.id)
    return Learner(person, sign_in(person), edition)


def finish(person_id: int, edition: Edition, *slugs: str) -> None:
    """Let someone have completed parts of a course; all of module 1 if none is named."""
    reading = find_reading(Viewer(person_id=person_id), edition.slug, "en")
    with writing():
        for module, item in items_of(reading.outline):
            if item["slug"] in slugs or (not slugs and module["slug"] == "module-1"):
                db.session.add(
                    Fact(
                        event_id=completion_id(person_id, edition.id, item["id"]),
                        person_id=person_id,
                        edition_id=edition.id,
                        item_id=item["id"],
                        version_id=edition.version_id,
                        kind=FactKind.COMPLETED,
                        rule=f"{item['kind']}-1",
                        details={"is_done": True},
                        happened_at=now(),
                    )
                )


def certified(sign_in, run_jobs, edition: Edition | None = None, **given):
    """Someone whose certificate is issued and made, and the certificate."""
    learner = seated(sign_in, edition, **given).finishes()
    assert learner.confirms(given.get("name", "Ana Muñoz")).status_code == 303
    run_jobs()
    return learner, issued()[-1]


def secretariat(sign_in) -> FlaskClient:
    return sign_in(make.person(Role.SECRETARIAT))


def issued() -> list[Certificate]:
    db.session.rollback()
    return list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def holder(certificate: Certificate) -> Holder:
    return db.session.get_one(Holder, certificate.id)
