"""Finding the States of the Network."""

import unicodedata

from sqlalchemy import select

from coursehub.foundation.database import db
from coursehub.network.formats import CAPITAL_ZONES
from coursehub.network.models import Country


def countries(language: str) -> list[tuple[str, str]]:
    """Code and name of every State, in the order of an alphabet that ignores accents."""
    name = getattr(Country, f"name_{language}")
    rows = db.session.execute(select(Country.code, name)).all()
    return sorted(((code, name) for code, name in rows), key=lambda row: _folded(row[1]))


def time_zone_of(country_code: str | None) -> str:
    """The zone of the State's capital; UTC for people of no State of the Network."""
    return CAPITAL_ZONES.get(country_code or "", "UTC")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
