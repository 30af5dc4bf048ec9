"""Register, Section A, locations and their coordinators, Section B: the order, and who is asked when."""

import pytest
from sqlalchemy import select

from app.domain.accounts import invitations
from app.domain.accounts.models import Grant, Invitation
from app.domain.enrollment.add_location import AddEnrolledLocation, add_location
from app.domain.enrollment.change_location import ChangeLocation, change_location, remove_location
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.errors import EditedByOthers, FieldsRefused, Incomplete, NotNow, SameLocation
from app.domain.enrollment.models import Enrollment, EnrollmentEvent
from app.domain.enrollment.queries import get_enrolled_location, get_enrollment, list_locations, my_enrollments
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.save_section_b import SaveSectionB, save_section_b
from app.domain.enrollment.start_enrollment import StartEnrollment, invite_organization, start_another, start_enrollment
from app.domain.enrollment.storage_units import AddUnit, ChangeUnit, add_unit, change_unit, remove_unit
from app.domain.errors import NotAllowed, NotFound
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make import enrollment as making


def mails(session, kind):
    query = select(OutboxMessage).where(OutboxMessage.kind == f"enrollment.{kind}").order_by(OutboxMessage.id)
    return list(session.scalars(query))


def test_anybody_begins_an_enrollment_and_the_mailed_link_makes_the_administrator(session, now):
    start_enrollment(session, StartEnrollment("Ann", "Lee", "ann@harvest.example"), now=now)
    enrollment = session.scalars(select(Enrollment)).one()
    assert (enrollment.status, enrollment.code[:2], enrollment.code[-1], len(enrollment.code)) == (
        "section_a", "NC", "A", 9,
    )  # fmt: skip
    assert len(mails(session, "administrator_invited")) == 1
    account = making.accepted(session, enrollment.administrator_invitation_id)
    boss = make.actor(session, account)
    assert my_enrollments(session, boss) == [enrollment]
    assert invitations.sign_in_name_of(account, "enrollment") == "ann@harvest.example"


def test_asking_twice_before_the_link_was_used_sends_the_mail_again_and_makes_no_second_enrollment(session, now):
    for spelled in ("ann@harvest.example", "Ann@Harvest.example"):
        start_enrollment(session, StartEnrollment("Ann", "Lee", spelled), now=now)
    assert len(session.scalars(select(Enrollment)).all()) == 1
    assert len(mails(session, "administrator_invited")) == 2


def test_the_state_invites_an_organization_and_nobody_else_may(session, now):
    command = StartEnrollment("Ann", "Lee", "ann@harvest.example")
    made = invite_organization(session, making.state_actor(session), command, now=now)
    assert session.get_one(Invitation, made.administrator_invitation_id).invited_by_id is not None
    _, account = making.started(session)
    with pytest.raises(NotFound):
        invite_organization(session, make.actor(session, account), command, now=now)


def test_somebody_with_an_account_begins_another_enrollment_in_it(session, now):
    first, account = making.started(session)
    second = start_another(session, make.actor(session, account), now=now)
    boss = make.actor(session, account)
    assert {one.id for one in my_enrollments(session, boss)} == {first.id, second.id}


def test_section_a_is_saved_in_parts_and_mistakes_are_named_by_field(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    typed = {
        "legal_name": "  Harvest   Pharmacy ",
        "organization_phone": "(919) 555-0100",
        "organization_county": "Wake",
    }
    save_section_a(session, boss, SaveSectionA(enrollment.id, typed, 1), now=now)
    assert enrollment.name == "Harvest Pharmacy"
    assert enrollment.answers["organization_phone"] == "9195550100"
    assert enrollment.answers["organization_county"] == "37183"
    wrong = {"organization_email": "office", "organization_zip": "2760", "legal_name": "Other"}
    with pytest.raises(FieldsRefused) as refused:
        save_section_a(session, boss, SaveSectionA(enrollment.id, wrong, 2), now=now)
    assert refused.value.reasons == {"organization_email": "malformed", "organization_zip": "malformed"}
    assert enrollment.name == "Harvest Pharmacy"


def test_section_a_is_complete_only_with_every_answer_and_a_location(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    answers = making.section_a()
    del answers["officer_cmo_license_number"]
    save_section_a(session, boss, SaveSectionA(enrollment.id, answers, 1), now=now)
    with pytest.raises(Incomplete) as incomplete:
        complete_section_a(session, boss, enrollment.id, now=now)
    assert incomplete.value.missing == ("officer_cmo_license_number", "locations")


def test_a_county_is_asked_of_addresses_in_the_state_only(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    answers = making.section_a(organization_state="VA", organization_county="")
    save_section_a(session, boss, SaveSectionA(enrollment.id, answers, 1), now=now)
    add_location(session, boss, AddEnrolledLocation(enrollment.id, making.place()), now=now)
    assert complete_section_a(session, boss, enrollment.id, now=now).status == "locations"


def test_coordinators_are_invited_once_section_a_is_complete_and_backups_never(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    save_section_a(session, boss, SaveSectionA(enrollment.id, making.section_a(), 1), now=now)
    location = add_location(session, boss, AddEnrolledLocation(enrollment.id, making.place()), now=now)
    assert mails(session, "coordinator_invited") == []
    complete_section_a(session, boss, enrollment.id, now=now)
    assert location.awaited_since == now
    making.filled(session, location)
    people = {invitation.email for invitation in session.scalars(select(Invitation))}
    assert people == {"ann@harvest.example", "vera1@harvest.example"}


def test_a_location_added_later_has_its_coordinator_invited_at_once(session, now):
    enrollment = making.with_section_a(session)
    boss = making.boss_of(session, enrollment)
    added = add_location(session, boss, AddEnrolledLocation(enrollment.id, making.place(2)), now=now)
    assert added.code == f"{enrollment.code[:-1]}B2"
    assert [one.payload["invitation_id"] for one in mails(session, "coordinator_invited")][-1] == str(
        added.coordinator_invitation_id
    )


def test_one_coordinator_of_three_locations_gets_one_mail_and_one_account(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    save_section_a(session, boss, SaveSectionA(enrollment.id, making.section_a(), 1), now=now)
    for number in (1, 2, 3):
        answers = making.place(number, coordinator_first_name="Vera", coordinator_email="vera@harvest.example")
        add_location(session, boss, AddEnrolledLocation(enrollment.id, answers), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    assert len(mails(session, "coordinator_invited")) == 1
    locations = making.locations_of(session, enrollment)
    account = making.accepted(session, locations[0].coordinator_invitation_id)
    vera = make.actor(session, account)
    seen = list_locations(session, vera, enrollment.id).items
    assert [one.number for one in seen] == [1, 2, 3]
    assert save_section_b(session, vera, SaveSectionB(locations[2].id, {"iis_id": "7"}, 1), now=now).status == "draft"


def test_the_administrator_who_is_also_coordinator_has_both_roles_in_one_account(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    save_section_a(session, boss, SaveSectionA(enrollment.id, making.section_a(), 1), now=now)
    own = making.place(
        coordinator_first_name="Ann", coordinator_last_name="Lee", coordinator_email="ann@harvest.example"
    )
    location = add_location(session, boss, AddEnrolledLocation(enrollment.id, own), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    assert mails(session, "coordinator_invited") == []
    assert len(mails(session, "section_b_asked")) == 1
    assert making.coordinator_of(session, location).id == account.id


def test_another_person_behind_the_same_mailbox_is_invited_and_gets_no_role_by_itself(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    save_section_a(session, boss, SaveSectionA(enrollment.id, making.section_a(), 1), now=now)
    shared = making.place(coordinator_email="ann@harvest.example")
    location = add_location(session, boss, AddEnrolledLocation(enrollment.id, shared), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    assert location.coordinator_invitation_id is not None
    assert session.scalars(select(Grant).where(Grant.scope_id == location.id)).all() == []


def test_another_coordinator_takes_over_and_the_earlier_one_is_out(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    first = making.coordinator_of(session, location)
    earlier = location.coordinator_invitation_id
    boss = making.boss_of(session, enrollment)
    new = {
        "coordinator_first_name": "Nina", "coordinator_last_name": "New", "coordinator_email": "nina@harvest.example",
    }  # fmt: skip
    change_location(session, boss, ChangeLocation(location.id, new, location.version), now=now)
    session.commit()
    out = make.actor(session, session.get_one(invitations.Account, first.id))
    with pytest.raises(NotFound):
        get_enrollment(session, out, enrollment.id)
    assert location.coordinator_invitation_id not in (None, earlier)
    assert making.coordinator_of(session, location).id != first.id


def test_an_open_invitation_of_a_replaced_coordinator_is_withdrawn(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    earlier = location.coordinator_invitation_id
    boss = making.boss_of(session, enrollment)
    new = {"coordinator_email": "nina@harvest.example"}
    change_location(session, boss, ChangeLocation(location.id, new, location.version), now=now)
    session.expire_all()
    assert session.get_one(Invitation, earlier).withdrawn_at is not None


def test_a_corrected_spelling_keeps_the_coordinator(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    earlier = location.coordinator_invitation_id
    boss = making.boss_of(session, enrollment)
    new = {"coordinator_last_name": "Coleman"}
    change_location(session, boss, ChangeLocation(location.id, new, location.version), now=now)
    assert location.coordinator_invitation_id == earlier
    assert session.get_one(Invitation, earlier).last_name == "Coleman"


def test_the_same_location_is_not_added_twice(session, now):
    enrollment = making.with_section_a(session)
    boss = making.boss_of(session, enrollment)
    again = making.place(name="HARVEST Pharmacy 1", coordinator_email="other@harvest.example")
    with pytest.raises(SameLocation) as same:
        add_location(session, boss, AddEnrolledLocation(enrollment.id, again), now=now)
    assert same.value.code.endswith("B1")


def test_a_removed_location_stays_on_record_and_its_number_is_not_used_again(session, now):
    enrollment = making.with_section_a(session, places=2)
    boss, second = making.boss_of(session, enrollment), making.locations_of(session, enrollment)[1]
    remove_location(session, boss, second.id, now=now, why="sold")
    third = add_location(session, boss, AddEnrolledLocation(enrollment.id, making.place(3)), now=now)
    assert third.number == 3
    assert [one.number for one in list_locations(session, boss, enrollment.id).items] == [1, 3]
    assert making.locations_of(session, enrollment)[1].answers["name"] == "Harvest Pharmacy 2"


def test_a_coordinator_sees_their_own_location_only(session, now):
    enrollment = making.with_section_a(session, places=2)
    one, other = making.locations_of(session, enrollment)
    vera = making.coordinator_of(session, one)
    assert get_enrolled_location(session, vera, one.id).id == one.id
    with pytest.raises(NotFound):
        get_enrolled_location(session, vera, other.id)
    with pytest.raises(NotFound):
        save_section_b(session, vera, SaveSectionB(other.id, {"iis_id": "7"}, 1), now=now)


def test_the_administrator_reads_section_b_and_does_not_write_it(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    boss = making.boss_of(session, enrollment)
    assert get_enrolled_location(session, boss, location.id).id == location.id
    with pytest.raises(NotAllowed):
        save_section_b(session, boss, SaveSectionB(location.id, {"iis_id": "7"}, 1), now=now)


def test_section_b_is_complete_with_all_answers_a_unit_its_two_pictures_and_a_provider(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.coordinator_of(session, location)
    answers = making.section_b(administration_differs="yes", receiving_monday_am="")
    save_section_b(session, vera, SaveSectionB(location.id, answers, location.version), now=now)
    unit = add_unit(session, vera, AddUnit(location.id, "Helmer", "GX", "freezer", making.PICTURE), now=now)
    with pytest.raises(Incomplete) as incomplete:
        complete_section_b(session, vera, location.id, now=now)
    missing = set(incomplete.value.missing)
    assert {"pictures", "providers", "receiving", "administration_street", "administration_phone"} <= missing
    assert "administration_street_2" not in missing
    change_unit(session, vera, ChangeUnit(unit.id, outside_key=making.PICTURE), now=now)
    remove_unit(session, vera, unit.id, now=now)
    with pytest.raises(Incomplete) as incomplete:
        complete_section_b(session, vera, location.id, now=now)
    assert "storage_units" in incomplete.value.missing


def test_a_complete_section_b_that_is_edited_is_a_draft_again(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.filled(session, location)
    complete_section_b(session, vera, location.id, now=now)
    assert location.status == "complete"
    save_section_b(session, vera, SaveSectionB(location.id, {"flu_peak_week": "12"}, location.version), now=now)
    assert location.status == "draft"


def test_two_people_in_the_same_section_are_told_of_each_other(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.coordinator_of(session, location)
    shown, seen = location.version, dict(location.answers)
    first = {"iis_id": "7", "patients_weekly": "10"}
    save_section_b(session, vera, SaveSectionB(location.id, first, shown, seen), now=now)
    second = {"iis_id": "8", "flu_peak_week": "4", "patients_weekly": ""}
    with pytest.raises(EditedByOthers) as told:
        save_section_b(session, vera, SaveSectionB(location.id, second, shown, seen), now=now)
    (conflict,) = told.value.conflicts
    assert (conflict.field, conflict.typed, conflict.stored) == ("iis_id", "8", "7")
    assert location.answers.get("flu_peak_week") is None
    untouched = {"patients_weekly": "", "flu_peak_week": "4"}
    save_section_b(session, vera, SaveSectionB(location.id, untouched, shown, seen), now=now)
    assert (location.answers["patients_weekly"], location.answers["flu_peak_week"]) == ("10", "4")


def test_every_step_leaves_who_when_from_and_to(session, now):
    enrollment = making.with_section_a(session)
    event = session.scalars(select(EnrollmentEvent).where(EnrollmentEvent.act == "complete_section_a")).one()
    assert (event.before, event.after, event.by_id) == (
        "section_a",
        "locations",
        making.boss_of(session, enrollment).id,
    )
    assert event.at >= now


def test_an_approved_enrollment_is_not_edited_without_beginning_an_update(session, now):
    enrollment = making.submitted(session)
    boss = making.boss_of(session, enrollment)
    with pytest.raises(NotNow):
        save_section_a(session, boss, SaveSectionA(enrollment.id, {"legal_name": "New"}, enrollment.version), now=now)
