"""The tables of the spine."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.String(length=40), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_folded", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_email_folded"), ["email_folded"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_what_key_at"), ["what", "key", "at"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id_at"), ["actor_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject_id_at"), ["subject_id", "at"], unique=False)

    op.create_table(
        "kept_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_kept_mail_message_id")),
    )
    with op.batch_alter_table("kept_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_mail_at"), ["at"], unique=False)

    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "name_folded",
            sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("industry", sa.String(length=40), nullable=False),
        sa.Column("street", sa.String(length=255), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("state_abbr", sa.String(length=2), nullable=False),
        sa.Column("zip", sa.String(length=10), nullable=False),
        sa.Column("country", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
    )
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organization_name_folded_id"), ["name_folded", "id"], unique=False)

    op.create_table(
        "organization_word",
        sa.Column("weight", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "word", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("weight", "word", "number", name=op.f("pk_organization_word")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_bulk", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sending_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_message_about_id"), ["about_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_outbox_message_status_in_bulk_due_at"), ["status", "in_bulk", "due_at"], unique=False
        )

    op.create_table(
        "product",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("manufacturer", sa.String(length=60), nullable=False),
        sa.Column("cvx", sa.String(length=5), nullable=False),
        sa.Column("mvx", sa.String(length=3), nullable=False),
        sa.Column("ndc_vial", sa.String(length=13), nullable=False),
        sa.Column("ndc_carton", sa.String(length=13), nullable=False),
        sa.Column("doses_in_series", sa.Integer(), nullable=False),
        sa.Column("interval_days", sa.Integer(), nullable=True),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("youngest_age", sa.Integer(), nullable=False),
        sa.Column("doses_per_vial", sa.Integer(), nullable=False),
        sa.Column("volume_ml", sa.String(length=5), nullable=False),
        sa.Column("fact_sheet", sa.String(length=30), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("code", name=op.f("uq_product_code")),
    )
    op.create_table(
        "provider_organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_organization")),
    )
    op.create_table(
        "request_key",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_url", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_request_key")),
    )
    with op.batch_alter_table("request_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_key_made_at"), ["made_at"], unique=False)

    op.create_table(
        "worker_beat",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("account_id", "kind", "subject_id", name=op.f("uq_draft_account_id_kind_subject_id")),
    )
    op.create_table(
        "grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scope_kind", sa.String(length=20), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_grant_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index(
            "uq_grant_live",
            ["account_id", "role", "scope_kind", "scope_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scope_kind", sa.String(length=20), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("realm", sa.String(length=20), nullable=False),
        sa.Column("sign_in_name", sa.String(length=270), nullable=True),
        sa.Column("first_name", sa.String(length=40), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_folded", sa.String(length=254), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_invitation_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_email_folded"), ["email_folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_scope_id_role"), ["scope_id", "role"], unique=False)

    op.create_table(
        "location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("provider_pin", sa.String(length=6), nullable=False),
        sa.Column("street", sa.String(length=255), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("state_abbr", sa.String(length=2), nullable=False),
        sa.Column("zip", sa.String(length=10), nullable=False),
        sa.Column("phone", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["provider_organization_id"],
            ["provider_organization.id"],
            name=op.f("fk_location_provider_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("provider_pin", name=op.f("uq_location_provider_pin")),
    )
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_location_provider_organization_id"), ["provider_organization_id"], unique=False
        )

    op.create_table(
        "organization_text",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "text",
            sa.String(length=1000).with_variant(sa.String(length=1000, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_organization_text_organization_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_organization_text")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_organization_text_organization_id")),
    )
    op.create_table(
        "recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("first_name", sa.String(length=40), nullable=False),
        sa.Column("middle_name", sa.String(length=40), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("suffix", sa.String(length=10), nullable=False),
        sa.Column("first_folded", sa.String(length=80), nullable=False),
        sa.Column("last_folded", sa.String(length=160), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("name_key", sa.String(length=260), nullable=False),
        sa.Column("sound_key", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_folded", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=10), nullable=False),
        sa.Column("street", sa.String(length=255), nullable=False),
        sa.Column("street_2", sa.String(length=255), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("county_fips", sa.String(length=5), nullable=False),
        sa.Column("state_abbr", sa.String(length=2), nullable=False),
        sa.Column("zip", sa.String(length=10), nullable=False),
        sa.Column("gender", sa.String(length=20), nullable=False),
        sa.Column("races", sa.JSON(), nullable=False),
        sa.Column("ethnicity", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("industry", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["merged_into_id"], ["recipient.id"], name=op.f("fk_recipient_merged_into_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_recipient_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("code", name=op.f("uq_recipient_code")),
    )
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recipient_birth_date_last_folded"), ["birth_date", "last_folded"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_recipient_email_folded"), ["email_folded"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_recipient_last_folded_first_folded_id"), ["last_folded", "first_folded", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_recipient_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipient_organization_id"), ["organization_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipient_sound_key"), ["sound_key"], unique=False)

    op.create_table(
        "sign_in_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("realm", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=270), nullable=False),
        sa.Column("name_folded", sa.String(length=270), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_name_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_name")),
        sa.UniqueConstraint("realm", "name_folded", name=op.f("uq_sign_in_name_realm_name_folded")),
    )
    with op.batch_alter_table("sign_in_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_name_account_id"), ["account_id"], unique=False)

    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scope_kind", sa.String(length=20), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attested_name", sa.String(length=120), nullable=False),
        sa.Column("attestation", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("trouble", sa.String(length=300), nullable=True),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_settled", sa.Integer(), nullable=False),
        sa.Column("created_count", sa.Integer(), nullable=False),
        sa.Column("present_count", sa.Integer(), nullable=False),
        sa.Column("held_count", sa.Integer(), nullable=False),
        sa.Column("mistaken_count", sa.Integer(), nullable=False),
        sa.Column("next_row", sa.Integer(), nullable=False),
        sa.Column("failed_tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sent_by_id"], ["account.id"], name=op.f("fk_upload_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_scope_id_id"), ["scope_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_status_leased_until"), ["status", "leased_until"], unique=False)

    op.create_table(
        "listing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope_kind", sa.String(length=20), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "last_folded",
            sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "first_folded",
            sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("external_id", sa.String(length=60), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_listing_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("scope_id", "recipient_id", name=op.f("uq_listing_scope_id_recipient_id")),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_recipient_id"), ["recipient_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_listing_scope_id_last_folded_first_folded_recipient_id"),
            ["scope_id", "last_folded", "first_folded", "recipient_id"],
            unique=False,
        )

    op.create_table(
        "lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("number_folded", sa.String(length=30), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_lot_balance_not_negative")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_lot_location_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_lot_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint(
            "location_id", "product_id", "number_folded", name=op.f("uq_lot_location_id_product_id_number_folded")
        ),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_location_id_expires_on"), ["location_id", "expires_on"], unique=False)

    op.create_table(
        "mail_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mail_link_account_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_mail_link_invitation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_link_token_hash")),
    )
    with op.batch_alter_table("mail_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_link_invitation_id"), ["invitation_id"], unique=False)

    op.create_table(
        "point_of_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.String(length=40), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_folded", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=10), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_point_of_contact_invitation_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_point_of_contact_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_of_contact")),
    )
    with op.batch_alter_table("point_of_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_point_of_contact_email_folded"), ["email_folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_point_of_contact_organization_id"), ["organization_id"], unique=False)

    op.create_table(
        "proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=26), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_because", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_proof_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("code", name=op.f("uq_proof_code")),
    )
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.create_index(
            "uq_proof_live",
            ["recipient_id", "paper", "language"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "upload_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("cells", sa.LargeBinary(), nullable=True),
        sa.Column("mistakes", sa.LargeBinary(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_upload_row_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_row")),
    )
    with op.batch_alter_table("upload_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_row_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_upload_row_upload_id_fate_number"), ["upload_id", "fate", "number"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_upload_row_upload_id_number"), ["upload_id", "number"], unique=True)

    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("walk_in", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_by_id", sa.Uuid(), nullable=True),
        sa.Column("questionnaire", sa.String(length=20), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("screened_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_visit_location_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_visit_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visit_location_id_day_status"), ["location_id", "day", "status"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_visit_recipient_id"), ["recipient_id"], unique=False)
        batch_op.create_index(
            "uq_visit_open",
            ["location_id", "recipient_id", "day"],
            unique=True,
            sqlite_where=sa.text("status IN ('arrived', 'screened')"),
            postgresql_where=sa.text("status IN ('arrived', 'screened')"),
        )

    op.create_table(
        "administration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("dose_number", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("site", sa.String(length=4), nullable=False),
        sa.Column("route", sa.String(length=8), nullable=False),
        sa.Column("clinician_name", sa.String(length=130), nullable=False),
        sa.Column("clinician_suffix", sa.String(length=10), nullable=False),
        sa.Column("fact_sheet", sa.String(length=30), nullable=False),
        sa.Column("overrides", sa.LargeBinary(), nullable=True),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_administration_location_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_administration_lot_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_administration_product_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipient.id"], name=op.f("fk_administration_recipient_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_administration_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration")),
    )
    with op.batch_alter_table("administration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_administration_location_id_id"), ["location_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_administration_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_administration_recipient_id_given_on"), ["recipient_id", "given_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_administration_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "shipment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("doses_expected", sa.Integer(), nullable=False),
        sa.Column("doses_received", sa.Integer(), nullable=False),
        sa.Column("doses_damaged", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_shipment_location_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_shipment_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
    )
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipment_location_id"), ["location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shipment_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "stock_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("doses", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_stock_entry_location_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stock_entry_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_entry")),
    )
    with op.batch_alter_table("stock_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_entry_location_id_id"), ["location_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_entry_lot_id_id"), ["lot_id", "id"], unique=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE organization_text_text_trigrams")
        op.execute("DROP TABLE organization_text_text_word_starts")
    with op.batch_alter_table("stock_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_entry_lot_id_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_location_id_id"))

    op.drop_table("stock_entry")
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipment_lot_id"))
        batch_op.drop_index(batch_op.f("ix_shipment_location_id"))

    op.drop_table("shipment")
    with op.batch_alter_table("administration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_administration_visit_id"))
        batch_op.drop_index(batch_op.f("ix_administration_recipient_id_given_on"))
        batch_op.drop_index(batch_op.f("ix_administration_lot_id"))
        batch_op.drop_index(batch_op.f("ix_administration_location_id_id"))

    op.drop_table("administration")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_visit_open",
            sqlite_where=sa.text("status IN ('arrived', 'screened')"),
            postgresql_where=sa.text("status IN ('arrived', 'screened')"),
        )
        batch_op.drop_index(batch_op.f("ix_visit_recipient_id"))
        batch_op.drop_index(batch_op.f("ix_visit_location_id_day_status"))

    op.drop_table("visit")
    with op.batch_alter_table("upload_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_row_upload_id_number"))
        batch_op.drop_index(batch_op.f("ix_upload_row_upload_id_fate_number"))
        batch_op.drop_index(batch_op.f("ix_upload_row_subject_id"))

    op.drop_table("upload_row")
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proof_live", sqlite_where=sa.text("revoked_at IS NULL"), postgresql_where=sa.text("revoked_at IS NULL")
        )

    op.drop_table("proof")
    with op.batch_alter_table("point_of_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_point_of_contact_organization_id"))
        batch_op.drop_index(batch_op.f("ix_point_of_contact_email_folded"))

    op.drop_table("point_of_contact")
    with op.batch_alter_table("mail_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_link_invitation_id"))

    op.drop_table("mail_link")
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_location_id_expires_on"))

    op.drop_table("lot")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_scope_id_last_folded_first_folded_recipient_id"))
        batch_op.drop_index(batch_op.f("ix_listing_recipient_id"))

    op.drop_table("listing")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_status_leased_until"))
        batch_op.drop_index(batch_op.f("ix_upload_sha256"))
        batch_op.drop_index(batch_op.f("ix_upload_scope_id_id"))

    op.drop_table("upload")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    with op.batch_alter_table("sign_in_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_name_account_id"))

    op.drop_table("sign_in_name")
    with op.batch_alter_table("recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recipient_sound_key"))
        batch_op.drop_index(batch_op.f("ix_recipient_organization_id"))
        batch_op.drop_index(batch_op.f("ix_recipient_name_key"))
        batch_op.drop_index(batch_op.f("ix_recipient_last_folded_first_folded_id"))
        batch_op.drop_index(batch_op.f("ix_recipient_email_folded"))
        batch_op.drop_index(batch_op.f("ix_recipient_birth_date_last_folded"))

    op.drop_table("recipient")
    op.drop_table("organization_text")
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_location_provider_organization_id"))

    op.drop_table("location")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_scope_id_role"))
        batch_op.drop_index(batch_op.f("ix_invitation_email_folded"))

    op.drop_table("invitation")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_grant_live", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_grant_scope_id"))

    op.drop_table("grant")
    op.drop_table("draft")
    op.drop_table("worker_beat")
    with op.batch_alter_table("request_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_key_made_at"))

    op.drop_table("request_key")
    op.drop_table("provider_organization")
    op.drop_table("product")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message_status_in_bulk_due_at"))
        batch_op.drop_index(batch_op.f("ix_outbox_message_about_id"))

    op.drop_table("outbox_message")
    op.drop_table("organization_word")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_name_folded_id"))

    op.drop_table("organization")
    with op.batch_alter_table("kept_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_mail_at"))

    op.drop_table("kept_mail")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject_id_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id_at"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_what_key_at"))
        batch_op.drop_index(batch_op.f("ix_attempt_at"))

    op.drop_table("attempt")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_email_folded"))

    op.drop_table("account")
    if op.get_bind().dialect.name == "postgresql":
        for function in ("audit_entry_append_only", "stock_entry_append_only", "stock_entry_moves_balance"):
            op.execute(f"DROP FUNCTION IF EXISTS {function}")
