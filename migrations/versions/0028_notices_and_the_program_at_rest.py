"""Notices, planned downtime, and the switch that makes the program read-only."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("title_es", sa.String(length=120), nullable=False),
        sa.Column("text_es", sa.String(length=1000), nullable=False),
        sa.Column("portals", sa.JSON(), nullable=False),
        _moment("shown_from"),
        _moment("starts_at"),
        _moment("ends_at"),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        _moment("mail_at", nullable=True),
        sa.Column("mail_through", sa.Uuid(), nullable=True),
        _moment("mail_done_at", nullable=True),
        _moment("made_at"),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        _moment("cancelled_at", nullable=True),
        sa.Column("cancelled_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_ends_at"), "notice", ["ends_at"], unique=False)
    op.create_index(op.f("ix_notice_mail_at"), "notice", ["mail_at"], unique=False)
    op.create_table(
        "read_only_switch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("because", sa.String(length=255), nullable=False),
        _moment("made_at"),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_only_switch")),
    )


def downgrade() -> None:
    op.drop_table("read_only_switch")
    op.drop_index(op.f("ix_notice_mail_at"), table_name="notice")
    op.drop_index(op.f("ix_notice_ends_at"), table_name="notice")
    op.drop_table("notice")
