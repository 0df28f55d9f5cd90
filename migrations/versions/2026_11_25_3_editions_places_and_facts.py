"""Editions, places in them and facts; what is append-only refuses to change."""

import sqlalchemy as sa
from alembic import op

revision = "7c4e1b9d3f86"
down_revision = "5b8d2e4f9a17"

APPEND_ONLY = (
    "acceptances",
    "facts",
    "items",
    "course_versions",
    "sources",
    "version_files",
    "version_pages",
    "renditions",
    "version_lessons",
    "version_activities",
    "search_entries",
)


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "facilitated",
                "self_paced",
                name="format",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("opens_local", sa.DateTime(), nullable=False),
        sa.Column("closes_local", sa.DateTime(), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "closes_local > opens_local", name=op.f("ck_editions_closes_after_it_opens")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_editions_ends_after_it_starts")),
        sa.CheckConstraint("seats_taken <= seats", name=op.f("ck_editions_is_not_overbooked")),
        sa.CheckConstraint("seats_taken >= 0", name=op.f("ck_editions_seats_taken_is_a_count")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_editions_course_id")),
        sa.ForeignKeyConstraint(
            ["course_id", "version_id"],
            ["course_versions.course_id", "course_versions.id"],
            name=op.f("fk_editions_course_id_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("slug", name=op.f("uq_editions_slug")),
    )
    op.create_index(op.f("ix_editions_course_id"), "editions", ["course_id"], unique=False)
    op.create_index(op.f("ix_editions_version_id"), "editions", ["version_id"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_enrolments_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_enrolments_edition_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_enrolments_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
    )
    op.create_index(op.f("ix_enrolments_edition_id"), "enrolments", ["edition_id"], unique=False)
    op.create_index(op.f("ix_enrolments_person_id"), "enrolments", ["person_id"], unique=False)
    op.create_index(
        "uq_enrolments_open",
        "enrolments",
        ["person_id", "edition_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "started",
                "read",
                "submitted",
                "completed",
                "attended",
                "graded",
                "decided",
                name="factkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("happened_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("length(event_id) = 36", name=op.f("ck_facts_event_id_is_a_uuid")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_facts_revision_counts_from_one")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_facts_edition_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_facts_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_facts_person_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_facts_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sa.UniqueConstraint(
            "person_id", "event_id", "revision", name=op.f("uq_facts_person_id_event_id_revision")
        ),
    )
    op.create_index(op.f("ix_facts_edition_id"), "facts", ["edition_id"], unique=False)
    op.create_index(op.f("ix_facts_item_id"), "facts", ["item_id"], unique=False)
    op.create_index(
        op.f("ix_facts_person_id_edition_id"), "facts", ["person_id", "edition_id"], unique=False
    )
    op.create_table(
        "bookmarks",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_bookmarks_edition_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_bookmarks_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_bookmarks_person_id")),
        sa.PrimaryKeyConstraint("person_id", "edition_id", name=op.f("pk_bookmarks")),
    )
    for table in APPEND_ONLY:
        refuse_changes(table)


def downgrade() -> None:
    for table in APPEND_ONLY:
        allow_changes(table)
    op.drop_table("bookmarks")
    op.drop_index(op.f("ix_facts_person_id_edition_id"), table_name="facts")
    op.drop_index(op.f("ix_facts_item_id"), table_name="facts")
    op.drop_index(op.f("ix_facts_edition_id"), table_name="facts")
    op.drop_table("facts")
    op.drop_index(
        "uq_enrolments_open",
        table_name="enrolments",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_enrolments_person_id"), table_name="enrolments")
    op.drop_index(op.f("ix_enrolments_edition_id"), table_name="enrolments")
    op.drop_table("enrolments")
    op.drop_index(op.f("ix_editions_version_id"), table_name="editions")
    op.drop_index(op.f("ix_editions_course_id"), table_name="editions")
    op.drop_table("editions")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def refuse_changes(table: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for change in ("update", "delete"):
        does = (
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            if sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{change} BEFORE {change.upper()} ON {table} {does}"
        )
    if not sqlite:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def allow_changes(table: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    where = "" if sqlite else f" ON {table}"
    for change in ("update", "delete") if sqlite else ("update", "delete", "truncate"):
        op.execute(f"DROP TRIGGER {table}_refuse_{change}{where}")
