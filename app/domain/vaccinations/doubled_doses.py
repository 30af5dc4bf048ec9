"""Doses that two records of one person may both hold: given on the same day, of the same vaccine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.vaccinations.doses import REMOVED, facts_of, keep_change, settle_person
from app.domain.vaccinations.errors import DoseChanged
from app.domain.vaccinations.history import GivenDose, doses_by_recipient
from app.domain.vaccinations.models import Administration, DoubledDose


@dataclass(frozen=True, slots=True)
class DosePair:
    """Two doses that look like one, entered in the one record and in the other."""

    one: GivenDose
    other: GivenDose

    @property
    def key(self) -> str:
        """What names the pair in a form."""
        return f"{self.one.id}"


def doubled_doses(session: Session, actor: Actor, one_id: UUID, other_id: UUID) -> list[DosePair]:
    """The pairs of two people, by day; each dose is in one pair at most. Raises NotFound, NotAllowed."""
    actor.require(Permission.MERGE_PEOPLE, at=None)
    found = doses_by_recipient(session, [one_id, other_id])
    rest, pairs = list(found[other_id]), []
    for dose in found[one_id]:
        match = next((one for one in rest if _look_alike(one, dose)), None)
        if match is not None:
            rest.remove(match)
            pairs.append(DosePair(dose, match))
    return pairs


def mark_doubled(
    session: Session, actor: Actor, merge_id: UUID, marked: Iterable[tuple[UUID, UUID]], *, now: datetime
) -> None:
    """Of each (the dose that stays, the dose that is the same one) the second counts no more, until the merge is undone.

    Stock is not touched: which shelf the dose came from twice, the clinic finds out. Raises DoseChanged where one of them
    was removed meanwhile, NotFound, NotAllowed.
    """
    actor.require(Permission.MERGE_PEOPLE, at=None)
    for stays_id, same_id in marked:
        stays = session.get(Administration, stays_id, populate_existing=True)
        same = session.get(Administration, same_id, populate_existing=True)
        if stays is None or same is None or REMOVED in (stays.status, same.status) or stays.id == same.id:
            raise DoseChanged(0)
        before = facts_of(same)
        same.status = REMOVED
        session.add(DoubledDose(merge_id=merge_id, administration_id=same.id, same_as_id=stays.id, marked_at=now))
        session.flush()
        keep_change(session, actor, same, "doubled", whose=same.recipient_id, now=now, before=before)
        settle_person(session, stays.recipient_id, now=now)


def _look_alike(one: GivenDose, other: GivenDose) -> bool:
    return one.given_on == other.given_on and one.product_name == other.product_name
