"""Changes of e-mail addresses are found by record and by account, also those that were answered."""

from alembic import op
from sqlalchemy import text

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_email_change_recipient_id_id", "email_change", ["recipient_id", "id"])
    op.create_index("ix_email_change_account_id", "email_change", ["account_id"])
    op.drop_index("ix_email_change_open", "email_change")


def downgrade() -> None:
    op.create_index(
        "ix_email_change_open", "email_change", ["recipient_id"],
        sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL"),
    )  # fmt: skip
    op.drop_index("ix_email_change_account_id", "email_change")
    op.drop_index("ix_email_change_recipient_id_id", "email_change")
