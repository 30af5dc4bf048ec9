"""Reminders of a next dose over two months: once when due, once when overdue, never after it was given."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.domain.accounts.models import Account, Grant
from app.domain.recipients.closing.close_record import CloseRecord, OpenRecordAgain, close_record, open_record_again
from app.domain.recipients.joining.models import EmailChange
from app.domain.reminders.choices import switch_reminders
from app.domain.reminders.models import ReminderRound, ReminderSent
from app.infra import clock
from app.infra.outbox import OutboxMessage
from app.jobs.remind_of_doses import remind_of_doses
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, someone

FIRST = date(2021, 3, 10)


@pytest.fixture
def clinic(session, now):
    return make.location(session, "Eastside Clinic")


def at_ten(day):
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZONE).astimezone(UTC)


def reachable(session, **other):
    """Somebody who claimed the account through a mail to the address on the record."""
    number = session.query(Account).count()
    mail = other.pop("email", f"person{number}@example.net")
    person = someone(session, first_name=f"Person{'abcdefghijklmnop'[number % 16]}", email=mail, **other)
    make.person(session, person.id, email=mail)
    return person


def run(session, database, *, days=60, on=None, overdue_days=14):
    """One round a day; `on` maps a day of the story (0: the first dose) to what happens before that day's round."""
    found = []
    for number in range(days):
        moment = at_ten(FIRST + timedelta(days=number))
        with time_machine.travel(moment, tick=False):
            for act in (on or {}).get(number, []):
                act()
            session.commit()
            remind_of_doses(database, zone=ZONE, overdue_days=overdue_days, now=moment)
        session.expire_all()
        sent = session.query(ReminderSent).order_by(ReminderSent.id).all()
        found += [(number, row.step, row.kind) for row in sent[len(found) :]]
    session.rollback()
    return found


def again(session, clinic, person, stock):
    return lambda: dose(session, clinic, person, stock)


@pytest.mark.parametrize(
    ("product", "given_again", "expected"),
    [
        ("pfizer", None, [(21, 2, "due"), (35, 2, "overdue")]),
        ("moderna-10", None, [(28, 2, "due"), (42, 2, "overdue")]),
        ("janssen", None, []),
        ("pfizer", 21, []),
        ("pfizer", 18, []),
        ("pfizer", 25, [(21, 2, "due")]),
        ("moderna-10", 41, [(28, 2, "due")]),
        ("moderna-10", 42, [(28, 2, "due")]),
    ],
)
def test_each_dose_is_reminded_of_once_when_due_and_once_when_overdue(
    session, database, clinic, product, given_again, expected
):
    person, stock = reachable(session), make_lot(session, clinic, product=product)
    dose(session, clinic, person, stock, given_at=at_ten(FIRST))
    on = {given_again: [again(session, clinic, person, stock)]} if given_again else {}
    assert run(session, database, on=on) == expected
    kinds = [message.payload["kind"] for message in session.query(OutboxMessage).filter_by(kind="reminders.dose_due")]
    assert sorted(kinds) == sorted(kind for _, _, kind in expected)


def test_days_after_the_recommended_one_are_data(session, database, clinic):
    person, stock = reachable(session), make_lot(session, clinic, product="pfizer")
    dose(session, clinic, person, stock, given_at=at_ten(FIRST))
    assert run(session, database, overdue_days=7) == [(21, 2, "due"), (28, 2, "overdue")]
    del person


def unconfirmed(session):
    return someone(session, email="nobody.looked@example.net")


def other_address(session):
    person = reachable(session)
    person.email = person.email_folded = "changed.since@example.net"
    session.commit()
    return person


def no_contact(session):
    person = reachable(session)
    person.answers = {"contact_way": "none"}
    session.commit()
    return person


@pytest.mark.parametrize(
    "who", [someone, unconfirmed, other_address, no_contact], ids=["no address", "unconfirmed", "changed", "no contact"]
)
def test_nobody_is_reminded_without_a_confirmed_address_or_against_their_wish(session, database, clinic, who):
    dose(session, clinic, who(session), make_lot(session, clinic, product="pfizer"), given_at=at_ten(FIRST))
    assert run(session, database, days=40) == []


def test_a_changed_address_that_was_confirmed_is_reminded_at(session, database, clinic, now):
    person = other_address(session)
    changed = EmailChange(recipient_id=person.id, email="Changed.Since@example.net", asked_at=now, confirmed=True)
    session.add(changed)
    dose(session, clinic, person, make_lot(session, clinic, product="pfizer"), given_at=at_ten(FIRST))
    assert run(session, database, days=25) == [(21, 2, "due")]


def test_who_stopped_reminders_gets_none_until_they_want_them_again(session, database, clinic):
    person, stock = reachable(session), make_lot(session, clinic, product="pfizer")
    account = session.query(Account).join(Grant).filter(Grant.scope_id == person.id).one()
    dose(session, clinic, person, stock, given_at=at_ten(FIRST))
    actor = make.actor(session, account)

    def switch(on):
        return lambda: switch_reminders(session, actor, person.id, on=on, now=clock.now())

    assert run(session, database, on={5: [switch(False)], 32: [switch(True)]}) == [(35, 2, "overdue")]


def test_nobody_is_reminded_of_somebody_who_died_unless_that_was_a_mistake(session, database, clinic):
    person, stock = reachable(session), make_lot(session, clinic, product="pfizer")
    dose(session, clinic, person, stock, given_at=at_ten(FIRST))
    staff = make.actor(session, make.administrator(session))
    closing = CloseRecord(person.id, FIRST)
    mistake = OpenRecordAgain(person.id, "Another person of that name")
    on = {
        10: [lambda: close_record(session, staff, closing, now=clock.now(), today=FIRST + timedelta(days=10))],
        33: [lambda: open_record_again(session, staff, mistake, now=clock.now(), today=FIRST + timedelta(days=33))],
    }
    assert run(session, database, on=on) == [(35, 2, "overdue")]


def test_a_dose_in_a_record_that_was_merged_counts_and_reminds_once(session, database, clinic):
    person, stock = reachable(session), make_lot(session, clinic, product="pfizer")
    twin = someone(session, first_name="Twice")
    dose(session, clinic, twin, stock, given_at=at_ten(FIRST))

    def merge():
        twin.merged_into_id = person.id

    assert run(session, database, days=45, on={30: [merge]}) == [(35, 2, "overdue")]


def test_what_a_day_without_worker_missed_is_made_up_and_no_more(session, database, clinic):
    person, stock = reachable(session), make_lot(session, clinic, product="pfizer")
    dose(session, clinic, person, stock, given_at=at_ten(FIRST))
    for day, reminded in ((24, 1), (24, 0), (43, 0)):
        moment = at_ten(FIRST + timedelta(days=day))
        assert remind_of_doses(database, zone=ZONE, overdue_days=14, now=moment) == reminded
    assert [row.kind for row in session.query(ReminderSent)] == ["due"]
    del person


def test_nobody_is_reminded_at_night(session, database, clinic):
    person, stock = reachable(session), make_lot(session, clinic, product="pfizer")
    dose(session, clinic, person, stock, given_at=at_ten(FIRST))
    due = FIRST + timedelta(days=21)
    for hour, minute, reminded in ((8, 59, 0), (19, 0, 0), (23, 0, 0), (9, 0, 1)):
        moment = datetime(due.year, due.month, due.day, hour, minute, tzinfo=ZONE).astimezone(UTC)
        assert remind_of_doses(database, zone=ZONE, overdue_days=14, now=moment) == reminded, hour
    del person


def test_a_round_that_was_cut_off_goes_on_and_reminds_nobody_twice(session, database, clinic, monkeypatch):
    from app.domain.reminders import remind

    stock = make_lot(session, clinic, product="pfizer", doses=20)
    people = [reachable(session) for _ in range(5)]
    for person in people:
        dose(session, clinic, person, stock, given_at=at_ten(FIRST))
    session.commit()
    monkeypatch.setattr(remind, "CHUNK", 2)
    today = FIRST + timedelta(days=21)
    with database.transaction() as other:
        assert remind._remind_some(other, today, 14, at_ten(today)) == (2, True)
    with database.session(write=True) as killed:
        assert remind._remind_some(killed, today, 14, at_ten(today)) == (2, True)
        killed.rollback()
    assert remind.remind_due(database, today=today, overdue_days=14, now=at_ten(today)) == 3
    assert remind.remind_due(database, today=today, overdue_days=14, now=at_ten(today)) == 0
    assert session.query(ReminderSent).count() == 5
    assert session.get_one(ReminderRound, today).finished_at is not None
