"""After approval: what changes is shown beside what is in force, signed again where it must be, and approved anew."""

import pytest
from sqlalchemy import select

from app.domain.accounts.models import Invitation
from app.domain.enrollment.add_location import AddEnrolledLocation, add_location
from app.domain.enrollment.approve import ApproveLocation, approve_enrollment, approve_location
from app.domain.enrollment.change_location import ChangeLocation, change_location, remove_location
from app.domain.enrollment.comparison import changes_of_enrollment, changes_of_location, list_changes_of
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.corrections import AskCorrection, ReturnEnrollment, ask_correction, return_enrollment
from app.domain.enrollment.deny import Deny, DenySectionA, deny_location, deny_section_a
from app.domain.enrollment.errors import NotNow
from app.domain.enrollment.models import EnrollmentEvent
from app.domain.enrollment.practicing_providers import AddProvider, add_provider, remove_provider
from app.domain.enrollment.queries import corrections_of, providers_of, units_of
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.save_section_b import SaveSectionB, save_section_b
from app.domain.enrollment.storage_units import AddUnit, ChangeUnit, add_unit, change_unit
from app.domain.enrollment.update import BeginUpdate, begin_update, cancel_location_update, cancel_update
from app.domain.providers.models import Location
from tests.domain.enrollment.test_sections import mails
from tests.make import enrollment as making

NEW_CMO = {
    "officer_cmo_first_name": "Dana", "officer_cmo_last_name": "Diaz", "officer_cmo_email": "dana@harvest.example",
}  # fmt: skip


def updating(session, now, places=1):
    """An approved enrollment of which the coordinator of the first location has begun an update."""
    enrollment = making.approved(session, places=places)
    location = making.locations_of(session, enrollment)[0]
    vera = making.coordinator_of(session, location)
    begin_update(session, vera, BeginUpdate(enrollment.id, location.id), now=now)
    return enrollment, location, vera


def test_a_new_freezer_is_attested_by_the_coordinator_and_approved_by_the_state(session, now):
    enrollment, location, vera = updating(session, now, places=2)
    add_unit(session, vera, AddUnit(location.id, "So-Low", "U85", "ultra_low", making.PICTURE, making.PICTURE), now=now)
    save_section_b(session, vera, SaveSectionB(location.id, {"capacity_ultra_frozen": "30"}, location.version), now=now)
    complete_section_b(session, vera, location.id, now=now)
    assert enrollment.status == "updating"
    making.signed(session, vera, enrollment, "storage_attestation", "coordinator", location)
    assert enrollment.status == "submitted"
    assert [(one.field.key, one.old, one.new) for one in changes_of_location(location)] == [
        ("capacity_ultra_frozen", "none", "30")
    ]
    changes = list_changes_of(session, location)
    assert ([unit.brand for unit in changes.units_added], changes.units_removed) == (["So-Low"], [])
    assert location.approved["capacity_ultra_frozen"] == "none"
    assert [unit.brand for unit in units_of(session, location, approved=True)] == ["Helmer"]
    approve_location(session, making.state_actor(session), ApproveLocation(location.id), now=now)
    assert (enrollment.status, location.approved["capacity_ultra_frozen"]) == ("approved", "30")
    assert not list_changes_of(session, location).any
    assert len(session.scalars(select(Location)).all()) == 2


def test_an_approved_unit_that_is_changed_stays_in_force_until_the_update_is_approved(session, now):
    _, location, vera = updating(session, now)
    old = units_of(session, location)[0]
    new = change_unit(session, vera, ChangeUnit(old.id, model="GX-2"), now=now)
    assert new.id != old.id
    changes = list_changes_of(session, location)
    assert ([one.model for one in changes.units_added], [one.model for one in changes.units_removed]) == (
        ["GX-2"], ["GX"],
    )  # fmt: skip
    assert [one.id for one in units_of(session, location, approved=True)] == [old.id]
    assert (new.inside_key, new.outside_key) == (old.inside_key, old.outside_key)


def test_providers_who_come_and_go_are_signed_for_by_nobody(session, now):
    enrollment, location, vera = updating(session, now)
    (nora,) = providers_of(session, location).items
    add_provider(session, vera, AddProvider(location.id, "Omar", "Olsen", "MD", "MD-9"), now=now)
    remove_provider(session, vera, nora.id, now=now)
    complete_section_b(session, vera, location.id, now=now)
    assert enrollment.status == "submitted"
    changes = list_changes_of(session, location)
    assert [one.last_name for one in changes.providers_added + changes.providers_removed] == ["Olsen", "Nolan"]


def test_a_new_chief_medical_officer_signs_and_the_chief_executive_does_not_sign_again(session, now):
    enrollment = making.approved(session)
    boss = making.boss_of(session, enrollment)
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    save_section_a(session, boss, SaveSectionA(enrollment.id, NEW_CMO, enrollment.version), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    session.commit()
    assert enrollment.status == "signatures"
    assert mails(session, "signature_asked") == []
    dana = making.officer_of(session, enrollment, "cmo")
    making.signed(session, dana, enrollment, "provider_agreement", "cmo")
    assert enrollment.status == "submitted"
    assert [one.field.key for one in changes_of_enrollment(enrollment)] == [
        "officer_cmo_first_name", "officer_cmo_last_name", "officer_cmo_email",
    ]  # fmt: skip
    assert enrollment.approved["officer_cmo_first_name"] == "Carl"
    approve_enrollment(session, making.state_actor(session), enrollment.id, now=now)
    assert (enrollment.status, enrollment.approved["officer_cmo_first_name"]) == ("approved", "Dana")


def test_a_new_location_is_signed_for_by_both_officers_and_approved_beside_the_others(session, now):
    enrollment = making.approved(session)
    boss = making.boss_of(session, enrollment)
    with pytest.raises(NotNow):
        add_location(session, boss, AddEnrolledLocation(enrollment.id, making.place(2)), now=now)
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    added = add_location(session, boss, AddEnrolledLocation(enrollment.id, making.place(2)), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    making.completed(session, enrollment, added)
    assert enrollment.status == "signatures"
    making.sign_as_officers(session, enrollment)
    making.approve_all(session, enrollment)
    assert (enrollment.status, added.status) == ("approved", "approved")
    assert len(session.scalars(select(Location)).all()) == 2


def test_a_renamed_location_is_renamed_in_the_provider_portal_when_the_state_approves(session, now):
    enrollment = making.approved(session)
    boss, location = making.boss_of(session, enrollment), making.locations_of(session, enrollment)[0]
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    change_location(session, boss, ChangeLocation(location.id, {"name": "Harvest North"}, location.version), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    assert location.status == "updating"
    vera = making.coordinator_of(session, location)
    complete_section_b(session, vera, location.id, now=now)
    for document in ("provider_agreement", "storage_attestation"):
        making.signed(session, vera, enrollment, document, "coordinator", location)
    making.sign_as_officers(session, enrollment)
    place = session.get_one(Location, location.location_id)
    assert place.name == "Harvest Pharmacy 1"
    making.approve_all(session, enrollment)
    assert place.name == "Harvest North"


def test_a_coordinators_new_telephone_number_asks_nobody_to_sign(session, now):
    enrollment = making.approved(session)
    boss, location = making.boss_of(session, enrollment), making.locations_of(session, enrollment)[0]
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    phone = {"coordinator_phone": "9195550177"}
    change_location(session, boss, ChangeLocation(location.id, phone, location.version), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    assert (enrollment.status, location.status) == ("submitted", "complete")


def test_a_denied_update_leaves_what_was_approved_and_keeps_what_was_asked_for_on_record(session, now):
    enrollment, location, vera = updating(session, now)
    add_unit(session, vera, AddUnit(location.id, "So-Low", "U85", "ultra_low", making.PICTURE, making.PICTURE), now=now)
    save_section_b(session, vera, SaveSectionB(location.id, {"patients_weekly": "999"}, location.version), now=now)
    complete_section_b(session, vera, location.id, now=now)
    making.signed(session, vera, enrollment, "storage_attestation", "coordinator", location)
    deny_location(session, making.state_actor(session), Deny(location.id, "Not now."), now=now)
    assert (enrollment.status, location.status, location.answers["patients_weekly"]) == ("approved", "approved", "120")
    session.expire_all()
    assert [unit.brand for unit in units_of(session, location)] == ["Helmer"]
    event = session.scalars(select(EnrollmentEvent).where(EnrollmentEvent.act == "deny_update")).one()
    assert event.facts["denied"]["patients_weekly"] == "999"


def test_a_denied_change_of_section_a_leaves_the_approved_officer(session, now):
    enrollment = making.approved(session)
    boss = making.boss_of(session, enrollment)
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    save_section_a(session, boss, SaveSectionA(enrollment.id, NEW_CMO, enrollment.version), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    making.signed(session, making.officer_of(session, enrollment, "cmo"), enrollment, "provider_agreement", "cmo")
    deny_section_a(session, making.state_actor(session), DenySectionA(enrollment.id, "No license."), now=now)
    assert (enrollment.status, enrollment.answers["officer_cmo_first_name"]) == ("approved", "Carl")


def test_an_update_that_is_given_up_leaves_everything_as_approved(session, now):
    enrollment, location, vera = updating(session, now)
    old = units_of(session, location)[0]
    change_unit(session, vera, ChangeUnit(old.id, model="GX-2"), now=now)
    boss = making.boss_of(session, enrollment)
    added = add_location(session, boss, AddEnrolledLocation(enrollment.id, making.place(2)), now=now)
    save_section_a(session, boss, SaveSectionA(enrollment.id, {"legal_name": "Other"}, enrollment.version), now=now)
    cancel_update(session, boss, enrollment.id, now=now)
    session.expire_all()
    assert (enrollment.status, enrollment.name, location.status, added.status) == (
        "approved", "Harvest Pharmacy", "approved", "removed",
    )  # fmt: skip
    assert [unit.id for unit in units_of(session, location)] == [old.id]
    assert session.get_one(Invitation, added.coordinator_invitation_id).withdrawn_at is not None


def test_a_coordinator_gives_up_their_own_update_and_the_enrollment_is_as_before(session, now):
    enrollment, location, vera = updating(session, now)
    save_section_b(session, vera, SaveSectionB(location.id, {"patients_weekly": "999"}, location.version), now=now)
    cancel_location_update(session, vera, location.id, now=now)
    assert (enrollment.status, location.status, location.answers["patients_weekly"]) == ("approved", "approved", "120")


def test_what_the_state_asked_for_ends_with_the_update_that_a_coordinator_gives_up(session, now):
    enrollment, location, vera = updating(session, now)
    save_section_b(session, vera, SaveSectionB(location.id, {"patients_weekly": "999"}, location.version), now=now)
    complete_section_b(session, vera, location.id, now=now)
    state = making.state_actor(session)
    ask_correction(session, state, AskCorrection(enrollment.id, "patients_weekly", "So many?", location.id), now=now)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    cancel_location_update(session, vera, location.id, now=now)
    assert enrollment.status == "approved"
    assert corrections_of(session, vera, enrollment, location=location) == []


def test_no_update_begins_while_the_state_looks_at_an_earlier_one(session, now):
    enrollment, location, vera = updating(session, now, places=2)
    save_section_b(session, vera, SaveSectionB(location.id, {"patients_weekly": "999"}, location.version), now=now)
    complete_section_b(session, vera, location.id, now=now)
    assert enrollment.status == "submitted"
    second = making.locations_of(session, enrollment)[1]
    with pytest.raises(NotNow):
        begin_update(session, making.coordinator_of(session, second), BeginUpdate(enrollment.id, second.id), now=now)


def test_two_coordinators_update_at_the_same_time_and_are_submitted_together(session, now):
    enrollment, first, vera = updating(session, now, places=2)
    second = making.locations_of(session, enrollment)[1]
    other = making.coordinator_of(session, second)
    begin_update(session, other, BeginUpdate(enrollment.id, second.id), now=now)
    for who, location in ((vera, first), (other, second)):
        assert enrollment.status == "updating"
        save_section_b(session, who, SaveSectionB(location.id, {"patients_weekly": "999"}, location.version), now=now)
        complete_section_b(session, who, location.id, now=now)
    assert enrollment.status == "submitted"


def test_an_approved_location_is_not_simply_taken_out(session, now):
    enrollment = making.approved(session, places=2)
    boss, location = making.boss_of(session, enrollment), making.locations_of(session, enrollment)[0]
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    with pytest.raises(NotNow):
        remove_location(session, boss, location.id, now=now)
