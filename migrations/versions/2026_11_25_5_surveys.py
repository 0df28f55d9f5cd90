"""Surveys: who has answered, what was answered, and its figures; and items that are surveys."""

import sqlalchemy as sa
from alembic import op

revision = "6a1d4c9e2b73"
down_revision = "3f5a8c2e7b14"

OLD = "'module', 'lesson', 'block', 'quiz', 'question', 'answer', 'term'"
NEW = "'module', 'lesson', 'block', 'quiz', 'survey', 'question', 'answer', 'term'"


def upgrade() -> None:
    let_items_be(OLD, NEW)
    op.create_table(
        "survey_participations",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_survey_participations_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_survey_participations_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_survey_participations_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "edition_id", "item_id", name=op.f("pk_survey_participations")
        ),
    )
    op.create_table(
        "survey_responses",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(key) = 32", name=op.f("ck_survey_responses_key_is_random")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_survey_responses_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_survey_responses_item_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_responses")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_survey_responses_edition_id_item_id"),
        "survey_responses",
        ["edition_id", "item_id"],
        unique=False,
    )
    op.create_table(
        "survey_named_responses",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_survey_named_responses_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_survey_named_responses_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_survey_named_responses_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "edition_id", "item_id", name=op.f("pk_survey_named_responses")
        ),
    )
    op.create_index(
        op.f("ix_survey_named_responses_edition_id_item_id"),
        "survey_named_responses",
        ["edition_id", "item_id"],
        unique=False,
    )
    op.create_table(
        "survey_tallies",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("paired_on", sa.Date(), nullable=True),
        sa.Column("comparison", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "counted BETWEEN 0 AND answered", name=op.f("ck_survey_tallies_counts_who_answered")
        ),
        sa.CheckConstraint(
            "(counted = 0) = (counted_on IS NULL)",
            name=op.f("ck_survey_tallies_counted_on_some_day"),
        ),
        sa.CheckConstraint(
            "(pairs = 0) = (paired_on IS NULL)", name=op.f("ck_survey_tallies_paired_on_some_day")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_survey_tallies_edition_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_survey_tallies_item_id")),
        sa.PrimaryKeyConstraint("edition_id", "item_id", name=op.f("pk_survey_tallies")),
    )


def downgrade() -> None:
    op.drop_table("survey_tallies")
    op.drop_index(
        op.f("ix_survey_named_responses_edition_id_item_id"), table_name="survey_named_responses"
    )
    op.drop_table("survey_named_responses")
    op.drop_index(op.f("ix_survey_responses_edition_id_item_id"), table_name="survey_responses")
    op.drop_table("survey_responses")
    op.drop_table("survey_participations")
    let_items_be(NEW, OLD)


def let_items_be(before: str, after: str) -> None:
    """Change the kinds that an item may be of."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_items_itemkind"), "items", type_="check")
        op.create_check_constraint(op.f("ck_items_itemkind"), "items", f"kind IN ({after})")
        return
    # SQLite changes no CHECK, and a table that others refer to, with triggers that refuse deletion,
    # is not to be made anew: what its rows look like does not change, so its definition may.
    op.execute("PRAGMA writable_schema = ON")
    op.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = 'items'"
        ).bindparams(before=before, after=after)
    )
    op.execute("PRAGMA writable_schema = RESET")
