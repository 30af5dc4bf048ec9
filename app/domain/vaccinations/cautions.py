"""What speaks against a dose. Nothing is blocked: somebody says why it is given, and that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.domain.program.models import Product
from app.domain.vaccinations.history import GivenDose, is_complete
from app.domain.vaccinations.questionnaires import Screening

CautionCode = Literal[
    "not_screened", "contraindication", "precaution", "defer", "age", "interval", "mix", "complete"
]
CAUTION_CODES: tuple[CautionCode, ...] = (
    "not_screened",
    "contraindication",
    "precaution",
    "defer",
    "age",
    "interval",
    "mix",
    "complete",
)
MIXED_INTERVAL = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Caution:
    """One reason to stop and think, with the facts that explain it.

    `questions`: codes of the screening questions; `earliest`: first day on which the dose would be in time;
    `age` and `youngest` in years; `product`: the name of the product given before.
    """

    code: CautionCode
    questions: tuple[str, ...] = ()
    earliest: date | None = None
    age: int | None = None
    youngest: int | None = None
    product: str = ""


def age_on(birth_date: date, day: date) -> int:
    """Age in whole years on a calendar day; somebody born on February 29 is a year older on March 1."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def cautions_of_screening(screening: Screening | None) -> tuple[Caution, ...]:
    """What the screening answers speak against; None: there are no answers."""
    if screening is None:
        return (Caution("not_screened"),)
    outcomes: tuple[Literal["contraindication", "precaution", "defer"], ...] = (
        "contraindication",
        "precaution",
        "defer",
    )
    return tuple(
        Caution(outcome, questions=screening.questions(outcome))
        for outcome in outcomes
        if screening.questions(outcome)
    )


def cautions_of_product(
    product: Product, birth_date: date, given_on: date, earlier: Sequence[GivenDose]
) -> tuple[Caution, ...]:
    """What age and earlier doses (oldest first) speak against, were the product given on that day."""
    found = []
    age, youngest = age_on(birth_date, given_on), product.rules_on(given_on).youngest_age
    if age < youngest:
        found.append(Caution("age", age=age, youngest=youngest))
    if not earlier:
        return tuple(found)
    last = earlier[-1]
    if is_complete(earlier):
        found.append(Caution("complete", product=last.product_name))
    earliest = earliest_after(last, product)
    if given_on < earliest:
        found.append(Caution("interval", earliest=earliest))
    if last.cvx != product.cvx:
        found.append(Caution("mix", product=last.product_name))
    return tuple(found)


def earliest_after(last: GivenDose, product: Product) -> date:
    """The first day on which a further dose counts.

    The same vaccine: its interval less the grace of four days. Another one: 28 days or the longer interval.
    """
    interval = timedelta(days=last.interval_days or 0)
    if last.cvx == product.cvx:
        return last.given_on + interval - timedelta(days=last.grace_days if last.interval_days else 0)
    return last.given_on + max(interval, timedelta(days=product.interval_days or 0), MIXED_INTERVAL)
