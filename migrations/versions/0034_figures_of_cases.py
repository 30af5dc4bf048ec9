"""The help desk's figures are counted from indexes alone, however many cases there are."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_help_case_figures", "help_case",
        ["opened_at", "answered_at", "resolved_at", "closed_at", "reopened", "id"],
    )  # fmt: skip
    op.create_index("ix_help_case_unfinished", "help_case", ["status", "team_id", "request_type_id", "opened_at"])
    op.create_index("ix_help_case_closed_at_id", "help_case", ["closed_at", "id"])
    op.drop_index("ix_help_case_opened_at", "help_case")


def downgrade() -> None:
    op.create_index("ix_help_case_opened_at", "help_case", ["opened_at"])
    op.drop_index("ix_help_case_closed_at_id", "help_case")
    op.drop_index("ix_help_case_unfinished", "help_case")
    op.drop_index("ix_help_case_figures", "help_case")
