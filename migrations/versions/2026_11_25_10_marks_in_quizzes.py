"""What people gave answers in quizzes, and what they said of them."""

import sqlalchemy as sa
from alembic import op

revision = "b41f7c6a2d93"
down_revision = "9c27d5e81a40"


def upgrade() -> None:
    op.create_table(
        "quiz_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "provisional",
                "released",
                name="markstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("out_of", sa.Double(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_quiz_marks_number_counts_from_one")),
        sa.CheckConstraint(
            "points >= 0 AND points <= out_of", name=op.f("ck_quiz_marks_points_are_within_bounds")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempts.id"], name=op.f("fk_quiz_marks_attempt_id")
        ),
        sa.ForeignKeyConstraint(["marked_by"], ["people.id"], name=op.f("fk_quiz_marks_marked_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_quiz_marks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_marks")),
        sa.UniqueConstraint(
            "attempt_id",
            "question",
            "part",
            "number",
            name=op.f("uq_quiz_marks_attempt_id_question_part_number"),
        ),
    )
    op.create_index(op.f("ix_quiz_marks_person_id"), "quiz_marks", ["person_id"], unique=False)
    op.create_table(
        "quiz_comments",
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["quiz_marks.id"], name=op.f("fk_quiz_comments_mark_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_quiz_comments_person_id")
        ),
        sa.PrimaryKeyConstraint("mark_id", name=op.f("pk_quiz_comments")),
    )
    op.create_index(
        op.f("ix_quiz_comments_person_id"), "quiz_comments", ["person_id"], unique=False
    )
    refuse("quiz_marks", ("update", "delete"))
    refuse("quiz_comments", ("update",))


def downgrade() -> None:
    op.drop_index(op.f("ix_quiz_comments_person_id"), table_name="quiz_comments")
    op.drop_table("quiz_comments")
    op.drop_index(op.f("ix_quiz_marks_person_id"), table_name="quiz_marks")
    op.drop_table("quiz_marks")


def refuse(table: str, changes: tuple[str, ...]) -> None:
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for change in changes:
        does = (
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            if is_sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{change} BEFORE {change.upper()} ON {table} {does}"
        )
    if not is_sqlite:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
