"""What one person adds to the counters, as a text to keep, and back from the text to what it adds.

The text is all that is needed to take somebody out of the counters again, whatever was changed about them since:
`county|age|race|ethnicity|gender|flags|dose,dose`, each dose `day:product:number:location:hours`.
"""

import base64
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.domain.program.counties import county_by_fips
from app.domain.program.rules import ProductSchedule
from app.domain.reporting.groups import age_group, ethnicity_group, gender_group, race_group
from app.domain.reporting.tables import OUTSIDE, STATE
from app.domain.vaccinations.schedule import standing

WITHIN = (1, 2, 4, 8, 12, 24, 48, 72, 168, 10_000)
"""Hours from given to entered, by which entry lag is counted; the last stands for anything longer."""

DoseKey = tuple[str, date, str, int]
PeopleKey = tuple[str, str, str, str]
LagKey = tuple[date, UUID, int]


class CountedPerson(NamedTuple):
    """The facts of a person that are counted, of the record that was kept."""

    id: UUID
    county_fips: str
    birth_date: date
    races: Sequence[str]
    ethnicity: str
    gender: str
    registered: bool


class CountedDose(NamedTuple):
    """A completed dose. `here`: given by a location of the program, not only told of."""

    given_on: date
    given_at: datetime
    recorded_at: datetime
    product_code: str
    product: ProductSchedule
    location_id: UUID
    here: bool


@dataclass
class Moved:
    """By how much counters move. People are keyed by county, dimension, group and measure."""

    doses: "Counter[DoseKey]"
    people: "Counter[PeopleKey]"
    lag: "Counter[LagKey]"

    @classmethod
    def nothing(cls) -> "Moved":
        """Nothing moved yet."""
        return cls(Counter(), Counter(), Counter())

    def add(self, text: str, times: int = 1) -> None:
        """Add what a person adds; `times` -1 takes it out."""
        county, age, race, ethnicity, gender, flags, doses = text.split("|")
        self._person(county, {"age_group": age, "race": race, "ethnicity": ethnicity, "gender": gender}, flags, times)
        for dose in filter(None, doses.split(",")):
            day, code, number, place, within = dose.split(":")
            given_on = date.fromisoformat(day)
            for where in (STATE, county):
                self.doses[(where, given_on, code, int(number))] += times
            self.lag[(monday(given_on), _unpacked(place), int(within))] += times

    def _person(self, county: str, groups: dict[str, str], flags: str, times: int) -> None:
        for where in (STATE, county):
            self.people[(where, "all", "all", "on_record")] += times
            if "r" in flags:
                self.people[(where, "all", "all", "registered")] += times
            for flag, measure in (("d", "at_least_one"), ("c", "complete")):
                if flag in flags:
                    self.people[(where, "all", "all", measure)] += times
                    for dimension, group in groups.items():
                        self.people[(where, dimension, group, measure)] += times


def contribution(person: CountedPerson, doses: Sequence[CountedDose]) -> str:
    """The text for a person with these completed doses, oldest first."""
    county = person.county_fips if county_by_fips(person.county_fips) else OUTSIDE
    age, flags = "", "r" if person.registered else ""
    if doses:
        age = age_group(person.birth_date, doses[0].given_on)
        flags += "d" + ("c" if standing(doses, doses[-1].given_on).complete else "")
    groups = (race_group(person.races or ()), ethnicity_group(person.ethnicity), gender_group(person.gender))
    given = ",".join(_packed_doses(doses))
    return "|".join((county, age, *groups, flags, given))


def within(given_at: datetime, recorded_at: datetime) -> int:
    """The least of WITHIN that the hours from given to entered do not exceed."""
    late = recorded_at - given_at
    return next((hours for hours in WITHIN if late <= timedelta(hours=hours)), WITHIN[-1])


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def _packed_doses(doses: Sequence[CountedDose]) -> Iterable[str]:
    for number, dose in enumerate(doses, start=1):
        if dose.here:
            place = base64.urlsafe_b64encode(dose.location_id.bytes).decode().rstrip("=")
            late = within(dose.given_at, dose.recorded_at)
            yield f"{dose.given_on.isoformat()}:{dose.product_code}:{number}:{place}:{late}"


def _unpacked(place: str) -> UUID:
    return UUID(bytes=base64.urlsafe_b64decode(f"{place}=="))
