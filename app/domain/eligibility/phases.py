"""What is decided, read from the database: the plan in force on a day, ready to be asked."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.eligibility.evaluate import GroupRule, Phases, Span
from app.domain.eligibility.models import Group, Opening, PhaseChange, Plan
from app.domain.eligibility.rules import ages_in, compile_rule
from app.domain.errors import NotFound
from app.domain.program.products import list_products

_NOBODY_YET = 120


@dataclass(frozen=True, slots=True)
class GroupState:
    """A group with its openings by county ("" for the state)."""

    group: Group
    openings: dict[str, Opening]


def plan_on(session: Session, day: date) -> Plan | None:
    """The plan in force on a day; None before the first."""
    return session.scalar(select(Plan).where(Plan.effective_from <= day).order_by(Plan.effective_from.desc()).limit(1))


def load_phases(session: Session, day: date) -> Phases | None:
    """Everything that decides about people on a day; None before the first plan. Four queries."""
    plan = plan_on(session, day)
    if plan is None:
        return None
    groups = session.scalars(select(Group).where(Group.plan_id == plan.id).order_by(Group.place)).all()
    found = session.scalars(select(Opening).join(Group, Group.id == Opening.group_id).where(Group.plan_id == plan.id))
    codes = {group.id: group.code for group in groups}
    openings = {
        (codes[opening.group_id], opening.county_fips): Span(
            opening.effective_from, opening.effective_until, opening.mail_held
        )
        for opening in found
    }
    youngest = youngest_age_on(session, day)
    return Phases(
        plan_id=plan.id,
        plan_code=plan.code,
        plan_name=plan.name,
        day=day,
        youngest_age=youngest,
        groups=tuple(GroupRule(one.id, one.code, one.name, one.words, compile_rule(one.rule)) for one in groups),
        openings=openings,
        ages=tuple(sorted({youngest}.union(*(ages_in(group.rule) for group in groups)))),
        digest=_digest(plan, list(groups), openings, youngest, day),
    )


def youngest_age_on(session: Session, day: date) -> int:
    """The least age in years for which any product is licensed on a day; beyond all ages where none is."""
    ages = [
        product.rules_on(day).youngest_age
        for product in list_products(session)
        if product.effective_from <= day and (product.effective_to is None or day <= product.effective_to)
    ]
    return min(ages, default=_NOBODY_YET)


def list_groups(session: Session, actor: Actor, plan: Plan) -> list[GroupState]:
    """The groups of a plan in order, with their openings. For those who manage phases."""
    actor.require(Permission.MANAGE_PHASES, at=None)
    groups = session.scalars(select(Group).where(Group.plan_id == plan.id).order_by(Group.place)).all()
    states = {group.id: GroupState(group, {}) for group in groups}
    for opening in session.scalars(select(Opening).where(Opening.group_id.in_(states))):
        states[opening.group_id].openings[opening.county_fips] = opening
    return list(states.values())


def plan_by_code(session: Session, code: str) -> Plan:
    """The plan of a code. Raises NotFound."""
    plan = session.scalar(select(Plan).where(Plan.code == code))
    if plan is None:
        raise NotFound(code)
    return plan


def group_by_code(session: Session, plan: Plan, code: str) -> Group:
    """The group of a plan that the code names. Raises NotFound."""
    group = session.scalar(select(Group).where(Group.plan_id == plan.id, Group.code == code))
    if group is None:
        raise NotFound(code)
    return group


def changes_of(session: Session, actor: Actor, group_id: UUID, *, limit: int = 50) -> list[PhaseChange]:
    """The latest changes of a group, newest first. For those who manage phases."""
    actor.require(Permission.MANAGE_PHASES, at=None)
    query = select(PhaseChange).where(PhaseChange.group_id == group_id).order_by(PhaseChange.id.desc()).limit(limit)
    return list(session.scalars(query))


def _digest(plan: Plan, groups: list[Group], openings: dict[tuple[str, str], Span], youngest: int, day: date) -> str:
    """Equal on two days on which everybody has the same groups and the same groups are open and may be written to."""
    decided = [
        plan.code, youngest, [[group.code, group.place, group.rule] for group in groups],
        sorted([code, county, span.is_open(day), span.mail_held] for (code, county), span in openings.items()),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()
