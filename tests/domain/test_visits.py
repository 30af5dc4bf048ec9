"""Who may be found at the door, and how a visit opens a record."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.accounts import attempts
from app.domain.errors import NotAllowed, NotFound
from app.domain.recipients.models import Listing
from app.domain.vaccinations.administer_dose import AdministerDose, administer_dose
from app.domain.vaccinations.check_in import CheckIn, check_in
from app.domain.vaccinations.end_visit import EndVisit, end_visit
from app.domain.vaccinations.errors import BadDose, TicketExpired, TooManySearches, VisitEnded
from app.domain.vaccinations.find_for_visit import FindForVisit, find_for_visit
from app.domain.vaccinations.kiosk.arrivals import look_at_door
from app.domain.vaccinations.models import Visit
from app.domain.vaccinations.visits import day_queue, get_visit, listed_recipient
from app.infra.audit import AuditEntry
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, nurse_at, someone
from tests.make.vaccinations import visit as make_visit

BORN = date(1950, 4, 28)
TODAY = date(2021, 3, 10)


@pytest.fixture
def location(session, now):
    return make.location(session)


@pytest.fixture
def find(database, session, location, now):
    here = location.id

    def search(last_name="Núñez", birth_date=BORN, detail="Zoë", at=here, now=now):
        session.rollback()
        query = FindForVisit(at, last_name, birth_date, detail)
        with database.reading() as reading:
            return find_for_visit(reading, database, nurse_at(here), query, now=now)

    return search


@pytest.fixture
def zoe(session):
    return someone(
        session,
        first_name="Zoë Anne",
        last_name="Núñez",
        birth_date=BORN,
        phone="9195550123",
        zip="27601-1234",
        email="Zoe@Example.org",
        city="Raleigh",
    )


@pytest.mark.parametrize(
    "detail",
    [
        "Zoë Anne",
        "zoe anne",
        "ZOE",
        "0123",
        "(919) 555-0123",
        "27601",
        "27601-1234",
        "code",
        "zoe@example.org",
        " Zoe@Example.org ",
    ],
)
def test_name_birth_date_and_any_one_detail_find_a_person_of_the_whole_state(find, zoe, detail):
    for last_name in ("Núñez", "nunez", " NUNEZ "):
        found = find(last_name, detail=zoe.code.lower() if detail == "code" else detail)
        assert [(person.full_name, person.city, person.listed) for person in found] == [
            ("Zoë Anne Núñez", "Raleigh", False)
        ]


@pytest.mark.parametrize(
    ("last_name", "birth_date", "detail"),
    [
        ("Nune", BORN, "Zoe"),
        ("Nunez", date(1950, 4, 27), "Zoe"),
        ("Nunez", BORN, "Zo"),
        ("Nunez", BORN, "Anna"),
        ("Nunez", BORN, "123"),
        ("Nunez", BORN, "5550"),
        ("Nunez", BORN, "2760"),
        ("Nunez", BORN, "%"),
        ("Nunez", BORN, "  "),
        ("", BORN, "Zoe"),
        ("%", BORN, "Zoe"),
    ],
)
def test_less_than_exact_finds_nobody(find, zoe, last_name, birth_date, detail):
    assert find(last_name, birth_date, detail) == []


def test_nobody_is_found_by_an_empty_phone_zip_or_mail(find, session):
    someone(session, first_name="Zoë", last_name="Núñez", birth_date=BORN)
    assert find(detail="0000") == []
    assert find(detail="()") == []


def test_a_merged_record_leads_to_the_one_that_was_kept(find, session, zoe):
    copy = someone(session, first_name="Zoe", last_name="Nunez", birth_date=BORN, phone="9195559999")
    copy.merged_into_id = zoe.id
    session.commit()
    assert [person.full_name for person in find(detail="9999")] == ["Zoë Anne Núñez"]
    assert len(find(detail="Zoe")) == 1


def test_searching_is_logged_and_too_many_misses_stop_it_for_a_while(find, session, zoe, now):
    find()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "recipient.found")).one()
    assert entry.subject_id == zoe.id
    session.rollback()
    for _ in range(10):
        assert find(detail="wrong") == []
    with pytest.raises(TooManySearches):
        find()
    assert find("Other", detail="wrong") == []
    assert len(find(now=now + timedelta(minutes=16))) == 1


def test_one_account_may_miss_forty_times_in_a_quarter_of_an_hour(find, database, now):
    for number in range(40):
        attempts.note(database, "find", "account:None", f"person {number}", now=now)
    with pytest.raises(TooManySearches):
        find()


def test_only_a_clinic_searches(find, session, location, now, database):
    other = make.location(session, "Elsewhere")
    with pytest.raises(NotFound):
        find(at=other.id)


def test_the_ticket_of_a_search_checks_in_and_lists_the_person(find, session, location, zoe, now):
    [person] = find()
    nurse = nurse_at(location.id)
    with pytest.raises(NotFound):
        listed_recipient(session, nurse, location.id, zoe.id)
    visit = check_in(session, nurse, CheckIn(location.id, ticket=person.ticket), now=now, today=TODAY)
    session.commit()
    assert (visit.recipient_id, visit.status, visit.day) == (zoe.id, "arrived", TODAY)
    listing = session.scalars(select(Listing)).one()
    assert (listing.scope_id, listing.how) == (location.id, "visit")
    assert listed_recipient(session, nurse, location.id, zoe.id).id == zoe.id
    acts = set(session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == zoe.id)))
    assert "recipient.checked_in" in acts


def test_checking_in_twice_gives_one_visit_a_day(session, location, zoe, find, now):
    [person] = find()
    nurse = nurse_at(location.id)
    visits = [
        check_in(session, nurse, CheckIn(location.id, ticket=person.ticket), now=now, today=TODAY).id
        for _ in range(3)
    ]
    assert len(set(visits)) == 1
    tomorrow = CheckIn(location.id, recipient_id=zoe.id)
    later = check_in(session, nurse, tomorrow, now=now + timedelta(days=1), today=TODAY + timedelta(days=1))
    assert later.id not in visits
    assert session.scalar(select(func.count()).select_from(Listing)) == 1


def test_a_ticket_is_worth_nothing_elsewhere_later_or_changed(find, session, location, zoe, now):
    [person] = find()
    other = make.location(session, "Elsewhere")
    tries = [
        (nurse_at(other.id), CheckIn(other.id, ticket=person.ticket), now),
        (nurse_at(location.id), CheckIn(location.id, ticket=person.ticket), now + timedelta(minutes=31)),
        (nurse_at(location.id), CheckIn(location.id, ticket=person.ticket[:-4] + "AAAA"), now),
        (nurse_at(location.id), CheckIn(location.id, ticket=""), now),
        (nurse_at(location.id), CheckIn(location.id, ticket="é"), now),
    ]
    for nurse, told, moment in tries:
        with pytest.raises(TicketExpired):
            check_in(session, nurse, told, now=moment, today=TODAY)
    with pytest.raises(NotFound):
        check_in(
            session, nurse_at(location.id), CheckIn(location.id, recipient_id=zoe.id), now=now, today=TODAY
        )


def test_a_visit_ends_without_a_dose_for_a_known_reason_and_the_person_may_come_back(session, location, now):
    visit = make_visit(session, location)
    nurse = nurse_at(location.id)
    with pytest.raises(BadDose):
        end_visit(session, nurse, EndVisit(location.id, visit.id, "because"), now=now)
    end_visit(session, nurse, EndVisit(location.id, visit.id, "deferred"), now=now)
    session.commit()
    assert session.get(Visit, visit.id).status == "left"
    with pytest.raises(VisitEnded):
        end_visit(session, nurse, EndVisit(location.id, visit.id, "left"), now=now)
    again = make_visit(session, location, visit.recipient, screened=False)
    assert again.id != visit.id
    assert again.status == "arrived"


def test_the_queue_is_todays_in_order_of_arrival_and_of_one_location(session, location, now):
    lot = make_lot(session, location)
    first = make_visit(session, location, someone(session, location, first_name="First"), screened=False)
    second = make_visit(session, location, someone(session, location, first_name="Second"))
    dose(session, location, someone(session, location, first_name="Third"), lot)
    elsewhere = make_visit(session, make.location(session, "Elsewhere"))
    yesterday = make_visit(session, location, someone(session, location, first_name="Old"))
    yesterday.day = date(2021, 3, 9)
    session.commit()
    queue = day_queue(session, nurse_at(location.id), location.id, day=TODAY)
    assert [visit.id for visit in queue.waiting] == [first.id, second.id]
    assert [visit.recipient.first_name for visit in queue.done] == ["Third"]
    door = look_at_door(session, nurse_at(location.id), location.id, day=TODAY, now=now)
    assert door.counts == {"arrived": 1, "screened": 1, "vaccinated": 1}
    with pytest.raises(NotFound):
        get_visit(session, nurse_at(location.id), location.id, elsewhere.id)
    with pytest.raises(NotFound):
        day_queue(session, nurse_at(location.id), elsewhere.location_id, day=TODAY)


def test_at_a_location_that_is_no_longer_enrolled_nobody_is_checked_in_or_vaccinated(session, now):
    location = make.location(session)
    came, stock = make_visit(session, location), make_lot(session, location)
    location.closed_at = now
    session.commit()
    with pytest.raises(NotAllowed):
        make_visit(session, location, someone(session, location, last_name="Late"))
    command = AdministerDose(location.id, came.id, stock.id, "LD", "Ann Lee", "RN", True)
    with pytest.raises(NotAllowed):
        administer_dose(session, nurse_at(location.id), command, now=now, zone=ZONE)
