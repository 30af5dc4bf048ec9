"""Earlier enrollments are taken from REDCap once, in the state in which they were."""

from sqlalchemy import func, select

from app.domain.accounts.models import Invitation
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.import_redcap import import_redcap
from app.domain.enrollment.models import EnrolledLocation, Enrollment, EnrollmentEvent, PracticingProvider, StorageUnit
from app.domain.enrollment.queue import QueueFilters, list_queue
from app.domain.enrollment.redcap_rows import read_redcap
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.update import BeginUpdate, begin_update
from app.domain.providers.models import Location, ProviderOrganization
from app.infra.outbox import OutboxMessage
from tests.files.redcap import instance, one_location, redcap_file, redcap_lines
from tests.make import enrollment as making

TABLES = (Enrollment, EnrolledLocation, StorageUnit, PracticingProvider, Location, ProviderOrganization, Invitation)


def counts(session):
    session.rollback()
    found = {table.__name__: session.scalar(select(func.count()).select_from(table)) for table in TABLES}
    session.rollback()
    return found


def taken(database, lines, now, **options):
    return import_redcap(database, read_redcap(redcap_file(lines)), now=now, **options)


def test_a_thousand_odd_rows_are_taken_and_the_second_time_nothing_is_doubled(session, database, now):
    lines = redcap_lines(1000)
    session.rollback()
    first = taken(database, lines, now)
    before = counts(session)
    assert before["EnrolledLocation"] == sum(one.fate == "added" for one in first) > 900
    assert before["StorageUnit"] > 900
    assert {one.status for one in first} == {"approved", "draft"}
    second = taken(database, lines, now)
    assert counts(session) == before
    assert {one.fate for one in second} == {"present"}
    assert [one.code for one in second] == [one.code for one in first]


def test_an_approved_location_has_its_portal_location_and_stays_in_force(session, database, now):
    record = one_location(review_status="3", loc_vfc_pin="NCA612345")
    session.rollback()
    taken(database, [record, instance(record, "storage_units", 1, unit_brand="Helmer", unit_model="GX")], now)
    enrollment, location = session.scalars(select(Enrollment)).one(), session.scalars(select(EnrolledLocation)).one()
    assert (enrollment.status, location.status) == ("approved", "approved")
    assert session.get_one(Location, location.location_id).provider_pin == "612345"
    assert location.approved["name"] == location.name
    assert enrollment.approved["legal_name"] == enrollment.name
    event = session.scalars(select(EnrollmentEvent).where(EnrollmentEvent.after == "approved")).first()
    assert (event.act, event.by_id) == ("import", None)


def test_what_was_not_decided_is_a_draft_that_its_people_finish_here(session, database, now):
    record = one_location(review_status="")
    session.rollback()
    taken(database, [record], now, with_mail=True)
    enrollment, location = session.scalars(select(Enrollment)).one(), session.scalars(select(EnrolledLocation)).one()
    assert (enrollment.status, location.status, location.location_id) == ("locations", "draft", None)
    kinds = set(session.scalars(select(OutboxMessage.kind)))
    assert kinds == {"enrollment.administrator_invited", "enrollment.coordinator_invited"}


def test_what_the_state_had_denied_is_denied_and_opens_no_location(session, database, now):
    session.rollback()
    (done,) = taken(database, [one_location(review_status="Denied")], now, with_mail=True)
    enrollment = session.scalars(select(Enrollment)).one()
    assert (done.status, enrollment.status) == ("denied", "denied")
    assert session.scalars(select(Location)).all() == []


def test_without_being_told_to_the_import_sends_no_mail_but_the_managers(session, database, now):
    session.rollback()
    taken(database, redcap_lines(20), now)
    assert set(session.scalars(select(OutboxMessage.kind))) <= {"accounts.invited"}


def being_renamed(session, now):
    """The one enrollment that was taken over; its administrator writes an update of its name."""
    enrollment = session.scalars(select(Enrollment)).one()
    making.accepted(session, enrollment.administrator_invitation_id)
    boss = making.boss_of(session, enrollment)
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    name = {"legal_name": "Renamed Clinic"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, name, enrollment.version), now=now)
    session.commit()
    return enrollment


def test_what_people_changed_since_is_left_alone_by_a_second_run(session, database, now):
    record = one_location(review_status="3")
    session.rollback()
    taken(database, [record], now, with_mail=True)
    enrollment = being_renamed(session, now)
    taken(database, [record], now, with_mail=True)
    session.expire_all()
    assert (enrollment.name, enrollment.status) == ("Renamed Clinic", "updating")
    complete_section_a(session, making.boss_of(session, enrollment), enrollment.id, now=now)
    assert enrollment.status == "signatures"


def test_the_next_location_of_the_same_organization_joins_it(session, database, now):
    first = one_location(review_status="3")
    second = one_location(record_id="2000", loc_name="Second Clinic", loc_street="9 Other Street", review_status="3")
    session.rollback()
    taken(database, [first], now)
    done = taken(database, [first, second], now)
    assert [one.fate for one in done] == ["present", "added"]
    assert len(session.scalars(select(Enrollment)).all()) == 1
    assert done[1].code.endswith("B2")
    session.rollback()
    rows = list_queue(session, making.state_actor(session), QueueFilters(stage="approved")).items
    assert [row.location_count for row in rows] == [2]


def test_a_coordinator_of_two_imported_locations_takes_both_with_the_one_link(session, database, now):
    first = one_location(review_status="")
    second = one_location(record_id="2000", loc_name="Second Clinic", loc_street="9 Other Street", review_status="")
    session.rollback()
    taken(database, [first, second], now, with_mail=True)
    one, other = session.scalars(select(EnrolledLocation).order_by(EnrolledLocation.number))
    assert one.coordinator_email == other.coordinator_email
    assert len(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "enrollment.coordinator_invited")).all()) == 1
    making.accepted(session, one.coordinator_invitation_id)
    assert session.get_one(Invitation, other.coordinator_invitation_id).accepted_at is not None


def test_another_approved_location_leaves_an_update_that_is_being_written_as_it_is(session, database, now):
    first = one_location(review_status="3")
    second = one_location(record_id="2000", loc_name="Second Clinic", loc_street="9 Other Street", review_status="3")
    session.rollback()
    taken(database, [first], now, with_mail=True)
    enrollment = being_renamed(session, now)
    assert taken(database, [first, second], now)[1].fate == "added"
    session.expire_all()
    assert (enrollment.status, enrollment.section_a_done) == ("updating", False)
