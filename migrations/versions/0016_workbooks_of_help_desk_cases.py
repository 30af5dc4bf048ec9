"""Workbooks of help desk cases."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_STARTS = "help_case_text_text_word_starts"


def upgrade() -> None:
    op.create_table(
        "help_workbook_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place_kind", sa.String(length=20), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("place_name", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("trouble", sa.String(length=500), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_mistaken", sa.Integer(), nullable=False),
        sa.Column("sample", sa.LargeBinary(), nullable=True),
        sa.Column("upload_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_by_id", sa.Uuid(), nullable=True),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_help_workbook_run_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["help_attachment.id"], name=op.f("fk_help_workbook_run_attachment_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["help_case.id"], name=op.f("fk_help_workbook_run_case_id")),
        sa.ForeignKeyConstraint(["run_by_id"], ["account.id"], name=op.f("fk_help_workbook_run_run_by_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_help_workbook_run_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_workbook_run")),
    )
    with op.batch_alter_table("help_workbook_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_help_workbook_run_attachment_id_place_id"), ["attachment_id", "place_id"], unique=True
        )
        batch_op.create_index(batch_op.f("ix_help_workbook_run_case_id_id"), ["case_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_help_workbook_run_status"),
            ["status"],
            unique=False,
            sqlite_where=sa.text("status IN ('checking', 'running')"),
            postgresql_where=sa.text("status IN ('checking', 'running')"),
        )
        batch_op.create_index(batch_op.f("ix_help_workbook_run_upload_id"), ["upload_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {_STARTS} USING fts5(text, content='help_case_text', "
            "content_rowid='number', tokenize='unicode61 remove_diacritics 0', detail=none, prefix='3 4 5')"
        )
        op.execute(f"INSERT INTO {_STARTS}({_STARTS}) VALUES ('rebuild')")  # noqa: S608 - a name of ours


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("learn", "forget", "mend"):
            op.execute(f"DROP TRIGGER IF EXISTS {_STARTS}_{verb}")
        op.execute(f"DROP TABLE IF EXISTS {_STARTS}")
    else:
        op.execute(f"DROP INDEX IF EXISTS {_STARTS}")
    with op.batch_alter_table("help_workbook_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_workbook_run_upload_id"))
        batch_op.drop_index(
            batch_op.f("ix_help_workbook_run_status"),
            sqlite_where=sa.text("status IN ('checking', 'running')"),
            postgresql_where=sa.text("status IN ('checking', 'running')"),
        )
        batch_op.drop_index(batch_op.f("ix_help_workbook_run_case_id_id"))
        batch_op.drop_index(batch_op.f("ix_help_workbook_run_attachment_id_place_id"))

    op.drop_table("help_workbook_run")
