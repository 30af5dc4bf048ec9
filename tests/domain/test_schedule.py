"""The dose schedule: what a dose would be, and what is due, by the rules of the day. The cases are in schedule_cases."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.domain.program.products import PRODUCTS, install_products, product_by_code
from app.domain.program.rules import ProductRules, ProductSchedule, periods_of
from app.domain.vaccinations.schedule import judge, standing
from tests.domain.schedule_cases import DUE, GIVEN, SOURCES, Due, Given

LETTERS = {"P": "pfizer", "M": "moderna-10", "m": "moderna-14", "J": "janssen"}
ADULT = 40


@dataclass(frozen=True)
class Dose:
    """A dose that was given."""

    given_on: date
    product: ProductSchedule


def schedule_of(letter: str) -> ProductSchedule:
    """A product as it is first installed."""
    row = next(row for row in PRODUCTS if row.code == LETTERS[letter])
    first = ProductRules(row.youngest_age, doses_in_series=row.doses_in_series, interval_days=row.interval_days)
    return ProductSchedule(row.cvx, row.name, periods_of(first, row.changes, row.effective_from, row.effective_to))


def day(text: str) -> date:
    return date.fromisoformat(f"20{text}")


def doses(text: str) -> list[Dose]:
    words = text.split()
    return [Dose(day(when), schedule_of(letter)) for letter, when in zip(words[::2], words[1::2], strict=True)]


def named(case: Given | Due) -> str:
    return " ".join(str(part) for part in case[:4])


@pytest.mark.once
@pytest.mark.parametrize("case", GIVEN, ids=named)
def test_a_dose_is_judged_by_the_rules_of_its_day(case):
    (candidate,) = doses(case.give)
    told = judge(doses(case.before), candidate.product, candidate.given_on, case.age, weakened="weakened" in case.notes)
    assert told.verdicts == tuple(case.verdicts.split())
    assert told.is_valid == (case.verdicts in ("valid", "grace"))
    assert told.number == case.number
    assert told.earliest == (day(case.earliest) if case.earliest else None)
    assert told.late == ("late" in case.notes)
    assert told.may_mix == ("unmixed" not in case.notes)


@pytest.mark.once
@pytest.mark.parametrize("case", DUE, ids=named)
def test_what_is_due_follows_from_the_doses_that_count(case):
    where = standing(doses(case.doses), day(case.on), weakened="weakened" in case.notes)
    assert (where.counted, where.complete) == (case.counted, case.complete)
    expected = [day(text) for text in case.days.split()]
    due = where.next_due
    assert (
        [told for told in (due.earliest, due.recommended, due.late_after) if told] == expected if due else not expected
    )


@pytest.mark.once
def test_the_table_is_large_and_every_row_has_a_source():
    assert len(GIVEN) + len(DUE) >= 60
    assert {case.source for case in (*GIVEN, *DUE)} == set(SOURCES)
    assert len({named(case) + case.notes for case in GIVEN}) == len(GIVEN)


@pytest.mark.once
def test_what_is_due_is_what_would_be_valid():
    for case in DUE:
        due = standing(doses(case.doses), day(case.on), weakened="weakened" in case.notes).next_due
        if due is None:
            continue
        given, weakened = doses(case.doses), "weakened" in case.notes
        before = date.fromordinal(due.earliest.toordinal() - 1)
        first = judge(given, given[-1].product, max(due.earliest, day(case.on)), ADULT, weakened=weakened)
        assert first.is_valid, case
        assert judge(given, given[-1].product, due.recommended, ADULT, weakened=True).is_valid, case
        assert not judge(given, given[-1].product, before, ADULT, weakened=weakened).is_valid, case


@pytest.mark.once
def test_periods_follow_each_other_without_gap_and_what_was_decided_before_the_start_holds_from_it():
    changes = [{"from": "2021-05-10", "youngest_age": 12}, {"from": "2021-01-01", "late_days": 42}]
    periods = periods_of(ProductRules(16), changes, date(2021, 2, 1), date(2021, 12, 31))
    assert [(period.effective_from, period.until) for period in periods] == [
        (date(2021, 2, 1), date(2021, 5, 9)), (date(2021, 5, 10), date(2021, 12, 31)),
    ]  # fmt: skip
    assert [(period.rules.youngest_age, period.rules.late_days) for period in periods] == [(16, 42), (12, 42)]
    product = ProductSchedule("208", "A vaccine", periods)
    assert product.rules_on(date(2020, 1, 1)).youngest_age == 16
    assert [product.authorized_on(date(2021, month, 1)) for month in (1, 2, 12)] == [False, True, True]
    assert not product.authorized_on(date(2022, 1, 1))


def test_the_state_changes_a_rule_by_a_row_and_no_program(session):
    install_products(session)
    pfizer = product_by_code(session, "pfizer")
    pfizer.changes = [*pfizer.changes, {"from": "2021-06-01", "interval_days": 42, "late_days": 56}]
    session.flush()
    session.refresh(pfizer)
    first = Dose(date(2021, 5, 20), pfizer.schedule())
    assert judge([first], pfizer.schedule(), date(2021, 5, 31), ADULT).earliest == date(2021, 6, 6)
    assert judge([first], pfizer.schedule(), date(2021, 6, 10), ADULT).verdicts == ("early",)
    due = standing([first], date(2021, 6, 10)).next_due
    assert due is not None
    assert (due.earliest, due.late_after) == (date(2021, 6, 27), date(2021, 7, 15))
