"""The session, the base class for tables, how constraints are named, and units of work that write.

Reading needs nothing: a transaction begins with the first statement and ends with the request.
Writing happens inside `with writing():`, opened by views, commands and the job runner once the
request's body is read and all slow work is done. On SQLite it takes the write lock at once, so
that no unit of work can start as a reader and then fail to become a writer.
"""

import enum
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DDL, Case, DateTime, Enum, MetaData, Table, case, event, literal
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in, an aware datetime out; stored in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


# Named constraints can be dropped and altered; migrations depend on these names.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Enums are stored as the lower-case words in the code, so a database dump reads like it too.
words = Enum(
    StrEnum,
    values_callable=lambda members: [member.value for member in members],
    native_enum=False,
    create_constraint=True,
    length=40,
)


class Model(DeclarativeBase):
    """The base of every table: UTC moments, enums as words."""

    registry = registry(
        metadata=metadata, type_annotation_map={datetime: UtcDateTime, StrEnum: words}
    )


class Row(Model):
    """A table whose rows are known by a number."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


db = SQLAlchemy(metadata=metadata)


class Mode(enum.Enum):
    """What a transaction that begins is for."""

    READS = 1
    WRITES = 2
    HURRIES = 3  # writes, but gives up after a fifth of a second of waiting for another writer


HURRY_MILLISECONDS = 200

_mode: ContextVar[Mode] = ContextVar("mode", default=Mode.READS)


@contextmanager
def writing(*, hurries: bool = False) -> Iterator[None]:
    """A unit of work that writes: all of it is made permanent at the end, or none of it.

    One that `hurries` is of the kind that can be left out: on SQLite, where one writes at a time,
    it waits a fifth of a second for its turn instead of five.
    """
    db.session.rollback()  # ends the reading snapshot, which could not be turned into a writer's
    token = _mode.set(Mode.HURRIES if hurries else Mode.WRITES)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _mode.reset(token)


def init_app(app: Flask) -> None:
    db.init_app(app)


@event.listens_for(Engine, "connect")
def prepare_sqlite(connection: Any, _: object) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None  # the driver must not begin by itself: `begin` below does
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE deletes a row without asking its triggers
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - for the type checker
        statement = "BEGIN" if _mode.get() == Mode.READS else "BEGIN IMMEDIATE"
        try:
            _begin(raw, statement)
        except sqlite3.OperationalError as error:  # as SQLAlchemy says it of every other statement
            raise OperationalError(statement, None, error) from error


def _begin(raw: sqlite3.Connection, statement: str) -> None:
    if _mode.get() != Mode.HURRIES:
        raw.execute(statement)
        return
    (usual,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute(f"PRAGMA busy_timeout={HURRY_MILLISECONDS}")
    try:
        raw.execute(statement)
    finally:
        raw.execute(f"PRAGMA busy_timeout={usual}")


def not_before(begun: InstrumentedAttribute[datetime], moment: datetime) -> Case[datetime]:
    """The moment, or the column's own where that is later.

    What ends may have begun while this waited for its turn, or by a clock that is ahead of ours.
    """
    return case((begun > moment, begun), else_=literal(moment, begun.type))


def append_only(table: Table, *, is_erasable: bool = False) -> None:
    """Let the database itself refuse to change or delete this table's rows, one or all at once.

    Rows that hold what a person may have erased can be deleted, and not be changed.
    """
    for change in ("update",) if is_erasable else ("update", "delete"):
        name = f"{table.name}_refuse_{change}"
        event.listen(
            table,
            "after_create",
            DDL(
                f"CREATE TRIGGER {name} BEFORE {change.upper()} ON {table.name} "
                f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
            ).execute_if(dialect="sqlite"),
        )
        event.listen(
            table,
            "after_create",
            DDL(
                f"CREATE TRIGGER {name} BEFORE {change.upper()} ON {table.name} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            ).execute_if(dialect="postgresql"),
        )
    event.listen(
        table,
        "after_create",
        DDL(
            f"CREATE TRIGGER {table.name}_refuse_truncate BEFORE TRUNCATE ON {table.name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        ).execute_if(dialect="postgresql"),
    )


event.listen(
    metadata,
    "before_create",
    DDL(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
    ).execute_if(dialect="postgresql"),
)
