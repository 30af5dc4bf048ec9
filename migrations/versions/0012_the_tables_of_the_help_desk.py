"""The tables of the help desk."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "help_line",
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("audience", name=op.f("pk_help_line")),
    )
    op.create_table(
        "help_announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("text_es", sa.String(length=500), nullable=False),
        sa.Column("shown_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_announcement")),
    )
    with op.batch_alter_table("help_announcement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_announcement_shown_until"), ["shown_until"], unique=False)

    op.create_table(
        "help_case_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_case_counter")),
    )
    op.create_table(
        "help_case_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("first_reminder_days", sa.Integer(), nullable=False),
        sa.Column("second_reminder_days", sa.Integer(), nullable=False),
        sa.Column("close_days", sa.Integer(), nullable=False),
        sa.Column("reopen_days", sa.Integer(), nullable=False),
        sa.Column("link_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_case_rule")),
        sa.UniqueConstraint("effective_from", name=op.f("uq_help_case_rule_effective_from")),
    )
    op.create_table(
        "help_team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_team")),
        sa.UniqueConstraint("code", name=op.f("uq_help_team_code")),
    )
    op.create_table(
        "help_ready_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["help_team.id"], name=op.f("fk_help_ready_answer_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_ready_answer")),
    )
    op.create_table(
        "help_request_type",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("workbook", sa.String(length=20), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["help_team.id"], name=op.f("fk_help_request_type_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request_type")),
        sa.UniqueConstraint("code", name=op.f("uq_help_request_type_code")),
    )
    with op.batch_alter_table("help_request_type", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_help_request_type_audience_position"), ["audience", "position"], unique=False
        )

    op.create_table(
        "help_requester",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("organization_name", sa.String(length=255), nullable=False),
        sa.Column("provider_pin", sa.String(length=9), nullable=False),
        sa.Column("terms", sa.String(length=20), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_help_requester_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_help_requester")),
    )
    op.create_table(
        "help_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("request_type_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("assigned_to_id", sa.Uuid(), nullable=True),
        sa.Column("requester_id", sa.Uuid(), nullable=True),
        sa.Column("first_name", sa.String(length=40), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column(
            "name_folded",
            sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_folded", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=10), nullable=False),
        sa.Column("organization_name", sa.String(length=255), nullable=False),
        sa.Column(
            "organization_folded",
            sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("is_secondary", sa.Boolean(), nullable=False),
        sa.Column("provider_pin", sa.String(length=9), nullable=False),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_how", sa.String(length=16), nullable=False),
        sa.Column("resolution", sa.String(length=20), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("clock_on", sa.Date(), nullable=True),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("reply_token", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to_id"], ["account.id"], name=op.f("fk_help_case_assigned_to_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["help_case.id"], name=op.f("fk_help_case_merged_into_id")),
        sa.ForeignKeyConstraint(
            ["request_type_id"], ["help_request_type.id"], name=op.f("fk_help_case_request_type_id")
        ),
        sa.ForeignKeyConstraint(["requester_id"], ["account.id"], name=op.f("fk_help_case_requester_id")),
        sa.ForeignKeyConstraint(["team_id"], ["help_team.id"], name=op.f("fk_help_case_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_case")),
        sa.UniqueConstraint("number", name=op.f("uq_help_case_number")),
        sa.UniqueConstraint("reply_token", name=op.f("uq_help_case_reply_token")),
    )
    with op.batch_alter_table("help_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_help_case_assigned_to_id_status_id"), ["assigned_to_id", "status", "id"], unique=False
        )
        batch_op.create_index(
            "ix_help_case_clock",
            ["clock_on", "id"],
            unique=False,
            sqlite_where=sa.text("clock_on IS NOT NULL"),
            postgresql_where=sa.text("clock_on IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_help_case_email_folded_id"), ["email_folded", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_case_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_case_name_folded_id"), ["name_folded", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_case_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_help_case_organization_folded_id"), ["organization_folded", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_help_case_requester_id_id"), ["requester_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_case_status_team_id_id"), ["status", "team_id", "id"], unique=False)

    op.create_table(
        "help_case_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["help_case.id"], name=op.f("fk_help_case_event_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_case_event")),
    )
    with op.batch_alter_table("help_case_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_case_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_case_event_case_id_id"), ["case_id", "id"], unique=False)

    op.create_table(
        "help_case_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["help_case.id"], name=op.f("fk_help_case_link_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_case_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_help_case_link_token_hash")),
    )
    with op.batch_alter_table("help_case_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_case_link_case_id"), ["case_id"], unique=False)

    op.create_table(
        "help_case_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["help_case.id"], name=op.f("fk_help_case_record_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_case_record")),
    )
    with op.batch_alter_table("help_case_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_help_case_record_case_id_kind_record_id"), ["case_id", "kind", "record_id"], unique=True
        )
        batch_op.create_index(batch_op.f("ix_help_case_record_record_id"), ["record_id"], unique=False)

    op.create_table(
        "help_case_text",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "text",
            sa.String(length=900).with_variant(sa.String(length=900, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["case_id"], ["help_case.id"], name=op.f("fk_help_case_text_case_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_help_case_text")),
        sa.UniqueConstraint("case_id", name=op.f("uq_help_case_text_case_id")),
    )
    op.create_table(
        "help_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["help_case.id"], name=op.f("fk_help_comment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_comment")),
        sa.UniqueConstraint("message_id", name=op.f("uq_help_comment_message_id")),
    )
    with op.batch_alter_table("help_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_comment_case_id_id"), ["case_id", "id"], unique=False)

    op.create_table(
        "help_rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["help_case.id"], name=op.f("fk_help_rating_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_rating")),
        sa.UniqueConstraint("case_id", name=op.f("uq_help_rating_case_id")),
    )
    op.create_table(
        "help_watcher",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_help_watcher_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["help_case.id"], name=op.f("fk_help_watcher_case_id")),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_help_watcher")),
    )
    op.create_table(
        "help_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["help_case.id"], name=op.f("fk_help_attachment_case_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["help_comment.id"], name=op.f("fk_help_attachment_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_attachment")),
    )
    with op.batch_alter_table("help_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_attachment_case_id_id"), ["case_id", "id"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("password_is_temporary", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("help_announcement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_announcement_shown_until"))

    op.drop_table("help_announcement")
    op.drop_table("help_line")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("password_is_temporary")

    with op.batch_alter_table("help_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_attachment_case_id_id"))

    op.drop_table("help_attachment")
    op.drop_table("help_watcher")
    op.drop_table("help_rating")
    with op.batch_alter_table("help_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_comment_case_id_id"))

    op.drop_table("help_comment")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE help_case_text_text_trigrams")
    op.drop_table("help_case_text")
    with op.batch_alter_table("help_case_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_case_record_record_id"))
        batch_op.drop_index(batch_op.f("ix_help_case_record_case_id_kind_record_id"))

    op.drop_table("help_case_record")
    with op.batch_alter_table("help_case_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_case_link_case_id"))

    op.drop_table("help_case_link")
    with op.batch_alter_table("help_case_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_case_event_case_id_id"))
        batch_op.drop_index(batch_op.f("ix_help_case_event_at"))

    op.drop_table("help_case_event")
    with op.batch_alter_table("help_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_case_status_team_id_id"))
        batch_op.drop_index(batch_op.f("ix_help_case_requester_id_id"))
        batch_op.drop_index(batch_op.f("ix_help_case_organization_folded_id"))
        batch_op.drop_index(batch_op.f("ix_help_case_opened_at"))
        batch_op.drop_index(batch_op.f("ix_help_case_name_folded_id"))
        batch_op.drop_index(batch_op.f("ix_help_case_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_help_case_email_folded_id"))
        batch_op.drop_index(
            "ix_help_case_clock",
            sqlite_where=sa.text("clock_on IS NOT NULL"),
            postgresql_where=sa.text("clock_on IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_help_case_assigned_to_id_status_id"))

    op.drop_table("help_case")
    op.drop_table("help_requester")
    with op.batch_alter_table("help_request_type", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_request_type_audience_position"))

    op.drop_table("help_request_type")
    op.drop_table("help_ready_answer")
    op.drop_table("help_team")
    op.drop_table("help_case_rule")
    op.drop_table("help_case_counter")
