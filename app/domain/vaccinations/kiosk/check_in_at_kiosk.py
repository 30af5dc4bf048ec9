"""Use cases of a kiosk: somebody is looked for, says yes to a first name and an initial, and is checked in.

The kiosk never lists anybody. Whoever is not found, or is found more than once, is sent to the desk with a number.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.accounts import attempts
from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.devices.models import KioskDevice
from app.domain.errors import NotAllowed
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.check_in import CheckIn, check_in
from app.domain.vaccinations.errors import RecordClosed, TicketExpired
from app.domain.vaccinations.find_for_visit import make_ticket
from app.domain.vaccinations.kiosk.desk_calls import call_desk
from app.domain.vaccinations.kiosk.finding import Typed, find_scanned, find_typed
from app.domain.vaccinations.kiosk.models import KioskTurn
from app.domain.vaccinations.kiosk.turns import put_turn
from app.infra import audit

TRIES = 3
IN_A_ROW = timedelta(minutes=3)
THROTTLE, WITHIN = "kiosk", timedelta(minutes=15)
MISSES_OF_KIOSK, MISSES_OF_PERSON = 40, 6


@dataclass(frozen=True, slots=True)
class Told:
    """What was told to a kiosk: a scanned text, or the three answers. `raw`: as typed, to be shown again.

    `wrong` names answers that cannot be right as they stand; then nobody is looked for and no try is counted.
    """

    scanned: str = ""
    typed: Typed | None = None
    raw: dict[str, str] | None = None
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, the local day, the token of the screen's turn, and whether this is a demonstration (which believes cards
    that no other installation does).
    """

    now: datetime
    today: date
    token: str
    demonstration: bool = False


def look_up(session: Session, actor: Actor, kiosk: KioskDevice, told: Told, at: Moment) -> KioskTurn:
    """The next step for the person who told this: confirm, again or desk."""
    actor.require(Permission.CHECK_IN_RECIPIENTS, at=kiosk.location_id)
    if told.wrong:
        return put_turn(session, kiosk.id, at.token, "again", now=at.now, held={"typed": told.raw, "wrong": list(told.wrong)})
    keys = [f"device:{kiosk.id}", *([told.typed.person_key] if told.typed else [])]
    limits = [(THROTTLE, key, most) for key, most in zip(keys, (MISSES_OF_KIOSK, MISSES_OF_PERSON), strict=False)]
    if attempts.any_blocked(session, limits, within=WITHIN, now=at.now):
        return send_to_desk(session, actor, kiosk, "throttled", at)
    found = (
        find_typed(session, told.typed)
        if told.typed
        else find_scanned(session, told.scanned, demonstration=at.demonstration, now=at.now)
    )
    if found and len(found) == 1:
        return _ask(session, actor, kiosk, found[0], at)
    if found:
        return send_to_desk(session, actor, kiosk, "several", at)
    attempts.note_with(session, *((THROTTLE, key) for key in keys), now=at.now)
    if found is not None and told.typed is None:
        return send_to_desk(session, actor, kiosk, "unknown", at)
    return _count_miss(session, actor, kiosk, {"typed": told.raw, "wrong": []}, at)


def confirm(session: Session, actor: Actor, kiosk: KioskDevice, turn: KioskTurn, at: Moment) -> KioskTurn:
    """ "Yes, that is me": one visit, whoever else checks the person in meanwhile. Nobody would call whoever had the dose."""
    ticket = str((turn.held or {}).get("ticket", ""))
    try:
        visit = check_in(session, actor, CheckIn(kiosk.location_id, ticket=ticket), now=at.now, today=at.today)
    except (RecordClosed, NotAllowed, TicketExpired):
        return send_to_desk(session, actor, kiosk, "closed", at)
    if visit.status == "vaccinated":
        return send_to_desk(session, actor, kiosk, "vaccinated", at)
    kiosk.misses, kiosk.missed_at = 0, None
    is_new = visit.arrived_at == at.now and visit.arrived_by_id == actor.id
    return put_turn(session, kiosk.id, at.token, "done" if is_new else "already", now=at.now)


def deny(session: Session, actor: Actor, kiosk: KioskDevice, at: Moment) -> KioskTurn:
    """ "No": it was somebody else's code or birth date, which counts as a wrong try."""
    return _count_miss(session, actor, kiosk, None, at)


def send_to_desk(session: Session, actor: Actor, kiosk: KioskDevice, reason: str, at: Moment) -> KioskTurn:
    """A number for the person and for the desk."""
    actor.require(Permission.CHECK_IN_RECIPIENTS, at=kiosk.location_id)
    kiosk.misses, kiosk.missed_at = 0, None
    call = call_desk(session, kiosk.id, kiosk.location_id, reason, now=at.now, today=at.today)
    return put_turn(session, kiosk.id, at.token, "desk", now=at.now, number=call.number)


def _ask(session: Session, actor: Actor, kiosk: KioskDevice, person: Recipient, at: Moment) -> KioskTurn:
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.found", subject_kind="recipient",
        subject_id=person.id, place_id=kiosk.location_id, now=at.now,
    )  # fmt: skip
    ticket = make_ticket(actor, kiosk.location_id, person.id, now=at.now)
    held = {"ticket": ticket, "name": f"{person.first_name} {person.last_name[:1]}."}
    return put_turn(session, kiosk.id, at.token, "confirm", now=at.now, held=held)


def _count_miss(
    session: Session, actor: Actor, kiosk: KioskDevice, held: dict[str, object] | None, at: Moment
) -> KioskTurn:
    in_a_row = kiosk.missed_at is not None and at.now - kiosk.missed_at < IN_A_ROW
    kiosk.misses, kiosk.missed_at = (kiosk.misses if in_a_row else 0) + 1, at.now
    if kiosk.misses >= TRIES:
        return send_to_desk(session, actor, kiosk, "tries", at)
    return put_turn(session, kiosk.id, at.token, "again", now=at.now, held=held)
