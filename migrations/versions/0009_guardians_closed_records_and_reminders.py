"""Guardians, closed records and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_LIVE = {name: sa.text("ended_at IS NULL") for name in ("sqlite_where", "postgresql_where")}
_UNDECIDED = {
    name: sa.text("possible_id IS NOT NULL AND decided_at IS NULL") for name in ("sqlite_where", "postgresql_where")
}


def upgrade() -> None:
    op.create_table(
        "guardianship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("dependant_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_text", sa.String(length=20), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("possible_id", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=False),
        sa.Column("ended_because", sa.String(length=255), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_guardianship_account_id")),
        sa.ForeignKeyConstraint(["dependant_id"], ["recipient.id"], name=op.f("fk_guardianship_dependant_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["recipient.id"], name=op.f("fk_guardianship_guardian_id")),
        sa.ForeignKeyConstraint(["possible_id"], ["recipient.id"], name=op.f("fk_guardianship_possible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
    )
    op.create_index("uq_guardianship_live", "guardianship", ["account_id", "dependant_id"], unique=True, **_LIVE)
    op.create_index("ix_guardianship_undecided", "guardianship", ["id"], **_UNDECIDED)
    op.create_index("ix_guardianship_ends", "guardianship", ["until"], **_LIVE)
    op.create_index("ix_guardianship_dependant_id", "guardianship", ["dependant_id"])
    op.create_table(
        "record_closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_because", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_record_closure_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_closure")),
    )
    undone = {name: sa.text("undone_at IS NULL") for name in ("sqlite_where", "postgresql_where")}
    op.create_index("uq_record_closure_live", "record_closure", ["recipient_id"], unique=True, **undone)
    _reminders()
    with op.batch_alter_table("administration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_administration_product_id_given_on_id"), ["product_id", "given_on", "id"], unique=False
        )
    op.add_column("grant", sa.Column("until", sa.DateTime(timezone=True), nullable=True))


def _reminders() -> None:
    op.create_table(
        "reminder_sent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_reminder_sent_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_sent")),
        sa.UniqueConstraint("recipient_id", "step", "kind", name=op.f("uq_reminder_sent_recipient_id_step_kind")),
    )
    op.create_table(
        "reminder_stop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_reminder_stop_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_stop")),
    )
    live = {name: sa.text("resumed_at IS NULL") for name in ("sqlite_where", "postgresql_where")}
    op.create_index("uq_reminder_stop_live", "reminder_stop", ["recipient_id"], unique=True, **live)
    op.create_table(
        "reminder_round",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("through_on", sa.Date(), nullable=True),
        sa.Column("through_product_id", sa.Uuid(), nullable=True),
        sa.Column("through_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_reminder_round")),
    )


def downgrade() -> None:
    op.drop_column("grant", "until")
    with op.batch_alter_table("administration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_administration_product_id_given_on_id"))
    for table in ("reminder_round", "reminder_stop", "reminder_sent", "record_closure", "guardianship"):
        op.drop_table(table)
