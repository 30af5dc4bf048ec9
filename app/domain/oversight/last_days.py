"""Roles that were given until a day: from that day's end on they open nothing, and soon after nobody counts them any more."""

from datetime import datetime

from sqlalchemy import update

from app.domain.accounts.access import SCOPE_OF_ROLE, Role
from app.domain.accounts.models import Grant
from app.domain.helpdesk.steering.teams import let_go_of_cases
from app.infra import audit
from app.infra.db import Database

_GIVEN_UNTIL = [role.value for role in Role if SCOPE_OF_ROLE[role] in {"program", "location", "team"}]
"""Only these are given until a day: one index knows who holds them, however many recipients there are."""


def end_what_is_over(database: Database, *, now: datetime) -> int:
    """End every role whose last day is over, as of its end; returns how many. Lists, rules and mails ask for roles that have not ended."""
    over = Grant.role.in_(_GIVEN_UNTIL), Grant.ended_at.is_(None), Grant.until <= now
    with database.transaction() as session:
        ended = session.execute(
            update(Grant).where(*over).values(ended_at=Grant.until).returning(Grant.account_id, Grant.role, Grant.scope_id),
            execution_options={"synchronize_session": False},
        ).all()
        for account_id, role, place_id in ended:
            if SCOPE_OF_ROLE[Role(role)] == "team" and place_id is not None:
                let_go_of_cases(session, account_id, place_id)
            audit.record(
                session, actor_kind="system", actor_id=None, act="account.role_ended", subject_kind="account",
                subject_id=account_id, place_id=place_id, now=now, role=role,
            )  # fmt: skip
    return len(ended)
