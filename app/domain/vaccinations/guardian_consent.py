"""Minors are vaccinated with the consent of a parent or guardian: given in the portal, or at the clinic for one visit."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.recipients.guardians.add_dependant import CONSENT_TEXT, RELATIONS
from app.domain.recipients.guardians.queries import Consent, consent_of
from app.domain.recipients.registration import needs_guardian
from app.domain.vaccinations.errors import BadConsent, ConsentMissing, VisitEnded
from app.domain.vaccinations.models import Visit, VisitConsent
from app.domain.vaccinations.visits import OPEN, get_visit, person_at
from app.infra import audit
from app.infra.db import one_at_a_time

LONGEST_NAME = 130


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Who agreed at the clinic, and who they are to the minor (one of RELATIONS)."""

    location_id: UUID
    visit_id: UUID
    guardian_name: str
    relation: str


def consent_for_visit(session: Session, visit: Visit, *, today: date, now: datetime) -> Consent | None:
    """The consent that holds for a visit of a minor: the one recorded at it, else the one given in the portal.

    None for whoever is of age, without a query.
    """
    person = person_at(session, visit)
    if not needs_guardian(person.birth_date, today):
        return None
    here = session.scalar(select(VisitConsent).where(VisitConsent.visit_id == visit.id))
    if here is not None:
        return Consent(here.guardian_name, here.relation, here.text, here.consented_at)
    return consent_of(session, person.id, now=now)


def require_consent(session: Session, visit: Visit, *, today: date, now: datetime) -> None:
    """Raises ConsentMissing for a minor to whose vaccination nobody is known to agree."""
    minor = needs_guardian(person_at(session, visit).birth_date, today)
    if minor and consent_for_visit(session, visit, today=today, now=now) is None:
        raise ConsentMissing


def record_consent(session: Session, actor: Actor, command: RecordConsent, *, now: datetime) -> VisitConsent:
    """A parent or guardian agrees here and now; said again, the first one stays.

    Raises BadConsent, VisitEnded, NotFound, NotAllowed.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    visit = get_visit(session, actor, command.location_id, command.visit_id)
    name = " ".join(command.guardian_name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadConsent("guardian_name")
    if command.relation not in RELATIONS:
        raise BadConsent("guardian_relation")
    if visit.status not in OPEN:
        raise VisitEnded
    one_at_a_time(session, f"visit:{visit.recipient_id}")
    known = session.scalar(select(VisitConsent).where(VisitConsent.visit_id == visit.id))
    if known is not None:
        return known
    made = VisitConsent(
        visit_id=visit.id, guardian_name=name, relation=command.relation, text=CONSENT_TEXT, consented_at=now,
        recorded_by_id=actor.id,
    )  # fmt: skip
    session.add(made)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.consent_given", subject_kind="recipient",
        subject_id=visit.recipient_id, place_id=command.location_id, now=now,
    )  # fmt: skip
    session.flush()
    return made
