"""Runs migrations against the database of the settings, or one a test lends."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine

from coursehub.app import create_app  # noqa: F401 - imports every table
from coursehub.foundation.database import UtcDateTime, metadata
from coursehub.settings import Settings


def render_item(kind: str, item: object, _: object) -> str | bool:
    # A migration must still run after our own types have moved or gone.
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_item,
        include_name=lambda name, kind, parents: (
            not (kind == "table" and str(name).startswith("search_index"))
        ),
    )
    with context.begin_transaction():
        context.run_migrations()


if borrowed := context.config.attributes.get("connection"):
    run(borrowed)
else:
    with create_engine(Settings.from_environment(os.environ).database).begin() as own:
        run(own)
