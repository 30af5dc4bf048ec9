"""Open invitations to the Provider Portal are found by their user name."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = sa.text("realm = 'provider' AND accepted_at IS NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_invitation_open_to_providers", ["sign_in_name"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN
        )


def downgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index("ix_invitation_open_to_providers", sqlite_where=_OPEN, postgresql_where=_OPEN)
