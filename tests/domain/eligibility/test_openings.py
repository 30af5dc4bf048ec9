"""Staff open and close groups; every change is history; a preview says whom it concerns before it is made."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.eligibility.close_group import CloseGroup, FollowState, close_group, follow_state
from app.domain.eligibility.errors import ClosedBeforeOpen, NeverOpened, UnknownCounty
from app.domain.eligibility.models import Group, Opening, PhaseChange, Plan
from app.domain.eligibility.open_group import OpenGroup, open_group
from app.domain.eligibility.phases import changes_of, list_groups, load_phases, plan_on
from app.domain.eligibility.plans import PLANS, install_plans
from app.domain.eligibility.preview_opening import people_by_group, preview_opening
from app.domain.errors import NotAllowed, NotFound
from app.infra.audit import AuditEntry
from tests import make
from tests.make.eligibility import ALAMANCE, STAFF, WAKE, closed, group, opened, registered

TODAY = date(2021, 3, 10)


def span(session, code, county=""):
    session.expire_all()
    return load_phases(session, TODAY).span(code, county)


def test_both_plans_are_there_and_installing_again_leaves_what_staff_decided(session, now):
    opened(session, "5", date(2021, 4, 1))
    before = session.query(Group).count()
    install_plans(session)
    assert session.query(Group).count() == before == sum(len(plan.groups) for plan in PLANS)
    assert span(session, "5").effective_from == date(2021, 4, 1)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2020, 12, 29), None),
        (date(2020, 12, 30), "nc-2020-12-30"),
        (date(2021, 1, 13), "nc-2020-12-30"),
        (date(2021, 1, 14), "nc-2021-01-14"),
        (date(2031, 1, 1), "nc-2021-01-14"),
    ],
)
def test_a_plan_is_in_force_until_the_next_one(session, day, code):
    plan = plan_on(session, day)
    assert (plan.code if plan else None) == code


def test_only_staff_of_the_state_manage_phases(session, now):
    command = OpenGroup(group(session, "5").id, TODAY)
    clinic = make.location(session)
    manager = Actor("person", None, (GrantedRole(Role.LOCATION_MANAGER, "location", clinic.id),))
    for stranger in (manager, Actor("person", None)):
        with pytest.raises((NotAllowed, NotFound)):
            open_group(session, stranger, command, now=now)
        with pytest.raises((NotAllowed, NotFound)):
            preview_opening(session, stranger, command, today=TODAY)
        with pytest.raises((NotAllowed, NotFound)):
            close_group(session, stranger, CloseGroup(command.group_id, TODAY), now=now)
        with pytest.raises((NotAllowed, NotFound)):
            people_by_group(session, stranger, today=TODAY)
    assert session.query(PhaseChange).count() == 0


def test_a_group_or_county_that_does_not_exist_is_refused(session, now):
    with pytest.raises(NotFound):
        open_group(session, STAFF, OpenGroup(make.NOBODY, TODAY), now=now)
    with pytest.raises(UnknownCounty):
        open_group(session, STAFF, OpenGroup(group(session, "5").id, TODAY, "51001"), now=now)


def test_every_change_is_history_with_what_was_before(session, now):
    opened(session, "5", date(2021, 4, 1))
    opened(session, "5", date(2021, 4, 1))
    closed(session, "5", date(2021, 5, 1))
    found = changes_of(session, STAFF, group(session, "5").id)
    assert [change.act for change in found] == ["closed", "opened"]
    assert found[1].before["effective_from"] == "2021-04-07"
    assert found[0].after == {"effective_from": "2021-04-01", "effective_until": "2021-05-01", "mail_held": False}
    assert session.query(AuditEntry).filter(AuditEntry.act.startswith("phase.")).count() == 2


@pytest.mark.parametrize("change", [update(PhaseChange).values(act="x"), delete(PhaseChange)], ids=["update", "delete"])
def test_history_cannot_be_edited(session, now, change):
    opened(session, "5", date(2021, 4, 1))
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(change)
    session.rollback()


def test_a_county_goes_its_own_way_and_back(session, now):
    opened(session, "2", date(2021, 3, 20), ALAMANCE)
    assert not span(session, "2", ALAMANCE).is_open(TODAY)
    assert span(session, "2", WAKE).is_open(TODAY)
    follow_state(session, STAFF, FollowState(group(session, "2").id, ALAMANCE), now=now)
    session.commit()
    assert span(session, "2", ALAMANCE).is_open(TODAY)
    with pytest.raises(NeverOpened):
        follow_state(session, STAFF, FollowState(group(session, "2").id, ALAMANCE), now=now)
    with pytest.raises(NeverOpened):
        follow_state(session, STAFF, FollowState(group(session, "2").id, ""), now=now)


def test_a_county_closes_what_the_state_has_opened_and_the_state_keeps_it(session, now):
    closed(session, "2", TODAY, ALAMANCE)
    assert not span(session, "2", ALAMANCE).is_open(TODAY)
    assert span(session, "2", WAKE).is_open(TODAY)


def test_nothing_closes_that_never_opened_or_before_it_opens(session, now):
    plan = session.scalars(select(Plan).where(Plan.code == "nc-2020-12-30")).one()
    never = session.scalars(select(Group).where(Group.plan_id == plan.id, Group.code == "2.2")).one()
    with pytest.raises(NeverOpened):
        close_group(session, STAFF, CloseGroup(never.id, TODAY), now=now)
    with pytest.raises(ClosedBeforeOpen) as refused:
        close_group(session, STAFF, CloseGroup(group(session, "5").id, TODAY), now=now)
    assert refused.value.opens_on == date(2021, 4, 7)
    session.rollback()
    assert session.query(Opening).filter_by(group_id=never.id).count() == 0


def test_a_preview_counts_by_county_those_whom_nothing_else_makes_eligible(session, now):
    for county, number in ((WAKE, 3), (ALAMANCE, 2)):
        for _ in range(number):
            registered(session, conditions=("asthma",), county_fips=county)
    registered(session, conditions=("asthma",), industry="food", in_person="yes")
    registered(session, date(1950, 1, 1), conditions=("asthma",))
    registered(session)
    everywhere = preview_opening(session, STAFF, OpenGroup(group(session, "4.1").id, TODAY), today=TODAY)
    assert (everywhere.opens, everywhere.people_opened, everywhere.people_closed) == ({WAKE: 3, ALAMANCE: 2}, 5, 0)
    there = preview_opening(session, STAFF, OpenGroup(group(session, "4.1").id, TODAY, ALAMANCE), today=TODAY)
    assert there.opens == {ALAMANCE: 2}
    assert session.query(PhaseChange).count() == 0


def test_a_preview_is_for_the_day_on_which_the_change_takes_effect(session, now):
    registered(session, conditions=("asthma",))
    later = preview_opening(session, STAFF, OpenGroup(group(session, "4.1").id, date(2021, 4, 8)), today=TODAY)
    assert (later.day, later.people_opened) == (date(2021, 4, 8), 0)
    past = preview_opening(session, STAFF, OpenGroup(group(session, "4.1").id, date(2021, 1, 14)), today=TODAY)
    assert (past.day, past.people_opened) == (TODAY, 1)


def test_a_preview_says_who_would_lose_it(session, now):
    registered(session, date(1950, 1, 1))
    registered(session, date(1950, 1, 1), county_fips=ALAMANCE)
    closing = CloseGroup(group(session, "2").id, TODAY, ALAMANCE)
    assert preview_opening(session, STAFF, closing, today=TODAY).closes == {ALAMANCE: 1}
    closed(session, "2", TODAY, ALAMANCE)
    back = FollowState(group(session, "2").id, ALAMANCE)
    assert preview_opening(session, STAFF, back, today=TODAY).opens == {ALAMANCE: 1}


def test_a_group_of_a_plan_that_is_not_in_force_has_no_preview(session, now):
    old = session.scalars(select(Group).where(Group.code == "1a")).one()
    with pytest.raises(NotFound):
        preview_opening(session, STAFF, OpenGroup(old.id, TODAY), today=TODAY)


def test_people_are_counted_by_their_first_group(session, now):
    registered(session, date(1950, 1, 1))
    registered(session, conditions=("asthma",))
    registered(session, date(2010, 1, 1), guardian="Pat Lee")
    assert people_by_group(session, STAFF, today=TODAY) == {"2": (1, 1), "4.1": (1, 0), "": (1, 0)}


def test_groups_are_listed_in_the_plans_order_with_their_openings(session, now):
    closed(session, "2", TODAY, ALAMANCE)
    listed = list_groups(session, STAFF, plan_on(session, TODAY))
    assert [state.group.code for state in listed] == ["1", "2", "3.1", "3.2", "4.1", "4.2", "5"]
    assert set(listed[1].openings) == {"", ALAMANCE}
