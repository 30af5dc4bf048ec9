"""The grants of an account are found by an index: every request of somebody signed in asks for them."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_grant_account_id_id", "grant", ["account_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_grant_account_id_id", table_name="grant")
