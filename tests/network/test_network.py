"""The States of the Network, loaded from their file."""

import pytest
from sqlalchemy import func, select

from coursehub.foundation.database import db, writing
from coursehub.network.actions import load_network
from coursehub.network.formats import CAPITAL_ZONES
from coursehub.network.models import Country, Institution, Standing
from coursehub.network.queries import countries, time_zone_of

pytestmark = pytest.mark.usefixtures("app")


def load() -> tuple[int, int | None]:
    with writing():
        load_network()
    return (
        len(db.session.scalars(select(Country)).all()),
        db.session.scalar(select(func.count()).select_from(Institution)),
    )


def test_loading_twice_changes_nothing():
    assert load() == load() == (18, 19)


def test_the_file_brings_names_back_to_what_it_says(app):
    load()
    with writing():
        db.session.get_one(Country, "PY").name_es = "Otro"
    load()

    assert db.session.get_one(Country, "PY").name_es == "Paraguay"


def test_a_state_that_left_the_list_stays(app):
    with writing():
        other = Country(
            code="XX", name_es="X", name_pt="X", name_en="X", standing=Standing.OBSERVER
        )
        db.session.add(other)

    assert load()[0] == 19


def test_states_are_listed_in_the_readers_language_and_alphabet(app):
    load()

    assert ("BR", "Brasil") in countries("es")
    names = [name for _, name in countries("pt")]
    assert names.index("Equador") < names.index("Guatemala") < names.index("México")


def test_every_state_has_the_zone_of_its_capital(app):
    load()

    assert {code for code, _ in countries("en")} == set(CAPITAL_ZONES)
    assert time_zone_of("PY") == "America/Asuncion"
    assert time_zone_of(None) == "UTC"
