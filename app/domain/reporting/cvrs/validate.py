"""A line checked as the clearing house checks it: value by value, then the rules between values.

Codes are those of CDC's validator: REQD required, DNTS must not be sent, DATA form of a value, BUSR rules between values.
The rules on single values are read from the table of columns; there is no code for a single column here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.program.zip_counties import county_of_zip
from app.domain.reporting.cvrs.columns import COLUMNS, OUR_COUNTIES, REDACTED, Column
from app.domain.reporting.cvrs.places import county_lies_in, zip_lies_in

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_FORMS: dict[str, tuple[str, str]] = {
    "county": (r"\d{5}", "must be a FIPS 5-digit county code"),
    "state": (r"[A-Z]{2}", "must be a two-character state abbreviation"),
    "zip": (r"\d{5}(-\d{4})?", "must be a valid ZIP. 5 digit or 5 digit + 4 are acceptable"),
    "pin": (r"\d{6}", "must be six digits"),
    "number": (r"\d+", "must be a number"),
}
_PATTERNS = {kind: re.compile(pattern, re.ASCII) for kind, (pattern, _) in _FORMS.items()}
_DATE_EXPECTED = 'invalid date format, expected: "YYYY-MM-DD" or "YYYY-MM"'


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line: the validator's code, the element, its own words. A warning does not hold a line back."""

    code: str
    column: str
    text: str
    warning: bool = False


def problems_of(line: Mapping[str, str], *, today: date) -> list[Problem]:
    """Everything that is wrong with a line: element to text, all 45 of them, empty where there is no value."""
    redacted = line.get("ext_type") != "I"
    found = [problem for column in COLUMNS if (problem := _of_value(column, line[column.name], redacted)) is not None]
    bad = {problem.column for problem in found}
    return found + [
        Problem(rule.code, rule.column, rule.text, rule.warning)
        for rule in _RULES
        if not bad & set(rule.reads) and all(line[name] for name in rule.reads) and not rule.holds(line, today)
    ]


def _of_value(column: Column, value: str, redacted: bool) -> Problem | None:
    if column.vaccination == "-":
        return Problem("DNTS001", column.name, "must not be sent") if value else None
    if column.vaccination == "R" and redacted:
        wrong = value.casefold() != REDACTED.casefold()
        return Problem("DATA006", column.name, f"must be {REDACTED}") if wrong else None
    if not value:
        needed = column.vaccination == "Y"
        return Problem("REQD001", column.name, "must not be null") if needed else None
    if column.longest is not None and len(value) > column.longest:
        return Problem("DATA008", column.name, f"maximum length is {column.longest}")
    if column.kind == "date" and not _is_date(value):
        return Problem("DATA009", column.name, _DATE_EXPECTED)
    if column.kind in _FORMS and not _PATTERNS[column.kind].fullmatch(value):
        return Problem("DATA005", column.name, _FORMS[column.kind][1])
    if column.values is not None and value not in column.values:
        return Problem("DATA007", column.name, f"must be one of [{', '.join(column.values)}]")
    return None


def _is_date(value: str) -> bool:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True
    return bool(_MONTH.fullmatch(value))


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    column: str
    text: str
    reads: tuple[str, ...]
    holds: Callable[[Mapping[str, str], date], bool]
    warning: bool = False


def _county_of_state(county: str, state: str) -> Callable[[Mapping[str, str], date], bool]:
    def holds(line: Mapping[str, str], _today: date) -> bool:
        fips = line[county]
        return county_lies_in(fips, line[state]) and (line[state] != "NC" or fips in OUR_COUNTIES)

    return holds


def _zip_of_state(zip_code: str, state: str) -> Callable[[Mapping[str, str], date], bool]:
    return lambda line, _today: zip_lies_in(line[zip_code], line[state])


def _zip_implies_county(zip_code: str, county: str) -> Callable[[Mapping[str, str], date], bool]:
    return lambda line, _today: county_of_zip(line[zip_code][:5]) in ("", line[county])


def _rules_of(who: str, codes: tuple[str, str, str]) -> tuple[_Rule, ...]:
    county, state, zip_code = (f"{who}_address_{part}" for part in ("county", "state", "zip"))
    return (
        _Rule(codes[0], county, "county does not belong to the state", (county, state), _county_of_state(county, state)),
        _Rule(codes[1], zip_code, "ZIP does not belong to the state", (zip_code, state), _zip_of_state(zip_code, state)),
        _Rule(
            codes[2], zip_code, "ZIP lies mostly in another county", (zip_code, county),
            _zip_implies_county(zip_code, county), warning=True,
        ),
    )  # fmt: skip


_RULES: tuple[_Rule, ...] = (
    *_rules_of("recip", ("BUSR001", "BUSR003", "BUSR008")),
    *_rules_of("admin", ("BUSR002", "BUSR004", "BUSR010")),
    _Rule(
        "BUSR005", "recip_dob", "must not be after admin_date", ("recip_dob", "admin_date"),
        lambda line, _today: line["recip_dob"][:10] <= line["admin_date"],
    ),
    _Rule("BUSR011", "recip_dob", "must not be in the future", ("recip_dob",), lambda line, today: line["recip_dob"] <= str(today)),
    _Rule("BUSR012", "admin_date", "must not be in the future", ("admin_date",), lambda line, today: line["admin_date"] <= str(today)),
)  # fmt: skip
