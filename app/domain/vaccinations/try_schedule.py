"""What the schedule would say to an invented person: the real rules, asked before a change of them is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.program.products import get_product
from app.domain.program.rules import ProductSchedule
from app.domain.vaccinations.schedule import Judgement, judge


@dataclass(frozen=True, slots=True)
class TrySchedule:
    """A dose of a product on a day to somebody of an age (years). `earlier`: product and days before that day."""

    product_id: UUID
    day: date
    age: int
    earlier: Sequence[tuple[UUID, int]] = ()
    weakened: bool = False


@dataclass(frozen=True, slots=True)
class InventedDose:
    """A dose that nobody was given."""

    given_on: date
    product: ProductSchedule


def try_schedule(
    session: Session, actor: Actor, command: TrySchedule, drafted: ProductSchedule | None = None
) -> Judgement:
    """What the dose would be by the rules as they stand, or with the product's rules as drafted. Raises NotFound."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)

    def schedule_of(product_id: UUID) -> ProductSchedule:
        if drafted is not None and product_id == command.product_id:
            return drafted
        return get_product(session, product_id).schedule()

    doses = [
        InventedDose(command.day - timedelta(days=days), schedule_of(product_id))
        for product_id, days in command.earlier
    ]
    doses.sort(key=lambda dose: dose.given_on)
    return judge(doses, schedule_of(command.product_id), command.day, command.age, weakened=command.weakened)
