"""Decisions about products are kept with who made them; hours of use and storage become rules of the product."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_MODERNA = (
    "From -50 to -15 °C until the expiration date; in a refrigerator 30 days. Never frozen again. Unopened 24 hours at "
    "room temperature."
)
RULES: dict[str, list[dict[str, Any]]] = {
    "pfizer": [
        {
            "from": "2020-12-11",
            "storage": "Ultra-cold from -80 to -60 °C until the expiration date; two weeks from -25 to -15 °C; in a "
            "refrigerator five days. Never frozen again. Before dilution two hours at room temperature.",
        }
    ],
    "moderna-10": [{"from": "2020-12-18", "storage": _MODERNA}, {"from": "2021-04-01", "beyond_use_hours": 12}],
    "moderna-14": [{"from": "2021-04-01", "storage": _MODERNA, "beyond_use_hours": 12}],
    "janssen": [
        {
            "from": "2021-02-27",
            "storage": "In a refrigerator until the expiration date, never frozen. Unopened 12 hours at 9 to 25 °C.",
        }
    ],
}
_PRODUCT = sa.table("product", sa.column("code", sa.String), sa.column("changes", sa.JSON))


def _write(new: bool) -> None:
    connection = op.get_bind()
    for code, rules in RULES.items():
        found = connection.execute(sa.select(_PRODUCT.c.changes).where(_PRODUCT.c.code == code)).scalar()
        if found is None:
            continue
        known = json.loads(found) if isinstance(found, str) else found
        kept = [change for change in known if change not in rules]
        changes = [*rules, *kept] if new else kept
        connection.execute(sa.update(_PRODUCT).where(_PRODUCT.c.code == code).values(changes=changes))


def upgrade() -> None:
    op.create_table(
        "product_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_change_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_change")),
    )
    op.create_index(op.f("ix_product_change_product_id_id"), "product_change", ["product_id", "id"])
    _write(new=True)


def downgrade() -> None:
    _write(new=False)
    op.drop_table("product_change")
