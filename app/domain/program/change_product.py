"""The state adds a vaccine product, changes its rules from a day on, takes a coming change back, ends it, resumes it.

Every decision is kept with who made it and when. A change holds from today on or later: what doses of earlier days
were judged by stays as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import Conflict, Refusal
from app.domain.program.models import Product, ProductChange
from app.domain.program.product_values import ValuesRefused, read_identity, read_rules, values_of
from app.domain.program.products import get_product
from app.domain.program.rules import ProductSchedule, periods_of
from app.infra import audit
from app.infra.db import one_at_a_time

_NEEDS = Permission.CHANGE_SETTINGS


class InThePast(Refusal):
    """A change cannot hold from a day that is over."""


class NothingChanges(Refusal):
    """What was typed is what holds already."""


class DecidedMeanwhile(Conflict):
    """Somebody else decided about this product since the page was opened."""


@dataclass(frozen=True, slots=True)
class AddProduct:
    """`typed`: names, codes and rules by name, as text; `doses_in_series` never changes later."""

    typed: Mapping[str, str]
    doses_in_series: int
    effective_from: date


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """`typed`: every changeable rule by name, as text; what differs from today's rules holds from the day on.

    `decisions`: how many decisions the page knew of.
    """

    product_id: UUID
    typed: Mapping[str, str]
    effective_from: date
    decisions: int


@dataclass(frozen=True, slots=True)
class WithdrawChange:
    """A change that lies ahead is taken back."""

    product_id: UUID
    effective_from: date


@dataclass(frozen=True, slots=True)
class EndProduct:
    """The last day on which the product is given; None: it goes on."""

    product_id: UUID
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A change as it would be: what differs, and the schedule with it."""

    values: dict[str, Any]
    schedule: ProductSchedule
    before: dict[str, Any] = field(default_factory=dict)


def add_product(session: Session, actor: Actor, command: AddProduct, *, now: datetime) -> Product:
    """A new product with its first rules. Raises ValuesRefused."""
    actor.require(_NEEDS, at=None)
    one_at_a_time(session, "products")
    identity = read_identity(command.typed)
    values = read_rules(command.typed, doses_in_series=command.doses_in_series)
    if session.scalar(select(Product.id).where(Product.code == identity["code"])):
        raise ValuesRefused({"code": "taken"})
    columns = ("interval_days", "grace_days", "youngest_age", "doses_per_vial", "fact_sheet")
    further = {name: value for name, value in values.items() if name not in columns and value is not None}
    made = Product(
        **identity, **{name: values[name] for name in columns}, doses_in_series=command.doses_in_series,
        effective_from=command.effective_from, effective_to=None,
        changes=[{"from": command.effective_from.isoformat(), **further}],
    )  # fmt: skip
    session.add(made)
    session.flush()
    _note(session, actor, made, "added", command.effective_from, {}, {**identity, **values}, now)
    return made


def draft_change(session: Session, actor: Actor, command: ChangeRules, *, today: date) -> Draft:
    """What a change would make of the product; nothing is kept. Raises ValuesRefused, InThePast, NothingChanges."""
    actor.require(_NEEDS, at=None)
    product = get_product(session, command.product_id)
    if command.effective_from < today:
        raise InThePast
    typed = read_rules(command.typed, doses_in_series=product.doses_in_series)
    held = values_of(product.rules_on(max(today, product.effective_from)))
    values = {name: value for name, value in typed.items() if value != held[name]}
    if not values:
        raise NothingChanges
    changes = _with(product.changes, command.effective_from, values)
    before = values_of(product.rules_on(command.effective_from))
    schedule = _schedule(product, changes)
    return Draft(values, schedule, {name: before[name] for name in values})


def change_rules(session: Session, actor: Actor, command: ChangeRules, *, today: date, now: datetime) -> Product:
    """The change is made. Raises what `draft_change` raises, and DecidedMeanwhile."""
    actor.require(_NEEDS, at=None)
    one_at_a_time(session, "products")
    if len(history_of(session, actor, command.product_id)) != command.decisions:
        raise DecidedMeanwhile
    product = _as_it_stands(session, command.product_id)
    draft = draft_change(session, actor, command, today=today)
    product.changes = _with(product.changes, command.effective_from, draft.values)
    _note(session, actor, product, "changed", command.effective_from, draft.before, draft.values, now)
    return product


def withdraw_change(session: Session, actor: Actor, command: WithdrawChange, *, today: date, now: datetime) -> Product:
    """A change that lies ahead does not happen. Raises InThePast, NothingChanges."""
    actor.require(_NEEDS, at=None)
    one_at_a_time(session, "products")
    if command.effective_from <= today:
        raise InThePast
    product, day = _as_it_stands(session, command.product_id), command.effective_from.isoformat()
    gone = [change for change in product.changes if change["from"] == day]
    if not gone or command.effective_from <= product.effective_from:
        raise NothingChanges
    product.changes = [change for change in product.changes if change["from"] != day]
    values = {name: value for change in gone for name, value in change.items() if name != "from"}
    _note(session, actor, product, "withdrawn", command.effective_from, values, {}, now)
    return product


def end_product(session: Session, actor: Actor, command: EndProduct, *, today: date, now: datetime) -> Product:
    """The product is given up to its last day, or goes on. Raises InThePast, NothingChanges."""
    actor.require(_NEEDS, at=None)
    one_at_a_time(session, "products")
    product = _as_it_stands(session, command.product_id)
    if command.last_day is not None and command.last_day < max(today, product.effective_from):
        raise InThePast
    if command.last_day == product.effective_to:
        raise NothingChanges
    before, product.effective_to = product.effective_to, command.last_day
    act = "ended" if command.last_day else "resumed"
    days = (
        {"effective_to": before and before.isoformat()},
        {"effective_to": command.last_day and command.last_day.isoformat()},
    )
    _note(session, actor, product, act, command.last_day or today, *days, now)
    return product


def history_of(session: Session, actor: Actor, product_id: UUID) -> list[ProductChange]:
    """Every decision about a product, newest first."""
    actor.require(_NEEDS, at=None)
    query = select(ProductChange).where(ProductChange.product_id == product_id)
    return list(session.scalars(query.order_by(ProductChange.id.desc())))


def _as_it_stands(session: Session, product_id: UUID) -> Product:
    """The product after whoever decided before: the page may have read it while that was not committed."""
    product = get_product(session, product_id)
    session.refresh(product)
    return product


def _with(changes: list[dict[str, Any]], day: date, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The changes with these values from a day on; last, so that they count before others of that day."""
    return [*(changes or []), {"from": day.isoformat(), **values}]


def _schedule(product: Product, changes: list[dict[str, Any]]) -> ProductSchedule:
    first = product.first_rules()
    periods = periods_of(first, changes, product.effective_from, product.effective_to)
    return ProductSchedule(product.cvx, product.name, periods)


def _note(
    session: Session, actor: Actor, product: Product, act: str, day: date | None, before: dict[str, Any],
    after: dict[str, Any], now: datetime,
) -> None:  # fmt: skip
    session.add(
        ProductChange(
            product_id=product.id, act=act, effective_from=day, before=before, after=after, made_at=now,
            made_by_id=actor.id,
        )
    )  # fmt: skip
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=f"product.{act}", subject_kind="product",
        subject_id=product.id, now=now, fields=sorted({*before, *after}),
    )  # fmt: skip
    session.flush()
