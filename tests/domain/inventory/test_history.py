"""Account History: who received what when at a location, and everything else that happened to its stock."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import NotAllowed, NotFound
from app.domain.inventory import queries
from app.domain.inventory.deprecate import Deprecate, deprecate
from app.domain.inventory.draw_dose import DrawDose, draw_dose
from app.domain.vaccinations.account_history import AccountFilter, account_history, export_history, note_export
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import new_id
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, nurse_at, someone

TODAY = date(2021, 3, 10)


@pytest.fixture
def place(session, now):
    return make.location(session)


def listed(session, place, **wanted):
    page = account_history(session, nurse_at(place.id), place.id, AccountFilter(**wanted), zone=ZONE)
    return [(line.entry.kind, line.entry.lot_number) for line in page.items]


def test_it_tells_who_received_which_dose_and_what_else_happened_newest_first(session, place, now):
    lot = make_lot(session, place, number="EN1")
    maria = someone(session, place)
    given = dose(session, place, maria, lot)
    waste = Deprecate(place.id, lot.id, "waste", "broken", 2)
    deprecate(session, nurse_at(place.id), waste, now=clock.now(), today=TODAY)
    lines = account_history(session, nurse_at(place.id), place.id, AccountFilter(), zone=ZONE).items
    assert [line.entry.kind for line in lines] == ["wasted", "administered", "received"]
    who = lines[1].received
    assert (who.recipient_id, who.name, who.dose_number, who.administration_id) == (
        maria.id,
        "Maria Lopez",
        1,
        given.id,
    )
    assert [line.received for line in (lines[0], lines[2])] == [None, None]


def test_it_is_filtered_by_product_lot_kind_day_person_and_user(session, place, now):
    one, other = make_lot(session, place, number="EN1"), make_lot(session, place, number="MO1", product="moderna-10")
    maria, noah = someone(session, place), someone(session, place, first_name="Noah", last_name="Ash")
    dose(session, place, maria, one)
    dose(session, place, noah, other)
    boss = make.manager(session, place)
    old = Deprecate(place.id, one.id, "waste", "broken", 2)
    deprecate(session, make.actor(session, boss), old, now=now - timedelta(days=3), today=TODAY)
    assert listed(session, place, product_id=other.product_id) == [("administered", "MO1"), ("received", "MO1")]
    assert listed(session, place, lot_id=one.id, kind="administered") == [("administered", "EN1")]
    assert listed(session, place, kind="wasted") == [("wasted", "EN1")]
    assert listed(session, place, last_day=TODAY - timedelta(days=1)) == [("wasted", "EN1")]
    assert ("wasted", "EN1") not in listed(session, place, first_day=TODAY)
    assert listed(session, place, first_day=TODAY - timedelta(days=3), last_day=TODAY - timedelta(days=3)) == [
        ("wasted", "EN1")
    ]
    assert listed(session, place, made_by_id=boss.id) == [("wasted", "EN1")]
    assert listed(session, place, person="noah as") == [("administered", "MO1")]
    assert listed(session, place, person="nobody") == []
    assert listed(session, place, person="lop", product_id=other.product_id) == []


def test_it_pages_by_key_without_losing_or_repeating_though_many_happened_at_the_same_moment(session, place, now):
    lot = make_lot(session, place, doses=30)
    for _ in range(20):
        draw_dose(session, nurse_at(place.id), DrawDose(place.id, lot.id, new_id(), TODAY), now=now)
    seen, after = [], None
    for _ in range(3):
        page = account_history(session, nurse_at(place.id), place.id, AccountFilter(), zone=ZONE, after=after, size=8)
        seen += [line.entry.id for line in page.items]
        after = page.next_after
    assert (len(seen), len(set(seen)), after) == (21, 21, None)
    for bad in ("x", "W10", "WyJhIiwgImIiXQ", "WyIyMDIxIiwgIjEiXQ"):
        page = account_history(session, nurse_at(place.id), place.id, AccountFilter(), zone=ZONE, after=bad, size=8)
        assert [line.entry.id for line in page.items] == seen[:8]


def test_it_is_exported_whole_by_managers_and_leaves_a_trace_without_names(session, place, now):
    lot = make_lot(session, place)
    maria = someone(session, place)
    dose(session, place, maria, lot)
    for _ in range(6):
        draw_dose(session, nurse_at(place.id), DrawDose(place.id, lot.id, new_id(), TODAY), now=now)
    nurse, wanted = nurse_at(place.id), AccountFilter(person="")
    rows = list(export_history(session, nurse, place.id, wanted, zone=ZONE, chunk=3))
    assert [row.entry.kind for row in rows].count("administered") == 7
    assert [row.received.name for row in rows if row.received] == ["Maria Lopez"]
    note_export(session, nurse, place.id, AccountFilter(person="Lopez", kind="wasted"), now=now)
    trace = session.scalars(select(AuditEntry).where(AuditEntry.act == "inventory.history_exported")).one()
    assert trace.facts == {"filters": ["kind", "person"]}
    provider = make.actor(session, make.healthcare_provider(session, place))
    with pytest.raises(NotAllowed):
        export_history(session, provider, place.id, wanted, zone=ZONE)


def test_the_history_of_another_location_does_not_exist(session, place, now):
    other = make.location(session, "Elsewhere")
    make_lot(session, other)
    with pytest.raises(NotFound):
        account_history(session, nurse_at(place.id), other.id, AccountFilter(), zone=ZONE)
    assert listed(session, place) == []


def test_the_running_balance_of_a_lot_goes_on_from_page_to_page(session, place, now):
    lot = make_lot(session, place, doses=9)
    for _ in range(5):
        draw_dose(session, nurse_at(place.id), DrawDose(place.id, lot.id, new_id(), TODAY), now=now)
    seen, after = [], None
    for _ in range(3):
        page = queries.lot_ledger(session, lot, after=after, size=2)
        seen += [line.balance_after for line in page.items]
        after = page.next_after
    assert (seen, after) == ([4, 5, 6, 7, 8, 9], None)
