"""The program recalls a lot or stops a product: from that moment no dose of it is given anywhere."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import NotAllowed, NotFound
from app.domain.inventory import queries
from app.domain.inventory.draw_dose import DrawDose, draw_dose
from app.domain.inventory.errors import AlreadyDone, AlreadyRecalled, BadValue, LotUnusable
from app.domain.inventory.models import Lot, Recall, RecallNotice, StockEntry
from app.domain.inventory.quarantine import QuarantineLot, ReleaseLot, quarantine_lot, release_lot
from app.domain.inventory.recall import LiftRecall, MakeRecall, lift_recall, list_recalls, recall, stock_of_recall
from app.domain.vaccinations.recalled_people import (
    counts_of_recall,
    people_of_recall,
    recalls_about,
    tell_people_of_recalls,
)
from app.infra.db import new_id
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.merging import joined
from tests.make.transfers import STATE
from tests.make.vaccinations import dose, nurse_at, someone

TODAY = date(2021, 3, 10)


def draw(session, lot, now, **other):
    return draw_dose(
        session, nurse_at(lot.location_id), DrawDose(lot.location_id, lot.id, new_id(), TODAY, **other), now=now
    )


def why(session, lot):
    session.refresh(lot)
    return queries.why_unusable(lot, TODAY)


@pytest.fixture
def two_places(session):
    return make.location(session, "West"), make.location(session, "East")


def test_a_recalled_lot_is_given_nowhere_however_its_number_is_written(session, two_places, now):
    west, east = two_places
    bad = [make_lot(session, west, number="EN6199"), make_lot(session, east, number="en-6199")]
    good = [make_lot(session, west, number="EN6200"), make_lot(session, west, number="EN6199", product="moderna-10")]
    made = recall(session, STATE, MakeRecall("pfizer", "en 6199", "Particles were seen"), now=now)
    assert (made.lots, made.doses) == (2, 20)
    for lot in bad:
        assert why(session, lot) == "recalled"
        with pytest.raises(LotUnusable):
            draw(session, lot, now)
        newest = queries.lot_ledger(session, lot).items[0]
        assert (newest.kind, newest.doses, newest.balance_after, newest.reason) == (
            "recalled", 0, 10, "Particles were seen",
        )  # fmt: skip
    for lot in good:
        assert draw(session, lot, now).balance == 9
    assert [line.reasons for line in queries.lots_greyed(session, west.id, day=TODAY)] == [("recalled",)]
    assert {shelf.lot.id for shelf in stock_of_recall(session, STATE, made)} == {lot.id for lot in bad}
    assert [s.lot.id for s in stock_of_recall(session, nurse_at(east.id), made, location_id=east.id)] == [bad[1].id]


def test_a_stopped_product_is_given_nowhere_and_what_arrives_later_is_stopped_too(session, two_places, now):
    west, east = two_places
    lots = [make_lot(session, west, product="janssen"), make_lot(session, east, product="janssen")]
    other = make_lot(session, west)
    made = recall(session, STATE, MakeRecall("janssen", "", "Rare clots"), now=now)
    lots.append(make_lot(session, east, product="janssen"))
    assert made.of_product
    assert [why(session, lot) for lot in (*lots, other)] == ["stopped", "stopped", "stopped", None]
    lift_recall(session, STATE, LiftRecall(made.id, "Benefits outweigh the risk"), now=now)
    assert [why(session, lot) for lot in lots] == [None, None, None]
    assert queries.lot_ledger(session, lots[0]).items[0].kind == "stop_lifted"


def test_a_number_nobody_has_yet_is_recalled_before_it_arrives(session, two_places, now):
    recall(session, STATE, MakeRecall("pfizer", "EN9999", "Cold chain broken"), now=now)
    assert why(session, make_lot(session, two_places[0], number="en9999")) == "recalled"


def test_lifting_a_recall_releases_what_was_not_set_apart_for_another_reason(session, two_places, now):
    west, _east = two_places
    lot = make_lot(session, west, number="EN6199")
    nurse = nurse_at(west.id)
    quarantine_lot(session, nurse, QuarantineLot(west.id, lot.id, "Refrigerator too warm"), now=now)
    made = recall(session, STATE, MakeRecall("pfizer", "EN6199", "Particles"), now=now)
    stop = recall(session, STATE, MakeRecall("pfizer", "", "All of it"), now=now)
    session.refresh(lot)
    assert queries.reasons_against(lot, TODAY) == ("recalled", "stopped", "quarantined")
    for one in (made, stop):
        lift_recall(session, STATE, LiftRecall(one.id, "It was a mistake"), now=now)
        with pytest.raises(AlreadyDone):
            lift_recall(session, STATE, LiftRecall(one.id, "Again"), now=now)
    assert why(session, lot) == "quarantined"
    release_lot(session, nurse, ReleaseLot(west.id, lot.id, "Pfizer case 123: usable"), now=now)
    assert why(session, lot) is None
    with pytest.raises(AlreadyDone):
        release_lot(session, nurse, ReleaseLot(west.id, lot.id, "Again"), now=now)


def test_a_lot_set_apart_by_its_location_is_given_to_nobody_there_and_needs_a_reason(session, two_places, now):
    west, east = two_places
    lot, same = make_lot(session, west, number="EN1"), make_lot(session, east, number="EN1")
    nurse = nurse_at(west.id)
    with pytest.raises(BadValue):
        quarantine_lot(session, nurse, QuarantineLot(west.id, lot.id, " "), now=now)
    quarantine_lot(session, nurse, QuarantineLot(west.id, lot.id, "Too warm"), now=now)
    with pytest.raises(AlreadyDone):
        quarantine_lot(session, nurse, QuarantineLot(west.id, lot.id, "Too warm"), now=now)
    with pytest.raises(LotUnusable):
        draw(session, lot, now)
    assert draw(session, same, now).balance == 9


def test_only_the_state_recalls_and_everybody_with_stock_reads_it(session, two_places, now):
    nurse = nurse_at(two_places[0].id)
    with pytest.raises((NotAllowed, NotFound)):
        recall(session, nurse, MakeRecall("pfizer", "EN1", "Mine"), now=now)
    made = recall(session, STATE, MakeRecall("pfizer", "EN1", "Particles"), now=now)
    assert list_recalls(session, nurse, live=True) == [made]
    with pytest.raises((NotAllowed, NotFound)):
        stock_of_recall(session, nurse, made)
    with pytest.raises((NotAllowed, NotFound)):
        people_of_recall(session, nurse, made)


@pytest.mark.parametrize(
    ("number", "reason", "field"),
    [("EN1", " ", "reason"), ("--", "Bad", "lot_number"), ("X" * 31, "Bad", "lot_number")],
)
def test_a_recall_needs_a_number_that_can_be_and_a_reason(session, now, number, reason, field):
    with pytest.raises(BadValue) as refusal:
        recall(session, STATE, MakeRecall("pfizer", number, reason), now=now)
    assert refusal.value.field == field


def test_the_same_is_recalled_once_at_a_time(session, now):
    for number in ("EN1", ""):
        made = recall(session, STATE, MakeRecall("pfizer", number, "Particles"), now=now)
        with pytest.raises(AlreadyRecalled):
            recall(session, STATE, MakeRecall("pfizer", number, "Again"), now=now)
        lift_recall(session, STATE, LiftRecall(made.id, "Fine"), now=now)
        assert recall(session, STATE, MakeRecall("pfizer", number, "Once more"), now=now).lifted_at is None
    with pytest.raises(NotFound):
        recall(session, STATE, MakeRecall("sputnik", "", "Unknown"), now=now)


def test_everybody_who_got_it_is_listed_and_told_once_in_words_that_tell_nothing(session, database, two_places, now):
    west, east = two_places
    bad, also, good = (
        make_lot(session, west, number="EN1"),
        make_lot(session, east, number="EN1"),
        make_lot(session, west),
    )
    maria, noah = someone(session, west, email="maria@example.net"), someone(session, east, last_name="Ash")
    rosa = someone(session, west, last_name="Diaz", email="rosa@example.net")
    dose(session, west, maria, bad)
    dose(session, east, noah, also)
    dose(session, west, rosa, good)
    made = recall(session, STATE, MakeRecall("pfizer", "EN1", "Particles"), now=now)
    session.commit()
    assert [one.name for one in people_of_recall(session, STATE, made).items] == ["Maria Lopez", "Maria Ash"]
    own = people_of_recall(session, nurse_at(east.id), made, location_id=east.id).items
    assert [(one.recipient_id, one.lot_number, one.mailed) for one in own] == [(noah.id, "EN1", None)]
    session.rollback()
    assert tell_people_of_recalls(database, now=now) == 2
    assert tell_people_of_recalls(database, now=now) == 0
    session.expire_all()
    mails = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "vaccinations.recalled")).all()
    assert [mail.payload for mail in mails] == [{"recipient_id": str(maria.id)}]
    assert [one.mailed for one in people_of_recall(session, STATE, made).items] == [True, False]
    moved = someone(session, phone="9195550144", registered_at=now)
    joined(session, moved, noah)
    told = people_of_recall(session, STATE, made).items[1]
    assert (told.recipient_id, told.name, told.phone) == (moved.id, "Maria Lopez", "9195550144")
    assert told.mailed is False
    counts = counts_of_recall(session, STATE, made)
    assert (counts.doses_given, counts.people_told, counts.to_call) == (2, 2, 1)
    assert counts_of_recall(session, nurse_at(east.id), made, location_id=east.id).doses_given == 1
    reader = make.actor(session, make.person(session, maria.id))
    assert [one.id for one in recalls_about(session, reader, maria.id)] == [made.id]
    with pytest.raises((NotAllowed, NotFound)):
        recalls_about(session, reader, noah.id)


def test_who_was_told_is_not_told_again_under_the_record_that_was_kept(session, database, two_places, now):
    west, _east = two_places
    lot = make_lot(session, west, number="EN1")
    told, kept = someone(session, west, email="maria@example.net"), someone(session, west, email="maria@example.net")
    dose(session, west, told, lot)
    recall(session, STATE, MakeRecall("pfizer", "EN1", "Particles"), now=now)
    session.commit()
    assert tell_people_of_recalls(database, now=now) == 1
    joined(session, kept, told)
    dose(session, west, kept, lot, given_at=now - timedelta(hours=3))
    session.commit()
    assert tell_people_of_recalls(database, now=now) == 0


def test_a_dose_given_before_the_recall_may_be_entered_after_it_and_its_recipient_is_told(
    session, database, two_places, now
):
    west, _east = two_places
    lot = make_lot(session, west, number="EN1")
    maria, noah = someone(session, west), someone(session, west, last_name="Ash")
    dose(session, west, maria, lot)
    recall(session, STATE, MakeRecall("pfizer", "EN1", "Particles"), now=now)
    session.commit()
    session.rollback()
    tell_people_of_recalls(database, now=now)
    session.expire_all()
    with pytest.raises(LotUnusable):
        dose(session, west, noah, lot)
    session.rollback()
    dose(session, west, noah, lot, given_at=now - timedelta(hours=3))
    session.rollback()
    assert tell_people_of_recalls(database, now=now) == 1
    session.expire_all()
    assert set(session.scalars(select(RecallNotice.recipient_id))) == {maria.id, noah.id}
    assert session.scalars(select(Recall)).one().told_at is not None


def test_the_managers_of_places_that_have_it_are_told_at_once(session, two_places, now):
    west, east = two_places
    boss = make.manager(session, west)
    make.manager(session, east)
    make_lot(session, west, number="EN1")
    recall(session, STATE, MakeRecall("pfizer", "EN1", "Particles"), now=now)
    mails = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "inventory.recalled")).all()
    assert [mail.payload["account_id"] for mail in mails] == [str(boss.id)]


def test_while_doses_are_given_everywhere_a_recall_draws_a_line(database, session, two_places, now):
    lots = [make_lot(session, place, number="EN1", doses=200) for place in two_places for _ in range(1)]
    ids = [(lot.id, lot.location_id) for lot in lots]
    session.rollback()
    start, refused = threading.Barrier(5), []

    def give(lot_id, location_id):
        start.wait()
        for _ in range(25):
            try:
                with database.transaction() as own:
                    draw_dose(own, nurse_at(location_id), DrawDose(location_id, lot_id, new_id(), TODAY), now=now)
            except LotUnusable as refusal:
                refused.append(refusal.why)
                return

    def stop():
        start.wait()
        with database.transaction() as own:
            recall(own, STATE, MakeRecall("pfizer", "EN1", "Particles"), now=now)

    threads = [threading.Thread(target=give, args=pair) for pair in (*ids, *ids)] + [threading.Thread(target=stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.expire_all()
    for lot_id, _location in ids:
        kinds = list(
            session.scalars(select(StockEntry.kind).where(StockEntry.lot_id == lot_id).order_by(StockEntry.id))
        )
        assert kinds.count("recalled") == 1
        assert kinds[-1] == "recalled"
        assert session.get(Lot, lot_id).balance == 200 - kinds.count("administered")
    assert set(refused) <= {"recalled"}
    assert queries.balances_that_differ(session) == []
    session.rollback()


def test_no_dose_is_dated_before_its_lot_arrived(session, two_places, now):
    lot = make_lot(session, two_places[0], received_on=TODAY)
    early = DrawDose(lot.location_id, lot.id, new_id(), TODAY - timedelta(days=1))
    with pytest.raises(LotUnusable) as refusal:
        draw_dose(session, nurse_at(lot.location_id), early, now=now)
    assert refusal.value.why == "not_arrived"
