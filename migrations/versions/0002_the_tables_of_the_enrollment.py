"""The tables of the enrollment."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrollment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("section_a_done", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("redistribution", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("approved", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("provider_organization_id", sa.Uuid(), nullable=True),
        sa.Column("administrator_invitation_id", sa.Uuid(), nullable=True),
        sa.Column("ceo_invitation_id", sa.Uuid(), nullable=True),
        sa.Column("cmo_invitation_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_administrator", sa.Integer(), nullable=False),
        sa.Column("reminded_ceo", sa.Integer(), nullable=False),
        sa.Column("reminded_cmo", sa.Integer(), nullable=False),
        sa.Column("imported_from", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["administrator_invitation_id"], ["invitation.id"], name=op.f("fk_enrollment_administrator_invitation_id")
        ),
        sa.ForeignKeyConstraint(["ceo_invitation_id"], ["invitation.id"], name=op.f("fk_enrollment_ceo_invitation_id")),
        sa.ForeignKeyConstraint(["cmo_invitation_id"], ["invitation.id"], name=op.f("fk_enrollment_cmo_invitation_id")),
        sa.ForeignKeyConstraint(
            ["provider_organization_id"],
            ["provider_organization.id"],
            name=op.f("fk_enrollment_provider_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
        sa.UniqueConstraint("code", name=op.f("uq_enrollment_code")),
        sa.UniqueConstraint("imported_from", name=op.f("uq_enrollment_imported_from")),
    )
    with op.batch_alter_table("enrollment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enrollment_status_stage_since_id"), ["status", "stage_since", "id"], unique=False
        )

    op.create_table(
        "enrolled_location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("provider_type", sa.String(length=4), nullable=False),
        sa.Column("coordinator_first_name", sa.String(length=40), nullable=False),
        sa.Column("coordinator_last_name", sa.String(length=80), nullable=False),
        sa.Column("coordinator_email", sa.String(length=254), nullable=False),
        sa.Column("coordinator_phone", sa.String(length=10), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("approved", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("coordinator_invitation_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("awaited_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("imported_from", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["coordinator_invitation_id"],
            ["invitation.id"],
            name=op.f("fk_enrolled_location_coordinator_invitation_id"),
        ),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_enrolled_location_enrollment_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_enrolled_location_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolled_location")),
        sa.UniqueConstraint("code", name=op.f("uq_enrolled_location_code")),
        sa.UniqueConstraint("enrollment_id", "number", name=op.f("uq_enrolled_location_enrollment_id_number")),
        sa.UniqueConstraint("imported_from", name=op.f("uq_enrolled_location_imported_from")),
    )
    with op.batch_alter_table("enrolled_location", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolled_location_county_fips"), ["county_fips"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolled_location_provider_type"), ["provider_type"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_enrolled_location_status_awaited_since"), ["status", "awaited_since"], unique=False
        )

    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("enrolled_location_id", sa.Uuid(), nullable=True),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolled_location_id"], ["enrolled_location.id"], name=op.f("fk_correction_enrolled_location_id")
        ),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_correction_enrollment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_correction_enrollment_id_settled_at"), ["enrollment_id", "settled_at"], unique=False
        )

    op.create_table(
        "enrollment_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("enrolled_location_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=2000), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolled_location_id"], ["enrolled_location.id"], name=op.f("fk_enrollment_event_enrolled_location_id")
        ),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_enrollment_event_enrollment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment_event")),
    )
    with op.batch_alter_table("enrollment_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrollment_event_enrollment_id_id"), ["enrollment_id", "id"], unique=False)

    op.create_table(
        "practicing_provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolled_location_id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.String(length=40), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=20), nullable=False),
        sa.Column("license_number", sa.String(length=30), nullable=False),
        sa.Column("license_folded", sa.String(length=30), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolled_location_id"], ["enrolled_location.id"], name=op.f("fk_practicing_provider_enrolled_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practicing_provider")),
    )
    with op.batch_alter_table("practicing_provider", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_practicing_provider_enrolled_location_id_id"), ["enrolled_location_id", "id"], unique=False
        )

    op.create_table(
        "signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrollment_id", sa.Uuid(), nullable=False),
        sa.Column("enrolled_location_id", sa.Uuid(), nullable=True),
        sa.Column("document", sa.String(length=30), nullable=False),
        sa.Column("capacity", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("typed_name", sa.String(length=130), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("facts_sha256", sa.String(length=64), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_signature_account_id")),
        sa.ForeignKeyConstraint(
            ["enrolled_location_id"], ["enrolled_location.id"], name=op.f("fk_signature_enrolled_location_id")
        ),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_signature_enrollment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_enrollment_id_id"), ["enrollment_id", "id"], unique=False)
        batch_op.create_index(
            "uq_signature_location",
            ["enrolled_location_id", "document", "capacity"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL AND enrolled_location_id IS NOT NULL"),
            postgresql_where=sa.text("superseded_at IS NULL AND enrolled_location_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_signature_officer",
            ["enrollment_id", "document", "capacity"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL AND enrolled_location_id IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL AND enrolled_location_id IS NULL"),
        )

    op.create_table(
        "storage_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolled_location_id", sa.Uuid(), nullable=False),
        sa.Column("brand", sa.String(length=80), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("inside_key", sa.String(length=80), nullable=True),
        sa.Column("outside_key", sa.String(length=80), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolled_location_id"], ["enrolled_location.id"], name=op.f("fk_storage_unit_enrolled_location_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storage_unit")),
    )
    with op.batch_alter_table("storage_unit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_storage_unit_enrolled_location_id_id"), ["enrolled_location_id", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("storage_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_storage_unit_enrolled_location_id_id"))

    op.drop_table("storage_unit")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_signature_officer",
            sqlite_where=sa.text("superseded_at IS NULL AND enrolled_location_id IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL AND enrolled_location_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_signature_location",
            sqlite_where=sa.text("superseded_at IS NULL AND enrolled_location_id IS NOT NULL"),
            postgresql_where=sa.text("superseded_at IS NULL AND enrolled_location_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_signature_enrollment_id_id"))

    op.drop_table("signature")
    with op.batch_alter_table("practicing_provider", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practicing_provider_enrolled_location_id_id"))

    op.drop_table("practicing_provider")
    with op.batch_alter_table("enrollment_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrollment_event_enrollment_id_id"))

    op.drop_table("enrollment_event")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_enrollment_id_settled_at"))

    op.drop_table("correction")
    with op.batch_alter_table("enrolled_location", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolled_location_status_awaited_since"))
        batch_op.drop_index(batch_op.f("ix_enrolled_location_provider_type"))
        batch_op.drop_index(batch_op.f("ix_enrolled_location_county_fips"))

    op.drop_table("enrolled_location")
    with op.batch_alter_table("enrollment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrollment_status_stage_since_id"))

    op.drop_table("enrollment")
