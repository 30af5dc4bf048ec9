"""The enrollment goes on by itself: to signatures when every section is complete, to the state when all is signed."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.enrollment import duties, states
from app.domain.enrollment.dossier import Dossier, load_dossier
from app.domain.enrollment.journal import move_enrollment
from app.domain.enrollment.models import Enrollment
from app.domain.enrollment.people import ask_officers, tell

_ON_THE_WAY = frozenset({states.LOCATIONS, states.SIGNATURES, states.RETURNED, states.UPDATING})


def advance(
    session: Session, actor: Actor, enrollment: Enrollment, *, now: datetime, had_signed: frozenset[str] = frozenset()
) -> None:
    """Bring the stage in line with what is there. Called at the end of every act that could have changed it.

    `had_signed`: officers who had nothing left to sign before an act that may have taken that away. They are told.
    """
    if enrollment.status not in _ON_THE_WAY:
        return
    dossier = load_dossier(session, enrollment)
    _note_who_is_awaited(dossier, now)
    if not is_complete(dossier):
        if enrollment.status == states.SIGNATURES:
            move_enrollment(session, actor, enrollment, _way_back(dossier), now=now)
        return
    wanted = {duty.capacity for duty in duties.officers_duties(dossier) if not duty.valid}
    if not wanted:
        move_enrollment(session, actor, enrollment, "submit", now=now, locations=len(dossier.covered))
        enrollment.submitted_at = now
        tell(session, "enrollment.submitted", enrollment, to="administrator", now=now)
        return
    begins = enrollment.status != states.SIGNATURES
    if begins:
        move_enrollment(session, actor, enrollment, "ask_signatures", now=now)
    anew = wanted & had_signed
    for capacity in anew:
        enrollment.stage_since = now
        setattr(enrollment, f"reminded_{capacity}", 0)
    ask_officers(session, actor, enrollment, wanted, now=now, again=wanted if begins else anew)


def is_complete(dossier: Dossier) -> bool:
    """True when only the officers' signatures are left: Section A and every location are done and in order."""
    return (
        dossier.enrollment.section_a_done
        and bool(dossier.covered)
        and all(duties.is_ready(dossier, location) for location in dossier.covered)
    )


def _note_who_is_awaited(dossier: Dossier, now: datetime) -> None:
    """A coordinator is awaited from the moment when something of theirs is open, and no longer."""
    for location in dossier.covered:
        if duties.is_ready(dossier, location):
            location.awaited_since = None
        elif location.awaited_since is None:
            location.awaited_since, location.reminded = now, 0


def _way_back(dossier: Dossier) -> str:
    if dossier.corrections:
        return "take_up_corrections"
    return "take_up_update" if dossier.enrollment.approved is not None else "take_up_locations"
