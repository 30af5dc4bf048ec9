"""Use case: something happened to a person after a dose. It is noted with the dose and never changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.program.lookup import Choice, Choices
from app.domain.vaccinations.administer_dose import CLOCKS_DIFFER
from app.domain.vaccinations.doses import REMOVED, dose_at, keep_change
from app.domain.vaccinations.errors import BadDose, BadDoseTime, DoseRemoved
from app.domain.vaccinations.models import DoseChange
from app.infra.db import one_at_a_time

EVENTS = Choices(
    (
        Choice("anaphylaxis", "Severe allergic reaction (anaphylaxis)"),
        Choice("syncope", "Fainting"),
        Choice("error", "Mistake in giving the dose"),
        Choice("other", "Something else"),
    )
)
LONGEST_NOTE = 2000
LONGEST_REPORT = 30


@dataclass(frozen=True, slots=True)
class NoteEvent:
    """`kind`: of EVENTS. `report`: the number of the report to VAERS, if one was made already."""

    location_id: UUID
    dose_id: UUID
    kind: str
    note: str
    happened_at: datetime
    report: str = ""


def note_event(session: Session, actor: Actor, command: NoteEvent, *, now: datetime) -> DoseChange:
    """Keep the note, encrypted. Raises BadDose, BadDoseTime (`future`, `before_dose`), DoseRemoved, NotFound."""
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    wrong = {
        "kind": EVENTS.by_code(command.kind) is None,
        "note": not 0 < len(command.note.strip()) <= LONGEST_NOTE,
        "report": len(command.report.strip()) > LONGEST_REPORT,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise BadDose(name)
    dose = dose_at(session, actor, command.location_id, command.dose_id)
    one_at_a_time(session, f"doses:{dose.recipient_id}")
    session.refresh(dose)
    if dose.status == REMOVED:
        raise DoseRemoved
    if command.happened_at > now + CLOCKS_DIFFER:
        raise BadDoseTime("future")
    # Forms show minutes, and nobody knows the hour of a dose that was given elsewhere.
    earliest = dose.given_at.replace(hour=0) if dose.source else dose.given_at
    if command.happened_at < earliest.replace(second=0, microsecond=0):
        raise BadDoseTime("before_dose")
    return keep_change(
        session, actor, dose, "event", whose=dose.recipient_id, now=now, event=command.kind, note=command.note.strip(),
        happened_at=command.happened_at.isoformat(), report=command.report.strip(),
    )  # fmt: skip
