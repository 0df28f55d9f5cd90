"""Attempts at quizzes, their answers by device, accommodations, corrections and statistics."""

import sqlalchemy as sa
from alembic import op

revision = "3f5a8c2e7b14"
down_revision = "7c4e1b9d3f86"


def upgrade() -> None:
    op.create_table(
        "accommodations",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("more_time_percent", sa.Integer(), nullable=False),
        sa.Column("more_attempts", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "more_attempts BETWEEN 0 AND 20",
            name=op.f("ck_accommodations_more_attempts_is_a_count"),
        ),
        sa.CheckConstraint(
            "more_time_percent BETWEEN 0 AND 300",
            name=op.f("ck_accommodations_more_time_is_a_share"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_accommodations_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_accommodations")),
    )
    op.create_table(
        "quiz_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "submitted",
                name="attemptstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column(
            "submitted_by",
            sa.Enum(
                "learner",
                "time",
                name="submittedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("out_of", sa.Double(), nullable=True),
        sa.Column("needs_marking", sa.Boolean(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("corrected_to", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (submitted_at IS NULL)",
            name=op.f("ck_quiz_attempts_is_submitted_at_some_moment"),
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (points IS NULL)",
            name=op.f("ck_quiz_attempts_is_marked_at_once"),
        ),
        sa.CheckConstraint(
            "due_at > started_at", name=op.f("ck_quiz_attempts_ends_after_it_starts")
        ),
        sa.CheckConstraint(
            "extra_minutes >= 0", name=op.f("ck_quiz_attempts_extra_minutes_is_a_count")
        ),
        sa.CheckConstraint("length(key) = 36", name=op.f("ck_quiz_attempts_key_is_a_uuid")),
        sa.CheckConstraint("number > 0", name=op.f("ck_quiz_attempts_number_counts_from_one")),
        sa.CheckConstraint(
            "points >= 0 AND points <= out_of",
            name=op.f("ck_quiz_attempts_points_are_within_bounds"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_quiz_attempts_edition_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_quiz_attempts_item_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiz_attempts_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_quiz_attempts_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempts")),
        sa.UniqueConstraint("key", name=op.f("uq_quiz_attempts_key")),
        sa.UniqueConstraint(
            "person_id",
            "edition_id",
            "item_id",
            "number",
            name=op.f("uq_quiz_attempts_person_id_edition_id_item_id_number"),
        ),
    )
    op.create_index(
        op.f("ix_quiz_attempts_edition_id_item_id_state_number"),
        "quiz_attempts",
        ["edition_id", "item_id", "state", "number"],
        unique=False,
    )
    op.create_index(op.f("ix_quiz_attempts_item_id"), "quiz_attempts", ["item_id"], unique=False)
    op.create_index(
        "uq_quiz_attempts_open",
        "quiz_attempts",
        ["person_id", "edition_id", "item_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "quiz_answers",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempts.id"], name=op.f("fk_quiz_answers_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiz_answers_person_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "question", "device", name=op.f("pk_quiz_answers")),
    )
    op.create_index(op.f("ix_quiz_answers_person_id"), "quiz_answers", ["person_id"], unique=False)
    op.create_table(
        "quiz_late_answers",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempts.id"], name=op.f("fk_quiz_late_answers_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiz_late_answers_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "attempt_id", "question", "device", name=op.f("pk_quiz_late_answers")
        ),
    )
    op.create_index(
        op.f("ix_quiz_late_answers_person_id"), "quiz_late_answers", ["person_id"], unique=False
    )

    op.create_table(
        "quiz_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("correction", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "length(reason) BETWEEN 1 AND 1000", name=op.f("ck_quiz_corrections_reason_is_given")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_quiz_corrections_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_quiz_corrections_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiz_corrections_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_corrections")),
    )
    op.create_index(
        op.f("ix_quiz_corrections_edition_id_item_id"),
        "quiz_corrections",
        ["edition_id", "item_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_quiz_corrections_item_id"), "quiz_corrections", ["item_id"], unique=False
    )
    op.create_index(
        op.f("ix_quiz_corrections_person_id"), "quiz_corrections", ["person_id"], unique=False
    )
    op.create_table(
        "quiz_statistics",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_quiz_statistics_edition_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_quiz_statistics_item_id")),
        sa.PrimaryKeyConstraint(
            "edition_id", "item_id", "question", "language", name=op.f("pk_quiz_statistics")
        ),
    )
    op.create_index(
        op.f("ix_quiz_statistics_item_id"), "quiz_statistics", ["item_id"], unique=False
    )
    op.create_table(
        "quiz_regrades",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "done >= 0 AND changed >= 0 AND passed >= 0",
            name=op.f("ck_quiz_regrades_counts_are_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["quiz_corrections.id"], name=op.f("fk_quiz_regrades_correction_id")
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_quiz_regrades")),
    )
    refuse_changes("quiz_corrections")


def downgrade() -> None:
    allow_changes("quiz_corrections")
    op.drop_table("quiz_regrades")
    op.drop_index(op.f("ix_quiz_statistics_item_id"), table_name="quiz_statistics")
    op.drop_table("quiz_statistics")
    op.drop_index(op.f("ix_quiz_corrections_person_id"), table_name="quiz_corrections")
    op.drop_index(op.f("ix_quiz_corrections_item_id"), table_name="quiz_corrections")
    op.drop_index(op.f("ix_quiz_corrections_edition_id_item_id"), table_name="quiz_corrections")
    op.drop_table("quiz_corrections")
    op.drop_index(op.f("ix_quiz_late_answers_person_id"), table_name="quiz_late_answers")
    op.drop_table("quiz_late_answers")
    op.drop_index(op.f("ix_quiz_answers_person_id"), table_name="quiz_answers")
    op.drop_table("quiz_answers")
    op.drop_index(
        "uq_quiz_attempts_open",
        table_name="quiz_attempts",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_quiz_attempts_item_id"), table_name="quiz_attempts")
    op.drop_index(
        op.f("ix_quiz_attempts_edition_id_item_id_state_number"), table_name="quiz_attempts"
    )
    op.drop_table("quiz_attempts")
    op.drop_table("accommodations")


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
