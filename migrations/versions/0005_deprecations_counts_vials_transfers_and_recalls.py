"""Deprecations, counts, vials, transfers and recalls."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "warning_round",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_warning_round")),
    )
    op.create_table(
        "recall",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("number_folded", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("doses", sa.Integer(), nullable=False),
        sa.Column("told_through", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Uuid(), nullable=True),
        sa.Column("lifted_because", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_recall_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
    )
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_told_at"), ["told_at"], unique=False)
        batch_op.create_index(
            "uq_recall_live",
            ["product_id", "number_folded"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "recall_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("mailed", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name=op.f("fk_recall_notice_recall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_notice")),
        sa.UniqueConstraint("recall_id", "recipient_id", name=op.f("uq_recall_notice_recall_id_recipient_id")),
    )
    with op.batch_alter_table("recall_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_notice_recipient_id"), ["recipient_id"], unique=False)

    op.create_table(
        "stock_warning",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_stock_warning_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_warning")),
    )
    with op.batch_alter_table("stock_warning", schema=None) as batch_op:
        batch_op.create_index(
            "uq_stock_warning_live",
            ["location_id", "kind", "subject_id"],
            unique=True,
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        )

    op.create_table(
        "stocktake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("difference", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_stocktake_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake")),
    )
    with op.batch_alter_table("stocktake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stocktake_location_id_id"), ["location_id", "id"], unique=False)

    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("from_location_id", sa.Uuid(), nullable=False),
        sa.Column("to_location_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("transport", sa.String(length=20), nullable=False),
        sa.Column("contact_name", sa.String(length=130), nullable=False),
        sa.Column("contact_phone", sa.String(length=10), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_location_id <> to_location_id", name=op.f("ck_transfer_two_places")),
        sa.ForeignKeyConstraint(["from_location_id"], ["location.id"], name=op.f("fk_transfer_from_location_id")),
        sa.ForeignKeyConstraint(["to_location_id"], ["location.id"], name=op.f("fk_transfer_to_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("code", name=op.f("uq_transfer_code")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_from_location_id_id"), ["from_location_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_status_id"), ["status", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_to_location_id_id"), ["to_location_id", "id"], unique=False)

    op.create_table(
        "deprecation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("doses", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.String(length=255), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by_id", sa.Uuid(), nullable=True),
        sa.Column("voided_because", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_deprecation_location_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_deprecation_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deprecation")),
    )
    with op.batch_alter_table("deprecation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deprecation_location_id_id"), ["location_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deprecation_lot_id_id"), ["lot_id", "id"], unique=False)

    op.create_table(
        "lot_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("was", sa.String(length=20), nullable=False),
        sa.Column("became", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("explanation", sa.String(length=255), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_change_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_change")),
    )
    with op.batch_alter_table("lot_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_change_lot_id_id"), ["lot_id", "id"], unique=False)

    op.create_table(
        "stocktake_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stocktake_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stocktake_line_lot_id")),
        sa.ForeignKeyConstraint(["stocktake_id"], ["stocktake.id"], name=op.f("fk_stocktake_line_stocktake_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake_line")),
    )
    with op.batch_alter_table("stocktake_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stocktake_line_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stocktake_line_stocktake_id"), ["stocktake_id"], unique=False)

    op.create_table(
        "transfer_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("lot_number", sa.String(length=30), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("doses", sa.Integer(), nullable=False),
        sa.Column("doses_shipped", sa.Integer(), nullable=True),
        sa.Column("doses_arrived", sa.Integer(), nullable=True),
        sa.Column("doses_damaged", sa.Integer(), nullable=True),
        sa.Column("discrepancy", sa.String(length=20), nullable=False),
        sa.Column("explanation", sa.String(length=255), nullable=False),
        sa.Column("received_lot_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_transfer_line_lot_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_transfer_line_product_id")),
        sa.ForeignKeyConstraint(["received_lot_id"], ["lot.id"], name=op.f("fk_transfer_line_received_lot_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_line_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_line")),
    )
    with op.batch_alter_table("transfer_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_line_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_line_transfer_id"), ["transfer_id"], unique=False)

    op.create_table(
        "transfer_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=False),
        sa.Column("after", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_step_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_step")),
    )
    with op.batch_alter_table("transfer_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_step_transfer_id_id"), ["transfer_id", "id"], unique=False)

    op.create_table(
        "vial",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("doses", sa.Integer(), nullable=False),
        sa.Column("doses_left", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("use_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("doses_wasted", sa.Integer(), nullable=False),
        sa.Column("doses_missing", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.String(length=255), nullable=False),
        sa.CheckConstraint("doses_left >= 0", name=op.f("ck_vial_doses_left_not_negative")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_vial_location_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_vial_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vial")),
    )
    with op.batch_alter_table("vial", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vial_location_id_closed_at_opened_at"),
            ["location_id", "closed_at", "opened_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_vial_lot_id_closed_at"), ["lot_id", "closed_at"], unique=False)

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrived_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("quarantined_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("quarantined_because", sa.String(length=255), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_lot_expires_on"), ["expires_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lot_product_id_number_folded"), ["product_id", "number_folded"], unique=False
        )

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))

    _open_the_ledger()
    with op.batch_alter_table("stock_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("product_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE stock_entry SET product_id = (SELECT product_id FROM lot WHERE lot.id = stock_entry.lot_id)")
    with op.batch_alter_table("stock_entry", schema=None) as batch_op:
        batch_op.alter_column("product_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_index(batch_op.f("ix_stock_entry_location_id_id"))
        batch_op.create_index(
            batch_op.f("ix_stock_entry_location_id_kind_made_at_id"),
            ["location_id", "kind", "made_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_stock_entry_location_id_made_at_id"), ["location_id", "made_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_stock_entry_location_id_made_by_id_made_at_id"),
            ["location_id", "made_by_id", "made_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_stock_entry_location_id_product_id_made_at_id"),
            ["location_id", "product_id", "made_at", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_stock_entry_lot_id_made_at_id"), ["lot_id", "made_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_stock_entry_lot_id_kind_made_at_id"), ["lot_id", "kind", "made_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_stock_entry_location_id_product_id_kind_made_at_id"),
            ["location_id", "product_id", "kind", "made_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_stock_entry_location_id_made_by_id_kind_made_at_id"),
            ["location_id", "made_by_id", "kind", "made_at", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_stock_entry_subject_id"), ["subject_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_stock_entry_product_id"), "product", ["product_id"], ["id"])


def downgrade() -> None:
    _open_the_ledger()
    with op.batch_alter_table("stock_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_stock_entry_product_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_stock_entry_subject_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_location_id_made_by_id_kind_made_at_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_location_id_product_id_kind_made_at_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_lot_id_kind_made_at_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_lot_id_made_at_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_location_id_product_id_made_at_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_location_id_made_by_id_made_at_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_location_id_made_at_id"))
        batch_op.drop_index(batch_op.f("ix_stock_entry_location_id_kind_made_at_id"))
        batch_op.create_index(batch_op.f("ix_stock_entry_location_id_id"), ["location_id", "id"], unique=False)
        batch_op.drop_column("product_id")

    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_column("received_on")

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_product_id_number_folded"))
        batch_op.drop_index(batch_op.f("ix_lot_expires_on"))
        batch_op.drop_column("quarantined_because")
        batch_op.drop_column("quarantined_at")
        batch_op.drop_column("stopped_at")
        batch_op.drop_column("recalled_at")
        batch_op.drop_column("arrived_on")

    with op.batch_alter_table("vial", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vial_lot_id_closed_at"))
        batch_op.drop_index(batch_op.f("ix_vial_location_id_closed_at_opened_at"))

    op.drop_table("vial")
    with op.batch_alter_table("transfer_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_step_transfer_id_id"))

    op.drop_table("transfer_step")
    with op.batch_alter_table("transfer_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_line_transfer_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_line_lot_id"))

    op.drop_table("transfer_line")
    with op.batch_alter_table("stocktake_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stocktake_line_stocktake_id"))
        batch_op.drop_index(batch_op.f("ix_stocktake_line_lot_id"))

    op.drop_table("stocktake_line")
    with op.batch_alter_table("lot_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_change_lot_id_id"))

    op.drop_table("lot_change")
    with op.batch_alter_table("deprecation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deprecation_lot_id_id"))
        batch_op.drop_index(batch_op.f("ix_deprecation_location_id_id"))

    op.drop_table("deprecation")
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_to_location_id_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_status_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_from_location_id_id"))

    op.drop_table("transfer")
    with op.batch_alter_table("stocktake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stocktake_location_id_id"))

    op.drop_table("stocktake")
    with op.batch_alter_table("stock_warning", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stock_warning_live",
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        )

    op.drop_table("stock_warning")
    with op.batch_alter_table("recall_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_notice_recipient_id"))

    op.drop_table("recall_notice")
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_recall_live", sqlite_where=sa.text("lifted_at IS NULL"), postgresql_where=sa.text("lifted_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_recall_told_at"))

    op.drop_table("recall")
    op.drop_table("warning_round")
    if op.get_bind().dialect.name == "postgresql":
        for function in ("lot_change_append_only", "transfer_step_append_only"):
            op.execute(f"DROP FUNCTION IF EXISTS {function}")


def _open_the_ledger() -> None:
    """Every entry is given its product, which the append-only triggers refuse; they are made again afterwards."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER IF EXISTS stock_entry_append_only ON stock_entry")
        return
    for name in ("stock_entry_no_update", "stock_entry_no_delete", "stock_entry_moves_balance"):
        op.execute(f"DROP TRIGGER IF EXISTS {name}")
