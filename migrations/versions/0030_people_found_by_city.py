"""People are found by their city."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

INDEX = "ix_recipient_city_folded_last_folded_first_folded_id"


def upgrade() -> None:
    folded = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
    op.add_column("recipient", sa.Column("city_folded", folded, server_default="", nullable=False))
    op.execute("UPDATE recipient SET city_folded = lower(trim(replace(replace(city, '-', ' '), '.', '')))")
    op.create_index(INDEX, "recipient", ["city_folded", "last_folded", "first_folded", "id"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name="recipient")
    op.drop_column("recipient", "city_folded")
