"""Changes of doses and doses given elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dose_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("administration_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_dose_change_administration_id")
        ),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_dose_change_location_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_dose_change_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dose_change")),
    )
    with op.batch_alter_table("dose_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dose_change_administration_id_id"), ["administration_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dose_change_recipient_id"), ["recipient_id"], unique=False)

    with op.batch_alter_table("administration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("place_name", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(sa.Column("outside_lot", sa.String(length=30), server_default="", nullable=False))
        batch_op.add_column(sa.Column("evidence", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("administration", schema=None) as batch_op:
        batch_op.drop_column("evidence")
        batch_op.drop_column("outside_lot")
        batch_op.drop_column("place_name")
        batch_op.drop_column("source")

    with op.batch_alter_table("dose_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dose_change_recipient_id"))
        batch_op.drop_index(batch_op.f("ix_dose_change_administration_id_id"))

    op.drop_table("dose_change")
