"""Who takes part in an edition."""

from sqlalchemy import select

from coursehub.accounts.models import Account
from coursehub.enrolment.models import Enrolment
from coursehub.foundation.database import db
from coursehub.network.models import Country
from coursehub.studio.rules import Participant

NAMES = {"es": Country.name_es, "pt": Country.name_pt, "en": Country.name_en}


def participants_of(edition_id: int, language: str) -> list[Participant]:
    """Everyone with a place in an edition; names are ordered by their readers' rules, not here."""
    rows = (
        select(Account.person_id, Account.name, NAMES[language], Account.institution)
        .join(Enrolment, Enrolment.person_id == Account.person_id)
        .outerjoin(Country, Country.code == Account.country_code)
        .where(Enrolment.edition_id == edition_id, Enrolment.ended_at.is_(None))
    )
    return [Participant(row[0], row[1], row[2] or "", row[3]) for row in db.session.execute(rows)]
