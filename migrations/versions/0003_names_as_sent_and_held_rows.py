"""The names as organizations sent them, and held rows found quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent_name", sa.String(length=130), nullable=True))

    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(
            "ix_upload_held",
            ["scope_kind", "id"],
            unique=False,
            sqlite_where=sa.text("held_count > 0"),
            postgresql_where=sa.text("held_count > 0"),
        )


def downgrade() -> None:
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_upload_held", sqlite_where=sa.text("held_count > 0"), postgresql_where=sa.text("held_count > 0")
        )

    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_column("sent_name")
