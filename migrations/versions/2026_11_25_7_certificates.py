"""What certificates ask for, names and approvals, certificates with their holders, and signing keys."""

import sqlalchemy as sa
from alembic import op

revision = "7455b01473dd"
down_revision = "8212e6c9ba69"


def upgrade() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public", sa.String(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "is_current = (retired_at IS NULL)",
            name=op.f("ck_signing_keys_is_current_until_it_is_retired"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
        sa.UniqueConstraint("public", name=op.f("uq_signing_keys_public")),
    )
    op.create_index(
        "uq_signing_keys_current",
        "signing_keys",
        ["is_current"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )

    op.create_table(
        "certificate_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_certificate_batches_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batches")),
    )
    op.create_index(
        op.f("ix_certificate_batches_edition"), "certificate_batches", ["edition"], unique=False
    )
    op.create_index(
        op.f("ix_certificate_batches_person_id"), "certificate_batches", ["person_id"], unique=False
    )

    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "approval",
                "completion",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("activities", sa.JSON(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=True),
        sa.Column("pdf_sha256", sa.String(), nullable=True),
        sa.Column("pdf_bytes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (reason = '')",
            name=op.f("ck_certificates_is_revoked_for_a_reason"),
        ),
        sa.CheckConstraint(
            "language IN ('es', 'pt', 'en')", name=op.f("ck_certificates_language_is_spoken")
        ),
        sa.CheckConstraint(
            "(made_at IS NULL) = (pdf_bytes IS NULL)",
            name=op.f("ck_certificates_is_made_with_its_size"),
        ),
        sa.CheckConstraint(
            "(made_at IS NULL) = (pdf_sha256 IS NULL)", name=op.f("ck_certificates_is_made_at_once")
        ),
        sa.CheckConstraint("hours > 0", name=op.f("ck_certificates_hours_are_some")),
        sa.CheckConstraint("length(code) = 16", name=op.f("ck_certificates_code_is_whole")),
        sa.CheckConstraint(
            "replaces_id <> id", name=op.f("ck_certificates_does_not_replace_itself")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["certificate_batches.id"], name=op.f("fk_certificates_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_certificates_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["certificates.id"], name=op.f("fk_certificates_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_certificates_pdf_sha256")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_certificates_replaces_id")),
    )
    op.create_index(op.f("ix_certificates_batch_id"), "certificates", ["batch_id"], unique=False)
    op.create_index(
        op.f("ix_certificates_edition_person_id"),
        "certificates",
        ["edition", "person_id"],
        unique=False,
    )
    op.create_index(op.f("ix_certificates_person_id"), "certificates", ["person_id"], unique=False)
    op.create_index(
        "uq_certificates_held",
        "certificates",
        ["person_id", "edition"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
    )

    op.create_table(
        "certificate_approvals",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["people.id"], name=op.f("fk_certificate_approvals_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_certificate_approvals_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_certificate_approvals_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "edition_id", name=op.f("pk_certificate_approvals")),
    )
    op.create_table(
        "certificate_holders",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credential", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("payload", sa.String(), nullable=False),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 120", name=op.f("ck_certificate_holders_name_is_given")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_holders_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_certificate_holders_person_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_holders")),
    )
    op.create_index(
        op.f("ix_certificate_holders_person_id"), "certificate_holders", ["person_id"], unique=False
    )

    op.create_table(
        "certificate_names",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "length(name) BETWEEN 1 AND 120", name=op.f("ck_certificate_names_name_is_given")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_certificate_names_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_certificate_names_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "edition_id", name=op.f("pk_certificate_names")),
    )
    op.create_table(
        "certificate_rules",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("activities", sa.JSON(), nullable=False),
        sa.Column(
            "issued_by",
            sa.Enum(
                "rule",
                "approval",
                name="issuedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("hours > 0", name=op.f("ck_certificate_rules_hours_are_some")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_certificate_rules_edition_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_certificate_rules")),
    )


def downgrade() -> None:
    op.drop_table("certificate_rules")
    op.drop_table("certificate_names")
    op.drop_index(op.f("ix_certificate_holders_person_id"), table_name="certificate_holders")

    op.drop_table("certificate_holders")
    op.drop_table("certificate_approvals")
    op.drop_index(
        "uq_certificates_held",
        table_name="certificates",
        sqlite_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
    )
    op.drop_index(op.f("ix_certificates_person_id"), table_name="certificates")
    op.drop_index(op.f("ix_certificates_edition_person_id"), table_name="certificates")
    op.drop_index(op.f("ix_certificates_batch_id"), table_name="certificates")

    op.drop_table("certificates")
    op.drop_index(op.f("ix_certificate_batches_person_id"), table_name="certificate_batches")
    op.drop_index(op.f("ix_certificate_batches_edition"), table_name="certificate_batches")

    op.drop_table("certificate_batches")
    op.drop_index(
        "uq_signing_keys_current",
        table_name="signing_keys",
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )

    op.drop_table("signing_keys")
