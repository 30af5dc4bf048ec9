"""Rules of the dose schedule: products that are installed get the changes that were not kept before."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MRNA = [{"from": "2021-01-21", "mixed_days": 28, "late_days": 42}, {"from": "2021-08-13", "extra_days": 28}]
_MODERNA = [*_MRNA, {"from": "2021-10-25", "absolute_days": 24}]
RULES: dict[str, list[dict[str, Any]]] = {
    "pfizer": [*_MRNA, {"from": "2021-10-25", "absolute_days": 17}],
    "moderna-10": _MODERNA,
    "moderna-14": _MODERNA,
    "janssen": [{"from": "2021-03-03", "mixed_days": 28}],
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
        connection.execute(
            sa.update(_PRODUCT)
            .where(_PRODUCT.c.code == code)
            .values(changes=[*kept, *rules] if new else kept)
        )


def upgrade() -> None:
    _write(new=True)


def downgrade() -> None:
    _write(new=False)
