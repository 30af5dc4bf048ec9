"""Second factors, recovery codes, and identities at outside providers."""

import sqlalchemy as sa
from alembic import op

from app.infra.crypto import EncryptedJson
from app.infra.db import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret", EncryptedJson(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("fresh_codes", EncryptedJson(), nullable=True),
        sa.Column("codes_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
    )
    op.create_index(op.f("ix_second_factor_account_id"), "second_factor", ["account_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])
    op.create_table(
        "outside_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outside_identity_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_outside_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_outside_identity_account_id"), "outside_identity", ["account_id"])
    op.add_column("sign_in_session", sa.Column("waits_for", sa.String(length=10), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("sign_in_session", "waits_for")
    op.drop_table("outside_identity")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
