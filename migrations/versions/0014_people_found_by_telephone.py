"""People are found by their telephone, when one who may be on record stands at the door."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_recipient_phone", "recipient", ["phone"])


def downgrade() -> None:
    op.drop_index("ix_recipient_phone", table_name="recipient")
