"""A dose is given: what must be told, what follows from the record, and what changes with it."""

import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import NotAllowed, NotFound
from app.domain.inventory.errors import LotUnusable, NoDosesLeft
from app.domain.inventory.models import Lot
from app.domain.vaccinations.administer_dose import AdministerDose, administer_dose
from app.domain.vaccinations.end_visit import EndVisit, end_visit
from app.domain.vaccinations.errors import BadDose, BadDoseTime, NeedsReasons, VisitEnded
from app.domain.vaccinations.history import doses_by_recipient, doses_of
from app.domain.vaccinations.models import Administration, Visit
from app.domain.vaccinations.screen_visit import ScreenVisit, screen_visit
from app.infra.audit import AuditEntry
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, nurse_at, someone
from tests.make.vaccinations import visit as make_visit


@pytest.fixture
def location(session, now):
    return make.location(session)


def command(visit, lot, **other):
    made = AdministerDose(visit.location_id, visit.id, lot.id, "LD", "Ann Lee", "RN", fact_sheet_given=True)
    return replace(made, **other)


def give(session, visit, lot, now, **other):
    return administer_dose(
        session, nurse_at(visit.location_id), command(visit, lot, **other), now=now, zone=ZONE
    )


def test_a_dose_takes_one_from_the_lot_ends_the_visit_and_is_on_record(session, location, now):
    lot, visit = make_lot(session, location, doses=6), make_visit(session, location)
    given = give(session, visit, lot, now)
    session.commit()
    assert session.get(Lot, lot.id).balance == 5
    assert session.get(Visit, visit.id).status == "vaccinated"
    assert (given.dose_number, given.given_on, given.product.code) == (1, date(2021, 3, 10), "pfizer")
    assert (given.route, given.fact_sheet) == ("C28161", "253088698300033211201201")
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == visit.recipient_id)).all()
    assert "recipient.dose_recorded" in acts


def test_the_mail_is_announced_for_those_who_have_an_address_and_holds_ids_only(session, location, now):
    lot = make_lot(session, location)
    for email in ("maria@example.org", None):
        visit = make_visit(session, location, someone(session, location, email=email))
        give(session, visit, lot, now)
    session.commit()
    messages = session.scalars(select(OutboxMessage)).all()
    assert [message.kind for message in messages] == ["vaccinations.dose_recorded"]
    assert set(messages[0].payload) == {"administration_id"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"site": "XX"}, "site"),
        ({"clinician_name": "  "}, "clinician_name"),
        ({"clinician_name": "a" * 131}, "clinician_name"),
        ({"clinician_suffix": "PhD"}, "clinician_suffix"),
        ({"fact_sheet_given": False}, "fact_sheet_given"),
    ],
)
def test_details_that_no_list_knows_are_refused(session, location, now, wrong, field):
    with pytest.raises(BadDose) as refusal:
        give(session, make_visit(session, location), make_lot(session, location), now, **wrong)
    assert refusal.value.field == field


def test_a_dose_is_not_given_in_the_future_nor_before_birth_but_may_be_entered_later(session, location, now):
    lot = make_lot(session, location)
    baby = someone(session, location, birth_date=date(2021, 3, 8))
    visit = make_visit(session, location, baby)
    for given_at, fault in (
        (now + timedelta(hours=1), "future"),
        (datetime(2021, 3, 7, 12, tzinfo=UTC), "before_birth"),
    ):
        with pytest.raises(BadDoseTime) as refusal:
            give(session, visit, lot, now, given_at=given_at)
        assert refusal.value.fault == fault
    visit = make_visit(session, location)
    given = give(session, visit, lot, now, given_at=datetime(2021, 3, 9, 3, 30, tzinfo=UTC))
    assert (given.given_on, given.recorded_at) == (date(2021, 3, 8), now)


def test_what_speaks_against_a_dose_needs_a_reason_each_and_changes_nothing_until_then(
    session, location, now
):
    lot = make_lot(session, location, product="moderna-10")
    child = someone(session, location, birth_date=date(2010, 1, 1))
    visit = make_visit(session, location, child, sick_today="yes", allergy_ingredient="yes")
    with pytest.raises(NeedsReasons) as refusal:
        give(session, visit, lot, now, reasons={"age": "Parents insist", "defer": "   "})
    assert [caution.code for caution in refusal.value.cautions] == ["contraindication", "defer"]
    session.rollback()
    assert session.get(Lot, lot.id).balance == 10
    assert session.get(Visit, visit.id).status == "screened"
    reasons = {
        "age": "By order of the doctor",
        "defer": "A cold",
        "contraindication": "Tested",
        "mix": "unneeded",
    }
    given = give(session, visit, lot, now, reasons=reasons)
    session.commit()
    session.refresh(given)
    assert set(given.overrides) == {"age", "defer", "contraindication"}
    raw = session.connection().exec_driver_sql("SELECT overrides FROM administration").scalar_one()
    assert b"doctor" not in bytes(raw)


def test_a_visit_without_screening_needs_a_reason_too(session, location, now):
    visit = make_visit(session, location, screened=False)
    lot = make_lot(session, location)
    with pytest.raises(NeedsReasons) as refusal:
        give(session, visit, lot, now)
    assert [caution.code for caution in refusal.value.cautions] == ["not_screened"]
    assert give(session, visit, lot, now, reasons={"not_screened": "On paper"}).dose_number == 1


def test_the_dose_number_follows_from_the_doses_of_all_records_of_the_person(session, location, now):
    lot = make_lot(session, location)
    kept, copy = someone(session, location), someone(session, location, last_name="Lopes")
    dose(session, location, copy, lot, given_at=now - timedelta(days=21))
    copy.merged_into_id = kept.id
    session.commit()
    visit = make_visit(session, location, kept)
    assert give(session, visit, lot, now).dose_number == 2
    session.commit()
    assert [given.number for given in doses_of(session, kept.id)] == [1, 2]
    stranger = someone(session)
    found = doses_by_recipient(session, [kept.id, stranger.id])
    assert (len(found[kept.id]), found[stranger.id]) == (2, [])


def test_a_dose_entered_late_takes_its_place_before_the_later_ones(session, location, now):
    lot, recipient = make_lot(session, location), someone(session, location)
    dose(session, location, recipient, lot)
    dose(session, location, recipient, lot, given_at=now - timedelta(days=30))
    doses = doses_of(session, recipient.id)
    assert [(given.number, given.given_on) for given in doses] == [
        (1, date(2021, 2, 8)),
        (2, date(2021, 3, 10)),
    ]


def test_the_day_of_a_dose_is_the_calendar_day_of_the_program(session, location, now):
    lot, recipient = make_lot(session, location), someone(session, location)
    late_evening = datetime(2021, 3, 10, 4, 30, tzinfo=UTC)
    assert dose(session, location, recipient, lot, given_at=late_evening).given_on == date(2021, 3, 9)


@pytest.mark.parametrize(("product", "why"), [("moderna-14", "not_yet"), ("pfizer", "expired")])
def test_only_a_lot_that_may_be_given_that_day_is_used(session, location, now, product, why):
    expires_on = date(2021, 3, 9) if why == "expired" else None
    lot = make_lot(session, location, product=product, expires_on=expires_on)
    with pytest.raises(LotUnusable) as refusal:
        give(session, make_visit(session, location), lot, now)
    assert refusal.value.why == why


def test_a_lot_of_another_location_is_not_there(session, location, now):
    visit = make_visit(session, location)
    with pytest.raises(NotFound):
        give(session, visit, make_lot(session, make.location(session, "Elsewhere")), now)


def test_a_visit_takes_one_dose_only(session, location, now):
    lot, visit = make_lot(session, location), make_visit(session, location)
    give(session, visit, lot, now)
    session.commit()
    with pytest.raises(VisitEnded):
        give(session, visit, lot, now)


def test_an_employers_contact_gives_no_doses(session, location, now):
    lot, visit = make_lot(session, location), make_visit(session, location)
    contact = make.actor(session, make.contact(session, location.id))
    with pytest.raises(NotAllowed):
        administer_dose(session, contact, command(visit, lot), now=now, zone=ZONE)


def test_of_two_people_and_one_dose_one_is_vaccinated_and_the_other_still_waits(
    database, session, location, now
):
    lot = make_lot(session, location, doses=1)
    visits = [
        make_visit(session, location, someone(session, location, last_name=name)) for name in ("Ash", "Birch")
    ]
    commands = [command(visit, lot) for visit in visits]
    location_id = location.id
    session.rollback()
    start = threading.Barrier(2)
    ends = []

    def nurse(told):
        start.wait()
        try:
            with database.transaction() as own:
                administer_dose(own, nurse_at(location_id), told, now=now, zone=ZONE)
            ends.append("given")
        except NoDosesLeft:
            ends.append("none left")

    both = [threading.Thread(target=nurse, args=(told,)) for told in commands]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(ends) == ["given", "none left"]
    session.expire_all()
    assert sorted(visit.status for visit in visits) == ["screened", "vaccinated"]
    assert len(session.scalars(select(Administration)).all()) == 1


def test_a_visit_that_ends_while_its_dose_is_recorded_ended_with_the_dose(session, database, location, now):
    lot, visit = make_lot(session, location), make_visit(session, location)
    told, location_id, visit_id = command(visit, lot), location.id, visit.id
    screened = ScreenVisit(location_id, visit_id, visit.questionnaire, visit.answers)
    session.rollback()
    refused = []

    def too_late(act, what):
        try:
            with database.transaction() as own:
                act(own, nurse_at(location_id), what, now=now)
        except VisitEnded:
            refused.append(act)

    others = [
        threading.Thread(target=too_late, args=(end_visit, EndVisit(location_id, visit_id, "left"))),
        threading.Thread(target=too_late, args=(screen_visit, screened)),
    ]
    with database.transaction() as own:
        administer_dose(own, nurse_at(location_id), told, now=now, zone=ZONE)
        for one in others:
            one.start()
        time.sleep(0.5)
    for one in others:
        one.join()
    assert set(refused) == {end_visit, screen_visit}
    session.expire_all()
    assert session.get(Visit, visit_id).status == "vaccinated"
