"""How editions are graded, and what was decided in place of marks."""

import sqlalchemy as sa
from alembic import op

revision = "9c27d5e81a40"
down_revision = "5ee2cfbd83f4"


def upgrade() -> None:
    op.create_table(
        "grade_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "NOT is_withdrawn OR share IS NULL",
            name=op.f("ck_grade_decisions_sets_nothing_when_withdrawn"),
        ),
        sa.CheckConstraint(
            "length(reason) BETWEEN 1 AND 1000", name=op.f("ck_grade_decisions_reason_is_given")
        ),
        sa.CheckConstraint(
            "share BETWEEN 0 AND 1", name=op.f("ck_grade_decisions_share_is_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_grade_decisions_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_grade_decisions_edition_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_grade_decisions_item_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_grade_decisions_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_decisions")),
    )
    op.create_index(
        op.f("ix_grade_decisions_decided_by"), "grade_decisions", ["decided_by"], unique=False
    )
    op.create_index(
        op.f("ix_grade_decisions_edition_id_person_id"),
        "grade_decisions",
        ["edition_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_grade_decisions_item_id"), "grade_decisions", ["item_id"], unique=False
    )
    op.create_index(
        op.f("ix_grade_decisions_person_id"), "grade_decisions", ["person_id"], unique=False
    )
    op.create_table(
        "grading_schemes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_grading_schemes_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_grading_schemes_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grading_schemes")),
    )
    op.create_index(
        op.f("ix_grading_schemes_edition_id"), "grading_schemes", ["edition_id"], unique=False
    )
    op.create_index(
        op.f("ix_grading_schemes_person_id"), "grading_schemes", ["person_id"], unique=False
    )
    refuse("grading_schemes", ("update", "delete"))
    refuse("grade_decisions", ("update",))


def downgrade() -> None:
    op.drop_index(op.f("ix_grading_schemes_person_id"), table_name="grading_schemes")
    op.drop_index(op.f("ix_grading_schemes_edition_id"), table_name="grading_schemes")
    op.drop_table("grading_schemes")
    op.drop_index(op.f("ix_grade_decisions_person_id"), table_name="grade_decisions")
    op.drop_index(op.f("ix_grade_decisions_item_id"), table_name="grade_decisions")
    op.drop_index(op.f("ix_grade_decisions_edition_id_person_id"), table_name="grade_decisions")
    op.drop_index(op.f("ix_grade_decisions_decided_by"), table_name="grade_decisions")
    op.drop_table("grade_decisions")


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
