"""Locations in the order of their names."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_location_name_id", "location", ["name", "id"])


def downgrade() -> None:
    op.drop_index("ix_location_name_id", "location")
