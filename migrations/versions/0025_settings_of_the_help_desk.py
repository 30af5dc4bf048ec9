"""Settings of the help desk: their history, routing rules, ready answers by day, articles written here."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "help_data_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("noun", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_data_change")),
    )
    op.create_index(op.f("ix_help_data_change_subject_id_id"), "help_data_change", ["subject_id", "id"])
    op.create_table(
        "help_route",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("request_type_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_type_id"], ["help_request_type.id"], name=op.f("fk_help_route_request_type_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["help_team.id"], name=op.f("fk_help_route_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_route")),
    )
    op.create_index(op.f("ix_help_route_audience_effective_from"), "help_route", ["audience", "effective_from"])
    op.create_table(
        "help_article_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("keywords", sa.String(length=500), nullable=False),
        sa.Column("page", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_article_version")),
        sa.UniqueConstraint("slug", "language", "version", name=op.f("uq_help_article_version_slug_language_version")),
    )
    op.add_column("help_request_type", sa.Column("name_es", sa.String(length=120), nullable=False, server_default=""))
    op.add_column(
        "help_ready_answer", sa.Column("effective_from", sa.Date(), nullable=False, server_default="2020-12-01")
    )
    op.add_column("help_ready_answer", sa.Column("effective_to", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("help_ready_answer", "effective_to")
    op.drop_column("help_ready_answer", "effective_from")
    op.drop_column("help_request_type", "name_es")
    op.drop_table("help_article_version")
    op.drop_index(op.f("ix_help_route_audience_effective_from"), table_name="help_route")
    op.drop_table("help_route")
    op.drop_index(op.f("ix_help_data_change_subject_id_id"), table_name="help_data_change")
    op.drop_table("help_data_change")
