"""400 locations and many practising providers by workbook: quick, and sent twice nothing is doubled."""

import time

import pytest
from sqlalchemy import event, select

from app.domain.accounts.models import Invitation
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.errors import FieldsRefused, SameProvider
from app.domain.enrollment.import_locations import ImportLocations, import_locations
from app.domain.enrollment.import_providers import ImportProviders, import_providers
from app.domain.enrollment.location_rows import read_locations
from app.domain.enrollment.practicing_providers import AddProvider, add_provider
from app.domain.enrollment.progress import awaited, checklist
from app.domain.enrollment.provider_rows import read_providers
from app.domain.enrollment.queries import list_locations, providers_of
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from tests import make
from tests.domain.enrollment.test_sections import mails
from tests.make import enrollment as making

_COLUMNS = (
    "Location Name", "Street Address", "City", "County", "ZIP Code", "Coordinator First Name", "Coordinator Last Name",
    "Coordinator Email", "Coordinator Phone",
)  # fmt: skip


def places(numbers, email="vera{}@harvest.example"):
    lines = [
        f"Harvest {number},{number} Main St,Raleigh,Wake,27601,Vera,Cole,{email.format(number)},9195550103"
        for number in numbers
    ]
    return read_locations("\n".join([",".join(_COLUMNS), *lines]).encode(), filename="places.csv")


def clinicians(numbers):
    lines = [f"Nora,Nolan,NP,NP-{number}" for number in numbers]
    text = "\n".join(["First Name,Last Name,Title,License Number", *lines])
    return read_providers(text.encode(), filename="providers.csv")


def queries(session, act):
    """How many statements an act needs."""
    counted = []
    engine = session.get_bind().engine

    def count(*_):
        counted.append(1)

    event.listen(engine, "before_cursor_execute", count)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(counted)


def test_four_hundred_locations_are_added_and_their_coordinators_invited_in_seconds(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    save_section_a(session, boss, SaveSectionA(enrollment.id, making.section_a(), 1), now=now)
    rows = places(range(1, 401))
    began = time.perf_counter()
    done = import_locations(session, boss, ImportLocations(enrollment.id, rows), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    session.commit()
    assert (done.added, done.present, done.mistaken) == (400, 0, ())
    assert len(mails(session, "coordinator_invited")) == 400
    assert time.perf_counter() - began < 20
    first = list_locations(session, boss, enrollment.id)
    assert (len(first.items), first.items[49].number) == (50, 50)
    assert list_locations(session, boss, enrollment.id, after=first.next_after).items[0].number == 51
    assert [one.number for one in list_locations(session, boss, enrollment.id, name="harvest 399").items] == [399]


def test_the_checklist_of_a_chain_needs_no_query_per_location(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    save_section_a(session, boss, SaveSectionA(enrollment.id, making.section_a(), 1), now=now)
    rows = places(range(1, 101), email="vera@harvest.example")
    import_locations(session, boss, ImportLocations(enrollment.id, rows), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    session.commit()
    assert len(session.scalars(select(Invitation)).all()) == 101
    assert len(mails(session, "coordinator_invited")) == 1
    state = making.state_actor(session)
    assert queries(session, lambda: checklist(session, state, enrollment)) <= 10
    assert queries(session, lambda: awaited(session, enrollment)) <= 10
    assert len(awaited(session, enrollment)) == 100


def test_the_same_workbook_again_adds_nothing_and_mistakes_are_left_out(session, now):
    enrollment, account = making.started(session)
    boss = make.actor(session, account)
    import_locations(session, boss, ImportLocations(enrollment.id, places((1, 2))), now=now)
    rows = places((1, 2, 3, 4), email="vera{}")
    assert all(not row.is_good for row in rows)
    rows = [*places((1, 2, 3)), *places((4,), email="vera{}")]
    rows[3] = type(rows[3])(5, rows[3].values, rows[3].mistakes, rows[3].cells)
    done = import_locations(session, boss, ImportLocations(enrollment.id, rows), now=now)
    assert done.fates == {2: "present", 3: "present", 4: "added", 5: "mistaken"}
    assert [row.number for row in done.mistaken] == [5]
    assert [one.number for one in list_locations(session, boss, enrollment.id).items] == [1, 2, 3]


def test_thirty_providers_by_workbook_and_those_known_by_license_not_twice(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.coordinator_of(session, location)
    add_provider(session, vera, AddProvider(location.id, "Nora", "Nolan", "NP", "np 7"), now=now)
    done = import_providers(session, vera, ImportProviders(location.id, clinicians(range(1, 31))), now=now)
    assert (done.added, done.present) == (29, 1)
    again = import_providers(session, vera, ImportProviders(location.id, clinicians(range(1, 31))), now=now)
    assert (again.added, again.present) == (0, 30)
    page = providers_of(session, location, size=20)
    assert len(page.items) + len(providers_of(session, location, after=page.next_after).items) == 30


def test_a_provider_is_named_with_title_and_license_and_once(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.coordinator_of(session, location)
    with pytest.raises(FieldsRefused) as refused:
        add_provider(session, vera, AddProvider(location.id, "Nora", "", "Wizard", ""), now=now)
    assert refused.value.reasons == {"title": "unknown"}
    with pytest.raises(FieldsRefused) as refused:
        add_provider(session, vera, AddProvider(location.id, "Nora", "", "NP", ""), now=now)
    assert refused.value.reasons == {"last_name": "missing", "license_number": "missing"}
    add_provider(session, vera, AddProvider(location.id, "Nora", "Nolan", "NP", "NP-7"), now=now)
    with pytest.raises(SameProvider):
        add_provider(session, vera, AddProvider(location.id, "Nora", "Nolan", "NP", "np7"), now=now)
