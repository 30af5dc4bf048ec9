"""Kiosks at the door."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kiosk_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_device_token_hash")),
    )
    with op.batch_alter_table("kiosk_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kiosk_device_location_id_id"), ["location_id", "id"], unique=False)
        batch_op.create_index(
            "uq_kiosk_device_code",
            ["code_hash"],
            unique=True,
            sqlite_where=sa.text("code_hash IS NOT NULL"),
            postgresql_where=sa.text("code_hash IS NOT NULL"),
        )

    op.create_table(
        "kiosk_turn",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("held", sa.LargeBinary(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["kiosk_device.id"], name=op.f("fk_kiosk_turn_device_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_kiosk_turn")),
    )
    with op.batch_alter_table("kiosk_turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kiosk_turn_until"), ["until"], unique=False)

    op.create_table(
        "desk_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["kiosk_device.id"], name=op.f("fk_desk_call_device_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_desk_call_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_call")),
        sa.UniqueConstraint("location_id", "day", "number", name=op.f("uq_desk_call_location_id_day_number")),
    )
    with op.batch_alter_table("desk_call", schema=None) as batch_op:
        batch_op.create_index(
            "ix_desk_call_waits",
            ["location_id", "day"],
            unique=False,
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("desk_call", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_desk_call_waits", sqlite_where=sa.text("taken_at IS NULL"), postgresql_where=sa.text("taken_at IS NULL")
        )

    op.drop_table("desk_call")
    with op.batch_alter_table("kiosk_turn", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kiosk_turn_until"))

    op.drop_table("kiosk_turn")
    with op.batch_alter_table("kiosk_device", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_kiosk_device_code",
            sqlite_where=sa.text("code_hash IS NOT NULL"),
            postgresql_where=sa.text("code_hash IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_kiosk_device_location_id_id"))

    op.drop_table("kiosk_device")
