"""Plans, groups and openings of the state, and where everybody stands."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "eligibility_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("through", sa.Uuid(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("mailed", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_run")),
    )
    op.create_table(
        "priority_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_priority_plan_code")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_priority_plan_effective_from")),
    )
    op.create_table(
        "eligibility_tally",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("matches", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["priority_plan.id"], name=op.f("fk_eligibility_tally_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "county_fips", "matches", name=op.f("pk_eligibility_tally")),
    )
    op.create_table(
        "priority_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["priority_plan.id"], name=op.f("fk_priority_group_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_group")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_priority_group_plan_id_code")),
        sa.UniqueConstraint("plan_id", "place", name=op.f("uq_priority_group_plan_id_place")),
    )
    op.create_table(
        "eligibility_status",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["recipient.id"], name=op.f("fk_eligibility_status_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["priority_plan.id"], name=op.f("fk_eligibility_status_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_status")),
    )
    with op.batch_alter_table("eligibility_status", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_eligibility_status_due_on"), ["due_on"], unique=False)

    op.create_table(
        "priority_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["priority_group.id"], name=op.f("fk_priority_change_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_change")),
    )
    with op.batch_alter_table("priority_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_priority_change_group_id_id"), ["group_id", "id"], unique=False)

    op.create_table(
        "priority_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_until", sa.Date(), nullable=True),
        sa.Column("mail_held", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "effective_from IS NOT NULL OR county_fips <> ''", name=op.f("ck_priority_opening_state_has_a_day")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["priority_group.id"], name=op.f("fk_priority_opening_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_opening")),
        sa.UniqueConstraint("group_id", "county_fips", name=op.f("uq_priority_opening_group_id_county_fips")),
    )


def downgrade() -> None:
    op.drop_table("priority_opening")
    with op.batch_alter_table("priority_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_priority_change_group_id_id"))

    op.drop_table("priority_change")
    with op.batch_alter_table("eligibility_status", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_eligibility_status_due_on"))

    op.drop_table("eligibility_status")
    op.drop_table("priority_group")
    op.drop_table("eligibility_tally")
    op.drop_table("priority_plan")
    op.drop_table("eligibility_run")
