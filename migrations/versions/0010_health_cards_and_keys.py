"""Health cards, the keys that sign them, and the issuers whose cards we can check."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("public", sa.JSON(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
        sa.UniqueConstraint("kid", name=op.f("uq_signing_key_kid")),
    )
    op.create_table(
        "trusted_issuer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_issuer")),
        sa.UniqueConstraint("url", name=op.f("uq_trusted_issuer_url")),
    )
    op.create_table(
        "health_card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("rid", sa.String(length=24), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_because", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_health_card_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_card")),
        sa.UniqueConstraint("rid", name=op.f("uq_health_card_rid")),
    )
    op.create_index(op.f("ix_health_card_recipient_id"), "health_card", ["recipient_id"])
    op.create_index(
        "uq_health_card_live", "health_card", ["recipient_id"], unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"), postgresql_where=sa.text("revoked_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_health_card_revoked", "health_card", ["kid", "rid"],
        sqlite_where=sa.text("revoked_at IS NOT NULL"), postgresql_where=sa.text("revoked_at IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("health_card")
    op.drop_table("trusted_issuer")
    op.drop_table("signing_key")
