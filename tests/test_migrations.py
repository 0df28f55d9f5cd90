"""Migrations lead from nothing to the models and back, on both databases."""

from contextlib import contextmanager

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect, text

from coursehub.foundation.database import metadata
from coursehub.settings import PROJECT
from tests.conftest import postgres_database

# What inspection does not tell: the text of triggers, indexes and functions.
TEXTS = {
    "sqlite": """
        SELECT name, sql FROM sqlite_master
        WHERE type IN ('trigger', 'index', 'view') AND sql IS NOT NULL
            OR sql LIKE 'CREATE VIRTUAL TABLE%'""",
    "postgresql": """
        SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        UNION ALL SELECT proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
}


@contextmanager
def empty_database(kind, folder, name):
    if kind == "sqlite":
        yield create_engine(f"sqlite:///{folder / name}")
        return
    with postgres_database() as url:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        yield engine
        engine.dispose()


def alembic(connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.attributes["connection"] = connection
    return config


def described(connection) -> dict:
    """Everything a database says of itself, in an order that does not matter."""
    seen = inspect(connection)
    written = connection.execute(text(TEXTS[connection.dialect.name]))
    found = {"texts": sorted((name, " ".join(said.split())) for name, said in written)}
    for name in seen.get_table_names():
        if name in metadata.tables:
            found[name] = [
                in_order(seen.get_columns(name)),
                in_order(seen.get_check_constraints(name)),
                in_order(seen.get_foreign_keys(name)),
                in_order(seen.get_unique_constraints(name)),
                seen.get_pk_constraint(name),
            ]
    return found


def in_order(rows: list) -> list[dict]:
    """Columns or constraints by name; a type as it is written in SQL."""
    ordered = sorted(rows, key=lambda row: row["name"])
    return [row | {"type": str(row["type"])} if "type" in row else row for row in ordered]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migrated_database_is_the_one_the_models_describe(kind, tmp_path):
    with empty_database(kind, tmp_path, "a") as one, empty_database(kind, tmp_path, "b") as other:
        with one.begin() as migrated:
            command.upgrade(alembic(migrated), "head")
            by_migrations = described(migrated)
        with other.begin() as created:
            metadata.create_all(created)
            by_models = described(created)
        assert by_migrations == by_models


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_migrations_can_be_taken_back(kind, tmp_path):
    with empty_database(kind, tmp_path, "a") as engine, engine.begin() as connection:
        command.upgrade(alembic(connection), "head")
        command.downgrade(alembic(connection), "base")
        assert not set(inspect(connection).get_table_names()) & set(metadata.tables)
