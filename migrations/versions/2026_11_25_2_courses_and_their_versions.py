"""Courses, their published versions, and the search in them."""

import sqlalchemy as sa
from alembic import op

revision = "5b8d2e4f9a17"
down_revision = "3f1a6c0e7b52"


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_courses_slug")),
    )
    op.create_table(
        "renditions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "language IN ('es', 'pt', 'en')", name=op.f("ck_renditions_language_is_spoken")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renditions")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_renditions_fingerprint")),
    )
    op.create_table(
        "sources",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sources")),
    )
    op.create_table(
        "course_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("source_language", sa.String(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_course_versions_number_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_versions_course_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_versions")),
        sa.UniqueConstraint("course_id", "id", name=op.f("uq_course_versions_course_id_id")),
        sa.UniqueConstraint(
            "course_id", "number", name=op.f("uq_course_versions_course_id_number")
        ),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "module",
                "lesson",
                "block",
                "quiz",
                "question",
                "answer",
                "term",
                name="itemkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_items_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_items_course_id_key")),
    )
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rendition_id", sa.Integer(), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rendition_id"], ["renditions.id"], name=op.f("fk_search_entries_rendition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
    )
    op.create_index(
        op.f("ix_search_entries_rendition_id"), "search_entries", ["rendition_id"], unique=False
    )
    op.create_table(
        "exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("exported_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_exports_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index(op.f("ix_exports_version_id"), "exports", ["version_id"], unique=False)
    op.create_table(
        "printouts",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_printouts_item_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_printouts_version_id")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "language", "item_id", "form", name=op.f("pk_printouts")
        ),
    )
    op.create_table(
        "version_files",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("is_media", sa.Boolean(), nullable=False),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_version_files_size_is_a_count")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_version_files_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "path", name=op.f("pk_version_files")),
    )
    op.create_index(op.f("ix_version_files_sha256"), "version_files", ["sha256"], unique=False)
    op.create_table(
        "version_lessons",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("rendition_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "language IN ('es', 'pt', 'en')", name=op.f("ck_version_lessons_language_is_spoken")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_version_lessons_item_id")),
        sa.ForeignKeyConstraint(
            ["rendition_id"], ["renditions.id"], name=op.f("fk_version_lessons_rendition_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_version_lessons_version_id")
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "language", "item_id", name=op.f("pk_version_lessons")
        ),
        sa.UniqueConstraint(
            "version_id",
            "language",
            "slug",
            name=op.f("uq_version_lessons_version_id_language_slug"),
        ),
    )
    op.create_index(
        op.f("ix_version_lessons_rendition_id"), "version_lessons", ["rendition_id"], unique=False
    )
    op.create_table(
        "version_pages",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("course", sa.JSON(), nullable=False),
        sa.Column("outline", sa.JSON(), nullable=False),
        sa.Column("glossary", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "language IN ('es', 'pt', 'en')", name=op.f("ck_version_pages_language_is_spoken")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_version_pages_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "language", name=op.f("pk_version_pages")),
    )
    op.create_table(
        "version_activities",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_version_activities_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_versions.id"], name=op.f("fk_version_activities_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "item_id", name=op.f("pk_version_activities")),
    )
    index_for_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("version_activities")
    op.drop_table("version_pages")
    op.drop_index(op.f("ix_version_lessons_rendition_id"), table_name="version_lessons")
    op.drop_table("version_lessons")
    op.drop_index(op.f("ix_version_files_sha256"), table_name="version_files")
    op.drop_table("version_files")
    op.drop_table("printouts")
    op.drop_index(op.f("ix_exports_version_id"), table_name="exports")
    op.drop_table("exports")
    op.drop_index(op.f("ix_search_entries_rendition_id"), table_name="search_entries")
    op.drop_table("search_entries")
    op.drop_table("items")
    op.drop_table("course_versions")
    op.drop_table("sources")
    op.drop_table("renditions")
    op.drop_table("courses")


def index_for_search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING "
            "fts5(terms, content='search_entries', content_rowid='id', tokenize='unicode61')"
        )
        op.execute(
            "CREATE TRIGGER search_entries_index AFTER INSERT ON search_entries BEGIN "
            "INSERT INTO search_index (rowid, terms) VALUES (new.id, new.terms); END"
        )
    else:
        op.execute(
            "CREATE INDEX ix_search_entries_terms ON search_entries "
            "USING gin (to_tsvector('simple', terms))"
        )
