"""Assignments: drafts, files, what was handed in, marks; and the ids that name them."""

import re

import sqlalchemy as sa
from alembic import op

revision = "5ee2cfbd83f4"
down_revision = "7455b01473dd"


# What becomes of rows that exist: those with people's own words can be erased, none can be changed.
KEPT = {
    "assignment_submissions": ("update", "delete"),
    "assignment_marks": ("update", "delete"),
    "assignment_contents": ("update",),
    "assignment_comments": ("update",),
    "peer_comments": ("update",),
}
KNOWN, ADDED = "'term'", ("'assignment'", "'criterion'")


def upgrade() -> None:
    widen_kinds()
    op.create_table(
        "assignment_stored_files",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("stored_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_assignment_stored_files")),
    )
    op.create_table(
        "saved_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_saved_comments_item_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_saved_comments_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_comments")),
    )
    op.create_index(
        op.f("ix_saved_comments_person_id_item_id"),
        "saved_comments",
        ["person_id", "item_id"],
        unique=False,
    )

    op.create_table(
        "assignment_drafts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_in", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "revision > 0", name=op.f("ck_assignment_drafts_revision_counts_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_assignment_drafts_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_assignment_drafts_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_assignment_drafts_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "edition_id", "item_id", name=op.f("pk_assignment_drafts")
        ),
    )
    op.create_table(
        "assignment_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("claimed_sha256", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("is_in_draft", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(sha256 IS NULL) = (kind IS NULL)",
            name=op.f("ck_assignment_files_is_known_when_whole"),
        ),
        sa.CheckConstraint("length(key) = 36", name=op.f("ck_assignment_files_key_is_a_uuid")),
        sa.CheckConstraint(
            "received_bytes BETWEEN 0 AND size_bytes",
            name=op.f("ck_assignment_files_receives_no_more_than_its_size"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_assignment_files_is_not_empty")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_assignment_files_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_assignment_files_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_assignment_files_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_files")),
        sa.UniqueConstraint("key", name=op.f("uq_assignment_files_key")),
    )
    op.create_index(
        op.f("ix_assignment_files_person_id_edition_id_item_id"),
        "assignment_files",
        ["person_id", "edition_id", "item_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_assignment_files_sha256"), "assignment_files", ["sha256"], unique=False
    )

    op.create_table(
        "assignment_submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=True),
        sa.CheckConstraint(
            "days_late >= 0", name=op.f("ck_assignment_submissions_days_late_is_a_count")
        ),
        sa.CheckConstraint(
            "length(key) = 36", name=op.f("ck_assignment_submissions_key_is_a_uuid")
        ),
        sa.CheckConstraint(
            "number > 0", name=op.f("ck_assignment_submissions_number_counts_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_assignment_submissions_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_assignment_submissions_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_assignment_submissions_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_versions.id"],
            name=op.f("fk_assignment_submissions_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_submissions")),
        sa.UniqueConstraint("key", name=op.f("uq_assignment_submissions_key")),
        sa.UniqueConstraint(
            "person_id",
            "edition_id",
            "item_id",
            "number",
            name=op.f("uq_assignment_submissions_person_id_edition_id_item_id_number"),
        ),
    )
    op.create_index(
        op.f("ix_assignment_submissions_edition_id_item_id"),
        "assignment_submissions",
        ["edition_id", "item_id"],
        unique=False,
    )

    op.create_table(
        "assignment_contents",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_assignment_contents_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["assignment_submissions.id"],
            name=op.f("fk_assignment_contents_submission_id"),
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_assignment_contents")),
    )
    op.create_index(
        op.f("ix_assignment_contents_person_id"), "assignment_contents", ["person_id"], unique=False
    )

    op.create_table(
        "assignment_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
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
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("earned", sa.Double(), nullable=False),
        sa.Column("deducted", sa.Double(), nullable=False),
        sa.Column("has_passed", sa.Boolean(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "deducted BETWEEN 0 AND earned",
            name=op.f("ck_assignment_marks_takes_off_no_more_than_is_earned"),
        ),
        sa.CheckConstraint("earned >= 0", name=op.f("ck_assignment_marks_earned_is_no_debt")),
        sa.CheckConstraint("number > 0", name=op.f("ck_assignment_marks_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["marked_by"], ["people.id"], name=op.f("fk_assignment_marks_marked_by")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_assignment_marks_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["assignment_submissions.id"],
            name=op.f("fk_assignment_marks_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_marks")),
        sa.UniqueConstraint(
            "submission_id", "number", name=op.f("uq_assignment_marks_submission_id_number")
        ),
    )
    op.create_index(
        op.f("ix_assignment_marks_person_id"), "assignment_marks", ["person_id"], unique=False
    )

    op.create_table(
        "assignment_comments",
        sa.Column("mark_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mark_id"], ["assignment_marks.id"], name=op.f("fk_assignment_comments_mark_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_assignment_comments_person_id")
        ),
        sa.PrimaryKeyConstraint("mark_id", name=op.f("pk_assignment_comments")),
    )
    op.create_index(
        op.f("ix_assignment_comments_person_id"), "assignment_comments", ["person_id"], unique=False
    )
    op.create_table(
        "peer_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("earned", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "(done_at IS NULL) = (earned IS NULL)", name=op.f("ck_peer_reviews_is_judged_when_done")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_peer_reviews_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_peer_reviews_edition_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_peer_reviews_item_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_peer_reviews_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["assignment_submissions.id"],
            name=op.f("fk_peer_reviews_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_reviews")),
        sa.UniqueConstraint(
            "person_id",
            "edition_id",
            "item_id",
            "number",
            name=op.f("uq_peer_reviews_person_id_edition_id_item_id_number"),
        ),
        sa.UniqueConstraint(
            "submission_id", "person_id", name=op.f("uq_peer_reviews_submission_id_person_id")
        ),
    )
    op.create_table(
        "peer_comments",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_peer_comments_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["peer_reviews.id"], name=op.f("fk_peer_comments_review_id")
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_peer_comments")),
    )
    op.create_index(
        op.f("ix_peer_comments_person_id"), "peer_comments", ["person_id"], unique=False
    )
    for table, changes in KEPT.items():
        refuse(table, changes)


def downgrade() -> None:
    op.drop_index(op.f("ix_peer_comments_person_id"), table_name="peer_comments")
    op.drop_table("peer_comments")
    op.drop_table("peer_reviews")
    op.drop_index(op.f("ix_assignment_comments_person_id"), table_name="assignment_comments")

    op.drop_table("assignment_comments")
    op.drop_index(op.f("ix_assignment_marks_person_id"), table_name="assignment_marks")

    op.drop_table("assignment_marks")
    op.drop_index(op.f("ix_assignment_contents_person_id"), table_name="assignment_contents")

    op.drop_table("assignment_contents")
    op.drop_index(
        op.f("ix_assignment_submissions_edition_id_item_id"), table_name="assignment_submissions"
    )

    op.drop_table("assignment_submissions")
    op.drop_index(op.f("ix_assignment_files_sha256"), table_name="assignment_files")
    op.drop_index(
        op.f("ix_assignment_files_person_id_edition_id_item_id"), table_name="assignment_files"
    )

    op.drop_table("assignment_files")
    op.drop_table("assignment_drafts")
    op.drop_index(op.f("ix_saved_comments_person_id_item_id"), table_name="saved_comments")

    op.drop_table("saved_comments")
    op.drop_table("assignment_stored_files")
    narrow_kinds()


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


def widen_kinds() -> None:
    replace_words(KNOWN, ", ".join((KNOWN, *ADDED)))


def narrow_kinds() -> None:
    replace_words(", ".join((KNOWN, *ADDED)), KNOWN)


def replace_words(old: str, new: str) -> None:
    """Let the kind of an id be other words. Neither rows nor triggers are touched."""
    if op.get_context().dialect.name == "sqlite":
        # https://www.sqlite.org/lang_altertable.html: how a CHECK is changed without a new table.
        version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
        op.execute("PRAGMA writable_schema=ON")
        changed = sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE name = 'items'"
        )
        op.execute(changed.bindparams(old=old, new=new))
        op.execute(f"PRAGMA schema_version={version + 1}")
        op.execute("PRAGMA writable_schema=OFF")
        return
    written = (
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_items_itemkind'"
    )
    known = op.get_bind().exec_driver_sql(written).scalar_one()
    words = ", ".join(re.findall(r"'[a-z]+'", known)).replace(old, new)
    op.execute("ALTER TABLE items DROP CONSTRAINT ck_items_itemkind")
    op.execute(f"ALTER TABLE items ADD CONSTRAINT ck_items_itemkind CHECK (kind IN ({words}))")
