"""Believable cases, the same ones every time, put into our tables at once."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.domain.helpdesk import states
from app.domain.helpdesk.models import Case, CaseCounter, CaseText, RequestType
from app.domain.helpdesk.open_case import found_by
from app.infra.clock import now
from app.infra.db import new_id
from app.infra.search import fold
from bench.organizations import organizations
from bench.people import GIVEN, people

ASKED = "We cannot find the shipment of last week in our inventory. " * 5
AT_ONCE = 10_000
_CLOSED, _CLOSED_LATER, _LIVELY = 0.6, 0.99, 0.9
"""Of the latest tenth six in ten are closed. Of the others one in a hundred waits still: silence closes a case after eight days."""

Facts = dict[str, Any]


def requests(count: int) -> Iterator[Facts]:
    """Who asked about what: names, address, organization, whether it is closed, and how old it is."""
    chance = random.Random(8)
    who, employers = people(count, seed=8), organizations(max(count // 4, 1), seed=8)
    names = [one.name for one in islice(employers, min(max(count // 4, 1), 100_000))]
    for number, (first, _middle, last, *_rest) in enumerate(who, start=1):
        yield {
            "number": number, "first": first, "last": last, "email": f"{fold(first).replace(' ', '')}.{number}@example.org",
            "organization": chance.choice(names), "closed": chance.random() < (_CLOSED if number > count * _LIVELY else _CLOSED_LATER),
            "pin": f"NCA{650_000 + number % 3_000}", "days": (count - number) * 300 / count,
        }  # fmt: skip


def put(session: Session, count: int) -> None:
    """So many cases, the oldest first. The request types have to be there."""
    kinds = list(session.scalars(select(RequestType).where(RequestType.audience == "provider")))
    moment, done = now(), 0
    made = requests(count)
    while some := list(islice(made, AT_ONCE)):
        cases = [_case(facts, kinds[facts["number"] % len(kinds)], moment) for facts in some]
        session.execute(insert(Case), cases)
        session.execute(insert(CaseText), [_text(case, facts["number"]) for case, facts in zip(cases, some, strict=True)])
        done += len(some)
    session.execute(update(CaseCounter).values(last=done))


def _case(facts: Facts, kind: RequestType, moment: datetime) -> Facts:
    opened = moment - timedelta(days=facts["days"])
    closed = facts["closed"]
    key: UUID = new_id()
    return {
        "id": key, "number": f"CS{facts['number']:07d}", "audience": "provider", "request_type_id": kind.id,
        "team_id": kind.team_id, "status": states.CLOSED if closed else states.OPEN, "priority": kind.priority,
        "first_name": facts["first"], "last_name": facts["last"], "email": facts["email"],
        "email_folded": facts["email"], "name_folded": fold(f"{facts['last']} {facts['first']}")[:160], "phone": "",
        "organization_name": facts["organization"], "organization_folded": fold(facts["organization"])[:255],
        "is_secondary": False, "provider_pin": facts["pin"], "description": ASKED, "details": None, "language": "en",
        "opened_at": opened, "closed_at": opened if closed else None, "closed_on": opened.date() if closed else None,
        "closed_how": "accept" if closed else "", "reply_token": key.hex[-20:], "version": 1,
    }  # fmt: skip


def _text(case: Facts, number: int) -> Facts:
    return {"number": number, "case_id": case["id"], "text": found_by(Case(**case))}


FIRST_NAMES = tuple(fold(name) for name in GIVEN)
