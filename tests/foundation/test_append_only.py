"""What is recorded for good is refused every way of being changed, by the database itself."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from coursehub.foundation.clock import now
from coursehub.foundation.database import db, metadata, writing
from tests import make

WAYS = {
    "sqlite": [
        "UPDATE acceptances SET version = 'x'",
        "DELETE FROM acceptances",
        "INSERT OR REPLACE INTO acceptances SELECT id, person_id, document, 'x', language, "
        "accepted_at FROM acceptances",
        "INSERT INTO acceptances SELECT * FROM acceptances WHERE true "
        "ON CONFLICT (id) DO UPDATE SET version = 'x'",
    ],
    "postgresql": [
        "UPDATE acceptances SET version = 'x'",
        "DELETE FROM acceptances",
        "TRUNCATE acceptances",
        "TRUNCATE people CASCADE",
        "INSERT INTO acceptances SELECT * FROM acceptances "
        "ON CONFLICT (id) DO UPDATE SET version = 'x'",
    ],
}


@pytest.mark.parametrize("number", range(5))
def test_no_statement_changes_what_was_accepted(app, number):
    ways = WAYS[db.engine.dialect.name]
    if number >= len(ways):
        return
    given = {"person": make.person(), "moment": now().replace(tzinfo=None)}
    with writing():
        db.session.execute(
            text(
                "INSERT INTO acceptances (person_id, document, version, language, accepted_at) "
                "VALUES (:person, 'terms', '1', 'es', :moment)"
            ),
            given,
        )

    with pytest.raises(DBAPIError, match="append-only"), writing():
        db.session.execute(text(ways[number]))

    assert db.session.scalars(text("SELECT version FROM acceptances")).all() == ["1"]


def test_every_table_that_refuses_changes_refuses_to_be_emptied(app):
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("PRAGMA recursive_triggers")) == 1
        return
    rows = db.session.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")).all()
    guarded = {name.removesuffix("_refuse_delete") for name in rows if name.endswith("_delete")}

    assert guarded
    assert guarded <= set(inspect(db.engine).get_table_names()) & set(metadata.tables)
    assert {f"{name}_refuse_truncate" for name in guarded} <= set(rows)
