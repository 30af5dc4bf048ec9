"""Extracts for CDC, the doses that they held back, and doses found by when they were recorded."""

import sqlalchemy as sa
from alembic import op

from app.infra.db import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

UNSOLVED = sa.text("solved_by_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "cvrs_extract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model", sa.String(length=1), nullable=False),
        sa.Column("after", UtcDateTime(), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("declined", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cvrs_extract")),
        sa.UniqueConstraint("day", name=op.f("uq_cvrs_extract_day")),
    )
    op.create_table(
        "cvrs_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("extract_id", sa.Uuid(), nullable=False),
        sa.Column("file_number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["extract_id"], ["cvrs_extract.id"], name=op.f("fk_cvrs_part_extract_id_cvrs_extract")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cvrs_part")),
        sa.UniqueConstraint("extract_id", "file_number", "place", name=op.f("uq_cvrs_part_extract_id_file_number_place")),
    )
    op.create_table(
        "cvrs_problem",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("extract_id", sa.Uuid(), nullable=False),
        sa.Column("administration_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("solved_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["extract_id"], ["cvrs_extract.id"], name=op.f("fk_cvrs_problem_extract_id_cvrs_extract")),
        sa.ForeignKeyConstraint(
            ["administration_id"], ["administration.id"], name=op.f("fk_cvrs_problem_administration_id_administration")
        ),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_cvrs_problem_location_id_location")),
        sa.ForeignKeyConstraint(
            ["solved_by_id"], ["cvrs_extract.id"], name=op.f("fk_cvrs_problem_solved_by_id_cvrs_extract")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cvrs_problem")),
    )
    op.create_index("ix_cvrs_problem_extract_id_id", "cvrs_problem", ["extract_id", "id"])
    op.create_index(
        "uq_cvrs_problem_open", "cvrs_problem", ["administration_id"], unique=True, sqlite_where=UNSOLVED,
        postgresql_where=UNSOLVED,
    )  # fmt: skip
    op.create_index("ix_administration_recorded_at_id", "administration", ["recorded_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_administration_recorded_at_id", table_name="administration")
    op.drop_table("cvrs_problem")
    op.drop_table("cvrs_part")
    op.drop_table("cvrs_extract")
