"""People who are counted: vaccinated people of two counties, one of them small."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.reporting.refresh import refresh
from app.infra.db import Database
from tests.make.inventory import lot
from tests.make.providers import location
from tests.make.vaccinations import dose, someone

WAKE, HYDE = "37183", "37095"


def counted_people(session: Session, database: Database, *, now: datetime) -> None:
    """Ten people of Wake County and four of Hyde, one of whom is American Indian, had a dose 30 days ago; one had two."""
    place = location(session)
    stock = lot(session, place, doses=40)
    races: Callable[[int], list[str]] = lambda number: ["2106-3"] if number < 13 else ["1002-5"]  # noqa: E731
    for number in range(14):
        person = someone(
            session, place, last_name=f"Person{number}", county_fips=WAKE if number < 10 else HYDE, races=races(number),
            ethnicity="2186-5", gender="female", registered_at=now,
        )  # fmt: skip
        for days in (30, 5) if number == 0 else (30,):
            dose(session, place, person, stock, given_at=now - timedelta(days=days))
    session.commit()
    refresh(database, now=now)
    session.rollback()
