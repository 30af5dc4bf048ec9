"""The nightly round: every rule, portion by portion, each a transaction of its own."""

from datetime import date, datetime, timedelta

from app.domain.oversight.retention.rules import RULES, Portion, Rule
from app.domain.program.settings import value_of
from app.infra import audit
from app.infra.db import Database, one_at_a_time
from app.infra.storage import FolderStorage

MOST_PORTIONS = 2_000
"""Of one rule in one night: what is left waits for the next, so that a first round after years ends by morning."""


def let_go(database: Database, storage: FolderStorage, *, today: date, now: datetime) -> dict[str, int]:
    """What each rule let go, by its name, rules without anything left out. Running again does nothing twice.

    The access log gets one entry for each rule and night: what it was, how many, after how many days.
    """
    counts: dict[str, int] = {}
    for rule in RULES:
        days = _days(database, rule, today)
        count = _carry_out(database, storage, rule, before=now - timedelta(days=days), now=now)
        if count:
            counts[rule.name] = count
            audit.record_apart(
                database, actor_kind="system", actor_id=None, act="retention.let_go", subject_kind="retention",
                subject_id=None, now=now, what=rule.name, count=count, days=days,
            )  # fmt: skip
    return counts


def _days(database: Database, rule: Rule, today: date) -> int:
    if isinstance(rule.period, int):
        return rule.period
    with database.reading() as session:
        return value_of(session, rule.period, today=today)


def _carry_out(database: Database, storage: FolderStorage, rule: Rule, *, before: datetime, now: datetime) -> int:
    count = 0
    for _portion in range(MOST_PORTIONS):
        with database.transaction() as session:
            one_at_a_time(session, "retention")
            gone = rule.let_go(Portion(session, storage, before, rule.at_once, now))
        count += gone
        if gone < rule.at_once:
            break
    return count
