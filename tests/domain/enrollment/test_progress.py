"""Everyone sees what is still theirs to do, who is awaited, and the state its queue."""

from datetime import timedelta

import pytest

from app.domain.accounts.access import Permission
from app.domain.enrollment.access import require_at
from app.domain.enrollment.approve import ApproveLocation, approve_location
from app.domain.enrollment.corrections import AskCorrection, ReturnEnrollment, ask_correction, return_enrollment
from app.domain.enrollment.errors import NotNow
from app.domain.enrollment.invite_again import InviteAgain, invite_again
from app.domain.enrollment.progress import awaited, checklist, documents_for, missing
from app.domain.enrollment.queries import enrollments_visible_to, get_enrollment, get_signature, signatures_of
from app.domain.enrollment.queue import QueueFilters, count_waiting, list_queue
from app.domain.errors import NotAllowed, NotFound
from tests import make
from tests.domain.enrollment.test_sections import mails
from tests.make import enrollment as making


def states(items, who):
    return {item.key: item.state for item in items if item.who == who}


def test_the_administrators_checklist_is_that_of_the_state(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    items = states(checklist(session, boss, enrollment), "administrator")
    assert items == {
        "register": "done", "organization": "open", "redistribution": "open", "locations": "open", "ceo": "open",
        "cmo": "open", "section_a": "later",
    }  # fmt: skip
    done = making.with_section_a(session, email="other@harvest.example")
    items = states(checklist(session, making.boss_of(session, done), done), "administrator")
    assert set(items.values()) == {"done"}


def test_a_coordinator_has_a_list_for_each_own_location_and_no_other(session, now):
    enrollment = making.with_section_a(session, places=2)
    one, other = making.locations_of(session, enrollment)
    vera = making.coordinator_of(session, one)
    items = checklist(session, vera, enrollment)
    assert {item.enrolled_location_id for item in items} == {one.id}
    assert states(items, "coordinator") == {
        "register": "done", "section_b": "open", "pictures": "open", "providers": "open", "complete": "later",
        "provider_agreement": "later", "storage_attestation": "later",
    }  # fmt: skip
    making.filled(session, one)
    assert states(checklist(session, vera, enrollment), "coordinator")["complete"] == "open"
    assert other.id not in {duty.enrolled_location_id for duty in documents_for(session, vera, enrollment)}


def test_officers_find_redistribution_on_their_list_only_where_it_applies(session, now):
    plain = making.awaiting_signatures(session)
    items = states(checklist(session, making.officer_of(session, plain, "ceo"), plain), "ceo")
    assert items == {"register": "done", "provider_agreement": "open"}
    moving = making.awaiting_signatures(session, redistribution="yes", email="other@harvest.example")
    items = states(checklist(session, making.officer_of(session, moving, "cmo"), moving), "cmo")
    assert list(items) == ["register", "provider_agreement", "redistribution_agreement"]


def test_whoever_is_awaited_is_named_with_whether_they_have_registered(session, now):
    enrollment = making.with_section_a(session, places=2)
    one, two = making.locations_of(session, enrollment)
    making.coordinator_of(session, one)
    assert [(who.name, who.registered) for who in awaited(session, enrollment)] == [
        ("Verab Cole", True), ("Verac Cole", False),
    ]  # fmt: skip
    for location in (one, two):
        making.completed(session, enrollment, location)
    ceo = making.officer_of(session, enrollment, "ceo")
    assert [(who.who, who.registered) for who in awaited(session, enrollment)] == [("ceo", True), ("cmo", False)]
    making.signed(session, ceo, enrollment, "provider_agreement", "ceo")
    assert [who.who for who in awaited(session, enrollment)] == ["cmo"]


def test_what_is_missing_is_told_by_field_and_by_whose_it_is(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    found = {(one.key, one.who) for one in missing(session, enrollment)}
    assert ("capacity_frozen", "coordinator") in found
    assert ("signature:provider_agreement", "cmo") in found
    making.completed(session, enrollment, location)
    making.sign_as_officers(session, enrollment)
    assert missing(session, enrollment) == []


def test_roles_at_the_enrollment_reach_its_locations_and_coordinators_only_their_own(session, now):
    mine = making.with_section_a(session, places=2)
    foreign = making.with_section_a(session, first=5, email="other@harvest.example")
    one, two = making.locations_of(session, mine)
    boss, vera = making.boss_of(session, mine), making.coordinator_of(session, one)
    view = Permission.VIEW_ENROLLMENT
    require_at(session, boss, view, enrollment_id=mine.id, enrolled_location_id=two.id)
    require_at(session, vera, view, enrollment_id=mine.id)
    require_at(session, vera, Permission.EDIT_SECTION_B, enrollment_id=mine.id, enrolled_location_id=one.id)
    for who, permission, place, location, refusal in (
        (vera, Permission.EDIT_SECTION_B, mine, two, NotFound),
        (vera, Permission.EDIT_SECTION_A, mine, None, NotAllowed),
        (vera, Permission.VIEW_SECTION_A, mine, None, NotAllowed),
        (boss, Permission.EDIT_SECTION_B, mine, one, NotAllowed),
        (boss, Permission.REVIEW_ENROLLMENTS, mine, None, NotAllowed),
        (boss, view, foreign, None, NotFound),
        (boss, view, foreign, one, NotFound),
        (vera, view, foreign, None, NotFound),
    ):
        with pytest.raises(refusal):
            require_at(
                session, who, permission, enrollment_id=place.id,
                enrolled_location_id=location.id if location else None,
            )  # fmt: skip
    assert session.scalars(enrollments_visible_to(boss)).all() == [mine]


def test_a_coordinator_opens_the_own_signatures_and_not_those_of_others(session, now):
    enrollment = making.submitted(session, places=2)
    one, two = making.locations_of(session, enrollment)
    vera = making.coordinator_of(session, one)
    own = signatures_of(session, enrollment, location=one)[0]
    assert get_signature(session, vera, enrollment.id, own.id).id == own.id
    for foreign in (signatures_of(session, enrollment, location=two)[0], signatures_of(session, enrollment)[0]):
        with pytest.raises(NotFound):
            get_signature(session, vera, enrollment.id, foreign.id)
        assert get_signature(session, making.boss_of(session, enrollment), enrollment.id, foreign.id)


def test_the_queue_is_the_states_and_begins_with_whoever_waits_longest(session, now):
    made = [making.submitted(session, email=f"ann{number}@harvest.example") for number in range(3)]
    for days, enrollment in zip((2, 9, 5), made, strict=True):
        enrollment.stage_since = now - timedelta(days=days)
    session.commit()
    state = making.state_actor(session)
    first = list_queue(session, state, QueueFilters(), size=2)
    assert [row.enrollment_id for row in first.items] == [made[1].id, made[2].id]
    rest = list_queue(session, state, QueueFilters(), after=first.next_after, size=2)
    assert ([row.enrollment_id for row in rest.items], rest.next_after) == ([made[0].id], None)
    assert count_waiting(session, state) == 3
    with pytest.raises(NotFound):
        list_queue(session, making.boss_of(session, made[0]), QueueFilters())


def test_the_queue_is_narrowed_by_stage_county_kind_name_and_what_is_missing(session, now):
    done = making.submitted(session, places=2)
    open_one = making.with_section_a(session, email="other@harvest.example", legal_name="Zebra Clinic")
    state = making.state_actor(session)

    def found(**filters):
        return [row.enrollment_id for row in list_queue(session, state, QueueFilters(**filters)).items]

    assert found() == [done.id]
    assert set(found(stage="")) == {done.id, open_one.id}
    assert found(stage="", provider_type="18") == [done.id]
    assert found(stage="", county_fips="37001") == []
    assert set(found(stage="", county_fips="37183")) == {done.id, open_one.id}
    assert found(stage="", text="zeb") == [open_one.id]
    assert found(stage="", text=done.code.lower()) == [done.id]
    assert found(stage="", lacking="section_b") == [open_one.id]
    assert found(stage="", lacking="corrections") == []
    ask_correction(session, state, AskCorrection(done.id, "legal_name", "Why?"), now=now)
    return_enrollment(session, state, ReturnEnrollment(done.id), now=now)
    assert found(stage="", lacking="corrections") == [done.id]


def test_a_row_of_the_queue_tells_what_stands_where(session, now):
    enrollment = making.submitted(session, places=2)
    state = making.state_actor(session)
    (row,) = list_queue(session, state, QueueFilters()).items
    assert (row.location_count, row.locations_incomplete, row.officers_signed, row.is_update) == (2, 0, 2, False)
    assert (row.counties, row.provider_types) == (["37183"], ["18"])
    location = making.locations_of(session, enrollment)[0]
    approve_location(session, state, ApproveLocation(location.id, "650123"), now=now)
    (row,) = list_queue(session, state, QueueFilters()).items
    assert row.locations == {"approved": 1, "complete": 1}


def test_a_foreign_enrollment_is_not_found(session, now):
    mine = making.with_section_a(session)
    foreign = making.with_section_a(session, email="other@harvest.example")
    with pytest.raises(NotFound):
        get_enrollment(session, making.boss_of(session, mine), foreign.id)


def test_the_administrator_and_the_state_have_an_open_invitation_sent_again(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    again = InviteAgain(enrollment.id, "coordinator", location.id)
    for who in (making.boss_of(session, enrollment), making.state_actor(session)):
        assert invite_again(session, who, again, now=now).id == location.coordinator_invitation_id
    assert len(mails(session, "coordinator_invited")) == 3
    vera = making.coordinator_of(session, location)
    with pytest.raises(NotNow):
        invite_again(session, making.boss_of(session, enrollment), again, now=now)
    with pytest.raises(NotAllowed):
        invite_again(session, vera, again, now=now)
    with pytest.raises(NotNow):
        invite_again(session, making.boss_of(session, enrollment), InviteAgain(enrollment.id, "ceo"), now=now)
