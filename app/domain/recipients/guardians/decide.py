"""Consent is given and taken back, a guardianship ends, and staff say whether two records are one child."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Grant
from app.domain.errors import Conflict, NotFound
from app.domain.recipients.guardians.add_dependant import CONSENT_TEXT, of_age_on
from app.domain.recipients.guardians.errors import NotAMinor, ReasonMissing
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.guardians.queries import get_guardianship
from app.domain.recipients.merging.fields import FIELDS, KEPT, OTHER
from app.domain.recipients.merging.join import Decided, join_records
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import kept_record
from app.infra import audit, clock
from app.infra.db import one_at_a_time


@dataclass(frozen=True, slots=True)
class EndGuardianship:
    """It ends. Staff say `because` of what, in up to 255 characters; a guardian need not."""

    guardianship_id: UUID
    because: str = ""


@dataclass(frozen=True, slots=True)
class DecideGuardianship:
    """`same`: the record on file is the child's, and the guardian has shown who they are. Otherwise it is another child."""

    guardianship_id: UUID
    same: bool


def set_consent(session: Session, actor: Actor, guardianship_id: UUID, *, given: bool, now: datetime) -> None:
    """Agree to vaccination, or take that back; only whose guardianship it is. Raises NotFound, Conflict once it ended."""
    found = _mine(session, actor, guardianship_id, now)
    if found.has_consent == given:
        return
    if given:
        found.consent_text, found.consented_at, found.consent_withdrawn_at = CONSENT_TEXT, now, None
    else:
        found.consent_withdrawn_at = now
    _note(session, actor, found, "recipient.consent_given" if given else "recipient.consent_withdrawn", now)


def end_guardianship(session: Session, actor: Actor, command: EndGuardianship, *, now: datetime) -> None:
    """End it, by the guardian or by staff; an ended one stays as it is. Raises NotFound, ReasonMissing."""
    found = get_guardianship(session, actor, command.guardianship_id)
    own = found.account_id == actor.id
    if not own and not command.because.strip():
        raise ReasonMissing
    if found.ended_at is None:
        end(session, actor, found, "own wish" if own else "staff", now=now, because=command.because.strip()[:255])


def end(session: Session, actor: Actor, found: Guardianship, why: str, *, now: datetime, because: str = "") -> None:
    """The guardianship and the right to act are over. The caller has checked that the actor may."""
    found.ended_at, found.ended_why, found.ended_because, found.ended_by_id = now, why, because, actor.id
    session.execute(
        update(Grant)
        .where(Grant.account_id == found.account_id, Grant.scope_id == found.dependant_id)
        .where(Grant.role == Role.GUARDIAN.value, Grant.ended_at.is_(None))
        .values(ended_at=now)
    )
    _note(session, actor, found, "recipient.guardian_ended", now)


def decide_guardianship(
    session: Session, actor: Actor, command: DecideGuardianship, *, zone: ZoneInfo, now: datetime
) -> None:
    """Join the guardian's record with the one on file, or leave them apart.

    Deciding the same once more changes nothing. The birth date on file tells how long the guardian may act. Raises
    NotFound, NotAllowed, Conflict where it was decided otherwise or ended meanwhile, NotAMinor for an adult on file.
    """
    actor.require(Permission.DECIDE_GUARDIANSHIPS, at=None)
    one_at_a_time(session, "matching")
    found = get_guardianship(session, actor, command.guardianship_id)
    session.refresh(found)
    decision = "same" if command.same else "other"
    if found.decision == decision:
        return
    if found.decision or found.possible_id is None or found.ended_at is not None:
        raise Conflict(found.id)
    if command.same:
        _join(session, actor, found, zone, now)
    found.decision, found.decided_at, found.decided_by_id = decision, now, actor.id
    _note(
        session, actor, found, "recipient.guardian_confirmed" if command.same else "recipient.guardian_told_apart", now
    )


def _join(session: Session, actor: Actor, found: Guardianship, zone: ZoneInfo, now: datetime) -> None:
    """The record on file is kept; what only the guardian answered goes there."""
    mine, kept = _kept(session, found.dependant_id), _kept(session, found.possible_id)
    if mine.id == kept.id:
        return
    _act_until(session, found, clock.day_bounds(of_age_on(kept.birth_date), zone)[0], now)
    takes = mine.registered_at is not None and kept.registered_at is None
    details = set(FIELDS) - {"first_name", "middle_name", "last_name", "suffix", "birth_date", "email", "employer"}
    chosen = {name: OTHER if takes and name in details else KEPT for name in FIELDS}
    today = clock.local_date(now, zone)
    join_records(session, actor, kept, mine, Decided("guardian", chosen), today=today, now=now)


def _act_until(session: Session, found: Guardianship, until: datetime, now: datetime) -> None:
    """No longer than the birth date on file allows, which a guardian may have told otherwise."""
    if until <= now:
        raise NotAMinor
    if until >= found.until:
        return
    found.until = until
    session.execute(
        update(Grant)
        .where(Grant.account_id == found.account_id, Grant.scope_id == found.dependant_id)
        .where(Grant.role == Role.GUARDIAN.value, Grant.ended_at.is_(None))
        .values(until=until)
    )


def _kept(session: Session, recipient_id: UUID | None) -> Recipient:
    found = kept_record(session, recipient_id)
    if found is None:
        raise NotFound(recipient_id)
    return found


def _mine(session: Session, actor: Actor, guardianship_id: UUID, now: datetime) -> Guardianship:
    found = get_guardianship(session, actor, guardianship_id)
    if found.account_id != actor.id:
        actor.require(Permission.EDIT_OWN_RECORD, at=found.dependant_id)
    if not found.is_live(now):
        raise Conflict(found.id)
    return session.scalars(select(Guardianship).where(Guardianship.id == found.id).with_for_update()).one()


def _note(session: Session, actor: Actor, found: Guardianship, act: str, now: datetime) -> None:
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="recipient",
        subject_id=found.dependant_id, now=now, guardianship=str(found.id),
    )  # fmt: skip
    session.flush()
