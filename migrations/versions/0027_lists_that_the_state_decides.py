"""Lists and contacts are decided by the state: each decision is a row that stays. Help lines become such decisions."""

import json
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.infra.db import new_id

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


_LINE = sa.table(
    "help_line", sa.column("audience", sa.String), sa.column("phone", sa.String), sa.column("hours", sa.JSON)
)
_SETTING = sa.table(
    "program_setting", sa.column("id", sa.Uuid), sa.column("key", sa.String), sa.column("value", sa.JSON),
    sa.column("effective_from", sa.Date), sa.column("changed_at", sa.DateTime(timezone=True)),
)  # fmt: skip
_FIRST = date(2020, 12, 1)


def _lines_become_decisions() -> None:
    connection = op.get_bind()
    for audience, phone, hours in connection.execute(sa.select(_LINE.c.audience, _LINE.c.phone, _LINE.c.hours)).all():
        value: dict[str, Any] = {
            "phone": phone, "email": "", "sender_name": "", "sender_address": "", "holidays": {},
            "hours": json.loads(hours) if isinstance(hours, str) else hours,
        }  # fmt: skip
        connection.execute(
            sa.insert(_SETTING).values(
                id=new_id(), key=f"support_{audience}", value=value, effective_from=_FIRST,
                changed_at=datetime(2020, 12, 1, tzinfo=UTC),
            )
        )  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "list_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_name", sa.String(length=30), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("label_es", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Double(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_decision")),
    )
    op.create_index(op.f("ix_list_decision_list_name_effective_from"), "list_decision", ["list_name", "effective_from"])
    _lines_become_decisions()
    op.drop_table("help_line")


def downgrade() -> None:
    op.create_table(
        "help_line",
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("audience", name=op.f("pk_help_line")),
    )
    op.drop_table("list_decision")
