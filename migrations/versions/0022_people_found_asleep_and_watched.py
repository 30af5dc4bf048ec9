"""Accounts found by name and put to sleep; how roles ended; health answers opened; jobs, mails and the access log."""

import sqlalchemy as sa
from alembic import op

from app.infra.crypto import EncryptedJson
from app.infra.db import UtcDateTime
from app.infra.search import fold

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_HOLDS, _NOT_REVIEWED = sa.text("ended_at IS NULL"), sa.text("reviewed_at IS NULL")
_BATCH = 5_000


def upgrade() -> None:
    by_code_point = {"collation": "C"} if op.get_bind().dialect.name == "postgresql" else {}
    for name, length in (("first_folded", 80), ("last_folded", 160)):
        column = sa.Column(name, sa.String(length, **by_code_point), server_default="", nullable=False)
        op.add_column("account", column)
    for name in ("sleep_warned_at", "slept_at", "woken_at"):
        op.add_column("account", sa.Column(name, UtcDateTime()))
    _fold_names()
    op.create_index("ix_account_last_folded_first_folded_id", "account", ["last_folded", "first_folded", "id"])
    op.create_index("ix_account_first_folded_last_folded_id", "account", ["first_folded", "last_folded", "id"])
    if by_code_point:
        op.execute('ALTER TABLE account ALTER email_folded TYPE varchar(254) COLLATE "C"')
        op.execute('ALTER TABLE sign_in_name ALTER name_folded TYPE varchar(270) COLLATE "C"')
    op.add_column("grant", sa.Column("ended_by_id", sa.Uuid()))
    op.add_column("grant", sa.Column("ended_because", sa.String(255), server_default="", nullable=False))
    op.create_index("ix_grant_role_holds", "grant", ["role", "id"], sqlite_where=_HOLDS, postgresql_where=_HOLDS)
    _make_tables()
    op.add_column("outbox_message", sa.Column("given_up_at", UtcDateTime()))
    op.add_column("outbox_message", sa.Column("given_up_by_id", sa.Uuid()))
    op.add_column("outbox_message", sa.Column("given_up_because", sa.String(300)))
    op.create_index("ix_audit_entry_act_at_id", "audit_entry", ["act", "at", "id"])
    op.create_index("ix_audit_entry_at_id", "audit_entry", ["at", "id"])


def _fold_names() -> None:
    """As the program folds them: the database cannot."""
    account = sa.table(
        "account", *(sa.column(name) for name in ("id", "first_name", "last_name", "first_folded", "last_folded"))
    )
    connection, seen = op.get_bind(), None
    mend = (
        sa.update(account)
        .where(account.c.id == sa.bindparam("key"))
        .values(first_folded=sa.bindparam("first"), last_folded=sa.bindparam("last"))
    )
    while True:
        query = sa.select(account.c.id, account.c.first_name, account.c.last_name).order_by(account.c.id).limit(_BATCH)
        rows = connection.execute(query if seen is None else query.where(account.c.id > seen)).all()
        if not rows:
            return
        folded = [{"key": key, "first": fold(first)[:80], "last": fold(last)[:160]} for key, first, last in rows]
        connection.execute(mend, folded)
        seen = rows[-1][0]


def _make_tables() -> None:
    op.create_table(
        "glass_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("because", EncryptedJson(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("reviewed_at", UtcDateTime()),
        sa.Column("reviewed_by_id", sa.Uuid()),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("remark", EncryptedJson()),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_glass_opening_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass_opening")),
    )
    op.create_index(
        "ix_glass_opening_account_id_recipient_id_until", "glass_opening", ["account_id", "recipient_id", "until"]
    )
    op.create_index(
        "ix_glass_opening_waits", "glass_opening", ["id"], sqlite_where=_NOT_REVIEWED, postgresql_where=_NOT_REVIEWED
    )
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("ok_at", UtcDateTime()),
        sa.Column("failing_since", UtcDateTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entry_at_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_act_at_id", table_name="audit_entry")
    for name in ("given_up_because", "given_up_by_id", "given_up_at"):
        op.drop_column("outbox_message", name)
    op.drop_table("job_run")
    op.drop_table("glass_opening")
    op.drop_index("ix_grant_role_holds", table_name="grant")
    op.drop_column("grant", "ended_because")
    op.drop_column("grant", "ended_by_id")
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE sign_in_name ALTER name_folded TYPE varchar(270) COLLATE "default"')
        op.execute('ALTER TABLE account ALTER email_folded TYPE varchar(254) COLLATE "default"')
    op.drop_index("ix_account_first_folded_last_folded_id", table_name="account")
    op.drop_index("ix_account_last_folded_first_folded_id", table_name="account")
    for name in ("woken_at", "slept_at", "sleep_warned_at", "last_folded", "first_folded"):
        op.drop_column("account", name)
