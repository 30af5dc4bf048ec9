"""The consent of a parent or guardian that is given at the clinic."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_name", sa.String(length=130), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=20), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_consent_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_consent")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_visit_consent_visit_id")),
    )


def downgrade() -> None:
    op.drop_table("visit_consent")
