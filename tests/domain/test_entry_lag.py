"""What a location gave and when it was entered."""

from datetime import timedelta

import pytest
from sqlalchemy import event, update

from app.domain.errors import NotFound
from app.domain.vaccinations.entry_lag import entry_lag
from app.domain.vaccinations.models import Administration, Visit
from app.infra.clock import local_date
from app.infra.db import first_id_of, new_id
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, nurse_at, someone, visit


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def given(session, place, now):
    """Enter a dose so many days ago, so many hours after it was given."""
    stock = make_lot(session, place, doses=20)

    def give(days, hours, **other):
        made = dose(session, place, someone(session, place), stock, given_at=now - timedelta(days=days))
        values = {"recorded_at": made.given_at + timedelta(hours=hours)} | other
        session.execute(update(Administration).where(Administration.id == made.id).values(**values))
        session.commit()

    return give


def lag_of(session, place, now):
    return entry_lag(session, nurse_at(place.id), place.id, now=now, today=local_date(now, ZONE))


def test_median_and_worst_of_a_week_and_a_month(session, place, given, now):
    for days, hours in ((1, 1), (2, 3), (3, 30), (20, 100), (40, 900)):
        given(days, hours)
    found = lag_of(session, place, now)
    assert (found.week.doses, found.week.median_hours, found.week.worst_hours, found.week.late) == (3, 3, 30, 1)
    assert (found.month.doses, found.month.median_hours, found.month.worst_hours, found.month.late) == (4, 16.5, 100, 2)


def test_doses_of_elsewhere_and_mistakes_do_not_count(session, place, given, now):
    given(1, 50, source="01")
    given(2, 50, status="entered-in-error")
    assert lag_of(session, place, now).month == lag_of(session, place, now).month
    assert lag_of(session, place, now).month.doses == 0
    assert lag_of(session, place, now).month.median_hours is None


def test_who_came_and_has_no_end_is_named_after_two_hours(session, place, now):
    early, late = someone(session, place, last_name="Early"), someone(session, place, last_name="Late")
    for person in (early, late):
        visit(session, place, person)
    session.execute(update(Visit).where(Visit.recipient_id == early.id).values(arrived_at=now - timedelta(hours=3)))
    session.execute(update(Visit).where(Visit.recipient_id == late.id).values(arrived_at=now - timedelta(hours=1)))
    session.commit()
    assert [one.full_name for one in lag_of(session, place, now).not_entered] == ["Maria Early"]


def test_it_asks_two_questions_however_many_doses(session, database, place, given, now):
    given(1, 1)
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    lag_of(session, place, now)
    assert len([one for one in asked if one.startswith("SELECT")]) == 2


def test_it_is_nobody_elses_business(session, place, now):
    with pytest.raises(NotFound):
        entry_lag(session, nurse_at(make.location(session).id), place.id, now=now, today=now.date())


def test_keys_are_in_the_order_of_their_moments(now):
    made = new_id()
    assert first_id_of(now) < made


def test_the_page_says_it_and_is_reached_from_clinic_day_and_inventory(site, session, place, given, now):
    given(1, 0.5)
    given(3, 60)
    site.sign_in(make.healthcare_provider(session, place))
    for start in ("clinic", "inventory"):
        page = site.open(f"/provider/{place.id}/{start}")
        link = next(link for link in page.select("main a") if "not yet entered" in link.text)
        page = site.open(link["href"])
    text = text_of(page)
    assert "1 dose of the last 30 days was entered more than a day late" in text
    assert "The last 7 days 2 30 hours 2 days 1" in text
    assert "Nothing is missing" in text
