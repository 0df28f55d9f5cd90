"""The constraint decides, the rule explains, and what else the unit of work did stays."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from coursehub.foundation.database import db, writing
from coursehub.foundation.refusal import Refused, flush_or_refuse, refuse_if
from coursehub.network.models import Country, Standing
from tests import make


def another(code: str) -> None:
    names = {"name_es": code, "name_pt": code, "name_en": code}
    db.session.add(Country(code=code, standing=Standing.MEMBER, **names))


def test_a_reason_refuses_and_no_reason_does_not():
    refuse_if(None)
    with pytest.raises(Refused, match="It is full"):
        refuse_if("It is full")


def test_what_a_constraint_objects_to_is_refused_with_the_reason_the_rule_now_gives(app):
    make.country("PY")

    with writing():
        another("UY")
        with pytest.raises(Refused, match="There is one already"):
            flush_or_refuse(lambda: another("PY"), lambda: "There is one already")

    assert set(db.session.scalars(select(Country.code))) == {"PY", "UY"}


def test_what_has_made_way_meanwhile_no_longer_refuses(app):
    """Whoever won has gone again before the rule was asked: there is room, so it is taken."""
    make.country("PY")

    def make_way() -> None:
        db.session.execute(delete(Country))

    with writing():
        flush_or_refuse(lambda: another("PY"), make_way)

    assert db.session.scalars(select(Country.code)).all() == ["PY"]


def test_what_no_rule_can_explain_stays_a_fault(app):
    make.country("PY")

    with writing(), pytest.raises(IntegrityError):
        flush_or_refuse(lambda: another("PY"), lambda: None)


def test_what_nothing_objects_to_is_written(app):
    with writing():
        flush_or_refuse(lambda: another("PY"), lambda: "never asked")

    assert db.session.scalars(select(Country.code)).all() == ["PY"]
