"""Organizations: what is needed, what is kept, who may see them, and what two editors do to each other."""

from datetime import datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import EditedMeanwhile, NotAllowed, NotFound
from app.domain.organizations import queries
from app.domain.organizations.confirm_organization import ConfirmOrganization, confirm_organization
from app.domain.organizations.create_organization import CreateOrganization, create_organization
from app.domain.organizations.edit_organization import EditOrganizationField, edit_organization_field
from app.domain.organizations.errors import DetailRefused, LikelyDuplicates
from app.domain.organizations.models import Organization
from app.domain.organizations.search import search_organizations
from app.infra.audit import AuditEntry
from app.infra.db import Database
from tests import make
from tests.make.organizations import organization


@pytest.fixture
def manager(session: Session):
    place = make.location(session)
    return make.actor(session, make.manager(session, place)), place.id


def created(session: Session, manager, now: datetime, **details) -> Organization:
    actor, place = manager
    details = {"name": "Harvest Foods", "industry": "food", "place_id": place} | details
    return create_organization(session, actor, CreateOrganization(**details), now=now)


def test_name_and_industry_are_enough(session, manager, now):
    made = created(session, manager, now, name="  Harvest   Foods ")
    assert (made.name, made.industry, made.state_abbr, made.country) == (
        "Harvest Foods",
        "food",
        "",
        "United States",
    )
    assert made.version == 1
    assert made.confirmed_at is None
    assert not queries.is_confirmed(session, made.id)


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("state", "North Carolina", "NC"),
        ("state", "north carolina", "NC"),
        ("state", "nc", "NC"),
        ("zip", "27601 1234", "27601-1234"),
        ("zip", "276011234", "27601-1234"),
        ("phone", "(919) 555-0123", "9195550123"),
        ("phone", "+1 919.555.0123", "9195550123"),
        ("industry", "Food and agriculture", "food"),
        ("country", "USA", "United States"),
        ("country", "Mexico", "Mexico"),
        ("street", "<b>12</b> Main St", "<b>12</b> Main St"),
    ],
)
def test_details_are_kept_in_one_form(session, manager, now, field, typed, kept):
    made = created(session, manager, now, **{field: typed})
    assert getattr(made, "state_abbr" if field == "state" else field) == kept


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "missing"),
        ("name", "  ", "missing"),
        ("name", "--", "missing"),
        ("name", "x" * 256, "too_long"),
        ("name", "Har\x00vest", "malformed"),
        ("industry", "", "missing"),
        ("industry", "wizardry", "unknown"),
        ("state", "Carolina", "unknown"),
        ("zip", "2760", "malformed"),
        ("zip", "٢٧٦٠١", "malformed"),
        ("phone", "919555012", "malformed"),
        ("phone", "call me", "malformed"),
        ("city", "y" * 81, "too_long"),
    ],
)
def test_a_detail_that_cannot_be_kept_is_named_with_its_reason(session, manager, now, field, typed, reason):
    with pytest.raises(DetailRefused) as refusal:
        created(session, manager, now, **{field: typed})
    assert (refusal.value.field, refusal.value.reason) == (field, reason)
    assert session.scalar(select(func.count()).select_from(Organization)) == 0


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Harvest Foods", {"city": "Raleigh", "zip": "27601"}),
        ("HARVEST FOODS, Inc.", {"city": "raleigh"}),
        ("The Harvest Foods Co", {"zip": "27601-9999"}),
        ("Harvst Foods", {"city": "Raleigh"}),
        ("Harvest Food", {"zip": "27601"}),
        ("Foods Harvest", {"city": "Raleigh"}),
        ("Harvest Foods", {}),
    ],
)
def test_a_likely_duplicate_is_shown_before_a_second_is_created(session, manager, now, name, address):
    first = organization(session)
    with pytest.raises(LikelyDuplicates) as refusal:
        created(session, manager, now, name=name, **address)
    assert [match.id for match in refusal.value.matches] == [first.id]
    second = created(session, manager, now, name=name, create_anyway=True, **address)
    assert second.id != first.id


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Harvest Foods", {"city": "Boone", "zip": "28607"}),
        ("Harbor Freight", {"city": "Raleigh"}),
        ("Harvest Foods 2", {"city": "Raleigh"}),
        ("Winter Foods", {"city": "Raleigh", "zip": "27601"}),
    ],
)
def test_another_site_or_another_name_is_no_duplicate(session, manager, now, name, address):
    organization(session)
    assert created(session, manager, now, name=name, **address).name == name


def test_the_same_name_without_any_address_may_be_anywhere(session, manager, now):
    organization(session, street="", city="", zip="")
    with pytest.raises(LikelyDuplicates):
        created(session, manager, now, city="Boone")


def test_of_many_duplicates_the_same_name_comes_first_and_five_are_shown(session, manager, now):
    for number in range(7):
        organization(session, "Harvest Food", street=f"{number} Elm St")
    same = organization(session)
    with pytest.raises(LikelyDuplicates) as refusal:
        created(session, manager, now, city="Raleigh")
    assert len(refusal.value.matches) == 5
    assert refusal.value.matches[0].id == same.id


def test_the_pencil_changes_one_detail_and_search_follows(session, manager, now):
    actor, place = manager
    made = created(session, manager, now, city="Raleigh")
    edit = EditOrganizationField(place, made.id, "city", "Asheville", version=1)
    assert edit_organization_field(session, actor, edit, now=now).city == "Asheville"
    assert made.version == 2
    assert [match.id for match in search_organizations(session, actor, "harvest ashev").matches] == [made.id]
    assert search_organizations(session, actor, "raleigh").matches == ()
    rename = EditOrganizationField(place, made.id, "name", "Summer Foods", version=2)
    edit_organization_field(session, actor, rename, now=now)
    assert made.name_folded == "summer foods"
    assert search_organizations(session, actor, "harvest").matches == ()


def test_an_edit_from_an_older_version_tells_both_values_and_changes_nothing(session, manager, now):
    actor, place = manager
    made = created(session, manager, now, city="Raleigh")
    edit_organization_field(session, actor, EditOrganizationField(place, made.id, "city", "Cary", 1), now=now)
    with pytest.raises(EditedMeanwhile) as refusal:
        edit_organization_field(
            session, actor, EditOrganizationField(place, made.id, "city", "Apex", 1), now=now
        )
    stale = refusal.value
    assert (stale.field, stale.typed, stale.stored, stale.version) == ("city", "Apex", "Cary", 2)
    assert made.city == "Cary"


def test_saving_what_is_there_already_is_no_new_version(session, manager, now):
    actor, place = manager
    made = created(session, manager, now, city="Raleigh")
    edit_organization_field(
        session, actor, EditOrganizationField(place, made.id, "city", " Raleigh ", 1), now=now
    )
    assert made.version == 1


def test_a_detail_that_no_pencil_reaches_is_not_found(session, manager, now):
    actor, place = manager
    made = created(session, manager, now)
    with pytest.raises(NotFound):
        edit_organization_field(
            session, actor, EditOrganizationField(place, made.id, "confirmed_at", "x", 1), now=now
        )


def test_every_manager_sees_every_organization_and_a_contact_only_their_own(session, manager):
    own, other = organization(session), organization(session, "Other Foods")
    contact = make.actor(session, make.contact(session, own.id))
    assert queries.get_organization(session, manager[0], other.id) is other
    assert queries.get_organization(session, contact, own.id) is own
    with pytest.raises(NotFound):
        queries.get_organization(session, contact, other.id)
    with pytest.raises(NotAllowed):
        search_organizations(session, contact, "other")


def test_a_healthcare_provider_and_another_locations_manager_register_nothing_here(session, manager, now):
    place = make.location(session, "Westside Clinic")
    nurse = make.actor(session, make.healthcare_provider(session, place))
    command = CreateOrganization(place.id, "Harvest Foods", "food")
    with pytest.raises(NotAllowed):
        create_organization(session, nurse, command, now=now)
    with pytest.raises(NotFound):
        create_organization(session, manager[0], command, now=now)


def test_state_staff_register_organizations_without_a_location(session, now):
    staff = make.actor(session, make.administrator(session))
    made = create_organization(session, staff, CreateOrganization(None, "Harvest Foods", "food"), now=now)
    assert made.created_by_id == staff.id


def confirmation(made: Organization, **corrected: str) -> ConfirmOrganization:
    details = {
        field: getattr(made, field) for field in ("name", "industry", "street", "city", "zip", "version")
    }
    return ConfirmOrganization(made.id, **(details | {"state": "NC"} | corrected))


def test_the_contact_confirms_and_corrects_the_details(session, now):
    made = organization(session)
    contact = make.actor(session, make.contact(session, made.id))
    confirm_organization(session, contact, confirmation(made, phone="919 555 0100"), now=now)
    assert (made.phone, made.confirmed_at, made.confirmed_by_id) == ("9195550100", now, contact.id)
    assert made.version == 2
    assert queries.is_confirmed(session, made.id)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == made.id)).all()
    assert acts == ["organization.confirmed"]


def test_nobody_but_its_contact_confirms_an_organization(session, manager, now):
    made = organization(session)
    stranger = make.actor(session, make.contact(session, organization(session, "Other Foods").id))
    for actor in (stranger, manager[0]):
        with pytest.raises(NotFound):
            confirm_organization(session, actor, confirmation(made), now=now)
    assert not queries.is_confirmed(session, made.id)


def test_a_correction_of_what_somebody_changed_meanwhile_is_a_conflict(session, manager, now):
    made = organization(session)
    contact = make.actor(session, make.contact(session, made.id))
    seen = confirmation(made, city="Apex")
    edit = EditOrganizationField(manager[1], made.id, "city", "Cary", version=1)
    edit_organization_field(session, manager[0], edit, now=now)
    with pytest.raises(EditedMeanwhile) as refusal:
        confirm_organization(session, contact, seen, now=now)
    assert (refusal.value.field, refusal.value.typed, refusal.value.stored) == ("city", "Apex", "Cary")


def test_of_two_editors_who_saw_the_same_version_the_second_is_told(
    database: Database, session, manager, now
):
    actor, place = manager
    made = organization(session)
    outcomes = []
    for city in ("Cary", "Apex"):
        with database.session(write=True) as other:
            try:
                command = EditOrganizationField(place, made.id, "city", city, version=1)
                edit_organization_field(other, actor, command, now=now)
                other.commit()
                outcomes.append("saved")
            except EditedMeanwhile:
                outcomes.append("told")
    assert outcomes == ["saved", "told"]


def test_an_unknown_organization_is_not_found(session, manager):
    with pytest.raises(NotFound):
        queries.get_organization(session, manager[0], uuid4())
