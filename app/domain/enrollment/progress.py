"""Where the application stands for everyone: the checklist of each role, who is awaited, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Role
from app.domain.accounts.models import Grant
from app.domain.enrollment import duties, fields, states
from app.domain.enrollment.agreements import PROVIDER_AGREEMENT, REDISTRIBUTION_AGREEMENT, STORAGE_ATTESTATION
from app.domain.enrollment.dossier import Dossier, load_dossier
from app.domain.enrollment.duties import Duty
from app.domain.enrollment.models import EnrolledLocation, Enrollment

State = Literal["done", "open", "later"]
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing that a role has to do. `state` "later": it cannot be done yet. `who`: administrator, coordinator, ceo, cmo.

    Keys: register, organization, redistribution, locations, ceo, cmo, corrections, section_a (administrator);
    register, section_b, pictures, providers, corrections, complete, provider_agreement, storage_attestation
    (coordinator, one set for each location); register, provider_agreement, redistribution_agreement (officers).
    """

    key: str
    who: str
    state: State
    enrolled_location_id: UUID | None = None
    location_name: str = ""


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody for whom the application waits. `registered`: they have an account and their role."""

    who: str
    name: str
    enrolled_location_id: UUID | None
    location_name: str
    since: datetime | None
    registered: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps the application from being submitted: a key of `fields.py` or `fields.NOT_ANSWERS`, or
    "signature:<document>"; and whose it is."""

    key: str
    who: str
    enrolled_location_id: UUID | None = None


def checklist(session: Session, actor: Actor, enrollment: Enrollment) -> list[ChecklistItem]:
    """What the actor's roles in the enrollment have to do; for the state's staff that of everybody."""
    dossier = load_dossier(session, enrollment)
    held = {(grant.role, grant.scope_id) for grant in actor.grants}
    everything = actor.is_state or actor.kind == "system"
    registered = _registered(session, dossier)
    items: list[ChecklistItem] = []
    if everything or (Role.ORGANIZATION_ADMINISTRATOR, enrollment.id) in held:
        items += _administrators(dossier, (ADMINISTRATOR, enrollment.id) in registered)
    for location in dossier.covered:
        if everything or (Role.VACCINE_COORDINATOR, location.id) in held:
            items += _coordinators(dossier, location, ("coordinator", location.id) in registered)
    for capacity, role in (("ceo", Role.OFFICER_CEO), ("cmo", Role.OFFICER_CMO)):
        if everything or (role, enrollment.id) in held:
            items += _officers(dossier, capacity, (capacity, enrollment.id) in registered)
    return items


def awaited(session: Session, enrollment: Enrollment) -> list[Awaited]:
    """For whom the application waits now; nobody while it is with the state."""
    dossier = load_dossier(session, enrollment)
    if enrollment.status not in states.EDITABLE:
        return []
    registered = _registered(session, dossier)
    found: list[Awaited] = []
    if not enrollment.section_a_done:
        name = _name(enrollment.answers, "administrator_")
        known = (ADMINISTRATOR, enrollment.id) in registered
        found.append(Awaited(ADMINISTRATOR, name, None, "", enrollment.stage_since, known))
    if enrollment.status != states.SECTION_A:
        for location in dossier.covered:
            if not duties.is_ready(dossier, location):
                known = ("coordinator", location.id) in registered
                found.append(
                    Awaited("coordinator", location.coordinator_name, location.id, location.name,
                            location.awaited_since, known)
                )  # fmt: skip
    if enrollment.status == states.SIGNATURES:
        for capacity in unsigned_officers(dossier):
            name = _name(enrollment.answers, f"officer_{capacity}_")
            found.append(
                Awaited(capacity, name, None, "", enrollment.stage_since, (capacity, enrollment.id) in registered)
            )
    return found


def missing(session: Session, enrollment: Enrollment) -> list[Missing]:
    """Everything that keeps the application from being submitted."""
    return list(missing_of(load_dossier(session, enrollment)))


def missing_of(dossier: Dossier) -> Iterator[Missing]:
    """The same, of a dossier that is at hand."""
    for key in duties.missing_in_section_a(dossier):
        yield Missing(key, ADMINISTRATOR)
    for location in dossier.covered:
        if location.status == states.APPROVED:
            continue
        for key in duties.missing_in_location(location):
            yield Missing(key, ADMINISTRATOR, location.id)
        for key in duties.missing_in_section_b(dossier, location):
            yield Missing(key, "coordinator", location.id)
        for duty in duties.coordinators_duties(dossier, location):
            if not duty.valid:
                yield Missing(f"signature:{duty.document}", "coordinator", location.id)
    for duty in duties.officers_duties(dossier):
        if not duty.valid:
            yield Missing(f"signature:{duty.document}", duty.capacity)


def documents_for(session: Session, actor: Actor, enrollment: Enrollment) -> list[Duty]:
    """What the actor signs in this enrollment, signed already or not: one Duty for each document and capacity."""
    dossier = load_dossier(session, enrollment)
    held = {(grant.role, grant.scope_id) for grant in actor.grants}
    roles = {"ceo": Role.OFFICER_CEO, "cmo": Role.OFFICER_CMO}
    mine = [duty for duty in duties.officers_duties(dossier) if (roles[duty.capacity], enrollment.id) in held]
    for location in dossier.covered:
        if (Role.VACCINE_COORDINATOR, location.id) in held:
            mine += duties.coordinators_duties(dossier, location)
    return mine


def unsigned_officers(dossier: Dossier) -> list[str]:
    """The officers ("ceo", "cmo") whose signature is due and not given."""
    waiting = {duty.capacity for duty in duties.officers_duties(dossier) if not duty.valid}
    return [capacity for capacity in duties.OFFICERS if capacity in waiting]


def officers_done(session: Session, enrollment: Enrollment) -> frozenset[str]:
    """The officers who have signed all that is theirs, while signatures are awaited."""
    if enrollment.status != states.SIGNATURES:
        return frozenset()
    return frozenset(duties.OFFICERS) - set(unsigned_officers(load_dossier(session, enrollment)))


def _administrators(dossier: Dossier, registered: bool) -> Iterator[ChecklistItem]:
    """As the state's role checklist has it: register, redistribution, all locations, CEO, CMO."""
    answers = dossier.enrollment.answers

    def item(key: str, done: bool, possible: bool = True) -> ChecklistItem:
        return ChecklistItem(key, ADMINISTRATOR, "done" if done else "open" if possible else "later")

    def step(*names: str) -> bool:
        return not any(fields.unanswered(fields.fields_of("a", name), answers) for name in names)

    yield item("register", registered)
    yield item("organization", step("organization", "administrator"))
    yield item("redistribution", step("redistribution"))
    yield item("locations", bool(dossier.covered) and not any(map(duties.missing_in_location, dossier.covered)))
    yield item("ceo", step("ceo"))
    yield item("cmo", step("cmo"))
    own = {field.key for field in fields.LOCATION}
    asked = [one for one in dossier.corrections if one.enrolled_location_id is None or one.field in own]
    if asked:
        yield item("corrections", False)
    yield item("section_a", dossier.enrollment.section_a_done, not duties.missing_in_section_a(dossier) and not asked)


def _coordinators(dossier: Dossier, location: EnrolledLocation, registered: bool) -> Iterator[ChecklistItem]:
    """As the state's role checklist has it: register, pictures, practising providers, agreement, attestation."""
    can_edit = dossier.enrollment.status in states.SECTION_B_STAGES
    lacking = set(duties.missing_in_section_b(dossier, location))
    approved = location.status == states.APPROVED
    complete = approved or location.status == states.COMPLETE

    def item(key: str, done: bool, possible: bool = True) -> ChecklistItem:
        state: State = "done" if done else "open" if possible else "later"
        return ChecklistItem(key, "coordinator", state, location.id, location.name)

    yield item("register", registered)
    yield item("section_b", approved or not lacking - {"storage_units", "pictures", "providers"}, can_edit)
    yield item("pictures", approved or not lacking & {"storage_units", "pictures"}, can_edit)
    yield item("providers", approved or "providers" not in lacking, can_edit)
    own = {field.key for field in fields.LOCATION}
    asked = [one for one in dossier.corrections if one.enrolled_location_id == location.id and one.field not in own]
    if asked:
        yield item("corrections", False)
    yield item("complete", complete, can_edit and not lacking and not asked)
    valid = {duty.document: duty.valid for duty in duties.coordinators_duties(dossier, location)}
    for document in (PROVIDER_AGREEMENT, STORAGE_ATTESTATION):
        yield item(document, approved or valid[document], can_edit and complete)


def _officers(dossier: Dossier, capacity: str, registered: bool) -> Iterator[ChecklistItem]:
    """As the state's role checklist has it: register, agreement, and redistribution only where it applies."""
    can_sign = dossier.enrollment.status == states.SIGNATURES
    valid = {duty.document: duty.valid for duty in duties.officers_duties(dossier) if duty.capacity == capacity}
    yield ChecklistItem("register", capacity, "done" if registered else "open" if can_sign else "later")
    for document in (PROVIDER_AGREEMENT, REDISTRIBUTION_AGREEMENT):
        if document in valid:
            yield ChecklistItem(document, capacity, "done" if valid[document] else "open" if can_sign else "later")


_WHO = {
    Role.ORGANIZATION_ADMINISTRATOR.value: ADMINISTRATOR,
    Role.VACCINE_COORDINATOR.value: "coordinator",
    Role.OFFICER_CEO.value: "ceo",
    Role.OFFICER_CMO.value: "cmo",
}


def _registered(session: Session, dossier: Dossier) -> set[tuple[str, UUID | None]]:
    """(role, place) of everybody who has accepted."""
    places = [dossier.enrollment.id, *(location.id for location in dossier.locations)]
    rows = session.execute(
        select(Grant.role, Grant.scope_id).where(Grant.scope_id.in_(places), Grant.ended_at.is_(None))
    )
    return {(_WHO[role], place) for role, place in rows if role in _WHO}


def _name(answers: fields.Answers, prefix: str) -> str:
    return f"{answers.get(f'{prefix}first_name', '')} {answers.get(f'{prefix}last_name', '')}".strip()
