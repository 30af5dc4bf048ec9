"""Records that were merged into another are found quickly: a person's doses are looked up in all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IS_MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_recipient_merged", "recipient", ["merged_into_id"], sqlite_where=IS_MERGED, postgresql_where=IS_MERGED
    )


def downgrade() -> None:
    op.drop_index("ix_recipient_merged", table_name="recipient")
