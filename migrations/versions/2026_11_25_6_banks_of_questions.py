"""Banks of questions, their versions, and where they stand in quizzes."""

import sqlalchemy as sa
from alembic import op

revision = "8212e6c9ba69"
down_revision = "6a1d4c9e2b73"

APPEND_ONLY = ("bank_versions", "version_questions")


def upgrade() -> None:
    op.create_table(
        "banks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_banks_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banks")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_banks_course_id_key")),
    )
    op.create_index(
        "uq_banks_site_key",
        "banks",
        ["key"],
        unique=True,
        sqlite_where=sa.text("course_id IS NULL"),
        postgresql_where=sa.text("course_id IS NULL"),
    )

    op.create_table(
        "bank_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "ready",
                "retired",
                name="questionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_bank_questions_number_counts_from_one")),
        sa.ForeignKeyConstraint(["bank_id"], ["banks.id"], name=op.f("fk_bank_questions_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_questions")),
        sa.UniqueConstraint("bank_id", "key", name=op.f("uq_bank_questions_bank_id_key")),
    )
    op.create_table(
        "bank_tags",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["bank_questions.id"], name=op.f("fk_bank_tags_question_id")
        ),
        sa.PrimaryKeyConstraint("question_id", "tag", name=op.f("pk_bank_tags")),
    )
    op.create_index(op.f("ix_bank_tags_tag"), "bank_tags", ["tag"], unique=False)

    op.create_table(
        "bank_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_bank_versions_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["bank_questions.id"], name=op.f("fk_bank_versions_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_versions")),
        sa.UniqueConstraint(
            "question_id", "number", name=op.f("uq_bank_versions_question_id_number")
        ),
    )
    op.create_table(
        "version_questions",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("bank_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_version_id"],
            ["bank_versions.id"],
            name=op.f("fk_version_questions_bank_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_version_questions_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_version_questions_version_id")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "item_id", "bank_version_id", name=op.f("pk_version_questions")
        ),
    )
    op.create_index(
        op.f("ix_version_questions_bank_version_id"),
        "version_questions",
        ["bank_version_id"],
        unique=False,
    )
    op.create_table(
        "held_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["banks.id"], name=op.f("fk_held_files_bank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_files")),
        sa.UniqueConstraint("key", name=op.f("uq_held_files_key")),
    )
    op.create_index(op.f("ix_held_files_bank_id"), "held_files", ["bank_id"], unique=False)
    for table in APPEND_ONLY:
        refuse_changes(table)


def downgrade() -> None:
    for table in APPEND_ONLY:
        allow_changes(table)
    op.drop_index(op.f("ix_held_files_bank_id"), table_name="held_files")
    op.drop_table("held_files")
    op.drop_index(op.f("ix_version_questions_bank_version_id"), table_name="version_questions")

    op.drop_table("version_questions")
    op.drop_table("bank_versions")
    op.drop_index(op.f("ix_bank_tags_tag"), table_name="bank_tags")

    op.drop_table("bank_tags")
    op.drop_table("bank_questions")
    op.drop_index(
        "uq_banks_site_key",
        table_name="banks",
        sqlite_where=sa.text("course_id IS NULL"),
        postgresql_where=sa.text("course_id IS NULL"),
    )

    op.drop_table("banks")


def refuse_changes(table: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
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
