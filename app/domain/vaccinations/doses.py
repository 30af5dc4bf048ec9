"""A dose after it was recorded: who may see it, how it is held while it is changed, and what its changes leave behind."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.errors import NotFound
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import records_of
from app.domain.vaccinations.errors import BadDose, DoseChanged, DoseRemoved
from app.domain.vaccinations.health_cards import revoke_cards
from app.domain.vaccinations.history import GivenDose, doses_of
from app.domain.vaccinations.models import Administration, DoseChange, Proof, Visit
from app.domain.vaccinations.proof_contents import contents_of
from app.domain.vaccinations.renewing.ask import CORRECTED, ask_for_renewal
from app.domain.vaccinations.sites import signed
from app.infra import audit
from app.infra.db import one_at_a_time

REMOVED = "entered-in-error"
LONGEST_REASON = 255


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change of a dose and the name of who made it."""

    change: DoseChange
    made_by: str


def doses_visible_to(actor: Actor, location_id: UUID) -> Select[Administration]:
    """The one door to single doses: those that the location gave or entered. Raises NotFound or NotAllowed."""
    actor.require(Permission.VIEW_RECIPIENTS, at=location_id)
    return select(Administration).where(Administration.location_id == location_id)


def dose_at(session: Session, actor: Actor, location_id: UUID, dose_id: UUID) -> Administration:
    """One dose, also one that was removed. Raises NotFound, also for another location's."""
    dose = session.scalar(doses_visible_to(actor, location_id).where(Administration.id == dose_id))
    if dose is None:
        raise NotFound
    return dose


def removed_doses(session: Session, actor: Actor, location_id: UUID, recipient_id: UUID) -> list[Administration]:
    """The doses of a person that the location took off the record, oldest first."""
    ours = doses_visible_to(actor, location_id).where(
        Administration.status == REMOVED, Administration.recipient_id.in_(records_of(session, [recipient_id]))
    )
    return list(session.scalars(ours.order_by(Administration.given_at, Administration.id)))


def changes_of(session: Session, dose: Administration) -> list[ToldChange]:
    """What happened to a dose that the caller may see, oldest first."""
    rows = session.execute(
        select(DoseChange, Account)
        .outerjoin(Account, Account.id == DoseChange.made_by_id)
        .where(DoseChange.administration_id == dose.id)
        .order_by(DoseChange.id)
    )
    return [ToldChange(change, account.full_name if account else "") for change, account in rows]


def person_of(session: Session, recipient_id: UUID) -> Recipient:
    """The record that was kept of the person whom a record is about."""
    person = session.get_one(Recipient, recipient_id)
    while person.merged_into_id is not None:
        person = session.get_one(Recipient, person.merged_into_id)
    return person


def version_of(session: Session, dose: Administration) -> int:
    """1 for a dose as it was recorded, one more for each change. Notes of adverse events change nothing."""
    changed = select(func.count()).where(DoseChange.administration_id == dose.id, DoseChange.kind != "event")
    return 1 + (session.scalar(changed) or 0)


def hold_dose(
    session: Session, actor: Actor, location_id: UUID, dose_id: UUID, version: int, *, also: tuple[UUID, ...] = ()
) -> Administration:
    """A dose to be changed: others who change the doses of its person (or of `also`) wait until the transaction ends.

    Raises DoseChanged when it is not of the version that was looked at, DoseRemoved, NotFound, NotAllowed.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=location_id)
    dose = dose_at(session, actor, location_id, dose_id)
    people = {person_of(session, dose.recipient_id).id, *also}
    for person_id in sorted(people):
        one_at_a_time(session, f"doses:{person_id}")
    session.refresh(dose)
    if dose.status == REMOVED:
        raise DoseRemoved
    now_at = version_of(session, dose)
    if now_at != version:
        raise DoseChanged(now_at)
    return dose


def said(reason: str) -> str:
    """A reason as it is kept. Raises BadDose where there is none or it is too long."""
    text = reason.strip()
    if not 0 < len(text) <= LONGEST_REASON:
        raise BadDose("reason")
    return text


def facts_of(dose: Administration) -> dict[str, Any]:
    """What is compared before and after a change; `given_at` in UTC as ISO text, `site` as its code."""
    return {
        "product": dose.product.name,
        "lot": dose.lot.number if dose.lot else dose.outside_lot,
        "given_at": dose.given_at.isoformat(),
        "site": dose.site,
        "given_by": signed(dose.clinician_name, dose.clinician_suffix),
    }


def keep_change(
    session: Session, actor: Actor, dose: Administration, kind: str, *, whose: UUID, now: datetime, **details: Any
) -> DoseChange:
    """Leave the entry in the dose's history, and that of the access log (which names no value)."""
    change = DoseChange(
        administration_id=dose.id, recipient_id=whose, location_id=dose.location_id, kind=kind, details=details,
        made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    session.add(change)
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=f"recipient.dose_{kind}", subject_kind="recipient",
        subject_id=whose, place_id=dose.location_id, now=now, administration_id=str(dose.id),
    )  # fmt: skip
    return change


def leave_without_dose(session: Session, dose: Administration, why: str, now: datetime) -> None:
    """The visit at which the dose was recorded ended without one after all, so that the person may come again."""
    visit = session.get(Visit, dose.visit_id) if dose.visit_id else None
    if visit is not None:
        visit.status, visit.reason, visit.ended_at = "left", why, now
    session.flush()


def settle_person(session: Session, recipient_id: UUID, *, now: datetime) -> None:
    """After a change: count the person's doses anew, and withdraw the proofs that say something else by now."""
    session.flush()
    person = person_of(session, recipient_id)
    doses = doses_of(session, person.id)
    known = select(Administration).where(Administration.id.in_([dose.id for dose in doses]))
    stored = {row.id: row for row in session.scalars(known)}
    for dose in doses:
        stored[dose.id].dose_number = dose.number
    session.flush()
    one_at_a_time(session, f"proof:{person.id}")
    _withdraw_what_differs(session, person, doses, now)


def proofs_follow_record(session: Session, recipient_id: UUID, *, today: date, now: datetime) -> None:
    """After a name or birth date may have changed, or a record was opened again, in the same transaction: proofs and
    cards that say another are withdrawn, and those missing asked for. Told by the area of recipients.
    """
    del today
    session.flush()
    person = person_of(session, recipient_id)
    one_at_a_time(session, f"proof:{person.id}")
    records = records_of(session, [person.id])
    proofs = select(Proof.id).where(
        Proof.recipient_id.in_(records), or_(Proof.revoked_at.is_(None), Proof.revoked_because == CORRECTED)
    )
    if session.scalars(proofs.limit(1)).first() is not None:
        _withdraw_what_differs(session, person, doses_of(session, person.id), now)


def _withdraw_what_differs(session: Session, person: Recipient, doses: list[GivenDose], now: datetime) -> None:
    """The caller holds the person's proofs. What was withdrawn is made anew by a job, as soon as it can be."""
    records, says = records_of(session, [person.id]), contents_of(person, doses).fingerprint()
    withdrawn = session.execute(
        update(Proof)
        .where(Proof.recipient_id.in_(records), Proof.revoked_at.is_(None), Proof.facts_hash != says)
        .values(revoked_at=now, revoked_because=CORRECTED)
        .returning(Proof.id)
    ).all()
    revoke_cards(session, records, unless=says, because=CORRECTED, now=now)
    ask_for_renewal(session, person.id, records, withdrawn=bool(withdrawn), now=now)
