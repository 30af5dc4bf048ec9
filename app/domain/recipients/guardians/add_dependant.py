"""Use case: a parent or guardian adds a child to act for.

Nobody learns in this way whether a child is on record: there is always a new record, at once, to register and to read.
Where one on file looks like the same child, staff are shown both, and join them when the guardian has shown who they are.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import SCOPE_OF_ROLE, Actor, Permission, Role
from app.domain.accounts.models import Grant
from app.domain.errors import NotAllowed
from app.domain.recipients.ages import birthday
from app.domain.recipients.guardians.errors import GuardianTooYoung, NotAMinor, TooManyDependants, UnclearName
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.keys import name_key
from app.domain.recipients.matching import Candidates
from app.domain.recipients.models import Recipient
from app.domain.recipients.own_record import own_recipient
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.register import create_recipients
from app.domain.recipients.registration import ADULT, needs_guardian
from app.domain.recipients.row_values import Unclear, read_name
from app.infra import audit, clock
from app.infra.db import one_at_a_time

RELATIONS = ("parent", "legal_guardian", "foster", "other")
CONSENT_TEXT = "2021-05"
A_DAY = 10


@dataclass(frozen=True, slots=True)
class AddDependant:
    """The child as the guardian names it. `relation` is one of RELATIONS; `consent`: the guardian agrees to vaccination."""

    guardian_id: UUID
    first_name: str
    last_name: str
    birth_date: date
    relation: str
    consent: bool


def add_dependant(
    session: Session, actor: Actor, command: AddDependant, *, zone: ZoneInfo, now: datetime
) -> Guardianship:
    """Make the record and let the guardian act for it until the child is of age.

    The same child added twice is one. Raises NotFound, NotAllowed, GuardianTooYoung, NotAMinor, UnclearName, TooManyDependants.
    """
    actor.require(Permission.ACT_FOR_OTHERS, at=command.guardian_id)
    guardian = own_recipient(session, actor, command.guardian_id, Permission.VIEW_OWN_RECORD)
    if actor.id is None or command.relation not in RELATIONS:
        raise NotAllowed
    today = clock.local_date(now, zone)
    if needs_guardian(guardian.birth_date, today):
        raise GuardianTooYoung
    if command.birth_date > today or not needs_guardian(command.birth_date, today):
        raise NotAMinor
    details = _details(command, guardian)
    one_at_a_time(session, "matching")
    known = _added_before(session, actor.id, details, now)
    if known is not None:
        return known
    made = _make(session, actor, actor.id, guardian.id, command, details, zone, now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.guardian_added", subject_kind="recipient",
        subject_id=made.dependant_id, now=now, guardianship=str(made.id), consent=command.consent,
    )  # fmt: skip
    return made


def of_age_on(birth_date: date) -> date:
    """The day on which somebody is of age."""
    return birthday(birth_date, ADULT)


def _make(
    session: Session, actor: Actor, account_id: UUID, guardian_id: UUID, command: AddDependant, details: RecipientRow,
    zone: ZoneInfo, now: datetime,
) -> Guardianship:  # fmt: skip
    matches = Candidates(session, [details]).matches(details)
    record = create_recipients(session, [details], source="guardian", created_by_id=actor.id, now=now)[0]
    until, _ = clock.day_bounds(of_age_on(command.birth_date), zone)
    made = Guardianship(
        account_id=account_id, guardian_id=guardian_id, dependant_id=record.id, relation=command.relation, since=now,
        until=until, possible_id=matches[0].known.kept_id if matches else None,
        consent_text=CONSENT_TEXT if command.consent else "", consented_at=now if command.consent else None,
    )  # fmt: skip
    session.add(made)
    session.add(
        Grant(
            account_id=account_id, role=Role.GUARDIAN.value, scope_kind=SCOPE_OF_ROLE[Role.GUARDIAN],
            scope_id=record.id, given_at=now, given_by_id=actor.id, until=until,
        )
    )  # fmt: skip
    session.flush()
    return made


def _details(command: AddDependant, guardian: Recipient) -> RecipientRow:
    """The child with the guardian's address, which the registration asks to check."""
    names = {}
    for field, longest in (("first_name", 40), ("last_name", 80)):
        try:
            names[field] = read_name(getattr(command, field).strip(), longest=longest)
        except Unclear as error:
            raise UnclearName(field) from error
        if not names[field]:
            raise UnclearName(field)
    return RecipientRow(
        number=0, **names, middle_name="", suffix="", birth_date=command.birth_date, email="", phone=guardian.phone,
        street=guardian.street, city=guardian.city, county_fips=guardian.county_fips, state_abbr=guardian.state_abbr,
        zip=guardian.zip, gender="", races=(), ethnicity="", industry="", external_id="",
    )  # fmt: skip


def _added_before(session: Session, account_id: UUID, details: RecipientRow, now: datetime) -> Guardianship | None:
    key = name_key(details.first_name, details.last_name, details.birth_date)
    mine = select(Guardianship).where(Guardianship.account_id == account_id)
    known = session.scalar(
        mine.join(Recipient, Recipient.id == Guardianship.dependant_id)
        .where(Recipient.name_key == key, Guardianship.ended_at.is_(None))
        .limit(1)
    )
    if known is not None:
        return known
    lately = select(func.count()).where(
        Guardianship.account_id == account_id, Guardianship.since > now - timedelta(days=1)
    )
    if (session.scalar(lately) or 0) >= A_DAY:
        raise TooManyDependants
    return None
