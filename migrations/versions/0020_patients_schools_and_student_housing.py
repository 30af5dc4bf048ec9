"""Groups of the plan of January 14, 2021 turn on patients, kinds of schools and student housing, which is asked now.

Only where the state has not changed a group's rule itself.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

Rule = dict[str, Any]
_IN_PERSON: Rule = {"fact": "work", "in": ["in person"]}
_WORKING: Rule = {"fact": "work", "in": ["in person", "remote"]}
_CARE: Rule = {
    "any": [
        {"fact": "patient_contact", "is": True},
        {"all": [{"fact": "industry", "in": ["long_term_care"]}, _WORKING]},
        {"fact": "living", "in": ["long_term_care"]},
    ]
}
_ESSENTIAL: Rule = {"all": [{"fact": "sector", "in": ["care", "frontline", "essential"]}, _WORKING]}
CHANGES: dict[str, tuple[str, Rule, str, Rule]] = {
    "1": (
        "care", _CARE, "care_or_patients",
        {"any": [_CARE, {"all": [{"fact": "work_with", "in": ["patients"]}, _IN_PERSON]}]},
    ),
    "3.1": (
        "schools", {"all": [{"fact": "industry", "in": ["education"]}, _IN_PERSON]},
        "schools", {"all": [{"fact": "work_with", "in": ["school"]}, _IN_PERSON]},
    ),
    "4.2": (
        "essential", _ESSENTIAL, "essential_or_housing",
        {"any": [_ESSENTIAL, {"fact": "student_housing", "is": True}]},
    ),
}  # fmt: skip
_PLAN = sa.table("priority_plan", sa.column("id", sa.Uuid), sa.column("code", sa.String))
_GROUP = sa.table(
    "priority_group", sa.column("id", sa.Uuid), sa.column("plan_id", sa.Uuid), sa.column("code", sa.String),
    sa.column("words", sa.String), sa.column("rule", sa.JSON),
)  # fmt: skip


def _turn(back: bool) -> None:
    connection = op.get_bind()
    query = sa.select(_GROUP).join(_PLAN, _PLAN.c.id == _GROUP.c.plan_id).where(_PLAN.c.code == "nc-2021-01-14")
    for row in connection.execute(query).all():
        if row.code not in CHANGES:
            continue
        words, rule, new_words, new_rule = CHANGES[row.code]
        before, after = ((new_words, new_rule), (words, rule)) if back else ((words, rule), (new_words, new_rule))
        kept = json.loads(row.rule) if isinstance(row.rule, str) else row.rule
        if (row.words, kept) == before:
            connection.execute(
                sa.update(_GROUP).where(_GROUP.c.id == row.id).values(words=after[0], rule=after[1])
            )


def upgrade() -> None:
    _turn(back=False)


def downgrade() -> None:
    _turn(back=True)
