"""The dose schedule as a table: what a dose would be, and what is due next. Every row names its source.

Doses are `product day`; P Pfizer, M Moderna (10-dose vial), m Moderna (14-dose vial), J Janssen; years are 20yy.
"""

from typing import NamedTuple

SOURCES = {
    "EUA-P": "FDA, emergency use authorization of Pfizer-BioNTech, 2020-12-11: 16 years and older, two doses, 3 weeks",
    "EUA-M": "FDA, emergency use authorization of Moderna, 2020-12-18: 18 years and older, two doses, 1 month",
    "EUA-J": "FDA, emergency use authorization of Janssen, 2021-02-27: 18 years and older, a single dose",
    "EUA-P12": "FDA, amendment of 2021-05-10: Pfizer-BioNTech from 12 years on",
    "PAUSE": "CDC and FDA, joint statements of 2021-04-13 (pause of Janssen) and 2021-04-23 (pause lifted)",
    "MARK-14": "FDA, Moderna vial of 13 to 15 doses, 2021-04-01: the same vaccine",
    "ICC-GRACE": "CDC, interim clinical considerations: a dose up to 4 days before the interval is valid",
    "ICC-EARLY": "CDC, interim clinical considerations 2021: a dose before the grace period is not repeated",
    "ICC-LATE": "CDC, interim clinical considerations of 2021-01-21: within 42 days; a series never begins anew",
    "ICC-MIX": "CDC, interim clinical considerations of 2021-01-21: another mRNA product after 28 days, in exceptions",
    "ICC-SAME": "CDC, interim clinical considerations of 2020-12: the products are not interchangeable",
    "ICC-J": "CDC, interim clinical considerations of 2021-03-03: Janssen 28 days after one mRNA dose is a full series",
    "ICC-DONE": "CDC, interim clinical considerations: no further dose after a full series",
    "ICC-EXTRA": "CDC, interim clinical considerations of 2021-08-13: a further mRNA dose 28 days after the second",
    "CDSI-MIN": "CDSi supporting data of 2021-10-25: absolute minimum interval 17 days (Pfizer), 24 (Moderna)",
    "ACIP-DAY": "ACIP, general best practices: two doses of one vaccine on one day count as one",
}


class Given(NamedTuple):
    """A dose that somebody might get, and what it would be. `notes`: late, weakened (immune system), unmixed."""

    source: str
    before: str
    give: str
    age: int
    verdicts: str
    number: int = 1
    earliest: str = ""
    notes: str = ""


class Due(NamedTuple):
    """Where somebody stands on a day: doses that count, whether that is all, and the days of the next one."""

    source: str
    doses: str
    on: str
    counted: int
    complete: bool = False
    days: str = ""
    notes: str = ""


GIVEN = (
    Given("EUA-P", "", "P 20-12-14", 40, "valid"),
    Given("EUA-P", "", "P 20-12-11", 40, "valid"),
    Given("EUA-P", "", "P 20-12-10", 40, "not_authorized"),
    Given("EUA-P", "", "P 21-01-04", 16, "valid"),
    Given("EUA-P", "", "P 21-01-04", 15, "too_young"),
    Given("EUA-P12", "", "P 21-05-09", 12, "too_young"),
    Given("EUA-P12", "", "P 21-05-10", 12, "valid"),
    Given("EUA-P12", "", "P 21-05-10", 11, "too_young"),
    Given("EUA-M", "", "M 20-12-17", 40, "not_authorized"),
    Given("EUA-M", "", "M 20-12-18", 40, "valid"),
    Given("EUA-M", "", "M 21-01-04", 18, "valid"),
    Given("EUA-M", "", "M 21-01-04", 17, "too_young"),
    Given("EUA-M", "", "M 21-06-01", 17, "too_young"),
    Given("MARK-14", "", "m 21-03-31", 40, "not_authorized"),
    Given("MARK-14", "", "m 21-04-01", 40, "valid"),
    Given("EUA-J", "", "J 21-02-26", 40, "not_authorized"),
    Given("EUA-J", "", "J 21-02-27", 40, "valid"),
    Given("EUA-J", "", "J 21-03-10", 18, "valid"),
    Given("EUA-J", "", "J 21-03-10", 17, "too_young"),
    Given("PAUSE", "", "J 21-04-12", 40, "valid"),
    Given("PAUSE", "", "J 21-04-13", 40, "stopped"),
    Given("PAUSE", "", "J 21-04-23", 40, "stopped"),
    Given("PAUSE", "", "J 21-04-24", 40, "valid"),
    Given("PAUSE", "", "J 21-04-20", 17, "stopped too_young"),
    Given("EUA-P", "P 21-03-01", "P 21-03-22", 40, "valid", 2, "21-03-18"),
    Given("ICC-GRACE", "P 21-03-01", "P 21-03-21", 40, "grace", 2, "21-03-18"),
    Given("ICC-GRACE", "P 21-03-01", "P 21-03-18", 40, "grace", 2, "21-03-18"),
    Given("ICC-GRACE", "P 21-03-01", "P 21-03-17", 40, "early", 2, "21-03-18"),
    Given("ICC-GRACE", "P 21-03-01", "P 21-03-02", 40, "early", 2, "21-03-18"),
    Given("ACIP-DAY", "P 21-03-01", "P 21-03-01", 40, "early", 2, "21-03-18"),
    Given("EUA-M", "M 21-03-01", "M 21-03-29", 40, "valid", 2, "21-03-25"),
    Given("ICC-GRACE", "M 21-03-01", "M 21-03-28", 40, "grace", 2, "21-03-25"),
    Given("ICC-GRACE", "M 21-03-01", "M 21-03-25", 40, "grace", 2, "21-03-25"),
    Given("ICC-GRACE", "M 21-03-01", "M 21-03-24", 40, "early", 2, "21-03-25"),
    Given("MARK-14", "M 21-03-10", "m 21-04-07", 40, "valid", 2, "21-04-03"),
    Given("MARK-14", "M 21-03-10", "m 21-04-02", 40, "early", 2, "21-04-03"),
    Given("MARK-14", "m 21-04-01", "M 21-04-25", 40, "grace", 2, "21-04-25"),
    Given("ICC-GRACE", "P 21-01-31", "P 21-02-17", 40, "grace", 2, "21-02-17"),
    Given("ICC-LATE", "P 21-03-01", "P 21-04-12", 40, "valid", 2, "21-03-18"),
    Given("ICC-LATE", "P 21-03-01", "P 21-04-13", 40, "valid", 2, "21-03-18", "late"),
    Given("ICC-LATE", "M 21-03-01", "M 21-04-12", 40, "valid", 2, "21-03-25"),
    Given("ICC-LATE", "M 21-03-01", "M 21-11-30", 40, "valid", 2, "21-03-25", "late"),
    Given("ICC-SAME", "P 20-12-14", "P 21-01-20", 40, "valid", 2, "20-12-31"),
    Given("ICC-SAME", "P 20-12-14", "M 21-01-20", 40, "other_product", 2, "", "unmixed"),
    Given("ICC-MIX", "P 20-12-14", "M 21-01-21", 40, "other_product", 2, "21-01-11"),
    Given("ICC-MIX", "P 21-03-01", "M 21-03-29", 40, "other_product", 2, "21-03-29"),
    Given("ICC-MIX", "P 21-03-01", "M 21-03-28", 40, "early other_product", 2, "21-03-29"),
    Given("ICC-MIX", "M 21-03-01", "P 21-03-25", 40, "early other_product", 2, "21-03-29"),
    Given("ICC-MIX", "M 21-03-01", "P 21-03-29", 40, "other_product", 2, "21-03-29"),
    Given("ICC-MIX", "P 21-03-01", "M 21-03-29", 17, "too_young other_product", 2, "21-03-29"),
    Given("ICC-J", "P 21-02-01", "J 21-03-02", 40, "other_product", 2, "", "unmixed"),
    Given("ICC-J", "P 21-02-01", "J 21-03-03", 40, "other_product", 2, "21-03-01"),
    Given("ICC-J", "M 21-03-01", "J 21-03-28", 40, "early other_product", 2, "21-03-29"),
    Given("ICC-J", "M 21-03-17", "J 21-04-14", 40, "stopped other_product", 2, "21-04-14"),
    Given("ICC-DONE", "J 21-03-01", "J 21-05-01", 40, "complete", 2),
    Given("ICC-DONE", "J 21-03-01", "P 21-05-01", 40, "complete other_product", 2),
    Given("ICC-DONE", "P 21-02-01 P 21-02-22", "P 21-06-01", 40, "complete", 3),
    Given("ICC-DONE", "M 21-02-01 M 21-03-01", "J 21-06-01", 40, "complete other_product", 3),
    Given("ICC-DONE", "P 21-02-01 M 21-03-01", "M 21-06-01", 40, "complete", 3),
    Given("ICC-DONE", "P 21-02-01 J 21-03-03", "P 21-06-01", 40, "complete other_product", 3),
    Given("ICC-EARLY", "P 21-02-01 P 21-02-08", "P 21-03-10", 40, "complete", 3),
    Given("ACIP-DAY", "P 21-02-01 P 21-02-01", "P 21-02-22", 40, "valid", 3, "21-02-18"),
    Given("CDSI-MIN", "P 21-10-25 P 21-11-10", "P 21-12-01", 40, "valid", 3, "21-11-27"),
    Given("CDSI-MIN", "P 21-10-25 P 21-11-11", "P 21-12-02", 40, "complete", 3),
    Given("CDSI-MIN", "P 21-10-01 P 21-10-11", "P 21-11-20", 40, "complete", 3),
    Given("CDSI-MIN", "M 21-11-01 M 21-11-24", "M 21-12-10", 40, "early", 3, "21-12-18"),
    Given("ICC-EXTRA", "P 21-02-01 P 21-02-22", "P 21-08-12", 40, "complete", 3, "", "weakened"),
    Given("ICC-EXTRA", "P 21-02-01 P 21-02-22", "P 21-08-13", 40, "valid", 3, "21-03-18", "weakened"),
    Given("ICC-EXTRA", "P 21-02-01 P 21-02-22", "P 21-08-13", 40, "complete", 3),
    Given("ICC-EXTRA", "M 21-07-01 M 21-07-29", "M 21-08-25", 40, "grace", 3, "21-08-22", "weakened"),
    Given("ICC-EXTRA", "M 21-07-01 M 21-07-29", "M 21-08-21", 40, "early", 3, "21-08-22", "weakened"),
    Given("ICC-EXTRA", "P 21-02-01 P 21-02-22", "M 21-09-01", 40, "other_product", 3, "21-03-22", "weakened"),
    Given("ICC-EXTRA", "P 21-02-01 P 21-02-22", "J 21-09-01", 40, "complete other_product", 3, "", "weakened"),
    Given("ICC-EXTRA", "J 21-03-01", "P 21-09-01", 40, "complete other_product", 2, "", "weakened"),
    Given("ICC-EXTRA", "P 21-02-01 P 21-02-22 P 21-08-20", "P 21-12-01", 40, "complete", 4, "", "weakened"),
)

DUE = (
    Due("EUA-P", "", "21-03-01", 0),
    Due("EUA-P", "P 20-12-14", "20-12-20", 1, days="20-12-31 21-01-04"),
    Due("ICC-LATE", "P 20-12-14", "21-01-21", 1, days="20-12-31 21-01-04 21-01-25"),
    Due("ICC-LATE", "P 21-03-01", "21-03-02", 1, days="21-03-18 21-03-22 21-04-12"),
    Due("ICC-LATE", "P 21-03-01", "21-12-24", 1, days="21-03-18 21-03-22 21-04-12"),
    Due("EUA-M", "M 21-03-01", "21-03-02", 1, days="21-03-25 21-03-29 21-04-12"),
    Due("MARK-14", "m 21-04-01", "21-04-02", 1, days="21-04-25 21-04-29 21-05-13"),
    Due("EUA-J", "J 21-03-01", "21-03-02", 1, complete=True),
    Due("ICC-DONE", "P 21-02-01 P 21-02-22", "21-03-01", 2, complete=True),
    Due("ICC-MIX", "P 21-02-01 M 21-03-01", "21-03-02", 2, complete=True),
    Due("ICC-J", "P 21-02-01 J 21-03-03", "21-03-04", 2, complete=True),
    Due("ICC-EARLY", "M 21-02-01 M 21-02-10", "21-03-01", 2, complete=True),
    Due("ACIP-DAY", "P 21-03-01 P 21-03-01", "21-03-02", 1, days="21-03-18 21-03-22 21-04-12"),
    Due("CDSI-MIN", "P 21-10-25 P 21-11-10", "21-11-12", 1, days="21-11-27 21-12-01 21-12-22"),
    Due("ICC-EXTRA", "P 21-07-01 P 21-07-22", "21-08-12", 2, complete=True, notes="weakened"),
    Due("ICC-EXTRA", "P 21-07-01 P 21-07-22", "21-08-13", 2, True, "21-08-15 21-08-19", "weakened"),
    Due("ICC-EXTRA", "P 21-07-01 P 21-07-22", "21-08-13", 2, complete=True),
    Due("ICC-EXTRA", "J 21-07-01", "21-08-13", 1, complete=True, notes="weakened"),
)
