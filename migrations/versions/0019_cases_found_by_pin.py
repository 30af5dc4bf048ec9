"""Cases are found by their Provider PIN."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_help_case_provider_pin_id", "help_case", ["provider_pin", "id"])


def downgrade() -> None:
    op.drop_index("ix_help_case_provider_pin_id", table_name="help_case")
