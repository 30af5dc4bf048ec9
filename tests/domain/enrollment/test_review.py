"""The state's side: corrections of named fields, approval with identifiers, denial, and that each happens once."""

import threading
import time

import pytest
from sqlalchemy import select

from app.domain.accounts.access import Role
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.models import Invitation
from app.domain.enrollment.approve import ApproveLocation, approve_enrollment, approve_location, suggest_pin
from app.domain.enrollment.change_location import ChangeLocation, change_location, remove_location
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.corrections import (
    AskCorrection,
    ReturnEnrollment,
    ask_correction,
    return_enrollment,
    settle_correction,
    withdraw_correction,
)
from app.domain.enrollment.deny import Deny, Reopen, deny_location, reopen_location
from app.domain.enrollment.disenroll import Disenroll, disenroll_location
from app.domain.enrollment.errors import CorrectionsOpen, FieldsRefused, NoCorrections, NothingToDecide, NotNow
from app.domain.enrollment.models import EnrollmentEvent
from app.domain.enrollment.official import SetOfficial, set_official
from app.domain.enrollment.queries import corrections_of, units_of
from app.domain.enrollment.queue import QueueFilters, list_queue
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.save_section_b import SaveSectionB, save_section_b
from app.domain.enrollment.storage_units import ChangeUnit, change_unit
from app.domain.errors import NotAllowed, NotFound
from app.domain.providers.add_location import BadPin, PinTaken
from app.domain.providers.models import Location, ProviderOrganization
from tests import make
from tests.domain.enrollment.test_sections import mails
from tests.make import enrollment as making
from tests.together import ends


def asked(session, state, enrollment, field, *, location=None, comment="Please check."):
    command = AskCorrection(enrollment.id, field, comment, location.id if location else None)
    return ask_correction(session, state, command, now=enrollment.stage_since)


def test_approval_makes_organization_location_identifiers_and_the_managers_invitation(session, now):
    enrollment = making.submitted(session)
    location, state = making.locations_of(session, enrollment)[0], making.state_actor(session)
    approve_location(session, state, ApproveLocation(location.id, "650123"), now=now)
    place = session.get_one(Location, location.location_id)
    assert (place.name, place.provider_pin, place.county_fips, place.phone) == (
        "Harvest Pharmacy 1", "650123", "37183", "9195550105",
    )  # fmt: skip
    assert place.provider_organization.name == "Harvest Pharmacy"
    invited = session.scalars(select(Invitation).where(Invitation.scope_id == place.id)).one()
    assert (invited.role, invited.email, invited.sign_in_name) == (
        Role.LOCATION_MANAGER, "max@harvest.example", "mmeyer",
    )  # fmt: skip
    assert (enrollment.status, location.status) == ("approved", "approved")
    assert location.approved == location.answers
    assert [unit.approved for unit in units_of(session, location)] == [True]
    assert {mail.payload["to"] for mail in mails(session, "approved")} == {"administrator", "coordinator"}


def test_all_locations_of_an_enrollment_belong_to_one_organization(session, now):
    enrollment = making.approved(session, places=3)
    places = session.scalars(select(Location)).all()
    assert len(places) == 3
    assert {place.provider_organization_id for place in places} == {enrollment.provider_organization_id}
    assert len(session.scalars(select(ProviderOrganization)).all()) == 1


def test_another_enrollment_of_the_same_legal_name_is_another_organization(session, now):
    making.approved(session)
    making.approved(session, email="other@harvest.example")
    assert len(session.scalars(select(ProviderOrganization)).all()) == 2


def test_a_pin_has_six_digits_and_belongs_to_one_location(session, now):
    enrollment = making.submitted(session, places=2)
    state = making.state_actor(session)
    first, second = making.locations_of(session, enrollment)
    with pytest.raises(BadPin):
        approve_location(session, state, ApproveLocation(first.id, "NCA650123"), now=now)
    approve_location(session, state, ApproveLocation(first.id, "650123"), now=now)
    with pytest.raises(PinTaken):
        approve_location(session, state, ApproveLocation(second.id, "650123"), now=now)
    assert suggest_pin(session) == "650124"


def test_the_enrollment_is_approved_with_the_last_decision(session, now):
    enrollment = making.submitted(session, places=3)
    state = making.state_actor(session)
    first, second, third = making.locations_of(session, enrollment)
    approve_location(session, state, ApproveLocation(first.id, suggest_pin(session)), now=now)
    deny_location(session, state, Deny(second.id, "This place has no freezer."), now=now)
    assert enrollment.status == "submitted"
    approve_location(session, state, ApproveLocation(third.id, suggest_pin(session)), now=now)
    assert (enrollment.status, second.status) == ("approved", "denied")
    assert second.answers["name"] == "Harvest Pharmacy 2"


def test_an_enrollment_whose_last_location_is_denied_is_denied(session, now):
    enrollment = making.submitted(session)
    state, location = making.state_actor(session), making.locations_of(session, enrollment)[0]
    with pytest.raises(FieldsRefused):
        deny_location(session, state, Deny(location.id, "  "), now=now)
    deny_location(session, state, Deny(location.id, "The license has ended."), now=now)
    assert enrollment.status == "denied"
    event = session.scalars(select(EnrollmentEvent).where(EnrollmentEvent.enrolled_location_id == location.id,
                                                         EnrollmentEvent.act == "deny")).one()  # fmt: skip
    assert (event.why, event.by_id) == ("The license has ended.", state.id)


def test_a_denied_location_can_be_opened_again_and_keeps_what_was_typed(session, now):
    enrollment = making.submitted(session)
    state, location = making.state_actor(session), making.locations_of(session, enrollment)[0]
    deny_location(session, state, Deny(location.id, "The license has ended."), now=now)
    reopen_location(session, state, Reopen(location.id, "The license was renewed."), now=now)
    assert (enrollment.status, location.status) == ("returned", "returned")
    vera = making.coordinator_of(session, location)
    complete_section_b(session, vera, location.id, now=now)
    assert enrollment.status == "submitted"


def test_two_people_of_the_state_approve_the_same_location_once(session, database, now):
    enrollment = making.submitted(session)
    location = making.locations_of(session, enrollment)[0]
    acts = []
    for pin in ("650123", "650124"):
        state = making.state_actor(session)
        command = ApproveLocation(location.id, pin)
        acts.append(lambda own, state=state, command=command: approve_location(own, state, command, now=now))
    session.commit()
    assert ends(database, *acts) == ["NothingToDecide", "done"]
    assert len(session.scalars(select(Location)).all()) == 1


def test_nobody_but_the_state_decides(session, now):
    enrollment = making.submitted(session)
    location = making.locations_of(session, enrollment)[0]
    for who in (making.boss_of(session, enrollment), making.coordinator_of(session, location),
                making.officer_of(session, enrollment, "ceo")):  # fmt: skip
        with pytest.raises(NotFound):
            approve_location(session, who, ApproveLocation(location.id, "650123"), now=now)
        with pytest.raises(NotFound):
            return_enrollment(session, who, ReturnEnrollment(enrollment.id), now=now)


def test_a_correction_names_a_field_and_says_something(session, now):
    enrollment = making.submitted(session)
    state, location = making.state_actor(session), making.locations_of(session, enrollment)[0]
    for field, place, comment, wrong in (
        ("iis_id", None, "Why?", "field"),
        ("legal_name", location, "Why?", "field"),
        ("official_vfc_pin", location, "Why?", "field"),
        ("legal_name", None, " ", "comment"),
    ):
        with pytest.raises(FieldsRefused) as refused:
            asked(session, state, enrollment, field, location=place, comment=comment)
        assert list(refused.value.reasons) == [wrong]
    assert asked(session, state, enrollment, "pictures", location=location).sent_at is None


def test_corrections_are_seen_by_the_applicants_once_the_application_is_returned(session, now):
    enrollment = making.submitted(session)
    state, boss = making.state_actor(session), making.boss_of(session, enrollment)
    asked(session, state, enrollment, "legal_name")
    withdrawn = asked(session, state, enrollment, "organization_phone")
    withdraw_correction(session, state, withdrawn.id, now=now)
    assert corrections_of(session, boss, enrollment) == []
    return_enrollment(session, state, ReturnEnrollment(enrollment.id, "Almost there."), now=now)
    assert [one.field for one in corrections_of(session, boss, enrollment)] == ["legal_name"]


def test_a_correction_that_is_being_sent_is_not_taken_back_under_way(session, database, now):
    enrollment = making.submitted(session)
    state = making.state_actor(session)
    correction_id = asked(session, state, enrollment, "legal_name").id
    session.commit()
    ended = []

    def take_back():
        ended.extend(ends(database, lambda own: withdraw_correction(own, state, correction_id, now=now)))

    with database.transaction() as own:
        return_enrollment(own, state, ReturnEnrollment(enrollment.id), now=now)
        other = threading.Thread(target=take_back)
        other.start()
        time.sleep(0.3)
    other.join()
    assert ended == ["NotFound"]
    assert len(corrections_of(session, state, enrollment)) == 1


def test_an_application_is_returned_only_with_something_to_correct(session, now):
    enrollment = making.submitted(session)
    with pytest.raises(NoCorrections):
        return_enrollment(session, making.state_actor(session), ReturnEnrollment(enrollment.id, "Hm."), now=now)


def test_a_returned_location_is_corrected_and_submitted_without_a_signature_more(session, now):
    enrollment = making.submitted(session, places=2)
    state, (first, second) = making.state_actor(session), making.locations_of(session, enrollment)
    asked(session, state, enrollment, "patients_weekly", location=first)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    assert (enrollment.status, first.status, second.status) == ("returned", "returned", "complete")
    assert [mail.payload["to"] for mail in mails(session, "returned")] == ["administrator", "coordinator"]
    vera = making.coordinator_of(session, first)
    with pytest.raises(CorrectionsOpen) as still_open:
        complete_section_b(session, vera, first.id, now=now)
    assert still_open.value.fields == ("patients_weekly",)
    save_section_b(session, vera, SaveSectionB(first.id, {"patients_weekly": "55"}, first.version), now=now)
    assert first.answers["flu_peak_week"] == "unknown"
    assert enrollment.status == "returned"
    complete_section_b(session, vera, first.id, now=now)
    assert enrollment.status == "submitted"
    assert corrections_of(session, state, enrollment, location=first) == []


def test_a_correction_may_be_settled_by_saying_that_the_answer_is_right(session, now):
    enrollment = making.submitted(session)
    state, location = making.state_actor(session), making.locations_of(session, enrollment)[0]
    correction = asked(session, state, enrollment, "patients_weekly", location=location)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    with pytest.raises(NotAllowed):
        settle_correction(session, making.boss_of(session, enrollment), correction.id, now=now)
    vera = making.coordinator_of(session, location)
    settle_correction(session, vera, correction.id, now=now)
    complete_section_b(session, vera, location.id, now=now)
    assert enrollment.status == "submitted"


def test_a_picture_is_corrected_by_another_picture_and_needs_no_signature(session, now):
    enrollment = making.submitted(session)
    state, location = making.state_actor(session), making.locations_of(session, enrollment)[0]
    asked(session, state, enrollment, "pictures", location=location)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    vera, unit = making.coordinator_of(session, location), units_of(session, location)[0]
    change_unit(session, vera, ChangeUnit(unit.id, inside_key=making.PICTURE.replace("ab", "cd")), now=now)
    complete_section_b(session, vera, location.id, now=now)
    assert enrollment.status == "submitted"


def test_section_a_that_was_returned_goes_back_when_the_administrator_says_so(session, now):
    enrollment = making.submitted(session)
    state = making.state_actor(session)
    asked(session, state, enrollment, "organization_phone")
    asked(session, state, enrollment, "organization_email")
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    boss = making.boss_of(session, enrollment)
    phone = {"organization_phone": "9195550188"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, phone, enrollment.version), now=now)
    with pytest.raises(CorrectionsOpen):
        complete_section_a(session, boss, enrollment.id, now=now)
    email = {"organization_email": "desk@harvest.example"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, email, enrollment.version), now=now)
    assert enrollment.status == "returned"
    complete_section_a(session, boss, enrollment.id, now=now)
    assert enrollment.status == "submitted"


def test_a_corrected_legal_name_is_signed_again_by_both_officers(session, now):
    enrollment = making.submitted(session)
    state = making.state_actor(session)
    asked(session, state, enrollment, "legal_name")
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    boss = making.boss_of(session, enrollment)
    name = {"legal_name": "Harvest Pharmacy LLC"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, name, enrollment.version), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    session.commit()
    assert enrollment.status == "signatures"
    assert {mail.payload["to"] for mail in mails(session, "signature_asked")} == {"ceo", "cmo"}
    making.sign_as_officers(session, enrollment)
    assert enrollment.status == "submitted"


def test_a_corrected_address_of_a_location_goes_back_to_its_coordinator_for_signing(session, now):
    enrollment = making.submitted(session)
    state, location = making.state_actor(session), making.locations_of(session, enrollment)[0]
    asked(session, state, enrollment, "street", location=location)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    assert location.status == "complete"
    boss = making.boss_of(session, enrollment)
    change_location(session, boss, ChangeLocation(location.id, {"street": "5 Oak Street"}, location.version), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    assert (enrollment.status, location.status) == ("returned", "draft")
    vera = making.coordinator_of(session, location)
    complete_section_b(session, vera, location.id, now=now)
    for document in ("provider_agreement", "storage_attestation"):
        making.signed(session, vera, enrollment, document, "coordinator", location)
    assert enrollment.status == "submitted"


def test_some_locations_are_approved_while_others_are_returned(session, now):
    enrollment = making.submitted(session, places=12, redistribution="yes")
    state, locations = making.state_actor(session), making.locations_of(session, enrollment)
    for location in locations[:11]:
        approve_location(session, state, ApproveLocation(location.id, suggest_pin(session)), now=now)
    asked(session, state, enrollment, "capacity_frozen", location=locations[11])
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    assert [location.status for location in locations] == ["approved"] * 11 + ["returned"]
    vera = making.coordinator_of(session, locations[11])
    some = {"capacity_frozen": "12"}
    save_section_b(session, vera, SaveSectionB(locations[11].id, some, locations[11].version), now=now)
    complete_section_b(session, vera, locations[11].id, now=now)
    making.signed(session, vera, enrollment, "storage_attestation", "coordinator", locations[11])
    assert enrollment.status == "submitted"
    making.approve_all(session, enrollment)
    assert enrollment.status == "approved"


def test_staff_write_official_numbers_that_change_nothing_else(session, now):
    enrollment = making.approved(session)
    state, location = making.state_actor(session), making.locations_of(session, enrollment)[0]
    set_official(session, state, SetOfficial(enrollment.id, {"official_iis_id": "77"}), now=now)
    numbers = SetOfficial(enrollment.id, {"official_vtrcks_id": "88"}, location.id)
    set_official(session, state, numbers, now=now)
    assert (enrollment.answers["official_iis_id"], location.answers["official_vtrcks_id"]) == ("77", "88")
    assert enrollment.status == "approved"
    with pytest.raises(KeyError):
        set_official(session, state, SetOfficial(enrollment.id, {"legal_name": "x"}), now=now)


def test_a_disenrolled_location_is_closed_and_the_organization_goes_with_its_last(session, now):
    enrollment = making.approved(session, places=2)
    state, (first, second) = making.state_actor(session), making.locations_of(session, enrollment)
    ann = Invite(Role.HEALTHCARE_PROVIDER, first.location_id, "ann@clinic.example", "Ann", "Nolan", realm="provider")
    offered = invite(session, state, ann, now=now)
    disenroll_location(session, state, Disenroll(first.id, "Closed."), now=now)
    assert (enrollment.status, session.get_one(Location, first.location_id).closed_at) == ("approved", now)
    session.refresh(offered)
    assert offered.withdrawn_at == now
    disenroll_location(session, state, Disenroll(second.id, "Closed."), now=now)
    assert enrollment.status == "disenrolled"


def test_nobody_is_asked_to_correct_a_location_that_was_taken_out(session, now):
    enrollment = making.submitted(session, places=2)
    state, boss = making.state_actor(session), making.boss_of(session, enrollment)
    gone = making.locations_of(session, enrollment)[1]
    for field in ("street", "patients_weekly"):
        asked(session, state, enrollment, field, location=gone)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    remove_location(session, boss, gone.id, now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    assert enrollment.status == "submitted"
    assert list_queue(session, state, QueueFilters()).items[0].corrections_open == 0


def test_what_was_to_be_asked_of_a_location_that_is_disenrolled_does_not_hold_the_others_up(session, now):
    enrollment = making.submitted(session, places=2)
    state, (stays, leaves) = making.state_actor(session), making.locations_of(session, enrollment)
    for location in (stays, leaves):
        asked(session, state, enrollment, "patients_weekly", location=location)
    disenroll_location(session, state, Disenroll(leaves.id, "Closed."), now=now)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    assert (enrollment.status, stays.status, leaves.status) == ("returned", "returned", "disenrolled")


def test_a_denied_location_of_an_organization_that_left_the_program_is_not_opened_again(session, now):
    enrollment = making.submitted(session, places=2)
    state, (first, second) = making.state_actor(session), making.locations_of(session, enrollment)
    approve_location(session, state, ApproveLocation(first.id, suggest_pin(session)), now=now)
    deny_location(session, state, Deny(second.id, "No freezer."), now=now)
    disenroll_location(session, state, Disenroll(first.id, "Closed."), now=now)
    assert enrollment.status == "disenrolled"
    with pytest.raises(NotNow):
        reopen_location(session, state, Reopen(second.id, "They bought one."), now=now)


def test_what_is_decided_or_not_yet_submitted_waits_for_no_decision(session, now):
    enrollment = making.awaiting_signatures(session)
    state, location = making.state_actor(session), making.locations_of(session, enrollment)[0]
    for act in (
        lambda: approve_location(session, state, ApproveLocation(location.id, "650123"), now=now),
        lambda: deny_location(session, state, Deny(location.id, "No."), now=now),
        lambda: approve_enrollment(session, state, enrollment.id, now=now),
    ):
        with pytest.raises(NothingToDecide):
            act()
    with pytest.raises(NotNow):
        asked(session, state, enrollment, "legal_name")


def test_a_manager_whose_ncid_is_known_can_add_the_location_to_that_account(session, now):
    make.account(session, Role.LOCATION_MANAGER, make.NOBODY, realm="provider", name="mmeyer")
    enrollment = making.approved(session)
    location = making.locations_of(session, enrollment)[0]
    invited = session.scalars(select(Invitation).where(Invitation.scope_id == location.location_id)).one()
    assert invited.sign_in_name is None
