"""Keeping the list of States and institutions as its file says."""

from pathlib import Path

from sqlalchemy import select

from coursehub.foundation.database import db
from coursehub.network.formats import ListedCountry, read_countries
from coursehub.network.models import Country, Institution

FILE = Path(__file__).parent / "network.yaml"


def load_network() -> int:
    """Bring States and institutions to what the file says; return how many States it lists.

    Nothing is removed: people may belong to a State that left the list.
    """
    listed = read_countries(FILE)
    for country in listed:
        db.session.merge(Country(code=country.code, standing=country.standing, **country.names))
        db.session.flush()
        _load_institutions(country)
    return len(listed)


def _load_institutions(country: ListedCountry) -> None:
    rows = select(Institution).where(Institution.country_code == country.code)
    known = {row.name_es: row for row in db.session.scalars(rows)}
    for names in country.institutions:
        institution = known.get(names["name_es"]) or Institution(country_code=country.code)
        institution.name_es = names["name_es"]
        institution.name_pt, institution.name_en = names["name_pt"], names["name_en"]
        db.session.add(institution)
