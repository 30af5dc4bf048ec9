"""Doses after they were recorded: corrected, removed, moved to the right person, entered from elsewhere, noted upon."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from app.domain.errors import NotAllowed, NotFound
from app.domain.inventory.errors import BadValue, LotUnusable, NoDosesLeft
from app.domain.inventory.models import Lot, StockEntry
from app.domain.inventory.vials import OpenVial, open_vial
from app.domain.program.products import product_by_code
from app.domain.vaccinations.administer_dose import get_dose
from app.domain.vaccinations.check_proof import check_proof
from app.domain.vaccinations.correct_dose import CorrectDose, correct_dose
from app.domain.vaccinations.doses import changes_of, removed_doses, version_of
from app.domain.vaccinations.enter_outside_dose import EnterOutsideDose, enter_outside_dose
from app.domain.vaccinations.errors import (
    AlreadyOnRecord,
    BadDose,
    BadDoseTime,
    DoseChanged,
    DoseRemoved,
    GivenElsewhere,
    NoDosesYet,
    NothingChanged,
    SamePerson,
    TicketExpired,
)
from app.domain.vaccinations.find_for_visit import describe
from app.domain.vaccinations.history import doses_of, is_complete
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof
from app.domain.vaccinations.models import Administration, DoseChange, Visit
from app.domain.vaccinations.move_dose import MoveDose, move_dose
from app.domain.vaccinations.note_event import NoteEvent, note_event
from app.domain.vaccinations.remove_dose import RemoveDose, remove_dose
from app.infra.audit import AuditEntry
from app.infra.storage import FolderStorage
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.proofs import ISSUER
from tests.make.vaccinations import ZONE, dose, nurse_at, someone
from tests.make.vaccinations import visit as make_visit


@pytest.fixture
def location(session, now):
    return make.location(session)


@pytest.fixture
def lot(session, location):
    return make_lot(session, location, number="EN6201")


@pytest.fixture
def maria(session, location):
    return someone(session, location)


@pytest.fixture
def prove(session, location, now, tmp_path):
    """Issue a proof at the location."""

    def issue(person):
        which = WhichProof(person.id, location.id)
        storage = FolderStorage(tmp_path)
        return issue_proof(
            session, nurse_at(location.id), which, storage=storage, render=lambda *_: b"x", issuer=ISSUER, now=now
        )

    return issue


def correct(session, given, now, **other):
    command = {
        "version": version_of(session, given), "reason": "Typed wrongly", "lot_id": given.lot_id, "site": given.site,
        "given_at": given.given_at, "clinician_name": given.clinician_name, "clinician_suffix": given.clinician_suffix,
    } | other  # fmt: skip
    made = CorrectDose(given.location_id, given.id, **command)
    return correct_dose(session, nurse_at(given.location_id), made, now=now, zone=ZONE)


def remove(session, given, now, **other):
    command = RemoveDose(
        given.location_id, given.id, **({"version": version_of(session, given), "reason": "Never given"} | other)
    )
    return remove_dose(session, nurse_at(given.location_id), command, now=now)


def move(session, given, to, now, **other):
    nurse = nurse_at(given.location_id)
    (found,) = describe(session, nurse, given.location_id, [to], now=now)
    command = {"version": version_of(session, given), "reason": "Twins", "ticket": found.ticket} | other
    return move_dose(session, nurse, MoveDose(given.location_id, given.id, **command), now=now)


def outside(session, location, person, now, **other):
    command = {
        "product_id": product_by_code(session, "pfizer").id, "given_on": date(2021, 2, 10), "source": "card",
        "place_name": "Richmond Clinic, Virginia", "evidence": "Card seen", "lot_number": "EL0140",
    } | other  # fmt: skip
    made = EnterOutsideDose(location.id, person.id, **command)
    return enter_outside_dose(session, nurse_at(location.id), made, now=now, zone=ZONE)


def left(session, stock):
    session.expire_all()
    return session.get(Lot, stock.id).balance


def test_a_correction_keeps_what_was_said_before_and_who_changed_it_when_and_why(session, location, lot, maria, now):
    given = dose(session, location, maria, lot)
    correct(session, given, now, site="RD", clinician_name="Dee Fry", clinician_suffix="LPN")
    session.commit()
    ((change, _),) = [(told.change, told.made_by) for told in changes_of(session, given)]
    assert (change.kind, change.made_at, change.details["reason"]) == ("corrected", now, "Typed wrongly")
    assert (change.details["before"]["site"], change.details["after"]["site"]) == ("LD", "RD")
    assert change.details["after"]["given_by"] == "Dee Fry, LPN"
    raw = session.connection().exec_driver_sql("SELECT details FROM dose_change").scalar_one()
    assert b"Typed" not in bytes(raw)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == maria.id)).all()
    assert "recipient.dose_corrected" in acts
    assert left(session, lot) == 9


def test_the_history_of_a_dose_is_never_changed(session, location, lot, maria, now):
    remove(session, dose(session, location, maria, lot), now)
    session.commit()
    for statement in (update(DoseChange).values(kind="moved"), DoseChange.__table__.delete()):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(statement)
        session.rollback()


def test_from_another_lot_one_dose_goes_back_and_one_is_taken_and_back_again(session, location, lot, maria, now):
    other = make_lot(session, location, product="moderna-10", number="013L20A", doses=1)
    given = dose(session, location, maria, lot)
    correct(session, given, now, lot_id=other.id)
    session.commit()
    assert (left(session, lot), left(session, other)) == (10, 0)
    (now_on_record,) = doses_of(session, maria.id)
    assert (now_on_record.lot_number, now_on_record.cvx) == ("013L20A", "207")
    assert now_on_record.fact_sheet == session.get(Lot, other.id).product.rules_on(date(2021, 3, 10)).fact_sheet
    correct(session, given, now, lot_id=lot.id)
    remove(session, given, now)
    session.commit()
    assert (left(session, lot), left(session, other)) == (10, 1)


def test_an_opened_vial_has_again_what_was_not_given_from_it(session, location, lot, maria, now):
    other = make_lot(session, location, number="EN0000")
    vial = open_vial(session, nurse_at(location.id), OpenVial(location.id, lot.id), now=now, today=now.date())
    first = dose(session, location, maria, lot)
    second = dose(session, location, someone(session, location, last_name="Second"), lot)
    assert vial.doses_left == 4
    correct(session, first, now, lot_id=other.id)
    assert vial.doses_left == 5
    remove(session, second, now)
    assert vial.doses_left == 6


def test_a_lot_that_was_used_up_or_is_another_locations_changes_nothing(session, location, lot, maria, now):
    empty = make_lot(session, location, number="EN0000", doses=1)
    dose(session, location, someone(session, location, last_name="First"), empty)
    theirs = make_lot(session, make.location(session, "Westside Clinic"))
    given = dose(session, location, maria, lot)
    for stock, refusal in ((empty, NoDosesLeft), (theirs, NotFound)):
        with pytest.raises(refusal):
            correct(session, given, now, lot_id=stock.id)
        session.rollback()
    assert (left(session, lot), [kept.lot_number for kept in doses_of(session, maria.id)]) == (9, ["EN6201"])


def test_another_day_moves_the_dose_to_its_place(session, location, lot, maria, now):
    first = dose(session, location, maria, lot, given_at=now - timedelta(days=25))
    second = dose(session, location, maria, lot)
    correct(session, second, now, given_at=now - timedelta(days=30))
    session.commit()
    session.expire_all()
    assert (session.get(Administration, second.id).dose_number, session.get(Administration, first.id).dose_number) == (
        1, 2,
    )  # fmt: skip
    assert session.get(Administration, second.id).given_on == date(2021, 2, 8)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"site": "XX"}, "site"),
        ({"clinician_name": " "}, "clinician_name"),
        ({"clinician_suffix": "PhD"}, "clinician_suffix"),
        ({"reason": "  "}, "reason"),
        ({"reason": "a" * 256}, "reason"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(session, location, lot, maria, now, wrong, field):
    with pytest.raises(BadDose) as refusal:
        correct(session, dose(session, location, maria, lot), now, **wrong)
    assert refusal.value.field == field


def test_a_corrected_day_is_neither_in_the_future_nor_before_birth_nor_one_of_an_unusable_lot(
    session, location, lot, maria, now
):
    given = dose(session, location, maria, lot)
    for given_at, fault in ((now + timedelta(hours=1), "future"), (datetime(1950, 1, 1, tzinfo=UTC), "before_birth")):
        with pytest.raises(BadDoseTime) as refusal:
            correct(session, given, now, given_at=given_at)
        assert refusal.value.fault == fault
    with pytest.raises(LotUnusable):
        correct(session, given, now, given_at=datetime(2020, 11, 1, 12, tzinfo=UTC))


def test_the_same_details_are_no_correction_even_without_the_seconds_that_no_form_shows(
    session, location, lot, maria, now
):
    given = dose(session, location, maria, lot, given_at=now - timedelta(minutes=5, seconds=7))
    with pytest.raises(NothingChanged):
        correct(session, given, now, given_at=given.given_at.replace(second=0))


def test_of_two_who_change_the_same_dose_the_second_is_told(session, location, lot, maria, now):
    given = dose(session, location, maria, lot)
    correct(session, given, now, site="RD")
    for change in (correct, remove):
        with pytest.raises(DoseChanged) as refusal:
            change(session, given, now, version=1)
        assert refusal.value.version == 2


@pytest.mark.parametrize(("to", "reason", "balance"), [("stock", "", 10), ("waste", "drawn", 9)])
def test_a_removed_dose_goes_back_or_to_waste_as_the_nurse_says_and_stays_on_record_as_an_error(
    session, location, lot, maria, now, to, reason, balance
):
    given = dose(session, location, maria, lot)
    remove(session, given, now, to=to, waste_reason=reason)
    session.commit()
    assert left(session, lot) == balance
    assert sum(session.scalars(select(StockEntry.doses).where(StockEntry.lot_id == lot.id))) == balance
    assert doses_of(session, maria.id) == []
    assert [kept.id for kept in removed_doses(session, nurse_at(location.id), location.id, maria.id)] == [given.id]
    ended = session.get(Visit, given.visit_id)
    assert (ended.status, ended.reason) == ("left", "dose_removed")
    assert get_dose(session, nurse_at(location.id), location.id, ended.id) is None
    for again in (remove, correct):
        with pytest.raises(DoseRemoved):
            again(session, given, now)
    assert left(session, lot) == balance


def test_waste_without_a_reason_of_the_list_removes_nothing(session, location, lot, maria, now):
    given = dose(session, location, maria, lot)
    with pytest.raises(BadValue):
        remove(session, given, now, to="waste")
    session.rollback()
    assert (left(session, lot), len(doses_of(session, maria.id))) == (9, 1)


def test_the_doses_after_a_removed_one_are_counted_anew(session, location, lot, maria, now):
    first = dose(session, location, maria, lot, given_at=now - timedelta(days=25))
    second = dose(session, location, maria, lot)
    remove(session, first, now)
    session.commit()
    session.refresh(second)
    assert second.dose_number == 1


def test_the_proof_that_no_longer_fits_is_withdrawn_and_another_fits_on(session, location, lot, maria, now, prove):
    given = dose(session, location, maria, lot)
    untouched = someone(session, location, last_name="Other")
    dose(session, location, untouched, lot)
    mine, theirs = prove(maria).code, prove(untouched).code
    correct(session, given, now, site="RD")
    assert check_proof(session, mine).verdict == "genuine"
    correct(session, given, now, clinician_name="Dee Fry")
    session.commit()
    session.expire_all()
    assert (check_proof(session, mine).verdict, check_proof(session, theirs).verdict) == ("revoked", "genuine")
    assert prove(maria).code != mine


def test_a_dose_moves_to_the_right_person_with_the_stock_untouched(session, location, lot, maria, now, prove):
    right = someone(session, first_name="Marta")
    early = dose(session, location, right, lot, given_at=now - timedelta(days=25))
    given = dose(session, location, maria, lot)
    codes = prove(maria).code, early.id
    move(session, given, right, now)
    session.commit()
    assert left(session, lot) == 8
    assert doses_of(session, maria.id) == []
    assert [kept.number for kept in doses_of(session, right.id)] == [1, 2]
    session.refresh(given)
    assert (given.dose_number, given.overrides, given.visit_id) == (2, None, None)
    assert check_proof(session, codes[0]).verdict == "revoked"
    assert [kept.product_name for kept in doses_of(session, right.id)]
    assert prove(right).facts["doses"][1]["number"] == 2
    (told,) = changes_of(session, given)
    assert (told.change.details["before"]["person"], told.change.details["after"]["person"]) == (
        "Maria Lopez", "Marta Lopez",
    )  # fmt: skip
    move(session, given, maria, now, reason="It was right")
    assert len(doses_of(session, maria.id)) == 1


def test_the_right_person_who_waits_is_done_with_the_dose_that_moves_to_them(session, location, lot, maria, now):
    given = dose(session, location, maria, lot)
    waiting = make_visit(session, location, someone(session, location, first_name="Marta"))
    wrong_visit = given.visit_id
    move(session, given, waiting.recipient, now)
    session.commit()
    session.expire_all()
    assert session.get(Visit, waiting.id).status == "vaccinated"
    assert get_dose(session, nurse_at(location.id), location.id, waiting.id).id == given.id
    assert session.get(Visit, wrong_visit).reason == "dose_moved"


def test_a_dose_moves_neither_to_the_same_person_nor_before_a_birth_nor_by_a_strange_ticket(
    session, location, lot, maria, now
):
    copy, baby = someone(session, location), someone(session, location, birth_date=date(2021, 3, 12))
    copy.merged_into_id = maria.id
    session.commit()
    given = dose(session, location, maria, lot)
    for person, refusal in ((maria, SamePerson), (copy, SamePerson), (baby, BadDoseTime)):
        with pytest.raises(refusal):
            move(session, given, person, now)
        session.rollback()
    with pytest.raises(TicketExpired):
        move(session, given, maria, now, ticket="made up")


def test_a_dose_from_elsewhere_takes_its_place_touches_no_stock_and_is_marked_on_the_proof(
    session, location, lot, maria, now, prove
):
    here = dose(session, location, maria, lot)
    entered = outside(session, location, maria, now)
    session.commit()
    session.refresh(here)
    assert (entered.dose_number, here.dose_number, left(session, lot)) == (1, 2, 9)
    first, _ = doses_of(session, maria.id)
    assert (first.lot_number, first.location_name, first.source) == ("EL0140", "Richmond Clinic, Virginia", "card")
    assert is_complete(doses_of(session, maria.id))
    marks = [told.get("source") for told in prove(maria).facts["doses"]]
    assert marks == ["card", None]
    raw = session.connection().exec_driver_sql("SELECT evidence FROM administration WHERE source = 'card'").scalar_one()
    assert b"seen" not in bytes(raw)


@pytest.mark.parametrize("source", ["other_state", "statement"])
def test_what_no_card_or_registry_says_counts_in_the_series_and_stands_on_no_proof(
    session, location, maria, now, prove, source
):
    outside(session, location, maria, now, source=source)
    assert len(doses_of(session, maria.id)) == 1
    with pytest.raises(NoDosesYet):
        prove(maria)


def test_a_dose_from_elsewhere_that_cannot_be_is_refused(session, location, lot, maria, now):
    for wrong in ("source", "place_name", "evidence"):
        with pytest.raises(BadDose) as refusal:
            outside(session, location, maria, now, **{wrong: " "})
        assert refusal.value.field == wrong
    with pytest.raises(BadDose):
        outside(session, location, maria, now, product_id=make.NOBODY)
    for day, fault in (
        (date(2021, 3, 11), "future"), (date(1950, 1, 1), "before_birth"), (date(2020, 11, 1), "before_product"),
    ):  # fmt: skip
        with pytest.raises(BadDoseTime) as refusal:
            outside(session, location, maria, now, given_on=day)
        assert refusal.value.fault == fault
    dose(session, location, maria, lot)
    with pytest.raises(AlreadyOnRecord):
        outside(session, location, maria, now, given_on=date(2021, 3, 10))
    with pytest.raises(NotFound):
        outside(session, location, someone(session, last_name="Stranger"), now)


def test_a_dose_from_elsewhere_is_removed_or_moved_but_not_corrected(session, location, lot, maria, now):
    entered = outside(session, location, maria, now)
    with pytest.raises(GivenElsewhere):
        correct(session, entered, now, lot_id=lot.id, site="LD", clinician_name="Ann Lee", clinician_suffix="RN")
    remove(session, entered, now)
    session.commit()
    assert (doses_of(session, maria.id), left(session, lot)) == ([], 10)


def test_an_adverse_event_is_noted_with_the_dose_and_changes_nothing_else(session, location, lot, maria, now, prove):
    given = dose(session, location, maria, lot)
    code = prove(maria).code
    nurse = nurse_at(location.id)
    note_event(
        session, nurse, NoteEvent(location.id, given.id, "syncope", "Fainted, well after 5 minutes", now), now=now
    )
    session.commit()
    (told,) = changes_of(session, given)
    assert (told.change.kind, told.change.details["event"]) == ("event", "syncope")
    assert (version_of(session, given), check_proof(session, code).verdict) == (1, "genuine")
    for wrong in ({"kind": "x"}, {"note": " "}, {"report": "1" * 31}):
        with pytest.raises(BadDose):
            note_event(session, nurse, NoteEvent(
                location.id, given.id, **({"kind": "other", "note": "A", "happened_at": now} | wrong)
            ), now=now)  # fmt: skip
    for when in (now + timedelta(hours=1), now - timedelta(hours=1)):
        with pytest.raises(BadDoseTime):
            note_event(session, nurse, NoteEvent(location.id, given.id, "other", "A", when), now=now)


def test_only_the_location_that_gave_a_dose_touches_it(session, location, lot, maria, now):
    given = dose(session, location, maria, lot)
    elsewhere = make.location(session, "Westside Clinic")
    with pytest.raises(NotFound):
        remove_dose(session, nurse_at(elsewhere.id), RemoveDose(elsewhere.id, given.id, 1, "No"), now=now)
    with pytest.raises(NotFound):
        remove_dose(session, nurse_at(elsewhere.id), RemoveDose(location.id, given.id, 1, "No"), now=now)
    staff = make.actor(session, make.administrator(session))
    with pytest.raises(NotAllowed):
        remove_dose(session, staff, RemoveDose(location.id, given.id, 1, "No"), now=now)
