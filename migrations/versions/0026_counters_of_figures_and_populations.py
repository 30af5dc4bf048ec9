"""Counters of doses and people, who has to be counted anew, and populations.

The triggers that note whom a change concerns are made behind the migrations, like all of them. Nobody is noted here:
the first run of the job counts everybody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "figure_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("building", sa.Integer(), nullable=True),
        sa.Column("through", sa.Uuid(), nullable=True),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.Column("began_at", MOMENT, nullable=True),
        sa.Column("as_of", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_state")),
    )
    op.create_table(
        "figure_due",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_due")),
    )
    op.create_table(
        "figure_person",
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("adds", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("recipient_id", name=op.f("pk_figure_person")),
    )
    _make_tallies()
    _make_populations()


def _make_tallies() -> None:
    op.create_table(
        "figure_doses",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("product_code", sa.String(length=30), nullable=False),
        sa.Column("dose_number", sa.Integer(), nullable=False),
        sa.Column("doses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "generation", "county_fips", "given_on", "product_code", "dose_number", name=op.f("pk_figure_doses")
        ),
    )
    op.create_table(
        "figure_people",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("dimension", sa.String(length=12), nullable=False),
        sa.Column("group_code", sa.String(length=20), nullable=False),
        sa.Column("on_record", sa.Integer(), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("at_least_one", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "generation", "county_fips", "dimension", "group_code", name=op.f("pk_figure_people")
        ),
    )
    op.create_table(
        "figure_lag",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("within_hours", sa.Integer(), nullable=False),
        sa.Column("doses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "week", "location_id", "within_hours", name=op.f("pk_figure_lag")),
    )


def _make_populations() -> None:
    op.create_table(
        "population_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("loaded_at", MOMENT, nullable=False),
        sa.Column("loaded_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_set")),
    )
    op.create_table(
        "population",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("dimension", sa.String(length=12), nullable=False),
        sa.Column("group_code", sa.String(length=20), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["population_set.id"], name=op.f("fk_population_set_id_population_set")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population")),
    )
    op.create_index(
        "ix_population_set_id_county_fips_dimension_group_code",
        "population",
        ["set_id", "county_fips", "dimension", "group_code"],
        unique=True,
    )


def downgrade() -> None:
    _drop_triggers()
    for table in (
        "population", "population_set", "figure_lag", "figure_people", "figure_doses", "figure_person", "figure_due",
        "figure_state",
    ):  # fmt: skip
        op.drop_table(table)


def _drop_triggers() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ("administration", "recipient"):
        for name in ("", "_update") if postgresql else ("_insert", "_update", "_delete"):
            op.execute(f"DROP TRIGGER IF EXISTS figures_{table}{name}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION IF EXISTS figures_{table}()")
