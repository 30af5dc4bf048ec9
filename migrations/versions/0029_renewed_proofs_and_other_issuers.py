"""Proofs that are to be made anew, and what was decided about other issuers of health cards."""

import sqlalchemy as sa
from alembic import op

from app.infra import ddl
from app.infra.db import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proof_renewal",
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("tells", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name="fk_proof_renewal_recipient_id_recipient"),
        sa.PrimaryKeyConstraint("recipient_id", name="pk_proof_renewal"),
    )
    op.create_index("ix_proof_renewal_due_at", "proof_renewal", ["due_at"])
    op.create_table(
        "issuer_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(200), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(255), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_issuer_change"),
    )
    op.create_index("ix_issuer_change_url", "issuer_change", ["url"])
    ddl.create_triggers(op.get_bind())


def downgrade() -> None:
    op.drop_table("issuer_change")
    op.drop_table("proof_renewal")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS issuer_change_append_only()")
