"""Somebody signs: coordinators for their location, the two officers once for all locations.

A signature keeps the name as typed, the account, the time, the network address, the version and language of the text
with a hash of exactly what was shown, and the facts it was signed for. With the last one due, the enrollment goes to
the state by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.enrollment import states
from app.domain.enrollment.access import capacities, require_at
from app.domain.enrollment.advance import advance
from app.domain.enrollment.agreements import current
from app.domain.enrollment.dossier import Dossier, load_dossier
from app.domain.enrollment.duties import COORDINATOR, Duty, coordinators_duties, digest, officers_duties
from app.domain.enrollment.errors import AlreadySigned, NotForYou, TextChanged, WrongName
from app.domain.enrollment.journal import note
from app.domain.enrollment.models import EnrolledLocation, Enrollment, Signature
from app.domain.enrollment.queries import get_enrollment
from app.domain.errors import NotFound
from app.infra.search import fold

LONGEST_NAME = 130


@dataclass(frozen=True, slots=True)
class Sign:
    """`capacity`: coordinator (then with the location), ceo or cmo. `text_…` are those of the text as shown.

    `address` is the network address of whoever signs.
    """

    enrollment_id: UUID
    document: str
    capacity: str
    typed_name: str
    language: str
    text_version: int
    text_sha256: str
    address: str
    enrolled_location_id: UUID | None = None


def sign(session: Session, actor: Actor, command: Sign, *, now: datetime) -> Signature:
    """Sign one document. Raises NotForYou, AlreadySigned, TextChanged, WrongName or NotNow."""
    require_at(
        session, actor, Permission.SIGN_ENROLLMENT, enrollment_id=command.enrollment_id,
        enrolled_location_id=command.enrolled_location_id,
    )  # fmt: skip
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    duty, location = _duty(actor, load_dossier(session, enrollment), command)
    if duty.valid:
        raise AlreadySigned
    _refuse_stage(enrollment, location)
    text = current(command.document, command.language)
    if (text.version, text.sha256) != (command.text_version, command.text_sha256):
        raise TextChanged
    account = session.get_one(Account, actor.id)
    _refuse_other_name(account, command.typed_name)
    if duty.signature is not None:
        duty.signature.superseded_at = now
        session.flush()
    signature = Signature(
        enrollment_id=enrollment.id, enrolled_location_id=command.enrolled_location_id, document=command.document,
        capacity=command.capacity, account_id=account.id, typed_name=" ".join(command.typed_name.split())[:LONGEST_NAME],
        text_version=text.version, language=command.language, text_sha256=text.sha256, signed_at=now,
        address=command.address[:60], facts={**duty.facts, "organization": enrollment.name},
        facts_sha256=digest(duty.facts),
    )  # fmt: skip
    session.add(signature)
    note(session, actor, enrollment, location, "sign", now=now, document=command.document, capacity=command.capacity)
    advance(session, actor, enrollment, now=now)
    session.flush()
    return signature


def _duty(actor: Actor, dossier: Dossier, command: Sign) -> tuple[Duty, EnrolledLocation | None]:
    """What is to be signed, if it is the actor's to sign."""
    if command.capacity != COORDINATOR:
        if command.capacity not in capacities(actor, command.enrollment_id) or command.enrolled_location_id:
            raise NotForYou
        return _pick(officers_duties(dossier), command), None
    location = next((one for one in dossier.covered if one.id == command.enrolled_location_id), None)
    if location is None:
        raise NotFound(command.enrolled_location_id)
    if not any(grant.scope_id == location.id for grant in actor.grants):
        raise NotForYou
    return _pick(coordinators_duties(dossier, location), command), location


def _pick(duties: Iterable[Duty], command: Sign) -> Duty:
    for duty in duties:
        if (duty.document, duty.capacity) == (command.document, command.capacity):
            return duty
    raise NotForYou


def _refuse_stage(enrollment: Enrollment, location: EnrolledLocation | None) -> None:
    """Coordinators sign what is complete; officers sign when everything else is there."""
    if location is None:
        states.refuse_unless(frozenset({states.SIGNATURES}), enrollment.status, "sign")
        return
    states.refuse_unless(states.SECTION_B_STAGES, enrollment.status, "sign")
    states.refuse_unless(frozenset({states.COMPLETE}), location.status, "sign")


def _refuse_other_name(account: Account, typed: str) -> None:
    """First and last name of the account must be there, in this order; a middle name or a title may be added."""
    words = fold(typed).split()
    wanted = fold(account.full_name).split()
    rest = iter(words)
    if not wanted or not all(word in rest for word in wanted):
        raise WrongName(account.full_name)
