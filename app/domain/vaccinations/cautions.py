"""What speaks against a dose. Nothing is blocked: somebody says why it is given, and that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from app.domain.program.models import Product
from app.domain.recipients.ages import age_on
from app.domain.vaccinations.history import GivenDose
from app.domain.vaccinations.questionnaires import Screening
from app.domain.vaccinations.schedule import Verdict, judge

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
# What the stock itself refuses (a product that is stopped or not authorized) needs no caution.
_OF_VERDICT: tuple[tuple[Verdict, CautionCode], ...] = (
    ("too_young", "age"),
    ("complete", "complete"),
    ("early", "interval"),
    ("other_product", "mix"),
)


@dataclass(frozen=True, slots=True)
class Caution:
    """One reason to stop and think, with the facts that explain it.

    `questions`: codes of the screening questions; `earliest`: first day on which the dose would be in time;
    `age` and `youngest` in years; `product`: the name of the product given before, `may_mix`: whether the rules of
    the day know a dose after another product at all.
    """

    code: CautionCode
    questions: tuple[str, ...] = ()
    earliest: date | None = None
    age: int | None = None
    youngest: int | None = None
    product: str = ""
    may_mix: bool = True


def cautions_of_screening(screening: Screening | None, product: Product | None = None) -> tuple[Caution, ...]:
    """What the screening answers speak against: a product, or before one is chosen any. None: there are no answers."""
    if screening is None:
        return (Caution("not_screened"),)
    outcomes: tuple[Literal["contraindication", "precaution", "defer"], ...] = (
        "contraindication",
        "precaution",
        "defer",
    )
    cvx = product.cvx if product else None
    found = {outcome: screening.questions(outcome, cvx) for outcome in outcomes}
    return tuple(Caution(outcome, questions=questions) for outcome, questions in found.items() if questions)


def cautions_of_product(
    product: Product, birth_date: date, given_on: date, earlier: Sequence[GivenDose], *, weakened: bool = False
) -> tuple[Caution, ...]:
    """What the dose schedule speaks against, were the product given on that day after earlier doses (oldest first).

    `weakened`: the person has a weakened immune system.
    """
    age = age_on(birth_date, given_on)
    judged = judge(earlier, product.schedule(), given_on, age, weakened=weakened)
    before = earlier[-1].product_name if earlier else ""
    facts: dict[CautionCode, dict[str, Any]] = {
        "age": {"age": age, "youngest": judged.youngest_age},
        "complete": {"product": before},
        "interval": {"earliest": judged.earliest},
        "mix": {"product": before, "may_mix": judged.may_mix},
    }
    return tuple(Caution(code, **facts[code]) for verdict, code in _OF_VERDICT if verdict in judged.verdicts)
